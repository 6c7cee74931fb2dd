/** Apps, tabs and Lightning pages of the project, in the form the shell in the browser works with. */
import type { MetadataNode } from '../../metadata/xml.js';
import type { Project } from '../../metadata/types.js';
import type { Schema } from '../../metadata/schema.js';
import { iconOf } from './icons.js';

export interface PageComponent {
  readonly component: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly visibility: VisibilityRule | null;
}

export interface VisibilityRule {
  /** `1 AND (2 OR 3)`; null means all. */
  readonly logic: string | null;
  readonly criteria: readonly {
    readonly left: string;
    readonly operator: string;
    readonly right: string;
  }[];
}

export interface LightningPage {
  readonly label: string;
  readonly type: string;
  readonly template: string;
  readonly object: string | null;
  readonly regions: readonly {
    readonly name: string;
    readonly type: string;
    readonly items: readonly PageComponent[];
  }[];
}

/** A tab in an app's bar. */
export interface NavigationItem {
  readonly name: string;
  readonly label: string;
  readonly url: string;
  readonly icon: string;
  /** The object of an object tab; only users who may read it see the tab. */
  readonly object: string | null;
}

export interface App {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly url: string;
  readonly items: readonly NavigationItem[];
  /** Page names by object, and the app's own home page. */
  readonly recordPages: Readonly<Record<string, string>>;
  readonly homePage: string | null;
}

export interface CustomTab {
  readonly name: string;
  readonly label: string;
  readonly page: string | null;
  readonly component: string | null;
  readonly icon: string;
}

export interface UiMetadata {
  readonly apps: readonly App[];
  readonly tabs: readonly CustomTab[];
  readonly pages: Readonly<Record<string, LightningPage>>;
}

/** The platform's own app, so that standard records can be reached without the package's. */
const SALES_TABS = [
  'standard-home',
  'standard-Account',
  'standard-Contact',
  'standard-Lead',
  'standard-Opportunity',
  'standard-Case',
];

export function readUiMetadata(project: Project, schema: Schema): UiMetadata {
  const tabs = project.raw('tab').map(({ fullName, xml }) => readTab(fullName, xml));
  const pages = Object.fromEntries(
    project.raw('flexipage').map(({ fullName, xml }) => [fullName, readPage(fullName, xml)]),
  );
  const item = (name: string): NavigationItem[] => navigationItem(name, tabs, schema, project);
  const own = project.raw('application').map(({ fullName, xml }): App => {
    const overrides = xml
      .children('actionOverrides')
      .filter((node) => node.text('type') === 'Flexipage' && node.text('actionName') === 'View')
      .map((node): [string, string] => [
        node.text('pageOrSobjectType') ?? '',
        node.text('content') ?? '',
      ]);
    const { 'standard-home': homePage = null, ...recordPages } = Object.fromEntries(overrides);
    return {
      name: fullName,
      label: xml.text('label') ?? fullName,
      description: xml.text('description') ?? '',
      url: `/lightning/app/${fullName}`,
      items: xml.texts('tabs').flatMap(item),
      recordPages,
      homePage,
    };
  });
  const sales: App = {
    name: 'standard__Sales',
    label: 'Sales',
    description: 'Accounts, contacts, leads, opportunities and cases.',
    url: '/lightning/app/standard__Sales',
    items: SALES_TABS.flatMap(item),
    recordPages: {},
    homePage: null,
  };
  return { apps: [...own, sales], tabs, pages };
}

/** `Custom53: Bell` to the icon of that number. */
function motifIcon(motif: string | null): string {
  const number = /^Custom(\d+)/.exec(motif ?? '')?.[1];
  return number ? `custom:custom${number}` : 'standard:custom';
}

function readTab(name: string, xml: MetadataNode): CustomTab {
  return {
    name,
    label: xml.text('label') ?? name,
    page: xml.text('flexiPage'),
    component: xml.text('lwcComponent'),
    icon: motifIcon(xml.text('motif')),
  };
}

function navigationItem(
  name: string,
  tabs: readonly CustomTab[],
  schema: Schema,
  project: Project,
): NavigationItem[] {
  if (name === 'standard-home') {
    const url = '/lightning/page/home';
    return [{ name, label: 'Home', url, icon: 'standard:home', object: null }];
  }
  const tab = tabs.find((entry) => entry.name === name);
  const object = schema.object(name.replace(/^standard-/, ''));
  if (object && (name.startsWith('standard-') || tab)) {
    const isCustom = project.objects.get(object.name.toLowerCase())?.kind === 'custom';
    return [
      {
        name,
        label: object.labelPlural,
        url: `/lightning/o/${object.name}/list`,
        icon: isCustom && tab ? tab.icon : iconOf(object.name),
        object: object.name,
      },
    ];
  }
  if (!tab) return [];
  return [{ name, label: tab.label, url: `/lightning/n/${name}`, icon: tab.icon, object: null }];
}

function readPage(name: string, xml: MetadataNode): LightningPage {
  return {
    label: xml.text('masterLabel') ?? name,
    type: xml.text('type') ?? 'AppPage',
    template: xml.child('template')?.text('name') ?? '',
    object: xml.text('sobjectType'),
    regions: xml.children('flexiPageRegions').map((region) => ({
      name: region.text('name') ?? '',
      type: region.text('type') ?? 'Region',
      items: region
        .children('itemInstances')
        .flatMap((item) => item.children('componentInstance'))
        .map(readComponent),
    })),
  };
}

function readComponent(node: MetadataNode): PageComponent {
  const rule = node.child('visibilityRule');
  return {
    component: node.requiredText('componentName'),
    properties: Object.fromEntries(
      node
        .children('componentInstanceProperties')
        .map((property) => [property.requiredText('name'), property.text('value') ?? '']),
    ),
    visibility: rule && {
      logic: rule.text('booleanFilter'),
      criteria: rule.children('criteria').map((filter) => ({
        left: filter.requiredText('leftValue'),
        operator: filter.requiredText('operator'),
        right: filter.text('rightValue') ?? '',
      })),
    },
  };
}
