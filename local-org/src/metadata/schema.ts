/**
 * Every object of the org by name: the platform's and the project's. Names are case-insensitive, and the package's own
 * names are found with and without its namespace (`mediaguard__MediaItem__c`, `MediaItem__c`); the canonical name is
 * the one without.
 */
import { PlatformError } from '../org/contracts.js';
import {
  assignKeyPrefixes,
  customFieldsOf,
  describeCustomObject,
  describeShareObject,
  recordTypeField,
} from './custom-describe.js';
import type { ChildRelationship, FieldDescribe, ObjectDescribe } from './describe.js';
import type { JarObjects } from './sobject-types.js';
import { standardKeyPrefixes, standardObjectData } from './standard-data.js';
import { describeStandardObject, standardChildren } from './standard-describe.js';
import type { CustomObject, Project } from './types.js';

/** An object with its look-up tables, built once. */
interface Entry {
  readonly describe: ObjectDescribe;
  readonly fields: ReadonlyMap<string, FieldDescribe>;
  readonly parents: ReadonlyMap<string, FieldDescribe>;
}

export class Schema {
  private readonly entries = new Map<string, Entry | null>();
  private readonly standardNames = new Map<string, string>();
  private readonly prefixes = new Map<string, string>();
  private readonly prefixOf = new Map<string, string>();
  private readonly childCache = new Map<string, ReadonlyMap<string, ChildRelationship>>();
  private readonly namespacePrefix: RegExp | null;

  constructor(
    readonly project: Project,
    private readonly types: JarObjects,
  ) {
    this.namespacePrefix = project.namespace
      ? new RegExp(`^${project.namespace}__(?=\\w+__\\w+$)`, 'i')
      : null;
    for (const name of Object.keys(types)) this.standardNames.set(name.toLowerCase(), name);
    for (const [name, prefix] of standardKeyPrefixes()) this.addPrefix(name, prefix);
    for (const [key, prefix] of assignKeyPrefixes(project.objects.values())) {
      this.addPrefix(project.objects.get(key)?.fullName ?? key, prefix);
    }
  }

  private addPrefix(name: string, prefix: string): void {
    this.prefixes.set(prefix, name);
    this.prefixOf.set(name.toLowerCase(), prefix);
  }

  /** A name without the package's namespace. */
  localName(name: string): string {
    return this.namespacePrefix ? name.replace(this.namespacePrefix, '') : name;
  }

  /** The name a subscriber sees: the package's own names carry its namespace. */
  qualifiedName(name: string): string {
    const { namespace } = this.project;
    return namespace && /__\w+$/.test(name) ? `${namespace}__${name}` : name;
  }

  /** The describe of an object, or undefined when the org has none of that name. */
  object(name: string): ObjectDescribe | undefined {
    return this.entry(name)?.describe;
  }

