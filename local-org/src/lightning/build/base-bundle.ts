/**
 * Builds the LWC engine and the base components that pages use once, into a cache folder named by both and their
 * versions. The bundle of the shell and of the package then leaves them out and finds them through the page's import
 * map, so it builds in seconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rollup } from 'rollup';
import {
  baseComponentModules,
  baseVersions,
  browserFolder,
  engineModules,
  type ModuleRecord,
} from './base-components.js';
import { componentPlugins, progress, refuseUnresolvedImports } from './plugins.js';

export interface BaseBundle {
  /** Folder with the built files. */
  readonly folder: string;
  /** Import specifier (`lwc`, `lightning/button`) to file name inside `folder`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Raise it when the build below changes what it writes. */
const RECIPE = 2;
const MANIFEST = 'manifest.json';

/** Published modules that need a Salesforce host; the shell has its own navigation, the others have no use here. */
const LEFT_OUT = new Set([
  'lightning/navigation',
  'lightning/barcodeScanner',
  'lightning/primitiveFigure',
]);

/** What pages always load: the engine, and the patch of the DOM that runs before it. */
const ENGINE = ['lwc', '@lwc/synthetic-shadow'];

export interface BaseBundleInput {
  readonly cacheFolder: string;
  /** Import specifiers the page uses; those the base components do not answer are left to the page's own build. */
  readonly used: readonly string[];
  readonly report?: (message: string) => void;
}

export async function baseBundle(input: BaseBundleInput): Promise<BaseBundle> {
  const { cacheFolder, used, report = () => undefined } = input;
  const modules = [...engineModules(), ...baseComponentModules()].filter(
    ({ name }) => !LEFT_OUT.has(name),
  );
  const wanted = new Set([...ENGINE, ...used]);
  const entries = modules.map(({ name }) => name).filter((name) => wanted.has(name));
  const key = createHash('sha256')
    .update([RECIPE, baseVersions(), ...entries].join(' '))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(cacheFolder, `base-${key}`);
  const manifest = path.join(folder, MANIFEST);
  if (!existsSync(manifest)) {
    report(`Building ${entries.length} base components, once…`);
    await build(folder, modules, entries, report);
  }
  const files = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  return { folder, files };
}

/** Writes beside the target and renames, so an interrupted build never looks complete. */
async function build(
  folder: string,
  modules: readonly ModuleRecord[],
  entries: readonly string[],
  report: (message: string) => void,
): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((name) => [name, name])),
    plugins: [progress(report), ...componentPlugins({ modules, rootFolder: browserFolder() })],
    preserveEntrySignatures: 'strict',
    onwarn: refuseUnresolvedImports,
  });
  const { output } = await bundle.write({
    dir: partial,
    format: 'es',
    compact: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    manualChunks: (id) => (id.includes('synthetic-shadow') ? 'shadow' : 'base'),
  });
  await bundle.close();
  const files = Object.fromEntries(
    output.flatMap((chunk) =>
      chunk.type === 'chunk' && chunk.isEntry ? [[chunk.name, chunk.fileName]] : [],
    ),
  );
  writeFileSync(path.join(partial, MANIFEST), JSON.stringify(files));
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}
