import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { holdMedia } from '../../src/store/hold.js';
import {
  addMasterKey,
  dropPreviousKeys,
  loadMasterKey,
  MasterKey,
} from '../../src/store/master-key.js';
import { Vault, VaultFileError } from '../../src/store/vault.js';
import { removeFolder } from '../support/service-data.js';

let folder: string;
let vault: Vault;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-vault-'));
  vault = await Vault.open(folder, await loadMasterKey(folder));
});
afterEach(() => removeFolder(folder));

const pathOf = (id: string) => join(folder, 'vault', id.slice(0, 2), id);

it.each([0, 1, 70_000, 1_000_000])('gives %i bytes back as they came', async (size) => {
  const bytes = randomBytes(size);
  const id = await vault.writeBuffer(bytes);

  expect(await vault.read(id)).toEqual(bytes);
  expect(await vault.withFile(id, (path) => readFile(path))).toEqual(bytes);
});

it('keeps nothing readable on disk, and only for its owner', async () => {
  const id = await vault.writeBuffer(Buffer.from('a face that must not leak'));

  expect((await readFile(pathOf(id))).toString('latin1')).not.toContain('face');
  expect((await stat(pathOf(id))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o600);
});

it.each([10, 70, 200, -1])('notices a changed byte at %i', async (position) => {
  const id = await vault.writeBuffer(randomBytes(500));
  const stored = await readFile(pathOf(id));
  const at = position < 0 ? stored.length + position : position;
  stored[at] = (stored[at] ?? 0) ^ 1;
  await writeFile(pathOf(id), stored);

  await expect(vault.read(id)).rejects.toBeInstanceOf(VaultFileError);
  await expect(vault.withFile(id, () => Promise.resolve())).rejects.toBeInstanceOf(VaultFileError);
});

it('cannot be read with another master key, nor under another name', async () => {
  const id = await vault.writeBuffer(Buffer.from('bytes'));
  const stranger = await Vault.open(folder, new MasterKey(randomBytes(32)));
  const other = await vault.writeBuffer(Buffer.from('other'));
  await writeFile(pathOf(other), await readFile(pathOf(id)));

  await expect(stranger.read(id)).rejects.toBeInstanceOf(VaultFileError);
  await expect(vault.read(other)).rejects.toBeInstanceOf(VaultFileError);
});

it('goes on under a new master key, whenever the change was cut off', async () => {
  const before = await vault.writeBuffer(Buffer.from('before'));
  await addMasterKey(folder);
  const both = await Vault.open(folder, await loadMasterKey(folder));
  const during = await both.writeBuffer(Buffer.from('during'));
  expect((await both.read(before)).toString()).toBe('before');

  expect(await both.reseal()).toBe(1);
  expect(await both.reseal()).toBe(0);
  await expect(vault.read(before)).rejects.toBeInstanceOf(VaultFileError);
  await dropPreviousKeys(folder);
  const after = await Vault.open(folder, await loadMasterKey(folder));
  expect((await after.read(before)).toString()).toBe('before');
  expect(await after.withFile(during, (path) => readFile(path, 'utf8'))).toBe('during');
});

it('removes decrypted copies a killed process left, but not those in use', async () => {
  const id = await vault.writeBuffer(Buffer.from('bytes'));
  await vault.withFile(id, async (path) => {
    await vault.clearWorkFolder(new Date(Date.now() - 60_000));
    expect(await readFile(path, 'utf8')).toBe('bytes');
  });
  await mkdir(join(folder, 'work', 'media-left'));
  await vault.clearWorkFolder();

  expect(await readdir(join(folder, 'work'))).toEqual([]);
});

it('removes the decrypted copy whatever happens', async () => {
  const id = await vault.writeBuffer(Buffer.from('bytes'));

  await expect(vault.withFile(id, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(join(folder, 'work'))).toEqual([]);
});

it('hashes on the way and leaves nothing when the limit is passed', async () => {
  const held = await holdMedia(vault, Readable.from([Buffer.from('abc')]), 3);
  expect(held).toMatchObject({
    sizeBytes: 3,
    md5: '900150983cd24fb0d6963f7d28e17f72',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  await vault.remove(held.blobId);

  const tooLong = holdMedia(vault, Readable.from([Buffer.from('abcd')]), 3);
  await expect(tooLong).rejects.toMatchObject({ code: 'media.too_large' });
  const empty = holdMedia(vault, Readable.from([]), 3);
  await expect(empty).rejects.toMatchObject({ code: 'media.empty' });
  const left: string[] = [];
  for await (const id of vault.olderThan(new Date(Date.now() + 1_000))) left.push(id);
  expect(left).toEqual([]);
});

it('survives a sender that goes away before the first byte', async () => {
  const source = new PassThrough();
  const held = holdMedia(vault, source, 3);
  source.destroy(new Error('gone'));

  await expect(held).rejects.toThrow('gone');
});
