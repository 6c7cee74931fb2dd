import type { OrgNames } from '../lightning/build/scoped-modules.js';
import type { LocalOrg } from './local-org.js';

/** Names that Lightning components may import from this org. */
export function orgNames({ project, schema, apex }: LocalOrg): OrgNames {
  const labels = new Map(
    [...project.labels.values()].map(({ fullName, value }) => [fullName.toLowerCase(), value]),
  );
  return {
    label: (name) => labels.get(name.toLowerCase()),
    hasApexMethod: (className, method) => apex.hasAuraMethod(className, method),
    hasSchema: (object, field) => {
      if (!field) return schema.object(object) !== undefined;
      const steps = field.split('.');
      const last = steps.pop() ?? '';
      let owner: string | undefined = object;
      for (const step of steps) {
        const reference: { readonly referenceTo: readonly string[] } | undefined = owner
          ? schema.parent(owner, step)
          : undefined;
        owner = reference?.referenceTo[0];
      }
      return owner !== undefined && schema.field(owner, last) !== undefined;
    },
    hasStaticResource: (name) => project.staticResources.some(({ fullName }) => fullName === name),
    hasCustomPermission: (name) =>
      [...project.customPermissions.values()].some(({ fullName }) => fullName === name),
  };
}
