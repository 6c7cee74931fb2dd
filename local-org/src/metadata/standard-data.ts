/**
 * The rules of standard objects that the type library lacks, one file an object in `metadata/standard`. Facts come from
 * Salesforce's Object Reference (developer.salesforce.com, "Standard Objects"); only objects with a file can be saved.
 */
import { readFileSync, readdirSync } from 'node:fs';
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

/** Prefixes of objects that have no file of their own. */
const FURTHER_PREFIXES = 'key-prefixes';

let loaded: ReadonlyMap<string, StandardObjectData> | undefined;

function allData(): ReadonlyMap<string, StandardObjectData> {
  loaded ??= new Map(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.json') && file !== `${FURTHER_PREFIXES}.json`)
      .map((file) => [file.slice(0, -'.json'.length), read(file) as StandardObjectData]),
  );
  return loaded;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
}

/** The rules of one object, or null when none are on record. @param name canonical API name */
export function standardObjectData(name: string): StandardObjectData | null {
  return allData().get(name) ?? null;
}

/** Key prefixes by object, for telling what an id belongs to. */
export function standardKeyPrefixes(): ReadonlyMap<string, string> {
  const prefixes = new Map(
    Object.entries(read(`${FURTHER_PREFIXES}.json`) as Readonly<Record<string, string>>),
  );
  for (const [name, { keyPrefix }] of allData()) if (keyPrefix) prefixes.set(name, keyPrefix);
  return prefixes;
}
