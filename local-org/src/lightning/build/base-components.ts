/**
 * The installed packages the shell is made of: the LWC engine, Salesforce's own base components and SLDS.
 * Everything that knows their folder layout is in this file.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A module as `@lwc/rollup-plugin` resolves it: import specifier and file. */
export interface ModuleRecord {
  readonly name: string;
  readonly path: string;
}

const require = createRequire(import.meta.url);

/** Folder of an installed package, found the way Node finds it from this file. */
function packageFolder(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    const candidate = path.join(folder, name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
  }
  throw new Error(`Package ${name} is not installed. Run "npm install" in the repository root.`);
}

function packageVersion(name: string): string {
  const text = readFileSync(path.join(packageFolder(name), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export const designSystemFolder = (): string => packageFolder('@salesforce-ux/design-system');

/** Changes whenever a package changes that ends up in the base bundle. */
export function baseVersions(): string {
  return ['lwc', '@lwc/rollup-plugin', 'lightning-base-components']
    .map((name) => `${name}@${packageVersion(name)}`)
    .join(' ');
}

/** The bundles of a folder such as `lwc/`: one sub-folder a component, the main file named like its folder. */
export function bundlesIn(folder: string, namespace: string): ModuleRecord[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const main = ['.js', '.html', '.css']
        .map((extension) => path.join(folder, name, name + extension))
        .find((file) => existsSync(file));
      return main ? [{ name: `${namespace}/${name}`, path: main }] : [];
    });
}

/**
 * Published modules that this page serves otherwise, by a pattern of their name: gates that are open by default but
 * need what synthetic shadow refuses (ElementInternals), the user's time zone, and icons. Icons come from the design
 * system's sprites: the published form, one compiled template an icon and direction, is some 7000 modules.
 */
const REPLACEMENTS: readonly [pattern: RegExp, file: string][] = [
  [/^@salesforce\/gate\/.*ElementInternals/, 'closed-gate.js'],
  [/^@salesforce\/i18n\/timeZone$/, 'time-zone.js'],
  [/^lightning\/iconSvgTemplates/, 'no-icon-templates.js'],
  [/^lightning\/primitiveIcon$/, 'primitiveIcon/primitiveIcon.js'],
];

/** The published form of a replaced component, for the replacement to build on. */
const PUBLISHED_ICON = 'published/primitiveIcon';

/** Browser sources of this part; plain JavaScript, compiled by rollup and never by tsc. */
export const browserFolder = (): string => fileURLToPath(new URL('../browser', import.meta.url));

/** Every module of `lightning-base-components`: components, their labels, formats and feature gates. */
export function baseComponentModules(): ModuleRecord[] {
  const folder = packageFolder('lightning-base-components');
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    lwc: { modules: { name?: string; path?: string }[] };
  };
  const scoped = manifest.lwc.modules.flatMap(({ name, path: file }) =>
    name && file ? [{ name, path: path.join(folder, file) }] : [],
  );
  const components = bundlesIn(path.join(folder, 'src/lightning'), 'lightning');
  const icon = components.find(({ name }) => name === 'lightning/primitiveIcon');
  return [
    ...[...components, ...scoped].map(replaced),
    ...(icon ? [{ name: PUBLISHED_ICON, path: icon.path }] : []),
  ];
}

function replaced(module: ModuleRecord): ModuleRecord {
  const file = REPLACEMENTS.find(([pattern]) => pattern.test(module.name))?.[1];
  return file
    ? { name: module.name, path: path.join(browserFolder(), 'replacements', file) }
    : module;
}

/** The engine of the `lwc` package itself: a second engine in one page breaks every component. */
export function engineModules(): ModuleRecord[] {
  const engine = createRequire(path.join(packageFolder('lwc'), 'package.json'));
  return [
    { name: 'lwc', path: engine.resolve('@lwc/engine-dom') },
    { name: '@lwc/synthetic-shadow', path: engine.resolve('@lwc/synthetic-shadow') },
  ];
}
