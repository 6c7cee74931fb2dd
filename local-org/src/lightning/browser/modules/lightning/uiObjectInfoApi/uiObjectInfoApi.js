/** `lightning/uiObjectInfoApi`: what an object and its picklists are, for the signed-in user. */
import { api, getJson } from 'local/http';
import { wireAdapter, wireImport } from 'local/wire';

const objectName = (object) => (typeof object === 'string' ? object : object?.objectApiName);

const infos = new Map();

/** Describes do not change while a page is open, so each is asked for once. */
export function objectInfo(object) {
  const name = objectName(object);
  if (!infos.has(name)) {
    const answer = getJson(api(`ui-api/object-info/${name}`));
    infos.set(name, answer);
    answer.catch(() => infos.delete(name));
  }
  return infos.get(name);
}

export const getObjectInfo = wireImport(
  'getObjectInfo',
  wireAdapter({
    isReady: ({ objectApiName }) => Boolean(objectName(objectApiName)),
    load: ({ objectApiName }) => objectInfo(objectApiName),
  }),
);

export const getObjectInfos = wireImport(
  'getObjectInfos',
  wireAdapter({
    isReady: ({ objectApiNames }) => Boolean(objectApiNames?.length),
    load: async ({ objectApiNames }) => ({
      results: (await Promise.all(objectApiNames.map(objectInfo))).map((result) => ({
        statusCode: 200,
        result,
      })),
    }),
  }),
);

export const picklistValues = (object, recordTypeId, field) =>
  getJson(api(`ui-api/object-info/${object}/picklist-values/${recordTypeId}/${field}`));

export const getPicklistValues = wireImport(
  'getPicklistValues',
  wireAdapter({
    isReady: ({ recordTypeId, fieldApiName }) => Boolean(recordTypeId && fieldApiName),
    load: ({ recordTypeId, fieldApiName }) => {
      const [object, field] =
        typeof fieldApiName === 'string'
          ? fieldApiName.split('.')
          : [fieldApiName.objectApiName, fieldApiName.fieldApiName];
      return picklistValues(object, recordTypeId, field);
    },
  }),
);

export const getPicklistValuesByRecordType = wireImport(
  'getPicklistValuesByRecordType',
  wireAdapter({
    isReady: ({ recordTypeId, objectApiName }) =>
      Boolean(recordTypeId && objectName(objectApiName)),
    load: ({ recordTypeId, objectApiName }) =>
      getJson(
        api(`ui-api/object-info/${objectName(objectApiName)}/picklist-values/${recordTypeId}`),
      ),
  }),
);
