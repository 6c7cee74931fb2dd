/** The lock file, as far as the checks read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../lib/command.js';

/** One package of the lock file (version 3). */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  /** A workspace. */
  readonly link?: boolean;
  /** Comes inside the archive of the package around it, whose hash covers it. */
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const INSTALLED = 'node_modules/';

/** All packages that an install brings, by their path; workspaces left out. */
export function lockedPackages(): ReadonlyMap<string, LockedPackage> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return new Map(
    Object.entries(lock.packages).filter(([path, { link }]) => path.includes(INSTALLED) && !link),
  );
}

/** `node_modules/a/node_modules/@b/c` is the package `@b/c`. */
export const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf(INSTALLED) + INSTALLED.length);
