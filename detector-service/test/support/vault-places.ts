/** Runs the same tests on both places a vault can be in: a folder and an S3 bucket. */
import { mkdtemp, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openBlobs } from '../../src/store/blobs/open-blobs.js';
import { loadMasterKey, type MasterKey } from '../../src/store/master-key.js';
import { readConfig } from '../../src/ops/config.js';
import { Vault } from '../../src/store/vault.js';
import { removeFolder } from './service-data.js';
import { S3_CREDENTIALS, S3Server } from './s3-server.js';

export interface VaultPlace {
  /** The data folder, with the master key file. */
  readonly folder: string;
  /** The vault in this place; with the key of the data folder unless another is given. */
  open(masterKey?: MasterKey): Promise<Vault>;
  /** The encrypted bytes as they rest, without the sealed key. */
  stored(id: string): Promise<Buffer>;
  overwrite(id: string, body: Buffer): Promise<void>;
  setAge(id: string, written: Date): Promise<void>;
  ids(): Promise<readonly string[]>;
}

interface Backing extends Omit<VaultPlace, 'folder' | 'open'> {
  readonly environment: Readonly<Record<string, string>>;
}

export function inBothPlaces(tests: (place: () => VaultPlace) => void): void {
  describe('in a folder', () => {
    withPlace(tests, folderBacking);
  });
  describe('in an S3 bucket', () => {
    const server = new S3Server();
    useS3Credentials();
    beforeAll(() => server.open());
    afterAll(() => server.close());
    withPlace(tests, () => s3Backing(server));
  });
}

/** The client takes its credentials from the environment. */
export function useS3Credentials(): void {
  const before = { ...process.env };
  beforeAll(() => {
    Object.assign(process.env, S3_CREDENTIALS);
  });
  afterAll(() => {
    process.env = before;
  });
}

function withPlace(
  tests: (place: () => VaultPlace) => void,
  backingOf: (folder: string) => Backing,
): void {
  let place: VaultPlace;
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mediaguard-vault-'));
    const backing = backingOf(folder);
    const config = readConfig({ ...backing.environment, MEDIAGUARD_DATA: folder });
    place = {
      ...backing,
      folder,
      open: async (masterKey) =>
        Vault.open(folder, await openBlobs(config), masterKey ?? (await loadMasterKey(folder))),
    };
  });
  afterEach(() => removeFolder(place.folder));
  tests(() => place);
}

/** Magic and sealed key. */
const HEAD_BYTES = 64;

function folderBacking(folder: string): Backing {
  const pathOf = (id: string): string => join(folder, 'vault', id.slice(0, 2), id);
  return {
    environment: {},
    stored: async (id) => (await readFile(pathOf(id))).subarray(HEAD_BYTES),
    async overwrite(id, body) {
      const head = (await readFile(pathOf(id))).subarray(0, HEAD_BYTES);
      await writeFile(pathOf(id), Buffer.concat([head, body]));
    },
    setAge: (id, written) => utimes(pathOf(id), written, written),
    async ids() {
      const names = await readdir(join(folder, 'vault'), { recursive: true, withFileTypes: true });
      return names.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
  };
}

function s3Backing(server: S3Server): Backing {
  server.objects.clear();
  const prefix = 'media/guard/';
  const objectOf = (id: string) => {
    const found = server.objects.get(`${prefix}${id}`);
    if (!found) throw new Error(`There is no object ${id}.`);
    return found;
  };
  return {
    environment: server.environment,
    stored: (id) => Promise.resolve(objectOf(id).body),
    overwrite: (id, body) => {
      objectOf(id).body = body;
      return Promise.resolve();
    },
    setAge: (id, written) => {
      objectOf(id).modifiedAt = written;
      return Promise.resolve();
    },
    ids: () => Promise.resolve([...server.objects.keys()].map((key) => key.slice(prefix.length))),
  };
}