  /** As {@link object}; refuses an unknown name as the platform does. */
  requireObject(name: string): ObjectDescribe {
    const found = this.object(name);
    if (found) return found;
    throw new PlatformError(
      'INVALID_TYPE',
      `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append ` +
        `the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
      'QueryException',
    );
  }

  field(object: string, field: string): FieldDescribe | undefined {
    return this.entry(object)?.fields.get(this.localName(field).toLowerCase());
  }

  /** As {@link field}; refuses an unknown name as the platform does. */
  requireField(object: string, field: string): FieldDescribe {
    const found = this.field(object, field);
    if (found) return found;
    throw new PlatformError(
      'INVALID_FIELD',
      `No such column '${field}' on entity '${this.object(object)?.name ?? object}'. If you are attempting to use a ` +
        `custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the ` +
        `describe call for the appropriate names.`,
      'QueryException',
      [field],
    );
  }

  /** The reference field behind a parent relationship (`Account`, `Item__r`). */
  parent(object: string, relationship: string): FieldDescribe | undefined {
    return this.entry(object)?.parents.get(this.localName(relationship).toLowerCase());
  }

  child(object: string, relationship: string): ChildRelationship | undefined {
    return this.children(object).get(this.localName(relationship).toLowerCase());
  }

  childRelationships(object: string): readonly ChildRelationship[] {
    return [...this.children(object).values()];
  }

  /** What an id belongs to, by its first three characters. */
  objectOfId(id: string): ObjectDescribe | undefined {
    const name = this.prefixes.get(id.slice(0, 3));
    return name === undefined ? undefined : this.object(name);
  }

  /** Canonical names of all objects, the project's first. */
  objectNames(): readonly string[] {
    const own = [...this.project.objects.values()]
      .filter(({ kind }) => kind !== 'standardAddition')
      .map(({ fullName }) => fullName);
    return [...own, ...this.standardNames.values()];
  }

  /** Describes of all objects; those of the platform are built as they are reached. */
  *objects(): IterableIterator<ObjectDescribe> {
    for (const name of this.objectNames()) {
      const describe = this.object(name);
      if (describe) yield describe;
    }
  }

  private entry(name: string): Entry | undefined {
    const key = this.localName(name).toLowerCase();
    let entry = this.entries.get(key);
    if (entry === undefined) {
      const describe = this.build(key);
      entry = describe ? index(describe) : null;
      this.entries.set(key, entry);
    }
    return entry ?? undefined;
  }

  private build(key: string): ObjectDescribe | null {
    const custom = this.project.objects.get(key);
    if (custom && custom.kind !== 'standardAddition') {
      return describeCustomObject(custom, this.project, this.prefixOf.get(key) ?? null);
    }
    const standard = this.standardNames.get(key);
    if (standard) return this.buildStandard(standard, custom);
    if (key.endsWith('__share')) {
      const parent = this.object(key.replace(/__share$/, '__c'));
      if (parent?.kind === 'custom' && parent.sharingModel !== 'ControlledByParent') {
        return describeShareObject(parent);
      }
    }
    return null;
  }

  private buildStandard(name: string, additions: CustomObject | undefined): ObjectDescribe {
    const data = standardObjectData(name);
    const custom = additions ? customFieldsOf(additions, this.project) : [];
    const describe = describeStandardObject(
      name,
      this.types[name] ?? [],
      data,
      data?.keyPrefix ?? this.prefixOf.get(name.toLowerCase()) ?? null,
      custom,
    );
    if (!additions || additions.recordTypes.length === 0) return describe;
    return {
      ...describe,
      fields: describe.fields.some((field) => field.name === 'RecordTypeId')
        ? describe.fields
        : [...describe.fields, recordTypeField()],
      recordTypes: additions.recordTypes.map((type) => ({
        developerName: type.fullName,
        label: type.label,
        active: type.active,
        description: type.description,
      })),
    };
  }

  private children(name: string): ReadonlyMap<string, ChildRelationship> {
    const describe = this.object(name);
    if (!describe) return new Map();
    const key = describe.name.toLowerCase();
    let children = this.childCache.get(key);
    if (!children) {
      children = this.buildChildren(describe);
      this.childCache.set(key, children);
    }
    return children;
  }

  private buildChildren(parent: ObjectDescribe): ReadonlyMap<string, ChildRelationship> {
    const children = new Map<string, ChildRelationship>();
    const add = (child: ChildRelationship): void => {
      children.set((child.name ?? `(${child.childObject}.${child.field})`).toLowerCase(), child);
    };
    if (parent.kind === 'custom') {
      const platform: readonly (readonly [string, string, string])[] = [
        ['ContentDocumentLinks', 'ContentDocumentLink', 'LinkedEntityId'],
        ['Attachments', 'Attachment', 'ParentId'],
      ];
      for (const [name, childObject, field] of platform) {
        add({ name, childObject, field, cascadeDelete: true });
      }
      const share = this.object(parent.name.replace(/__c$/i, '__Share'));
      if (share)
        add({ name: 'Shares', childObject: share.name, field: 'ParentId', cascadeDelete: true });
    }
    const listed = standardChildren(
      this.types[parent.name] ?? [],
      standardObjectData(parent.name),
      (child) => this.object(child)?.fields ?? [],
      parent.name,
    );
    for (const child of listed) if (child.field !== null) add(child);
    for (const object of this.project.objects.values()) {
      for (const field of this.object(object.fullName)?.fields ?? []) {
        if (
          field.custom &&
          field.referenceTo.some((target) => this.localName(target) === parent.name)
        ) {
          add({
            name: field.childRelationshipName,
            childObject: object.fullName,
            field: field.name,
            cascadeDelete: field.deleteConstraint === 'Cascade',
          });
        }
      }
    }
    return children;
  }
}

function index(describe: ObjectDescribe): Entry {
  const fields = new Map<string, FieldDescribe>();
  const parents = new Map<string, FieldDescribe>();
  for (const field of describe.fields) {
    fields.set(field.name.toLowerCase(), field);
    if (field.relationshipName) parents.set(field.relationshipName.toLowerCase(), field);
  }
  return { describe, fields, parents };
}
