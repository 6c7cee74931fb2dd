/** The package's source as typed, immutable metadata. Paths are relative to the project folder, with `/`. */
import type { DeleteConstraint, Picklist, RollUpSummary, SharingModel } from './describe.js';
import type { MetadataNode } from './xml.js';

/** Field types as metadata files spell them. */
export type SourceFieldType =
  | 'AutoNumber'
  | 'Checkbox'
  | 'Currency'
  | 'Date'
  | 'DateTime'
  | 'Email'
  | 'EncryptedText'
  | 'ExternalLookup'
  | 'Hierarchy'
  | 'Html'
  | 'IndirectLookup'
  | 'Location'
  | 'LongTextArea'
  | 'Lookup'
  | 'MasterDetail'
  | 'MetadataRelationship'
  | 'MultiselectPicklist'
  | 'Number'
  | 'Percent'
  | 'Phone'
  | 'Picklist'
  | 'Summary'
  | 'Text'
  | 'TextArea'
  | 'Time'
  | 'Url';

export interface CustomField {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly type: SourceFieldType;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly required: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly defaultValue: string | null;
  readonly formula: string | null;
  readonly formulaTreatsBlanksAsZero: boolean;
  readonly displayFormat: string | null;
  readonly startingNumber: number;
  readonly referenceTo: string | null;
  readonly relationshipName: string | null;
  readonly relationshipLabel: string | null;
  readonly reparentableMasterDetail: boolean;
  readonly deleteConstraint: DeleteConstraint;
  readonly picklist: Picklist | null;
  /** Developer name of the global value set the picklist uses. */
  readonly valueSetName: string | null;
  readonly rollUpSummary: RollUpSummary | null;
  readonly inlineHelpText: string | null;
  readonly description: string | null;
}

export interface ValidationRule {
  readonly fullName: string;
  readonly file: string;
  readonly active: boolean;
  readonly errorConditionFormula: string;
  readonly errorDisplayField: string | null;
  readonly errorMessage: string;
}

export interface RecordType {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly active: boolean;
  readonly description: string | null;
}

export interface ListView {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly columns: readonly string[];
  readonly filterScope: string;
  readonly filters: readonly {
    readonly field: string;
    readonly operation: string;
    readonly value: string | null;
  }[];
}

/** A custom object, metadata type, setting or event, or the package's additions to a standard object. */
export interface CustomObject {
  readonly fullName: string;
  /** Folder of the object's files. */
  readonly file: string;
  readonly kind:
    'custom' | 'customMetadata' | 'customSetting' | 'platformEvent' | 'standardAddition';
  readonly label: string;
  readonly pluralLabel: string;
  readonly sharingModel: SharingModel;
  readonly nameField: {
    readonly type: 'Text' | 'AutoNumber';
    readonly label: string;
    readonly displayFormat: string | null;
    readonly startingNumber: number;
  };
  readonly customSettingsType: 'Hierarchy' | 'List' | null;
  readonly publishBehavior: 'PublishImmediately' | 'PublishAfterCommit' | null;
  readonly visibility: 'Public' | 'Protected' | 'PackageProtected';
  readonly description: string | null;
  readonly fields: readonly CustomField[];
  readonly validationRules: readonly ValidationRule[];
  readonly recordTypes: readonly RecordType[];
  readonly listViews: readonly ListView[];
  /** Name of the compact layout the object shows, or null for the platform's own. */
  readonly compactLayout: string | null;
}

export interface CustomMetadataRecord {
  /** API name of the type, `MediaGuardParameter__mdt`. */
  readonly type: string;
  readonly developerName: string;
  readonly label: string;
  readonly protected: boolean;
  readonly file: string;
  /** Values as written, null for `xsi:nil`. */
  readonly values: ReadonlyMap<string, string | null>;
}

export interface ObjectPermission {
  readonly object: string;
  readonly read: boolean;
  readonly create: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  readonly viewAll: boolean;
  readonly modifyAll: boolean;
  readonly viewAllFields: boolean;
}

