/**
 * Which tabs and apps a user is shown. A permission set opens them by its `tabSettings` and `applicationVisibilities`;
 * the profiles every org has show the tabs of the standard objects, and the System Administrator those of the package,
 * as after an installation for administrators.
 */
import type { Store } from '../database/store.js';
import type { Project } from '../metadata/types.js';
import { ApexDatetime } from '../values/values.js';

export interface NavigationRights {
  /** @param name as in metadata: `MediaGuard_Setup`, `MediaItem__c`, `standard-Account` */
  showsTab(name: string): boolean;
  showsApp(name: string): boolean;
}

const ADMINISTRATOR_PROFILE = 'System Administrator';
const STANDARD_TAB_PROFILES = new Set([ADMINISTRATOR_PROFILE, 'Standard User']);
const OPEN = new Set(['Visible', 'Available', 'DefaultOn', 'DefaultOff']);

export function navigationRights(
  project: Project,
  store: Store,
  userId: string,
  now: number,
): NavigationRights {
  const profileId = String(store.get('User', userId)?.get('ProfileId'));
  const profile = String(store.get('Profile', profileId)?.get('Name'));
  const sets = assignedSets(store, userId, now).flatMap(
    (name) => project.permissionSets.get(name.toLowerCase()) ?? [],
  );
  const tabs = new Set(
    sets.flatMap((set) =>
      set.tabs.filter(({ visibility }) => OPEN.has(visibility)).map(({ tab }) => tab),
    ),
  );
  const apps = new Set(sets.flatMap(({ applications }) => applications));
  const isAdministrator = profile === ADMINISTRATOR_PROFILE;
  return {
    showsTab: (name) =>
      name === 'standard-home' ||
      tabs.has(name) ||
      (name.startsWith('standard-') ? STANDARD_TAB_PROFILES.has(profile) : isAdministrator),
    showsApp: (name) => isAdministrator || name.startsWith('standard__') || apps.has(name),
  };
}

/** Names of the permission sets that are assigned now. */
function assignedSets(store: Store, userId: string, now: number): string[] {
  const table = store.table('PermissionSetAssignment');
  return table.find('AssigneeId', true, [userId]).flatMap((id) => {
    const row = table.get(id);
    const expires = row?.get('ExpirationDate');
    if (expires instanceof ApexDatetime && expires.epochMs <= now) return [];
    const name = store.get('PermissionSet', String(row?.get('PermissionSetId')))?.get('Name');
    return typeof name === 'string' ? [name] : [];
  });
}
