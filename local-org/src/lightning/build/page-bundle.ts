/** Builds the shell and the package's own components; the base components stay outside (see base-bundle.ts). */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { rollup, type Plugin } from 'rollup';
import { browserFolder, bundlesIn, type ModuleRecord } from './base-components.js';
import type { BaseBundle } from './base-bundle.js';
import { componentPlugins, refuseUnresolvedImports } from './plugins.js';
import { scopedModules, type OrgNames } from './scoped-modules.js';

export interface PageBundle {
  readonly folder: string;
  /** The page's main script inside `folder`. */
  readonly entry: string;
}

export interface PageBundleInput {
  readonly base: BaseBundle;
  /** The package's `lwc` folders. */
  readonly componentFolders: readonly string[];
  readonly names: OrgNames;
  /** Changes when the names' values change (label texts); part of the cache key. */
  readonly namesVersion: string;
  readonly cacheFolder: string;
}

const ENTRY = 'page.js';
const COMPONENT_LIST = 'local/packageComponents';

export async function pageBundle(input: PageBundleInput): Promise<PageBundle> {
  const own = ['lightning', 'shell', 'local'].flatMap((namespace) => {
    const folder = path.join(browserFolder(), 'modules', namespace);
    return existsSync(folder) ? bundlesIn(folder, namespace) : [];
  });
  const components = input.componentFolders.flatMap((folder) => bundlesIn(folder, 'c'));
  const sources = [browserFolder(), ...input.componentFolders];
  const key = contentHash(sources, input.base.folder, input.namesVersion);
  const folder = path.join(input.cacheFolder, `page-${key}`);
  if (!existsSync(path.join(folder, 'complete'))) {
    await build(folder, own, components, input);
    removeOldBuilds(input.cacheFolder);
  }
  return { folder, entry: ENTRY };
}

async function build(
  folder: string,
  own: readonly ModuleRecord[],
  components: readonly ModuleRecord[],
  input: PageBundleInput,
): Promise<void> {
  const ownNames = new Set(own.map(({ name }) => name));
  const isBase = (id: string): boolean => !ownNames.has(id) && id in input.base.files;
  const bundle = await rollup({
    input: { page: path.join(browserFolder(), 'main.js') },
    external: isBase,
    plugins: [
      componentList(components),
      scopedModules(input.names),
      ...componentPlugins({ modules: [...own, ...components], rootFolder: browserFolder() }),
    ],
    onwarn: refuseUnresolvedImports,
  });
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  await bundle.write({
    dir: partial,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  await bundle.close();
  writeFileSync(path.join(partial, 'complete'), '');
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** The package's components by name, each loaded when a page first shows it. */
function componentList(components: readonly ModuleRecord[]): Plugin {
  return {
    name: 'package-component-list',
    resolveId: (id) => (id === COMPONENT_LIST ? `\0${COMPONENT_LIST}` : null),
    load(id) {
      if (id !== `\0${COMPONENT_LIST}`) return null;
      const entries = components.map(
        ({ name }) =>
          `${JSON.stringify(name.slice('c/'.length))}: () => import(${JSON.stringify(name)})`,
      );
      return `export const packageComponents = { ${entries.join(',\n')} };`;
    },
  };
}

/** One hash over every file below the folders. */
function contentHash(folders: readonly string[], ...versions: string[]): string {
  const hash = createHash('sha256').update(versions.join('\0'));
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('__tests__'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

/** A server that still runs may be using an earlier build, so only what is a week old goes. */
function removeOldBuilds(cacheFolder: string): void {
  const limit = Date.now() - 7 * 86_400_000;
  for (const name of readdirSync(cacheFolder)) {
    const folder = path.join(cacheFolder, name);
    if (/^(?:page|base)-/.test(name) && statSync(folder).mtimeMs < limit) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
