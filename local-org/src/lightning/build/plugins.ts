import lwc from '@lwc/rollup-plugin';
import type { Plugin, RollupLog, WarningHandlerWithDefault } from 'rollup';
import type { ModuleRecord } from './base-components.js';

/** What the base components ask of their bundler: no server-side rendering, no development checks. */
const CONSTANTS = [
  ['import.meta.env.SSR', 'false'],
  ['process.env.NODE_ENV', '"production"'],
] as const;

const buildConstants: Plugin = {
  name: 'build-constants',
  transform(code) {
    if (!CONSTANTS.some(([name]) => code.includes(name))) return null;
    const replaced = CONSTANTS.reduce((text, [name, value]) => text.replaceAll(name, value), code);
    return { code: replaced, map: null };
  },
};

/** The rollup plugins every bundle of components needs. */
export function componentPlugins(options: {
  readonly modules: readonly ModuleRecord[];
  readonly rootFolder: string;
}): Plugin[] {
  const records = new Map(options.modules.map((module) => [module.name, module.path]));
  return [
    {
      name: 'component-modules',
      // Exact names first: the plugin's own resolver looks for npm packages next to the importer.
      resolveId: (id) => records.get(id) ?? null,
    },
    lwc({
      rootDir: options.rootFolder,
      modules: options.modules.map(({ name, path }) => ({ name, path })),
      enableDynamicComponents: true,
      enableLwcOn: true,
      sourcemap: false,
    }),
    buildConstants,
  ];
}

const PROGRESS_MS = 2000;

/** Tells how far a long build is, so that people see that something happens. */
export function progress(report: (message: string) => void): Plugin {
  let modules = 0;
  let last = performance.now();
  return {
    name: 'progress',
    moduleParsed() {
      modules += 1;
      if (performance.now() - last < PROGRESS_MS) return;
      last = performance.now();
      report(`  ${modules} modules…`);
    },
  };
}

/**
 * An import nobody provides would only show as a blank page, so it stops the build. Circular imports are part of the
 * base components and harmless.
 */
export const refuseUnresolvedImports: WarningHandlerWithDefault = (warning: RollupLog, next) => {
  if (warning.code === 'CIRCULAR_DEPENDENCY' || warning.code === 'THIS_IS_UNDEFINED') return;
  if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message);
  if (warning.plugin === 'rollup-plugin-lwc-compiler' && warning.id?.includes('node_modules'))
    return;
  next(warning);
};
