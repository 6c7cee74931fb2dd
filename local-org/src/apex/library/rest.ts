/** `RestContext`, `RestRequest`, `RestResponse`, and the download handler types of `Sfc`. */
import { Session } from '../run/session.js';
import { STRING } from '../types/type.js';
import { ApexMap, PropertyBag, type Value } from '../values/reference.js';
import { instance, type Call } from './call.js';
import { defineType, type TypeDefinition } from './registry.js';
import { defineEnum } from './enums.js';

type Properties = NonNullable<TypeDefinition<PropertyBag>['properties']>;

/** Properties kept in a bag, from `Type name` declarations. */
function bagProperties(declarations: readonly string[]): Properties {
  return Object.fromEntries(
    declarations.map((declaration) => {
      const name = declaration.slice(declaration.lastIndexOf(' ') + 1);
      return [
        declaration,
        {
          get: (self: PropertyBag) => self.get(name),
          set: (self: PropertyBag, v: Value) => self.set(name, v),
        },
      ];
    }),
  );
}

const texts = (): ApexMap => new ApexMap(STRING, STRING);

export function newRestRequest(): PropertyBag {
  return new PropertyBag('RestRequest', { headers: texts(), params: texts() });
}

export function newRestResponse(): PropertyBag {
  return new PropertyBag('RestResponse', { headers: texts() });
}

function adder(map: string) {
  return (self: PropertyBag, c: Call): Value => {
    const values = self.get(map);
    if (values instanceof ApexMap) values.table.put(c.text(0), c.text(1));
    return null;
  };
}

defineType<PropertyBag>({
  name: 'RestRequest',
  self: instance(PropertyBag, 'RestRequest'),
  constructors: { '()': newRestRequest },
  properties: bagProperties([
    'String requestURI',
    'String httpMethod',
    'Blob requestBody',
    'Map<String, String> headers',
    'Map<String, String> params',
    'String remoteAddress',
    'String resourcePath',
  ]),
  methods: {
    'void addHeader(String name, String value)': adder('headers'),
    'void addParameter(String name, String value)': adder('params'),
  },
});

defineType<PropertyBag>({
  name: 'RestResponse',
  self: instance(PropertyBag, 'RestResponse'),
  constructors: { '()': newRestResponse },
  properties: bagProperties([
    'Integer statusCode',
    'Blob responseBody',
    'Map<String, String> headers',
  ]),
  methods: { 'void addHeader(String name, String value)': adder('headers') },
});

const mark = (name: string): { get: () => Value; set: (value: Value) => void } => ({
  get: () => {
    const value = Session.current.marks.get(name);
    return value instanceof PropertyBag ? value : null;
  },
  set: (value) => {
    Session.current.marks.set(name, value);
  },
});

export const REST_REQUEST = 'rest request';
export const REST_RESPONSE = 'rest response';

defineType({
  name: 'RestContext',
  staticProperties: {
    'RestRequest request': mark(REST_REQUEST),
    'RestResponse response': mark(REST_RESPONSE),
  },
});

defineEnum(
  'Sfc.ContentDownloadContext',
  'CHATTER CONTENT DELIVERY MOBILE REST_API RETRIEVE S1 SOQL',
);

defineType<PropertyBag>({
  name: 'Sfc.ContentDownloadHandler',
  self: instance(PropertyBag, 'Sfc.ContentDownloadHandler'),
  constructors: {
    '()': () => new PropertyBag('Sfc.ContentDownloadHandler', { isDownloadAllowed: true }),
  },
  properties: bagProperties([
    'Boolean isDownloadAllowed',
    'String downloadErrorMessage',
    'String redirectUrl',
  ]),
});
