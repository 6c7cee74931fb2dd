import type { Project } from '../../../local-org/src/metadata/index.js';

/** Fields the platform grants by itself: a permission set may not list them. */
const isAlwaysGranted = (field: { required: boolean; type: string }): boolean =>
  field.required || field.type === 'MasterDetail';

/** What permission sets name exists, and every field of the package can be read by somebody. */
export function checkPermissions(project: Project): string[] {
  const problems: string[] = [];
  const classes = new Set(project.classes.map(({ name }) => name));
  const tabs = new Set(project.raw('tab').map(({ fullName }) => fullName));
  const flows = new Set(project.raw('flow').map(({ fullName }) => fullName));
  const applications = new Set(project.raw('application').map(({ fullName }) => fullName));
  const readable = new Set<string>();

  for (const set of project.permissionSets.values()) {
    const report = (message: string): void => {
      problems.push(`${set.file}: ${message}`);
    };
    const require = (known: { has(name: string): boolean }, kind: string, name: string): void => {
      if (!known.has(name)) report(`${kind} ${name} does not exist`);
    };
    for (const name of set.classes) require(classes, 'class', name);
    for (const { tab } of set.tabs) if (!tab.startsWith('standard-')) require(tabs, 'tab', tab);
    for (const name of set.flows) require(flows, 'flow', name);
    for (const name of set.applications) require(applications, 'application', name);
    for (const name of set.customPermissions) {
      if (!project.customPermissions.has(name.toLowerCase()))
        report(`custom permission ${name} does not exist`);
    }
    for (const { object } of set.objects) {
      if (/__(c|mdt|e)$/.test(object) && !project.objects.has(object.toLowerCase())) {
        report(`object ${object} does not exist`);
      }
    }
    for (const { field, read } of set.fields) {
      const [objectName = '', fieldName = ''] = field.split('.');
      const found = project.objects
        .get(objectName.toLowerCase())
        ?.fields.find(({ fullName }) => fullName === fieldName);
      if (!found) {
        if (fieldName.endsWith('__c')) report(`field ${field} does not exist`);
      } else if (isAlwaysGranted(found)) {
        report(`field ${field} is required or a master-detail field, so it can't be listed`);
      }
      if (read) readable.add(field);
    }
  }

  for (const object of project.objects.values()) {
    if (object.kind !== 'custom' && object.kind !== 'standardAddition') continue;
    for (const field of object.fields) {
      if (!isAlwaysGranted(field) && !readable.has(`${object.fullName}.${field.fullName}`)) {
        problems.push(`${field.file}: no permission set lets anybody read this field`);
      }
    }
  }
  return problems;
}