export interface PermissionSet {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly description: string | null;
  readonly hasActivationRequired: boolean;
  readonly license: string | null;
  readonly objects: readonly ObjectPermission[];
  /** `Object__c.Field__c`. */
  readonly fields: readonly {
    readonly field: string;
    readonly read: boolean;
    readonly edit: boolean;
  }[];
  readonly classes: readonly string[];
  readonly tabs: readonly { readonly tab: string; readonly visibility: string }[];
  readonly customPermissions: readonly string[];
  readonly userPermissions: readonly string[];
  readonly applications: readonly string[];
  readonly flows: readonly string[];
  readonly customMetadataTypes: readonly string[];
  readonly customSettings: readonly string[];
  /** `ExternalCredential-Principal`. */
  readonly externalCredentialPrincipals: readonly string[];
}

export interface CustomPermission {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly description: string | null;
  readonly isLicensed: boolean;
}

export interface CustomLabel {
  readonly fullName: string;
  readonly file: string;
  readonly value: string;
  readonly language: string;
  readonly shortDescription: string;
  readonly categories: string | null;
  readonly protected: boolean;
}

export interface GlobalValueSet {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly picklist: Picklist;
}

export interface EmailTemplate {
  /** `Folder/Name`, or the bare name when the file lies in no folder. */
  readonly fullName: string;
  readonly developerName: string;
  readonly folder: string | null;
  readonly file: string;
  readonly name: string;
  readonly subject: string | null;
  readonly body: string;
  readonly type: string;
  readonly style: string;
  readonly available: boolean;
  readonly encodingKey: string;
  readonly description: string | null;
}

export interface CustomNotificationType {
  readonly fullName: string;
  readonly file: string;
  readonly label: string;
  readonly description: string | null;
  readonly desktop: boolean;
  readonly mobile: boolean;
}

export interface StaticResource {
  readonly fullName: string;
  readonly file: string;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly description: string | null;
  /** The resource's file, or its folder when the source holds a zip unpacked. */
  readonly content: string;
}

export interface ApexSource {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  readonly apiVersion: string;
  readonly status: string;
}

export interface LwcBundle {
  readonly name: string;
  /** The bundle's folder. */
  readonly folder: string;
  /** `js-meta.xml`, or null for a bundle without one (a CSS module). */
  readonly meta: MetadataNode | null;
}

/** A component whose content one other part of the org reads: the parsed file with its name. */
export interface RawComponent {
  readonly fullName: string;
  readonly file: string;
  readonly xml: MetadataNode;
}

export type RawKind =
  | 'flow'
  | 'flowTest'
  | 'application'
  | 'tab'
  | 'flexipage'
  | 'layout'
  | 'compactLayout'
  | 'quickAction'
  | 'namedCredential'
  | 'externalCredential'
  | 'remoteSite'
  | 'cspTrustedSite'
  | 'customSite'
  | 'platformEventSubscriberConfig'
  | 'sharingRules'
  | 'pathAssistant'
  | 'externalService'
  | 'reportType'
  | 'messageChannel'
  | 'permissionSetGroup'
  | 'profile'
  | 'translations';

export interface Project {
  /** Absolute folder of sfdx-project.json. */
  readonly root: string;
  /** Empty when the project has none. */
  readonly namespace: string;
  readonly apiVersion: string;
  /** By lower-case API name. */
  readonly objects: ReadonlyMap<string, CustomObject>;
  readonly customMetadata: readonly CustomMetadataRecord[];
  readonly globalValueSets: ReadonlyMap<string, GlobalValueSet>;
  readonly labels: ReadonlyMap<string, CustomLabel>;
  readonly permissionSets: ReadonlyMap<string, PermissionSet>;
  readonly customPermissions: ReadonlyMap<string, CustomPermission>;
  readonly emailTemplates: readonly EmailTemplate[];
  readonly customNotificationTypes: readonly CustomNotificationType[];
  readonly staticResources: readonly StaticResource[];
  readonly classes: readonly ApexSource[];
  readonly triggers: readonly ApexSource[];
  readonly lwc: readonly LwcBundle[];
  /** Components by kind, in order of their paths. */
  raw(kind: RawKind): readonly RawComponent[];
}
