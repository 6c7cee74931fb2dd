/**
 * The rules of standard objects that the type library lacks, one file an object in `metadata/standard`. Facts come from
 * Salesforce's Object Reference (developer.salesforce.com, "Standard Objects"); only objects with a file can be saved.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeleteConstraint, FieldType, SharingModel } from './describe.js';

export interface StandardFieldData {
  readonly type?: FieldType;
  readonly label?: string;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly externalId?: boolean;
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly default?: string | boolean | number;
  /** Values, `"value=Label"` where the label differs. */
  readonly picklist?: readonly string[];
  readonly restricted?: boolean;
  readonly autoNumber?: string;
  readonly referenceTo?: readonly string[];
  readonly deleteConstraint?: DeleteConstraint;
}

export interface StandardObjectData {
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string | null;
  readonly nameField?: string;
  readonly sharingModel?: SharingModel;
  /** Operations offered; empty for objects only the platform writes. */
  readonly dml: readonly ('insert' | 'update' | 'delete' | 'undelete')[];
  readonly setup?: boolean;
  readonly fields: Readonly<Record<string, StandardFieldData>>;
  /** Fields only the platform writes. */
  readonly readOnly?: readonly string[];
  /** Child relationship name to the child's field where the types leave a choice. */
  readonly children?: Readonly<Record<string, string>>;
}

const FOLDER = fileURLToPath(new URL('./standard/', import.meta.url));

function readData<T>(name: string): T | null {
  const file = `${FOLDER}${name}.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}

/** The rules of one object, or null when none are on record. @param name canonical API name */
export function standardObjectData(name: string): StandardObjectData | null {
  return readData<StandardObjectData>(name);
}

/** Key prefixes of further objects, for telling what an id belongs to. */
export function knownKeyPrefixes(): Readonly<Record<string, string>> {
  return readData<Readonly<Record<string, string>>>('key-prefixes') ?? {};
}
