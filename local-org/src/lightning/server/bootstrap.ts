/** What the server writes into the page for one user: who it is, what the user may see, and how pages are built. */
import type { Transaction } from '../../org/contracts.js';
import type { LocalOrg, OrgUser } from '../../org/local-org.js';
import type { App, CustomTab, NavigationItem, UiMetadata } from './ui-metadata.js';

/** A tab the user may know of; a closed one keeps its label, so that its page can say what is missing. */
export interface UserTab extends CustomTab {
  readonly isOpen: boolean;
}

export interface Bootstrap {
  readonly orgName: string;
  readonly user: OrgUser & { readonly fields: Readonly<Record<string, string>> };
  /** Everyone this page can be changed to by one click. */
  readonly users: readonly { readonly id: string; readonly label: string }[];
  readonly customPermissions: readonly string[];
  readonly userPermissions: readonly string[];
  readonly apps: readonly App[];
  /** All tabs of all apps, by label. */
  readonly items: readonly NavigationItem[];
  readonly tabs: readonly UserTab[];
  readonly pages: UiMetadata['pages'];
}

export const activeUsers = ({ users }: LocalOrg): OrgUser[] =>
  users.all().filter(({ isActive }) => isActive);

export function bootstrap(
  org: LocalOrg,
  ui: UiMetadata,
  tx: Transaction,
  user: OrgUser,
): Bootstrap {
  const navigation = org.navigation(user.id);
  const isShown = ({ name, object }: NavigationItem): boolean =>
    navigation.showsTab(name) && (object === null || org.rights.objectRight(tx, object, 'read'));
  const apps = ui.apps
    .filter(({ name }) => navigation.showsApp(name))
    .map((app) => ({ ...app, items: app.items.filter(isShown) }));
  const items = new Map(apps.flatMap((app) => app.items).map((item) => [item.url, item]));
  const [firstName = '', ...rest] = user.name.split(' ');
  return {
    orgName: org.organization.name,
    user: {
      ...user,
      fields: {
        Id: user.id,
        Name: user.name,
        FirstName: firstName,
        LastName: rest.join(' '),
        Username: user.username,
        Email: user.email,
      },
    },
    users: activeUsers(org).map(({ id, name, description }) => ({
      id,
      label: description ? `${name} (${description})` : name,
    })),
    customPermissions: org.rights.customPermissions(user.id),
    userPermissions: org.rights.userPermissions(user.id),
    apps,
    items: [...items.values()].sort((one, other) => one.label.localeCompare(other.label)),
    tabs: ui.tabs.map((tab) => {
      const isOpen = navigation.showsTab(tab.name);
      return isOpen ? { ...tab, isOpen } : { ...tab, page: null, component: null, isOpen };
    }),
    pages: ui.pages,
  };
}
