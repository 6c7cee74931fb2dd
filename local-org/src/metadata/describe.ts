/**
 * What an object and its fields are, in the words of the REST describe call. Apex `Schema`, REST `describe`, the
 * database and SOQL all read these.
 */

/** Field types as REST `describe` spells them. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'reference'
  | 'base64'
  | 'encryptedstring'
  | 'address'
  | 'location'
  | 'anyType';

export interface PicklistValue {
  readonly value: string;
  readonly label: string;
  readonly isDefault: boolean;
  readonly isActive: boolean;
}

export interface Picklist {
  readonly restricted: boolean;
  readonly values: readonly PicklistValue[];
}

/** What happens to a lookup's rows when the parent is deleted. */
export type DeleteConstraint = 'SetNull' | 'Restrict' | 'Cascade';

/** A roll-up summary of child rows. */
export interface RollUpSummary {
  readonly operation: 'count' | 'sum' | 'min' | 'max';
  /** Child object and its master-detail field. */
  readonly childObject: string;
  readonly childField: string;
  /** The summed field of the child; null for a count. */
  readonly summarizedField: string | null;
  readonly filters: readonly {
    readonly field: string;
    readonly operation: string;
    readonly value: string;
  }[];
}

export interface FieldDescribe {
  /** Canonical API name; fields of the package carry no namespace. */
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly custom: boolean;
  /** Most characters of a text; 0 for types without. */
  readonly length: number;
  /** Digits in all and after the point, of numbers; 0 for others. */
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly caseSensitive: boolean;
  readonly nameField: boolean;
  readonly autoNumber: { readonly displayFormat: string; readonly startingNumber: number } | null;
  readonly formula: string | null;
  readonly formulaTreatsBlanksAsZero: boolean;
  /** Formula of the default value of a custom field, or null. */
  readonly defaultValueFormula: string | null;
  /** Plain default of a standard field (`metadata/standard`), or null. */
  readonly defaultValue: string | boolean | number | null;
  readonly picklist: Picklist | null;
  /** Objects a reference may point to; empty with `polymorphic` means any object. */
  readonly referenceTo: readonly string[];
  readonly polymorphic: boolean;
  /** `Account`, `Item__r`; null when the field is no reference. */
  readonly relationshipName: string | null;
  /** Name of the parent's sub-query, `Versions__r`; null when it has none. */
  readonly childRelationshipName: string | null;
  readonly masterDetail: boolean;
  readonly reparentable: boolean;
  readonly deleteConstraint: DeleteConstraint;
  readonly rollUpSummary: RollUpSummary | null;
  readonly inlineHelpText: string | null;
  readonly description: string | null;
}

export interface ChildRelationship {
  readonly name: string | null;
  readonly childObject: string;
  readonly field: string;
  readonly cascadeDelete: boolean;
}

export type SharingModel =
  'Private' | 'Read' | 'ReadWrite' | 'ReadWriteTransfer' | 'ControlledByParent';

export type ObjectKind =
  | 'standard'
  | 'custom'
  | 'customMetadata'
  | 'customSetting'
  | 'platformEvent'
  | 'share'
  | 'history'
  | 'feed'
  | 'changeEvent';

export interface ObjectDescribe {
  /** Canonical API name; objects of the package carry no namespace. */
  readonly name: string;
  readonly kind: ObjectKind;
  readonly custom: boolean;
  readonly label: string;
  readonly labelPlural: string;
  /** First three characters of the ids; null when the object has no rows with ids of its own. */
  readonly keyPrefix: string | null;
  readonly sharingModel: SharingModel;
  /** DML the platform offers on this object at all. */
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly queryable: boolean;
  /** Why DML on it is not simulated (no rules on record for it), or null. */
  readonly unsupportedDml: string | null;
  /** A setup object: it cannot be saved in one transaction with other objects. */
  readonly setup: boolean;
  /** Platform events: `PublishImmediately` or `PublishAfterCommit`. */
  readonly publishBehavior: 'PublishImmediately' | 'PublishAfterCommit' | null;
  readonly customSettingsType: 'Hierarchy' | 'List' | null;
  readonly nameField: string | null;
  readonly fields: readonly FieldDescribe[];
  readonly recordTypes: readonly RecordTypeDescribe[];
}

export interface RecordTypeDescribe {
  readonly developerName: string;
  readonly label: string;
  readonly active: boolean;
  readonly description: string | null;
}
