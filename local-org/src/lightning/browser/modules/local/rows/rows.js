/** Rows and columns of lists, as `lightning-datatable` takes them. */
import { toUrl } from 'local/location';

const recordUrl = (recordId, objectApiName) =>
  toUrl({ type: 'standard__recordPage', attributes: { recordId, objectApiName } });

const TYPES = {
  datetime: {
    type: 'date',
    typeAttributes: {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    },
  },
  date: { type: 'date-local', typeAttributes: { year: 'numeric', month: 'short', day: 'numeric' } },
  boolean: { type: 'boolean' },
  currency: { type: 'currency', typeAttributes: { currencyCode: 'USD' } },
  percent: { type: 'percent', typeAttributes: { step: 0.01 } },
  number: { type: 'number', cellAttributes: { alignment: 'left' } },
  email: { type: 'email' },
  phone: { type: 'phone' },
};

export function toColumns(columns) {
  return columns.map(({ field, label, type, isLink }) => {
    if (isLink) {
      return {
        label,
        fieldName: `${field}#url`,
        type: 'url',
        typeAttributes: { label: { fieldName: field }, target: '_self' },
      };
    }
    return { label, fieldName: field, ...(TYPES[type] ?? { type: 'text' }) };
  });
}

export function toRows(rows) {
  return rows.map(({ id, cells, links }) => ({
    id,
    ...cells,
    ...Object.fromEntries(
      Object.entries(links).map(([field, link]) => [
        `${field}#url`,
        recordUrl(link.id, link.object),
      ]),
    ),
  }));
}
