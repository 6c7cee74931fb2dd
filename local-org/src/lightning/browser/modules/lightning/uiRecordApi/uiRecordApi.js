/** `lightning/uiRecordApi`: records by wire and by function, over the org's User Interface API. */
import { api, getJson, sendJson } from 'local/http';
import { onRecordChange, recordsChanged } from 'local/recordChanges';
import { wireAdapter, wireImport } from 'local/wire';

const list = (value) => (value === undefined || value === null ? [] : [value].flat());

/** `Account.Name`, from a string or a schema import. */
export const fieldName = (field) =>
  typeof field === 'string' ? field : `${field.objectApiName}.${field.fieldApiName}`;

function recordUrl({ recordId, fields, optionalFields, layoutTypes }) {
  const parameters = new URLSearchParams();
  if (list(fields).length) parameters.set('fields', list(fields).map(fieldName).join(','));
  if (list(optionalFields).length)
    parameters.set('optionalFields', list(optionalFields).map(fieldName).join(','));
  if (layoutTypes) parameters.set('layoutTypes', list(layoutTypes).join(','));
  return `${api(`ui-api/records/${recordId}`)}?${parameters}`;
}

const isReady = (config) =>
  Boolean(config.recordId) &&
  list(config.fields).every((field) => field !== undefined) &&
  Boolean(config.fields || config.optionalFields || config.layoutTypes);

/** Re-asks when the record was changed on this page. */
const subscribe = (reload) =>
  onRecordChange((isChanged) => reload((config) => isChanged(config.recordId)));

export const getRecord = wireImport(
  'getRecord',
  wireAdapter({ isReady, load: (config) => getJson(recordUrl(config)), subscribe }),
);

export const getRecords = wireImport(
  'getRecords',
  wireAdapter({
    isReady: ({ records }) => Boolean(records?.length),
    load: async ({ records }) => {
      const requests = records.flatMap(({ recordIds, fields, optionalFields }) =>
        recordIds.map((recordId) => getJson(recordUrl({ recordId, fields, optionalFields }))),
      );
      const results = await Promise.all(requests);
      return { results: results.map((result) => ({ statusCode: 200, result })) };
    },
  }),
);

function entry(record, field) {
  const path = fieldName(field).split('.').slice(1);
  const last = path.pop();
  const owner = path.reduce((current, name) => current?.fields?.[name]?.value, record);
  return owner?.fields?.[last];
}

export const getFieldValue = (record, field) => entry(record, field)?.value;

export const getFieldDisplayValue = (record, field) => entry(record, field)?.displayValue;

export async function createRecord({ apiName, fields }) {
  const record = await sendJson('POST', api('ui-api/records'), { apiName, fields });
  recordsChanged();
  return record;
}

export async function updateRecord({ fields }) {
  const { Id: recordId, ...changes } = fields;
  if (!recordId) {
    throw {
      ok: false,
      status: 400,
      body: { message: 'Expected fields.Id in updateRecord but received none.' },
    };
  }
  const record = await sendJson('PATCH', api(`ui-api/records/${recordId}`), { fields: changes });
  recordsChanged([recordId]);
  return record;
}

export async function deleteRecord(recordId) {
  await sendJson('DELETE', api(`ui-api/records/${recordId}`));
  recordsChanged();
}

export async function notifyRecordUpdateAvailable(items) {
  recordsChanged(items.map(({ recordId }) => recordId));
}

export const getRecordNotifyChange = notifyRecordUpdateAvailable;

export const generateRecordInputForCreate = (record) => ({
  apiName: record.apiName,
  fields: Object.fromEntries(
    Object.entries(record.fields).map(([name, { value }]) => [name, value]),
  ),
});

export const generateRecordInputForUpdate = (record) => ({
  ...generateRecordInputForCreate(record),
  fields: { ...generateRecordInputForCreate(record).fields, Id: record.id },
});
