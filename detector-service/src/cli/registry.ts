/** `mediaguard registry`: what is known of media, kept by a tenant. Works on the store itself. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';

import { Command, InvalidArgumentError, Option } from 'commander';

import { toKnownMediaResource } from '../http/routes/known-media.js';
import { knownMediaRequestSchema } from '../http/schemas/known-media.js';
import { measureFile } from '../intake/measure.js';
import { KnownMediaStore, STANDINGS, type Standing } from '../store/known-media.js';
import type { Config } from '../ops/config.js';
import { configOf, dataOption, type SharedFlags } from './options.js';
import { pipelineOf } from './pipeline.js';
import { print, withStore } from './with-store.js';

type RegistryFlags = Pick<SharedFlags, 'data'> & { tenant: string };

const PAGE = 500;

export function registryCommand(): Command {
  const registry = new Command('registry').description(
    'manage the media that people have confirmed as fake or genuine',
  );
  const command = (name: string, description: string): Command =>
    registry
      .command(name)
      .description(description)
      .option('--tenant <id>', 'whose registry', 'default')
      .addOption(dataOption());
  const standing = (): Option =>
    new Option('--standing <standing>', 'what it was confirmed as').choices(STANDINGS);

  command('list', 'show the entries, newest first')
    .addOption(standing())
    .action((flags: RegistryFlags & { standing?: Standing }) => list(flags, flags.standing));
  command('export', 'print the entries with their fingerprints, one JSON object a line').action(
    (flags: RegistryFlags) => exportAll(flags),
  );
  command('import', 'add the entries of an export')
    .argument('<file>', 'as export prints them')
    .action((file: string, flags: RegistryFlags) => importAll(file, flags));
  command('add', 'add a file; it stays where it is, only hashes and fingerprints are kept')
    .argument('<file>', 'the media')
    .addOption(standing().makeOptionMandatory())
    .option('--reason <text>', 'why', 'added by an operator')
    .action((file: string, flags: RegistryFlags & { standing: Standing; reason: string }) =>
      addFile(file, flags),
    );
  command('remove', 'forget an entry')
    .argument('<sha256>', 'of its bytes', parseSha256)
    .action((sha256: string, flags: RegistryFlags) => remove(sha256, flags));
  return registry;
}

async function list(flags: RegistryFlags, standing: Standing | undefined): Promise<void> {
  await withRegistry(configOf(flags), async (registry) => {
    for await (const entry of entriesOf(registry, flags.tenant, standing)) {
      const { addedAt, addedBy, reason, sha256 } = entry;
      const words = [addedAt.toISOString(), addedBy, reason].map(printable);
      print(`${entry.standing}\t${sha256}\t${words.join('\t')}\n`);
    }
  });
}

async function exportAll(flags: RegistryFlags): Promise<void> {
  await withRegistry(configOf(flags), async (registry) => {
    for await (const entry of entriesOf(registry, flags.tenant)) {
      print(`${JSON.stringify(toKnownMediaResource(entry))}\n`);
    }
  });
}

async function importAll(file: string, flags: RegistryFlags): Promise<void> {
  await withRegistry(configOf(flags), async (registry) => {
    let number = 0;
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
    for await (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      try {
        const entry = knownMediaRequestSchema.parse(JSON.parse(line));
        await registry.put(flags.tenant, {
          ...entry,
          verificationId: null,
          fingerprints: entry.fingerprints ?? [],
        });
      } catch (error) {
        throw new Error(
          `Expected line ${number} of ${file} to be an entry as export prints it; the lines before it were added.`,
          { cause: error },
        );
      }
    }
    print(`Added ${number} ${number === 1 ? 'entry' : 'entries'}.\n`);
  });
}

async function addFile(
  file: string,
  flags: RegistryFlags & { standing: Standing; reason: string },
): Promise<void> {
  const config = configOf(flags);
  const pipeline = await pipelineOf(config);
  try {
    const media = await measureFile(file, config.maxBytes);
    const signal = AbortSignal.timeout(config.verifyTimeoutMs);
    const { fingerprints = [] } = await pipeline.verify({ path: file, ...media }, {}, signal);
    await withRegistry(config, async (registry) => {
      await registry.put(flags.tenant, {
        standing: flags.standing,
        sha256: media.sha256,
        verificationId: null,
        reason: flags.reason,
        addedBy: 'operator',
        fingerprints,
      });
    });
    const kinds = fingerprints.map(({ kind }) => kind).join(', ');
    print(`${media.sha256} is known as ${flags.standing}, with ${kinds || 'no'} fingerprint.\n`);
  } finally {
    await pipeline.close();
  }
}

async function remove(sha256: string, flags: RegistryFlags): Promise<void> {
  await withRegistry(configOf(flags), async (registry) => {
    if (!(await registry.remove(flags.tenant, sha256))) {
      throw new Error(`Nothing is known of ${sha256}; see: npx mediaguard registry list`);
    }
    print(`Forgot ${sha256}.\n`);
  });
}

async function* entriesOf(registry: KnownMediaStore, tenant: string, standing?: Standing) {
  let before: string | undefined;
  for (;;) {
    const page = await registry.list(tenant, {
      limit: PAGE,
      ...(standing && { standing }),
      ...(before && { before }),
    });
    yield* page;
    before = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

function withRegistry(
  config: Config,
  work: (registry: KnownMediaStore) => Promise<void>,
): Promise<void> {
  return withStore(config, ({ database }) => work(new KnownMediaStore(database)));
}

function parseSha256(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('Expected a SHA-256 in lower-case hex.');
  }
  return text;
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
