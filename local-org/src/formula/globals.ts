/** The `$…` names that formulas and flows share: the user, permissions, labels, custom metadata, custom settings. */
import type { Schema } from '../metadata/index.js';
import { UnsupportedError, type Transaction } from '../org/contracts.js';
import type { FieldValue, SObjectRecord } from '../values/values.js';
import { fieldToFormula, toFormulaValue } from './field-values.js';
import type { FormulaValue } from './types.js';

/** What globals need of the org. */
export interface GlobalSources {
  readonly schema: Schema;
  /** A stored record by id, or null. */
  record(tx: Transaction, id: string): SObjectRecord | null;
  /** Follows a path of fields and parents of a record. */
  value(tx: Transaction, record: SObjectRecord, path: readonly string[]): FieldValue;
  hasCustomPermission(tx: Transaction, name: string): boolean;
  /** Id of a record of the org by object and unique name, such as a profile or an organization. */
  organizationId(): string | null;
}

export class Globals {
  constructor(private readonly sources: GlobalSources) {}

  /**
   * The value of a path that begins with `$`, or undefined when the path belongs to somebody else (`$Record`, `$Flow`).
   * @throws when the name does not exist
   */
  resolve(tx: Transaction, path: readonly string[]): FormulaValue | undefined {
    const [scope, ...rest] = path;
    switch (scope?.toLowerCase()) {
      case '$user':
        return this.ofRecord(tx, tx.userId, rest, '$User');
      case '$profile':
        return this.ofRecord(tx, this.userField(tx, 'ProfileId'), rest, '$Profile');
      case '$userrole':
        return this.ofRecord(tx, this.userField(tx, 'UserRoleId'), rest, '$UserRole');
      case '$organization':
        return this.ofRecord(tx, this.sources.organizationId(), rest, '$Organization');
      case '$permission':
        return this.permission(tx, rest);
      case '$label':
        return this.label(rest);
      case '$custommetadata':
        return this.customMetadata(rest);
      case '$setup':
        throw new UnsupportedError(`$Setup.${rest.join('.')}`, 'formula');
      default:
        return undefined;
    }
  }

  private userField(tx: Transaction, field: string): string | null {
    const value = this.sources.record(tx, tx.userId)?.get(field);
    return typeof value === 'string' ? value : null;
  }

  private ofRecord(
    tx: Transaction,
    id: string | null,
    path: readonly string[],
    name: string,
  ): FormulaValue {
    if (path.length === 0) throw new Error(`${name} needs a field, such as ${name}.Id`);
    const record = id === null ? null : this.sources.record(tx, id);
    if (!record) return null;
    const value = this.sources.value(tx, record, path);
    const field = this.sources.schema.field(record.type, path[0]!);
    return field && path.length === 1 ? fieldToFormula(value, field, false) : toFormulaValue(value);
  }

  private permission(tx: Transaction, path: readonly string[]): boolean {
    const name = this.localName(path[0] ?? '');
    const permissions = this.sources.schema.project.customPermissions;
    const exists = [...permissions.values()].some(
      ({ fullName }) => fullName.toLowerCase() === name.toLowerCase(),
    );
    if (!exists) throw new Error(`there is no custom permission ${name}`);
    return this.sources.hasCustomPermission(tx, name);
  }

  private label(path: readonly string[]): string {
    const name = this.localName(path[path.length - 1] ?? '');
    const labels = this.sources.schema.project.labels;
    const label = [...labels.values()].find(
      ({ fullName }) => fullName.toLowerCase() === name.toLowerCase(),
    );
    if (!label) throw new Error(`there is no custom label ${name}`);
    return label.value;
  }

  /** `$CustomMetadata.Type__mdt.Record.Field__c`. */
  private customMetadata(path: readonly string[]): FormulaValue {
    const [type = '', name = '', fieldName = ''] = path.map((part) => this.localName(part));
    const { schema } = this.sources;
    const record = schema.project.customMetadata.find(
      (each) => same(each.type, type) && same(each.developerName, name),
    );
    if (!record) throw new Error(`there is no record ${name} of the custom metadata type ${type}`);
    const field = schema.requireField(type, fieldName);
    const written = [...record.values].find(([key]) => same(this.localName(key), field.name))?.[1];
    return fieldToFormula(parseWritten(written ?? null, field.type), field, false);
  }

  private localName(name: string): string {
    const { namespace } = this.sources.schema.project;
    return namespace ? name.replace(new RegExp(`^${namespace}(?:__|\\.)`, 'i'), '') : name;
  }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A value of a custom metadata file by its field's type. */
function parseWritten(text: string | null, type: string): FieldValue {
  if (text === null) return null;
  if (type === 'boolean') return text === 'true';
  if (/^(double|int|long|percent|currency)$/.test(type)) return Number(text);
  if (type === 'date' || type === 'datetime') {
    throw new UnsupportedError(`A ${type} field in $CustomMetadata`, 'formula');
  }
  return text;
}
