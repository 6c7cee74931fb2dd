/**
 * Builds the LWC engine and all base components once, into a cache folder named by their versions. The bundle of the
 * shell and of the package then leaves them out and finds them through the page's import map, so it builds in seconds.
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
} from './base-components.js';
import { componentPlugins, refuseUnresolvedImports } from './plugins.js';

export interface BaseBundle {
  /** Folder with the built files. */
  readonly folder: string;
  /** Import specifier (`lwc`, `lightning/button`) to file name inside `folder`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Raise it when the build below changes what it writes. */
const RECIPE = 1;
const MANIFEST = 'manifest.json';

/** Published modules that need a Salesforce host; the shell has its own navigation, the others have no use here. */
const LEFT_OUT = new Set([
  'lightning/navigation',
  'lightning/barcodeScanner',
  'lightning/primitiveFigure',
]);

/** What components may import; the labels and feature gates of the base components stay inside the bundle. */
const IMPORTABLE = /^(lwc$|lightning\/|@lwc\/|@salesforce\/(i18n|client)\/)/;

export async function baseBundle(
  cacheFolder: string,
  report: (message: string) => void = () => undefined,
): Promise<BaseBundle> {
  const key = createHash('sha256').update(`${RECIPE} ${baseVersions()}`).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder, `base-${key}`);
  const manifest = path.join(folder, MANIFEST);
  if (!existsSync(manifest)) {
    report('Building the base components once (about a minute)…');
    await build(folder);
  }
  const files = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  return { folder, files };
}

/** Writes beside the target and renames, so an interrupted build never looks complete. */
async function build(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const modules = [...engineModules(), ...baseComponentModules()].filter(
    ({ name }) => !LEFT_OUT.has(name),
  );
  const entries = modules.filter(({ name }) => IMPORTABLE.test(name));
  const bundle = await rollup({
    input: Object.fromEntries(entries.map(({ name }) => [name, name])),
    plugins: componentPlugins({ modules, rootFolder: browserFolder() }),
    preserveEntrySignatures: 'strict',
    onwarn: refuseUnresolvedImports,
  });
  const { output } = await bundle.write({
    dir: partial,
    format: 'es',
    compact: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    manualChunks: (id) =>
      id.includes('iconSvgTemplates') ? null : id.includes('synthetic-shadow') ? 'shadow' : 'base',
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
