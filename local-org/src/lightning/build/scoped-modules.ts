/**
 * The `@salesforce/*` modules of package components. As in Salesforce, a name that does not exist in the org stops the
 * build with the name and the importing file, instead of showing up as an empty value at run time.
 */
import path from 'node:path';
import type { Plugin } from 'rollup';

/** What the org knows of the names that components import. */
export interface OrgNames {
  /** Text of a custom label, undefined when there is none. */
  label(name: string): string | undefined;
  /** True for a method with `@AuraEnabled`. */
  hasApexMethod(className: string, method: string): boolean;
  /** True for an object, or for a field when given; a field may span relationships (`Account.Owner.Name`). */
  hasSchema(object: string, field?: string): boolean;
  hasStaticResource(name: string): boolean;
  hasCustomPermission(name: string): boolean;
}

type Loader = (name: string, names: OrgNames) => string;

const quoted = (value: unknown): string => JSON.stringify(value);

class UnknownNameError extends Error {}

function known(condition: boolean, what: string): void {
  if (!condition) throw new UnknownNameError(what);
}

/** Removes the package's own prefix: the org keeps the package's names without it. */
const local = (name: string): string => name.replace(/^(c\.|mediaguard\.|mediaguard__)/, '');

const LOADERS: Readonly<Record<string, Loader>> = {
  apex: (name, names) => {
    if (name === '') return `export { refreshApex, getSObjectValue } from 'local/apex';`;
    const parts = local(name).split('.');
    const method = parts.pop() ?? '';
    const className = parts.join('.');
    known(
      names.hasApexMethod(className, method),
      `an @AuraEnabled static method ${method} in the Apex class ${className}`,
    );
    return `import { apexMethod } from 'local/apex'; export default apexMethod(${quoted(className)}, ${quoted(method)});`;
  },
  schema: (name, names) => {
    const [object = '', ...fields] = name.split('.');
    const field = fields.join('.');
    known(names.hasSchema(object, field || undefined), `the object or field ${name}`);
    const reference = field
      ? { fieldApiName: field, objectApiName: object }
      : { objectApiName: object };
    return `export default ${quoted(reference)};`;
  },
  label: (name, names) => {
    const text = names.label(local(name));
    known(text !== undefined, `the custom label ${name}`);
    return `export default ${quoted(text)};`;
  },
  resourceUrl: (name, names) => {
    known(names.hasStaticResource(local(name)), `the static resource ${name}`);
    return `export default ${quoted(`/resource/${local(name)}`)};`;
  },
  user: (name) => {
    known(name === 'Id' || name === 'isGuest', `@salesforce/user/${name}`);
    return name === 'Id'
      ? `import { bootstrap } from 'local/bootstrap'; export default bootstrap.user.id;`
      : `export default false;`;
  },
  userPermission: (name) => permission('userPermissions', name),
  customPermission: (name, names) => {
    known(names.hasCustomPermission(local(name)), `the custom permission ${name}`);
    return permission('customPermissions', local(name));
  },
  messageChannel: (name) => `export default ${quoted({ name })};`,
};

/** True or undefined, as the platform's modules give it. */
function permission(list: string, name: string): string {
  return `import { bootstrap } from 'local/bootstrap'; export default bootstrap.${list}.includes(${quoted(name)}) || undefined;`;
}

const PREFIX = '\0@salesforce/';

export function scopedModules(names: OrgNames): Plugin {
  const importers = new Map<string, string>();
  return {
    name: 'salesforce-scoped-modules',
    resolveId(id, importer) {
      if (!id.startsWith('@salesforce/')) return null;
      importers.set(`\0${id}`, importer ?? 'the page');
      return `\0${id}`;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const [kind = '', ...rest] = id.slice(PREFIX.length).split('/');
      const importer = path.relative(process.cwd(), importers.get(id) ?? '');
      const loader = LOADERS[kind];
      if (!loader) {
        throw new Error(
          `${importer} imports ${id.slice(1)}, which the local org does not provide.`,
        );
      }
      try {
        return loader(rest.join('/'), names);
      } catch (error) {
        if (!(error instanceof UnknownNameError)) throw error;
        throw new Error(
          `${importer} imports ${id.slice(1)}: expected ${error.message}, but the project has none.`,
        );
      }
    },
  };
}
