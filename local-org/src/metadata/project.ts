/** Reads an sfdx project's source into a {@link Project}. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as components from './component-reader.js';
import * as objects from './object-reader.js';
import { readCustomPermission, readPermissionSet } from './permission-reader.js';
import type {
  ApexSource,
  CustomLabel,
  CustomMetadataRecord,
  CustomNotificationType,
  CustomPermission,
  EmailTemplate,
  GlobalValueSet,
  LwcBundle,
  PermissionSet,
  Project,
  RawComponent,
  RawKind,
  StaticResource,
} from './types.js';
import { MetadataError, readMetadataFile, type MetadataNode } from './xml.js';

/** Components kept as parsed XML: file suffix to kind and root element. */
const RAW: Readonly<Record<string, readonly [kind: RawKind, root: string]>> = {
  flow: ['flow', 'Flow'],
  flowtest: ['flowTest', 'FlowTest'],
  app: ['application', 'CustomApplication'],
  tab: ['tab', 'CustomTab'],
  flexipage: ['flexipage', 'FlexiPage'],
  layout: ['layout', 'Layout'],
  compactLayout: ['compactLayout', 'CompactLayout'],
  quickAction: ['quickAction', 'QuickAction'],
  namedCredential: ['namedCredential', 'NamedCredential'],
  externalCredential: ['externalCredential', 'ExternalCredential'],
  remoteSite: ['remoteSite', 'RemoteSiteSetting'],
  cspTrustedSite: ['cspTrustedSite', 'CspTrustedSite'],
  site: ['customSite', 'CustomSite'],
  platformEventSubscriberConfig: ['platformEventSubscriberConfig', 'PlatformEventSubscriberConfig'],
  sharingRules: ['sharingRules', 'SharingRules'],
  pathAssistant: ['pathAssistant', 'PathAssistant'],
  externalServiceRegistration: ['externalService', 'ExternalServiceRegistration'],
  reportType: ['reportType', 'ReportType'],
  messageChannel: ['messageChannel', 'LightningMessageChannel'],
  permissionsetgroup: ['permissionSetGroup', 'PermissionSetGroup'],
  profile: ['profile', 'Profile'],
  translation: ['translations', 'Translations'],
};

/** Everything found so far; turned into a {@link Project} at the end. */
class ProjectReader {
  private readonly objectParts = new Map<string, objects.ObjectParts>();
  private readonly rawComponents = new Map<RawKind, RawComponent[]>();
  private readonly labels = new Map<string, CustomLabel>();
  private readonly permissionSets = new Map<string, PermissionSet>();
  private readonly customPermissions = new Map<string, CustomPermission>();
  private readonly globalValueSets = new Map<string, GlobalValueSet>();
  private readonly customMetadata: CustomMetadataRecord[] = [];
  private readonly emailTemplates: EmailTemplate[] = [];
  private readonly customNotificationTypes: CustomNotificationType[] = [];
  private readonly staticResources: StaticResource[] = [];
  private readonly classes: ApexSource[] = [];
  private readonly triggers: ApexSource[] = [];
  private readonly lwc: LwcBundle[] = [];

  constructor(private readonly root: string) {}

  private shown(file: string): string {
    return path.relative(this.root, file).split(path.sep).join('/');
  }

