/** The `JSON` class and `JSONGenerator`. */
import { ApexBlob } from '../../values/values.js';
import { NativeObject, type Value } from '../values/reference.js';
import { instance, type Call } from './call.js';
import { parseJson } from './json-parse.js';
import { typed, untyped } from './json-read.js';
import { writeJson } from './json-write.js';
import { defineType } from './registry.js';

const suppress = (c: Call): boolean => c.has(1) && c.boolean(1);

class Generator extends NativeObject {
  private out = '';
  private needsComma = false;

  constructor(private readonly pretty: boolean) {
    super('JSONGenerator');
  }

  private separate(): void {
    if (this.needsComma) this.out += ',';
    this.needsComma = false;
  }

  open(bracket: string): void {
    this.separate();
    this.out += bracket;
  }

  close(bracket: string): void {
    this.out += bracket;
    this.needsComma = true;
  }

  name(name: string): void {
    this.separate();
    this.out += `${JSON.stringify(name)}:`;
  }

  value(text: string): void {
    this.separate();
    this.out += text;
    this.needsComma = true;
  }

  get json(): string {
    return this.pretty && this.out
      ? writeJson(untyped(parseJson(this.out)), { pretty: true, suppressNulls: false })
      : this.out;
  }
}

const plain = { pretty: false, suppressNulls: false };

/** `writeXField(name, value)` and `writeX(value)` for every kind of value. */
function writers(): Record<string, (self: Generator, c: Call) => Value> {
  const methods: Record<string, (self: Generator, c: Call) => Value> = {};
  for (const kind of [
    'String',
    'Number',
    'Boolean',
    'Date',
    'DateTime',
    'Time',
    'Id',
    'Object',
    'Blob',
  ]) {
    methods[`void write${kind}(Object value)`] = (self, c) => {
      self.value(writeJson(c.value(0), plain));
      return null;
    };
    methods[`void write${kind}Field(String name, Object value)`] = (self, c) => {
      self.name(c.text(0));
      self.value(writeJson(c.value(1), plain));
      return null;
    };
  }
  return methods;
}

defineType<Generator>({
  name: 'JSONGenerator',
  self: instance(Generator, 'JSONGenerator'),
  methods: {
    ...writers(),
    'void writeStartObject()': (self) => (self.open('{'), null),
    'void writeEndObject()': (self) => (self.close('}'), null),
    'void writeStartArray()': (self) => (self.open('['), null),
    'void writeEndArray()': (self) => (self.close(']'), null),
    'void writeFieldName(String name)': (self, c) => (self.name(c.text(0)), null),
    'void writeNull()': (self) => (self.value('null'), null),
    'void writeNullField(String name)': (self, c) => {
      self.name(c.text(0));
      self.value('null');
      return null;
    },
    'String getAsString()': (self) => self.json,
  },
});

defineType({
  name: 'JSON',
  statics: {
    'String serialize(Object value, Boolean suppressNulls?)': (c) =>
      writeJson(c.value(0), { pretty: false, suppressNulls: suppress(c) }),
    'String serializePretty(Object value, Boolean suppressNulls?)': (c) =>
      writeJson(c.value(0), { pretty: true, suppressNulls: suppress(c) }),
    'Any deserialize(String text, Type type)': (c) =>
      typed(parseJson(c.text(0)), c.type(1).subject, false),
    'Any deserializeStrict(String text, Type type)': (c) =>
      typed(parseJson(c.text(0)), c.type(1).subject, true),
    'Any deserializeUntyped(String text)': (c) => untyped(parseJson(c.text(0))),
    'JSONGenerator createGenerator(Boolean pretty)': (c) => new Generator(c.boolean(0)),
  },
});

defineType<ApexBlob>({
  name: 'Blob',
  self: instance(ApexBlob, 'Blob'),
  statics: {
    'Blob valueOf(String text)': (c) => new ApexBlob(Buffer.from(c.text(0), 'utf8')),
  },
  methods: {
    'Integer size()': (self) => self.bytes.length,
    'String toString()': (self) => self.bytes.toString('utf8'),
  },
});
