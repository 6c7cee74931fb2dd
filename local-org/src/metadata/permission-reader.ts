/** Reads permission sets and custom permissions. */
import type { CustomPermission, PermissionSet } from './types.js';
import type { MetadataNode } from './xml.js';

/** Names of the children that are enabled, such as the classes of a permission set. */
function enabled(node: MetadataNode, element: string, name: string, flag = 'enabled'): string[] {
  return node
    .children(element)
    .filter((child) => child.boolean(flag))
    .map((child) => child.requiredText(name));
}

export function readPermissionSet(fullName: string, node: MetadataNode): PermissionSet {
  return {
    fullName,
    file: node.file,
    label: node.requiredText('label'),
    description: node.text('description'),
    hasActivationRequired: node.boolean('hasActivationRequired'),
    license: node.text('license'),
    objects: node.children('objectPermissions').map((child) => ({
      object: child.requiredText('object'),
      read: child.boolean('allowRead'),
      create: child.boolean('allowCreate'),
      edit: child.boolean('allowEdit'),
      delete: child.boolean('allowDelete'),
      viewAll: child.boolean('viewAllRecords'),
      modifyAll: child.boolean('modifyAllRecords'),
      viewAllFields: child.boolean('viewAllFields'),
    })),
    fields: node.children('fieldPermissions').map((child) => ({
      field: child.requiredText('field'),
      read: child.boolean('readable'),
      edit: child.boolean('editable'),
    })),
    classes: enabled(node, 'classAccesses', 'apexClass'),
    tabs: node.children('tabSettings').map((child) => ({
      tab: child.requiredText('tab'),
      visibility: child.requiredText('visibility'),
    })),
    customPermissions: enabled(node, 'customPermissions', 'name'),
    userPermissions: enabled(node, 'userPermissions', 'name'),
    applications: enabled(node, 'applicationVisibilities', 'application', 'visible'),
    flows: enabled(node, 'flowAccesses', 'flow'),
    customMetadataTypes: enabled(node, 'customMetadataTypeAccesses', 'name'),
    customSettings: enabled(node, 'customSettingAccesses', 'name'),
    externalCredentialPrincipals: enabled(
      node,
      'externalCredentialPrincipalAccesses',
      'externalCredentialPrincipal',
    ),
  };
}

export function readCustomPermission(fullName: string, node: MetadataNode): CustomPermission {
  return {
    fullName,
    file: node.file,
    label: node.requiredText('label'),
    description: node.text('description'),
    isLicensed: node.boolean('isLicensed'),
  };
}
