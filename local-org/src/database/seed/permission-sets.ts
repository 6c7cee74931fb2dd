/** The package's permission sets, custom permissions and Apex classes as setup rows. */
import { Decimal } from 'decimal.js';
import { UnsupportedError } from '../../org/contracts.js';
import type { PermissionSet } from '../../metadata/index.js';
import type { Seeder, Values } from './seeder.js';

/** Objects of the platform that permission sets grant and that the local org keeps no rows of. */
const UNKEPT_OBJECTS: ReadonlySet<string> = new Set(['UserExternalCredential']);

export function seedSetupEntities(seeder: Seeder): void {
  const { project } = seeder.database.schema;
  const NamespacePrefix = project.namespace || null;
  for (const permission of project.customPermissions.values()) {
    seeder.put(
      'CustomPermission',
      { DeveloperName: permission.fullName },
      {
        MasterLabel: permission.label,
        Description: permission.description,
        NamespacePrefix,
        Language: 'en_US',
      },
    );
  }
  for (const source of project.classes) {
    seeder.put(
      'ApexClass',
      { Name: source.name },
      {
        Body: source.source,
        Status: source.status,
        ApiVersion: new Decimal(source.apiVersion),
        LengthWithoutComments: source.source.length,
        NamespacePrefix,
      },
    );
  }
  for (const source of project.triggers) {
    seeder.put(
      'ApexTrigger',
      { Name: source.name },
      {
        Body: source.source,
        Status: source.status,
        ApiVersion: new Decimal(source.apiVersion),
        TableEnumOrId: /\bon\s+(\w+)/i.exec(source.source)?.[1] ?? null,
        NamespacePrefix,
      },
    );
  }
  for (const type of project.customNotificationTypes) {
    seeder.put(
      'CustomNotificationType',
      { DeveloperName: type.fullName },
      {
        MasterLabel: type.label,
        CustomNotifTypeName: type.label,
        Desktop: type.desktop,
        Mobile: type.mobile,
        NamespacePrefix,
        Language: 'en_US',
      },
    );
  }
}

export function seedPermissionSets(seeder: Seeder): void {
  for (const set of seeder.database.schema.project.permissionSets.values())
    seedPermissionSet(seeder, set);
}

function seedPermissionSet(seeder: Seeder, set: PermissionSet): void {
  const { schema } = seeder.database;
  const flags: Record<string, boolean> = {};
  for (const name of set.userPermissions) {
    const field = schema.field('PermissionSet', `Permissions${name}`);
    if (!field) throw new UnsupportedError(`The user permission ${name}`, set.file);
    flags[field.name] = true;
  }
  const setId = seeder.put(
    'PermissionSet',
    { Name: set.fullName },
    {
      Label: set.label,
      Description: set.description,
      IsCustom: true,
      IsOwnedByProfile: false,
      Type: 'Regular',
      HasActivationRequired: set.hasActivationRequired,
      NamespacePrefix: schema.project.namespace || null,
      ...flags,
    },
  );
  const kept = new Map<string, Set<string>>();
  const put = (object: string, key: Values, values: Values): void => {
    const id = seeder.put(object, { ...key, ParentId: setId }, values);
    kept.set(object, (kept.get(object) ?? new Set()).add(id));
  };
  seedRights(seeder, set, put);
  const { store } = seeder.database;
  for (const object of ['ObjectPermissions', 'FieldPermissions', 'SetupEntityAccess']) {
    seeder.keepOnly(
      object,
      kept.get(object) ?? new Set(),
      (id) => store.get(object, id)?.get('ParentId') === setId,
    );
  }
}

function seedRights(
  seeder: Seeder,
  set: PermissionSet,
  put: (object: string, key: Values, values: Values) => void,
): void {
  const { schema } = seeder.database;
  for (const rights of set.objects) {
    const object = schema.object(rights.object);
    if (!object && UNKEPT_OBJECTS.has(rights.object)) continue;
    if (!object) throw new UnsupportedError(`The object permission for ${rights.object}`, set.file);
    put(
      'ObjectPermissions',
      { SobjectType: object.name },
      {
        PermissionsRead: rights.read,
        PermissionsCreate: rights.create,
        PermissionsEdit: rights.edit,
        PermissionsDelete: rights.delete,
        PermissionsViewAllRecords: rights.viewAll,
        PermissionsModifyAllRecords: rights.modifyAll,
      },
    );
  }
  for (const rights of set.fields) {
    const [objectName = '', fieldName = ''] = rights.field.split('.');
    const object = schema.object(objectName);
    const field = object && schema.field(object.name, fieldName);
    if (!object || !field)
      throw new UnsupportedError(`The field permission for ${rights.field}`, set.file);
    put(
      'FieldPermissions',
      { Field: `${object.name}.${field.name}` },
      { SobjectType: object.name, PermissionsRead: rights.read, PermissionsEdit: rights.edit },
    );
  }
  const entities: [type: string, key: string, names: readonly string[]][] = [
    ['CustomPermission', 'DeveloperName', set.customPermissions],
    ['ApexClass', 'Name', set.classes],
  ];
  for (const [type, key, names] of entities) {
    for (const name of names) {
      const entityId = seeder.find(type, { [key]: name });
      if (entityId === null)
        throw new UnsupportedError(`Access to the ${type} ${name}, which is not there,`, set.file);
      put('SetupEntityAccess', { SetupEntityId: entityId }, { SetupEntityType: type });
    }
  }
}