  readFolder(folder: string): void {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
        if (path.basename(folder) === 'lwc' && !entry.name.startsWith('__')) this.readBundle(full);
        else if (path.basename(folder) !== 'aura') this.readFolder(full);
      } else if (entry.name.endsWith('-meta.xml')) {
        this.readFile(full);
      }
    }
  }

  private readBundle(folder: string): void {
    const shown = this.shown(folder);
    if (!readdirSync(folder).some((name) => /\.(js|ts|css|html)$/.test(name))) return;
    this.lwc.push({
      name: path.basename(folder),
      folder: shown,
      meta: components.readBundleMeta(folder, shown),
    });
  }

  private readFile(file: string): void {
    const match = /^(.+)\.([A-Za-z]+)-meta\.xml$/.exec(path.basename(file));
    if (!match) return;
    const [, name = '', suffix = ''] = match;
    const open = (...roots: string[]): MetadataNode =>
      readMetadataFile(file, this.shown(file), roots);
    const raw = RAW[suffix];
    if (raw) {
      const list = this.rawComponents.get(raw[0]) ?? [];
      list.push({ fullName: name, file: this.shown(file), xml: open(raw[1]) });
      this.rawComponents.set(raw[0], list);
      return;
    }
    switch (suffix) {
      case 'object':
        this.parts(file, 0).object = open('CustomObject');
        break;
      case 'field':
        this.parts(file, 1).fields.push(objects.readField(open('CustomField')));
        break;
      case 'validationRule':
        this.parts(file, 1).validationRules.push(
          objects.readValidationRule(open('ValidationRule')),
        );
        break;
      case 'recordType':
        this.parts(file, 1).recordTypes.push(objects.readRecordType(open('RecordType')));
        break;
      case 'listView':
        this.parts(file, 1).listViews.push(objects.readListView(open('ListView')));
        break;
      case 'webLink':
      case 'fieldSet':
      case 'index':
      case 'testSuite':
      case 'emailFolder':
      case 'duplicateRule':
      case 'matchingRule':
      case 'report':
      case 'reportFolder':
      case 'dashboard':
      case 'dashboardFolder':
      case 'permissionSetMutingPermission':
        // Part of the package that nothing in the local org acts on.
        break;
      case 'labels':
        for (const label of components.readLabels(open('CustomLabels'))) {
          const key = label.fullName.toLowerCase();
          const other = this.labels.get(key);
          if (other) {
            throw new MetadataError(
              label.file,
              'labels',
              `${label.fullName} is also in ${other.file}`,
            );
          }
          this.labels.set(key, label);
        }
        break;
      case 'md':
        this.customMetadata.push(components.readCustomMetadata(name, open('CustomMetadata')));
        break;
      case 'permissionset':
        this.permissionSets.set(name.toLowerCase(), readPermissionSet(name, open('PermissionSet')));
        break;
      case 'customPermission':
        this.customPermissions.set(
          name.toLowerCase(),
          readCustomPermission(name, open('CustomPermission')),
        );
        break;
      case 'globalValueSet':
        this.globalValueSets.set(
          name.toLowerCase(),
          components.readGlobalValueSet(name, open('GlobalValueSet')),
        );
        break;
      case 'email':
        this.emailTemplates.push(components.readEmailTemplate(file, open('EmailTemplate')));
        break;
      case 'notiftype':
        this.customNotificationTypes.push(
          components.readNotificationType(name, open('CustomNotificationType')),
        );
        break;
      case 'resource':
        this.staticResources.push(components.readStaticResource(file, open('StaticResource')));
        break;
      case 'cls':
        this.classes.push(components.readApexSource(file, open('ApexClass')));
        break;
      case 'trigger':
        this.triggers.push(components.readApexSource(file, open('ApexTrigger')));
        break;
      case 'js':
        break;
      default:
        throw new MetadataError(
          this.shown(file),
          suffix,
          'is a kind of metadata the local org does not read; add it to metadata/project.ts',
        );
    }
  }

  /** The object a file belongs to, by its folder `objects/<Object>[/fields]`. */
  private parts(file: string, levelsUp: 0 | 1): objects.ObjectParts {
    let folder = path.dirname(file);
    if (levelsUp === 1) folder = path.dirname(folder);
    const name = path.basename(folder);
    const key = name.toLowerCase();
    let parts = this.objectParts.get(key);
    if (!parts) {
      parts = {
        name,
        folder: this.shown(folder),
        object: null,
        fields: [],
        validationRules: [],
        recordTypes: [],
        listViews: [],
      };
      this.objectParts.set(key, parts);
    }
    return parts;
  }

  finish(namespace: string, apiVersion: string): Project {
    const { rawComponents } = this;
    return {
      root: this.root,
      namespace,
      apiVersion,
      objects: new Map(
        [...this.objectParts].map(([key, parts]) => [key, objects.assembleObject(parts)]),
      ),
      customMetadata: this.customMetadata,
      globalValueSets: this.globalValueSets,
      labels: this.labels,
      permissionSets: this.permissionSets,
      customPermissions: this.customPermissions,
      emailTemplates: this.emailTemplates,
      customNotificationTypes: this.customNotificationTypes,
      staticResources: this.staticResources,
      classes: this.classes,
      triggers: this.triggers,
      lwc: this.lwc,
      raw: (kind) => rawComponents.get(kind) ?? [],
    };
  }
}

interface ProjectFile {
  readonly packageDirectories?: readonly { readonly path?: string }[];
  readonly namespace?: string;
  readonly sourceApiVersion?: string;
}

/**
 * Reads every package directory of an sfdx project.
 * @throws MetadataError naming file and element when a file cannot be read
 */
export function loadProject(root: string): Project {
  const absolute = path.resolve(root);
  const file = path.join(absolute, 'sfdx-project.json');
  if (!existsSync(file)) {
    throw new MetadataError(
      file,
      'sfdx-project.json',
      'was not found; give the folder of an sfdx project',
    );
  }
  let project: ProjectFile;
  try {
    project = JSON.parse(readFileSync(file, 'utf8')) as ProjectFile;
  } catch (error) {
    throw new MetadataError(file, 'sfdx-project.json', `is not JSON: ${(error as Error).message}`);
  }
  const reader = new ProjectReader(absolute);
  for (const { path: directory } of project.packageDirectories ?? []) {
    if (!directory)
      throw new MetadataError(file, 'packageDirectories', 'needs a path in every entry');
    const folder = path.join(absolute, directory);
    if (!existsSync(folder)) {
      throw new MetadataError(
        file,
        'packageDirectories',
        `names the folder ${directory}, which does not exist`,
      );
    }
    reader.readFolder(folder);
  }
  return reader.finish(project.namespace ?? '', project.sourceApiVersion ?? '65.0');
}
