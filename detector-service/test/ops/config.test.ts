import { resolve } from 'node:path';

import { ConfigError, readConfig } from '../../src/ops/config.js';

it('needs no settings at all', () => {
  expect(readConfig({})).toMatchObject({
    dataFolder: resolve('.mediaguard'),
    host: '127.0.0.1',
    port: 8080,
    models: [],
  });
});

it('takes an empty variable as one that is not set', () => {
  expect(readConfig({ MEDIAGUARD_PORT: '', DATABASE_URL: '' }).port).toBe(8080);
});

it('reads user models', () => {
  expect(readConfig({ MEDIAGUARD_MODELS: 'mine=/a, other.2=/b' }).models).toEqual([
    { id: 'mine', folder: '/a' },
    { id: 'other.2', folder: '/b' },
  ]);
});

it('names every variable that is wrong, and never its value', () => {
  const read = () =>
    readConfig({
      MEDIAGUARD_PORT: 'eighty',
      DATABASE_URL: 'mysql://root:secret@host',
      MEDIAGUARD_MASTER_KEY: 'short-secret',
      MEDIAGUARD_MODELS: 'no-folder',
    });

  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/MEDIAGUARD_PORT.*DATABASE_URL.*|DATABASE_URL.*MEDIAGUARD_PORT/s);
  expect(read).toThrow(/MEDIAGUARD_MASTER_KEY: must be 32 bytes in base64/);
  expect(read).toThrow(/MEDIAGUARD_MODELS/);
  expect(read).not.toThrow(/secret|eighty/);
});

it('lets API and workers apart only where they can share data and an issuer', () => {
  expect(() => readConfig({ MEDIAGUARD_ROLE: 'api' })).toThrow(
    /DATABASE_URL: is needed.*MEDIAGUARD_PUBLIC_URL: is needed/s,
  );
  const shared = { DATABASE_URL: 'postgres://db/m', MEDIAGUARD_PUBLIC_URL: 'https://m.example' };
  expect(readConfig({ ...shared, MEDIAGUARD_ROLE: 'worker' }).role).toBe('worker');
});

it('reads where the vault is', () => {
  expect(readConfig({}).vaultBucket).toBeUndefined();
  expect(readConfig({ MEDIAGUARD_VAULT: 's3://held' }).vaultBucket).toEqual({
    bucket: 'held',
    prefix: '',
    region: 'us-east-1',
    endpoint: undefined,
    isPathStyle: false,
  });
  const custom = {
    MEDIAGUARD_VAULT: 's3://held/a/b/',
    MEDIAGUARD_VAULT_ENDPOINT: 'https://store.example.com',
    MEDIAGUARD_VAULT_PATH_STYLE: 'true',
  };
  expect(readConfig(custom).vaultBucket).toMatchObject({
    prefix: 'a/b/',
    endpoint: 'https://store.example.com',
    isPathStyle: true,
  });
  for (const wrong of ['/var/vault', 's3://Held', 's3://held/a b', 's3://held/../x?y']) {
    expect(() => readConfig({ MEDIAGUARD_VAULT: wrong })).toThrow(/MEDIAGUARD_VAULT: must be s3:/);
  }
});
