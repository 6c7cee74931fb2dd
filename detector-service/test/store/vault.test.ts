import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { holdMedia } from '../../src/store/hold.js';
import {
  addMasterKey,
  dropPreviousKeys,
  loadMasterKey,
  MasterKey,
} from '../../src/store/master-key.js';
import { VaultFileError, type Vault } from '../../src/store/vault.js';
import { inBothPlaces } from '../support/vault-places.js';

inBothPlaces((place) => {
  let folder: string;
  let vault: Vault;
  beforeEach(async () => {
    ({ folder } = place());
    vault = await place().open();
  });

  it.each([0, 1, 70_000, 1_000_000])('gives %i bytes back as they came', async (size) => {
    const bytes = randomBytes(size);
    const id = await vault.writeBuffer(bytes);

    // Buffer's own comparison: jest's takes seconds for a megabyte.
    expect(bytes.equals(await vault.read(id))).toBe(true);
    expect(bytes.equals(await vault.withFile(id, (path) => readFile(path)))).toBe(true);
  });

  it('keeps nothing readable at rest', async () => {
    const id = await vault.writeBuffer(Buffer.from('a face that must not leak'));

    expect((await place().stored(id)).toString('latin1')).not.toContain('face');
    expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it.each([0, 11, 200, -1])('notices a changed byte at %i', async (position) => {
    const id = await vault.writeBuffer(randomBytes(500));
    const stored = Buffer.from(await place().stored(id));
    const at = position < 0 ? stored.length + position : position;
    stored[at] = (stored[at] ?? 0) ^ 1;
    await place().overwrite(id, stored);

    await expect(vault.read(id)).rejects.toBeInstanceOf(VaultFileError);
    await expect(vault.withFile(id, () => Promise.resolve())).rejects.toBeInstanceOf(
      VaultFileError,
    );
  });

  it.each([0, 5, 28, 499])('notices that it ends after %i bytes', async (length) => {
    const id = await vault.writeBuffer(randomBytes(500));
    await place().overwrite(id, (await place().stored(id)).subarray(0, length));

    await expect(vault.read(id)).rejects.toBeInstanceOf(VaultFileError);
  });

  it('cannot be read with another master key, nor under another name', async () => {
    const id = await vault.writeBuffer(Buffer.from('bytes'));
    const stranger = await place().open(new MasterKey(randomBytes(32)));
    const other = await vault.writeBuffer(Buffer.from('other'));
    await place().overwrite(other, await place().stored(id));

    await expect(stranger.read(id)).rejects.toBeInstanceOf(VaultFileError);
    await expect(vault.read(other)).rejects.toBeInstanceOf(VaultFileError);
  });

  it('forgets what is removed, twice if it must', async () => {
    const id = await vault.writeBuffer(Buffer.from('bytes'));
    await vault.remove(id);
    await vault.remove(id);

    await expect(vault.read(id)).rejects.toBeInstanceOf(VaultFileError);
    expect(await place().ids()).toEqual([]);
  });

  it('lists by age, however many there are', async () => {
    const ids = await Promise.all([1, 2, 3, 4, 5].map((n) => vault.writeBuffer(Buffer.from([n]))));
    const [young = '', ...old] = ids;
    for (const id of old) await place().setAge(id, new Date(Date.now() - 60_000));
    const listed = await listOlder(vault, new Date(Date.now() - 30_000));

    expect(listed.sort()).toEqual(old.sort());
    expect(listed).not.toContain(young);
  });

  it('goes on under a new master key, whenever the change was cut off', async () => {
    const before = await vault.writeBuffer(Buffer.from('before'));
    await addMasterKey(folder);
    const both = await place().open(await loadMasterKey(folder));
    const during = await both.writeBuffer(Buffer.from('during'));
    expect((await both.read(before)).toString()).toBe('before');

    expect(await both.reseal()).toBe(1);
    expect(await both.reseal()).toBe(0);
    await expect(vault.read(before)).rejects.toBeInstanceOf(VaultFileError);
    await dropPreviousKeys(folder);
    const after = await place().open(await loadMasterKey(folder));
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
    expect(await place().ids()).toEqual([]);
  });

  it('survives a sender that goes away before the first byte', async () => {
    const source = new PassThrough();
    const held = holdMedia(vault, source, 3);
    source.destroy(new Error('gone'));

    await expect(held).rejects.toThrow('gone');
    expect(await place().ids()).toEqual([]);
  });
});

async function listOlder(vault: Vault, time: Date): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of vault.olderThan(time)) ids.push(id);
  return ids;
}
