/** All that a page loads, built or taken from the cache, with the URLs it is served under. */
import path from 'node:path';
import type { Project } from '../../metadata/types.js';
import { baseBundle } from './base-bundle.js';
import { browserFolder } from './base-components.js';
import { pageBundle } from './page-bundle.js';
import type { OrgNames } from './scoped-modules.js';
import { usedModules } from './used-modules.js';

export interface LightningBundle {
  /** Import map: specifier to URL. */
  readonly imports: Readonly<Record<string, string>>;
  /** URL of the page's script. */
  readonly script: string;
  readonly folders: readonly { readonly url: string; readonly folder: string }[];
}

export interface LightningBundleInput {
  readonly project: Project;
  readonly names: OrgNames;
  readonly cacheFolder: string;
  readonly report?: (message: string) => void;
}

export async function lightningBundle(input: LightningBundleInput): Promise<LightningBundle> {
  const { project, names, cacheFolder, report } = input;
  const folders = [
    ...new Set(project.lwc.map(({ folder }) => path.dirname(path.resolve(project.root, folder)))),
  ];
  const base = await baseBundle({
    cacheFolder,
    used: usedModules([browserFolder(), ...folders]),
    ...(report ? { report } : {}),
  });
  const labels = [...project.labels.values()].map(({ fullName, value }) => [fullName, value]);
  const page = await pageBundle({
    base,
    componentFolders: folders,
    names,
    namesVersion: JSON.stringify(labels),
    cacheFolder,
  });
  const url = (folder: string): string => `/lightning/build/${path.basename(folder)}`;
  return {
    imports: Object.fromEntries(
      Object.entries(base.files).map(([name, file]) => [name, `${url(base.folder)}/${file}`]),
    ),
    script: `${url(page.folder)}/${page.entry}`,
    folders: [base.folder, page.folder].map((folder) => ({ url: url(folder), folder })),
  };
}
