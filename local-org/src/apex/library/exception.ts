import { ExceptionValue, throwNullPointer } from '../run/exceptions.js';
import { ApexList, type ApexObject, type Value } from '../values/reference.js';
import { ApexType, STRING } from '../types/type.js';
import { fieldToken } from './schema-tokens.js';
import { libraryEnumOrNull } from './enums.js';
import { defineType } from './registry.js';
import { narrow } from './call.js';

/** `(message)`, `(cause)` or `(message, cause)` of every exception. */
export function fillException(self: ApexObject, args: readonly Value[]): void {
  if (!(self instanceof ExceptionValue)) return;
  const [first = null, second = null] = args;
  if (first instanceof ExceptionValue) {
    self.cause = first;
    self.message = first.message;
  } else if (typeof first === 'string') self.message = first;
  if (second instanceof ExceptionValue) self.cause = second;
}

const exception = (value: Value): ExceptionValue => narrow(value, ExceptionValue, 'Exception');

function dmlRow(self: ExceptionValue, index: number): ExceptionValue['dmlRows'][number] {
  return self.dmlRows[index] ?? throwNullPointer();
}

defineType({
  name: 'Exception',
  self: exception,
  methods: {
    'String getMessage()': (self) => self.message ?? 'Script-thrown exception',
    'Exception getCause()': (self) => self.cause,
    'String getTypeName()': (self) => self.typeName,
    'String getStackTraceString()': (self) => self.trace.join('\n'),
    'Integer getLineNumber()': (self) => self.line,
    'void setMessage(String message)': (self, c) => {
      self.message = c.textOrNull(0);
      return null;
    },
    'Exception initCause(Exception cause)': (self, c) => {
      self.cause = exception(c.value(0));
      return self;
    },
    'Integer getNumDml()': (self) => self.dmlRows.length,
    'Integer getDmlIndex(Integer index)': (self, c) => dmlRow(self, c.integer(0)).index,
    'Id getDmlId(Integer index)': (self, c) => dmlRow(self, c.integer(0)).id,
    'String getDmlMessage(Integer index)': (self, c) =>
      dmlRow(self, c.integer(0)).errors[0]?.message ?? null,
    'String getDmlStatusCode(Integer index)': (self, c) =>
      dmlRow(self, c.integer(0)).errors[0]?.statusCode ?? null,
    'StatusCode getDmlType(Integer index)': (self, c) =>
      libraryEnumOrNull('StatusCode', dmlRow(self, c.integer(0)).errors[0]?.statusCode ?? ''),
    'List<String> getDmlFieldNames(Integer index)': (self, c) =>
      new ApexList(STRING, [...(dmlRow(self, c.integer(0)).errors[0]?.fields ?? [])]),
    'List<SObjectField> getDmlFields(Integer index)': (self, c) =>
      new ApexList(
        new ApexType('SObjectField', 'library'),
        (dmlRow(self, c.integer(0)).errors[0]?.fields ?? []).map((field) => fieldToken('', field)),
      ),
  },
});
