/**
 * Fills an e-mail template. Classic templates write `{!Contact.FirstName}`, Lightning templates `{{{Recipient.FirstName}}}`;
 * `Recipient` is the person the mail goes to, any other name must be the type of the related record or of the person.
 */
import type { Transaction } from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';
import {
  ApexBlob,
  ApexDouble,
  Decimal,
  type FieldValue,
  type SObjectRecord,
} from '../values/values.js';
import type { RecordPaths } from './record-paths.js';

export interface TemplateText {
  readonly subject: string;
  readonly plainTextBody: string | null;
  readonly htmlBody: string | null;
}

const MERGE_FIELD = /\{\{\{\s*([\w.]+)\s*\}\}\}|\{!\s*([\w.]+)\s*\}/g;

export class EmailMerge {
  constructor(private readonly paths: RecordPaths) {}

  fill(
    tx: Transaction,
    template: TemplateText,
    recipient: SObjectRecord | null,
    related: SObjectRecord | null,
  ): TemplateText {
    const text = (source: string, escape: (value: string) => string): string =>
      source.replace(MERGE_FIELD, (whole, lightning?: string, classic?: string) => {
        const path = lightning ?? classic ?? '';
        return escape(this.value(tx, path, whole, recipient, related));
      });
    return {
      subject: text(template.subject, (value) => value),
      plainTextBody:
        template.plainTextBody === null ? null : text(template.plainTextBody, (value) => value),
      htmlBody: template.htmlBody === null ? null : text(template.htmlBody, escapeHtml),
    };
  }

  private value(
    tx: Transaction,
    path: string,
    whole: string,
    recipient: SObjectRecord | null,
    related: SObjectRecord | null,
  ): string {
    const [source, ...fields] = path.split('.');
    if (source === undefined || fields.length === 0) throw unknownField(whole);
    const isPerson = /^(recipient|receivinguser)$/i.test(source);
    const record = isPerson
      ? recipient
      : ([related, recipient].find((each) => each?.type.toLowerCase() === source.toLowerCase()) ??
        null);
    if (!record) {
      if (isPerson) return '';
      throw unknownField(whole);
    }
    return showValue(this.paths.value(tx, record, fields));
  }
}

/** A value as mail shows it, in the English locale. */
function showValue(value: FieldValue): string {
  if (value === null) return '';
  if (value instanceof Decimal) return value.toFixed();
  if (value instanceof ApexDouble) return String(value.value);
  if (value instanceof ApexBlob) return '';
  return String(value);
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function unknownField(whole: string): PlatformError {
  return new PlatformError(
    'INVALID_MERGE_FIELD',
    `The merge field ${whole} fits neither the recipient nor the related record of this e-mail`,
    'EmailException',
  );
}
