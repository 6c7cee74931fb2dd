/** Enums of the platform, and the methods every enum has. */
import { throwApex } from '../run/exceptions.js';
import { ApexType } from '../types/type.js';
import { ApexList, EnumValue } from '../values/reference.js';
import { asText, instance } from './call.js';
import { defineType, libraryType } from './registry.js';

const values = new Map<string, readonly EnumValue[]>();

/** Adds an enum of the platform; names are separated by spaces. */
export function defineEnum(name: string, names: string): void {
  const type = new ApexType(name, 'library');
  const members = names.split(' ').map((text, i) => new EnumValue(type, text, i));
  values.set(name.toLowerCase(), members);
  const library = defineType<EnumValue>({
    name,
    self: instance(EnumValue, name),
    methods: enumMethods,
    statics: {
      [`List<${name}> values()`]: () => new ApexList(type, [...members]),
      [`${name} valueOf(String text)`]: (c) => valueOf(type, members, c.text(0)),
    },
    staticProperties: Object.fromEntries(
      members.map((member) => [`${name} ${member.name}`, { get: () => member }]),
    ),
  });
  library.isEnum = true;
}

function valueOf(type: ApexType, members: readonly EnumValue[], text: string): EnumValue {
  const found = members.find((m) => m.name.toLowerCase() === text.toLowerCase());
  return found ?? throwApex('NoSuchElementException', `No enum constant ${type.name}.${text}`);
}

const enumMethods = {
  'String name()': (self: EnumValue) => self.name,
  'Integer ordinal()': (self: EnumValue) => self.ordinal,
};

/** Members of enums, those of the project included. */
defineType({
  name: 'Enum',
  self: instance(EnumValue, 'Enum'),
  methods: enumMethods,
  statics: {
    'List<Self> values()': (c) =>
      new ApexList(c.receiver, [...(c.receiver.declaration?.enumValues ?? [])]),
    'Self valueOf(String text)': (c) =>
      valueOf(c.receiver, c.receiver.declaration?.enumValues ?? [], asText(c.value(0))),
  },
});

/** A value of a platform enum; throws for an unknown one (a mistake in the engine). */
export function libraryEnum(type: string, name: string): EnumValue {
  const found = libraryEnumOrNull(type, name);
  if (!found) throw new Error(`${type}.${name} is not defined`);
  return found;
}

export function libraryEnumOrNull(type: string, name: string): EnumValue | null {
  return (
    values.get(type.toLowerCase())?.find((v) => v.name.toLowerCase() === name.toLowerCase()) ?? null
  );
}

/** True for a platform enum. */
export function isLibraryEnum(name: string): boolean {
  return libraryType(name)?.isEnum ?? false;
}

defineEnum('AccessLevel', 'USER_MODE SYSTEM_MODE');
defineEnum('AccessType', 'CREATABLE READABLE UPDATABLE UPSERTABLE');
defineEnum(
  'TriggerOperation',
  'BEFORE_INSERT AFTER_INSERT BEFORE_UPDATE AFTER_UPDATE BEFORE_DELETE AFTER_DELETE AFTER_UNDELETE',
);
defineEnum('LoggingLevel', 'NONE INTERNAL FINEST FINER FINE DEBUG INFO WARN ERROR');
defineEnum('RoundingMode', 'CEILING DOWN FLOOR HALF_DOWN HALF_EVEN HALF_UP UNNECESSARY UP');
defineEnum('ParentJobResult', 'SUCCESS UNHANDLED_EXCEPTION');
defineEnum(
  'Quiddity',
  'ANONYMOUS AURA BATCH_ACS BATCH_APEX BATCH_APEX_WORKER BULK_API COMMERCE_INTEGRATION DISCOVERABLE_LOGIN ' +
    'EXTERNAL_SERVICE_CALLBACK FUNCTION_CALLBACK FUTURE INBOUND_EMAIL_SERVICE INVOCABLE_ACTION IOT ' +
    'PLATFORM_EVENT_PUBLISH_CALLBACK POST_INSTALL_SCRIPT QUEUEABLE QUICK_ACTION REMOTE_ACTION REST RUNTEST_ASYNC ' +
    'RUNTEST_DEPLOY RUNTEST_SYNC SCHEDULED SOAP SYNCHRONOUS TRANSACTION_FINALIZER_QUEUEABLE UNDEFINED VF',
);
defineEnum(
  'DisplayType',
  'ADDRESS ANYTYPE BASE64 BOOLEAN COMBOBOX CURRENCY DATACATEGORYGROUPREFERENCE DATE DATETIME DOUBLE EMAIL ' +
    'ENCRYPTEDSTRING ID INTEGER LOCATION LONG MULTIPICKLIST PERCENT PHONE PICKLIST REFERENCE SOBJECT STRING TEXTAREA TIME URL',
);
defineEnum('SoapType', 'ANYTYPE BASE64BINARY BOOLEAN DATE DATETIME DOUBLE ID INTEGER STRING TIME');
defineEnum(
  'StatusCode',
  'CANNOT_EXECUTE_FLOW_TRIGGER CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_MODIFY_MANAGED_OBJECT CANNOT_UPDATE_CONVERTED_LEAD ' +
    'DELETE_FAILED DUPLICATE_EXTERNAL_ID DUPLICATE_VALUE DUPLICATES_DETECTED ENTITY_IS_DELETED ENTITY_IS_LOCKED ' +
    'FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION FIELD_INTEGRITY_EXCEPTION INACTIVE_OWNER_OR_USER ' +
    'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INSUFFICIENT_ACCESS_OR_READONLY INVALID_CROSS_REFERENCE_KEY ' +
    'INVALID_EMAIL_ADDRESS INVALID_FIELD INVALID_FIELD_FOR_INSERT_UPDATE INVALID_ID_FIELD INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST ' +
    'INVALID_TYPE_ON_FIELD_IN_RECORD LIMIT_EXCEEDED MALFORMED_ID MISSING_ARGUMENT MIXED_DML_OPERATION NUMBER_OUTSIDE_VALID_RANGE ' +
    'REQUIRED_FIELD_MISSING SINGLE_EMAIL_LIMIT_EXCEEDED STORAGE_LIMIT_EXCEEDED STRING_TOO_LONG TRANSFER_REQUIRES_READ ' +
    'UNABLE_TO_LOCK_ROW UNKNOWN_EXCEPTION',
);
defineEnum('Flow.Direction', 'INPUT OUTPUT');
defineEnum(
  'JSONToken',
  'END_ARRAY END_OBJECT FIELD_NAME NOT_AVAILABLE START_ARRAY START_OBJECT VALUE_EMBEDDED_OBJECT VALUE_FALSE VALUE_NULL VALUE_NUMBER_FLOAT VALUE_NUMBER_INT VALUE_STRING VALUE_TRUE',
);
defineEnum('Schema.SObjectDescribeOptions', 'DEFAULT DEFERRED FULL');
defineEnum('Messaging.AttachmentRetrievalOption', 'NONE METADATA_ONLY METADATA_WITH_BODY');
