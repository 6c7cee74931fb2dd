/**
 * Fields and relationships of the platform's own objects, from the type library that PMD's Apex engine ships
 * (`sobject-types-<version>.jar`, one class an object, one Java field a column, parent or child relationship).
 * It says nothing about lengths, picklists or defaults: those are in `metadata/standard`.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { readClassFields } from './class-file.js';

const JAR_PACKAGE = '@salesforce/code-analyzer-pmd-engine';

/** One object: `[name, type]`; a parent's type ends with `^`, a child relationship's with `[]`. */
export type JarObject = readonly (readonly [name: string, type: string])[];
export type JarObjects = Readonly<Record<string, JarObject>>;

/** Path of the jar in the installed package. */
export function findTypeJar(from: string): string {
  let folder: string;
  try {
    const main = createRequire(path.join(from, 'noop.js')).resolve(JAR_PACKAGE);
    folder = main.slice(0, main.lastIndexOf(`${path.sep}dist${path.sep}`));
  } catch {
    throw new Error(
      `The types of standard objects come from the npm package ${JAR_PACKAGE}, which is not installed ` +
        `near ${from}. Run "npm install" in the project's root folder.`,
    );
  }
  const library = path.join(folder, 'dist', 'java-lib');
  const jar = existsSync(library)
    ? readdirSync(library).find((name) => /^sobject-types-.*\.jar$/.test(name))
    : undefined;
  if (!jar)
    throw new Error(`Expected sobject-types-<version>.jar in ${library}, but it is not there.`);
  return path.join(library, jar);
}

function typeOf(descriptor: string): string {
  const type = descriptor
    .replace(/^\[*L/, '')
    .replace(/;$/, '')
    .replace('com/nawforce/runforce/', '');
  if (descriptor.startsWith('[')) return `${type.replace('SObjects/', '')}[]`;
  if (type.startsWith('SObjects/')) return `${type.slice('SObjects/'.length)}^`;
  return type === 'System/SObject' ? 'Name^' : type.replace('System/', '');
}

function readJar(bytes: Uint8Array): JarObjects {
  const objects: Record<string, JarObject> = {};
  const classes = unzipSync(bytes, {
    filter: ({ name }) => /\/SObjects\/[^/$]+\.class$/.test(name),
  });
  for (const [name, content] of Object.entries(classes)) {
    objects[path.posix.basename(name, '.class')] = readClassFields(content)
      .filter((field) => !/^(SObjectType|Fields)$/.test(field.name) && !field.name.includes('$'))
      .map((field) => [field.name, typeOf(field.descriptor)] as const);
  }
  return objects;
}

/** Extracts read by this process, by jar. */
const loaded = new Map<string, JarObjects>();

/**
 * @param from folder the jar's package is looked up from
 * @param cacheFolder where the extract is kept, by the jar's hash
 */
export function loadSObjectTypes(from: string, cacheFolder: string): JarObjects {
  const jar = findTypeJar(from);
  let objects = loaded.get(jar);
  if (!objects) {
    objects = readCached(jar, cacheFolder);
    loaded.set(jar, objects);
  }
  return objects;
}

function readCached(jar: string, cacheFolder: string): JarObjects {
  const bytes = readFileSync(jar);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const cache = path.join(cacheFolder, `sobject-types-${hash}.json`);
  if (existsSync(cache)) return JSON.parse(readFileSync(cache, 'utf8')) as JarObjects;
  const objects = readJar(bytes);
  mkdirSync(cacheFolder, { recursive: true });
  const partial = `${cache}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(objects));
  renameSync(partial, cache);
  return objects;
}
