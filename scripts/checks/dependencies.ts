/** What npm would install, judged by the lock file alone: nothing is asked of a registry, except by the last step. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';

import { lockedPackages, nameOf } from '../dependencies/lock-file.js';
import { EXPLAINED, FOR_TOOLS, PERMISSIVE, STATED } from '../dependencies/policy.js';
import { shippedPackages } from '../dependencies/shipped.js';
import { command, root } from '../lib/command.js';
import { verdictOf, type Step } from '../lib/steps.js';

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly allowScripts?: Readonly<Record<string, boolean>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifestOf = (folder: string): Manifest =>
  JSON.parse(read(join(folder, 'package.json'))) as Manifest;

/** Exact versions, a hash for every archive, and no program that runs at install unless it was looked at. */
export const dependencies: Step = {
  name: 'dependencies',
  run() {
    const main = manifestOf('.');
    const problems = ['.', ...(main.workspaces ?? [])].flatMap(unpinned);
    for (const [path, locked] of lockedPackages()) {
      if (!locked.inBundle && !locked.integrity?.startsWith('sha512-')) {
        problems.push(`package-lock.json: ${path} has no sha512 integrity. Install it again.`);
      }
      if (locked.hasInstallScript && main.allowScripts?.[nameOf(path)] === undefined) {
        problems.push(
          `package-lock.json: ${path} wants to run a script at install. Look at it, and name it in "allowScripts" of package.json; .npmrc keeps all from running.`,
        );
      }
    }
    if (!/^ignore-scripts=true$/m.test(read('.npmrc'))) {
      problems.push('.npmrc: Expected "ignore-scripts=true".');
    }
    return Promise.resolve(verdictOf(problems));
  },
};

function unpinned(folder: string): string[] {
  const { dependencies: runtime, devDependencies, overrides } = manifestOf(folder);
  return Object.entries({ ...runtime, ...devDependencies, ...overrides })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(
      ([name, version]) =>
        `${folder}/package.json: Expected one exact version of ${name} but received ${version}.`,
    );
}

/** Permissive licences in what ships; others only with the reason in THIRD_PARTY.md. */
export const licences: Step = {
  name: 'licences',
  async run() {
    const explained = read('THIRD_PARTY.md');
    const problems: string[] = [];
    for (const { name, license } of (await shippedPackages()).values()) {
      const stated = STATED[name] ?? license;
      if (isWithin(stated, PERMISSIVE)) continue;
      if (!isWithin(stated, [...PERMISSIVE, ...EXPLAINED])) {
        problems.push(
          `${name} ships under ${stated ?? 'no licence'}, which scripts/dependencies/policy.ts does not name.`,
        );
      } else if (!explained.includes(`\`${name}\``) && !isPlatformPartOfSharp(name)) {
        problems.push(
          `${name} ships under ${stated}: say in THIRD_PARTY.md how its terms are met.`,
        );
      }
    }
    for (const [path, { license }] of lockedPackages()) {
      const stated = STATED[nameOf(path)] ?? license;
      if (!isWithin(stated, [...PERMISSIVE, ...FOR_TOOLS])) {
        problems.push(
          `${path} is under ${stated ?? 'no licence'}, which scripts/dependencies/policy.ts does not name.`,
        );
      }
    }
    return verdictOf(problems);
  },
};

/** THIRD_PARTY.md speaks of all of them as one. */
const isPlatformPartOfSharp = (name: string): boolean => name.startsWith('@img/sharp-');

/** @returns whether all that the expression asks for is allowed; false for what is no SPDX expression */
function isWithin(expression: string | undefined, allowed: readonly string[]): boolean {
  if (expression === undefined) return false;
  try {
    return satisfies(expression, allowed);
  } catch {
    return false;
  }
}

/** Known weaknesses in what ships, as far as the registry answers: not every mirror does. */
export const advisories: Step = {
  name: 'advisories',
  async run() {
    const { stdout } = await command(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'audit',
      '--json',
      '--omit=dev',
      '--package-lock-only',
    ]);
    const report = JSON.parse(stdout) as {
      readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
    };
    if (!report.vulnerabilities) {
      const problems = ['Nothing was learned: the registry does not answer "npm audit".'];
      return { passed: 0, failed: 0, problems };
    }
    return verdictOf(
      Object.entries(report.vulnerabilities)
        .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
        .map(([name, { severity }]) => `${name}: ${severity}. See "npm audit".`),
    );
  },
};
