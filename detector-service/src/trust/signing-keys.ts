/**
 * The service's ES256 signing keys. The current key signs; retired keys stay published, so whatever they signed can still be
 * checked. Private keys rest sealed by the master key.
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import type { Database, Queryable } from '../store/database.js';
import type { MasterKey } from '../store/master-key.js';

export const SIGNING_ALGORITHM = 'ES256';

export interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** How long a process may go on signing with a key that another process has retired. */
const REFRESH_MS = 60_000;

export class SigningKeys {
  readonly #database: Database;
  readonly #masterKey: MasterKey;
  #signer: { readonly value: Signer; readonly readAt: number } | undefined;

  constructor(database: Database, masterKey: MasterKey) {
    this.#database = database;
    this.#masterKey = masterKey;
  }

  /** The key that signs now; the first one is made on first use. */
  async current(): Promise<Signer> {
    if (this.#signer && Date.now() - this.#signer.readAt < REFRESH_MS) return this.#signer.value;
    const signer = (await this.#readCurrent()) ?? (await this.#createFirst());
    this.#signer = { value: signer, readAt: Date.now() };
    return signer;
  }

  /** Retires the current key and makes a new one; resolves with its key id. */
  async rotate(): Promise<string> {
    await this.#database.transaction(async (transaction) => {
      await transaction.query('update signing_key set retired_at = now() where retired_at is null');
      await this.#insertNew(transaction);
    });
    this.#signer = undefined;
    return (await this.current()).kid;
  }

  /** Seals each private key again that a previous master key sealed; resolves with how many. */
  async reseal(): Promise<number> {
    const rows = await this.#database.query<{ id: string; sealed_private_jwk: string }>(
      'select id, sealed_private_jwk from signing_key',
    );
    let resealed = 0;
    for (const { id, sealed_private_jwk: sealed } of rows) {
      const renewed = this.#masterKey.reseal(Buffer.from(sealed, 'base64'), id);
      if (!renewed) continue;
      await this.#database.query('update signing_key set sealed_private_jwk = $2 where id = $1', [
        id,
        renewed.toString('base64'),
      ]);
      resealed += 1;
    }
    return resealed;
  }

  /** The public halves of all keys, the current one first. */
  async jwks(): Promise<{ keys: JWK[] }> {
    const rows = await this.#database.query<{ public_jwk: JWK }>(
      'select public_jwk from signing_key order by retired_at desc nulls first, created_at desc',
    );
    return { keys: rows.map((row) => row.public_jwk) };
  }

  async #readCurrent(): Promise<Signer | undefined> {
    const [row] = await this.#database.query<{ id: string; sealed_private_jwk: string }>(
      'select id, sealed_private_jwk from signing_key where retired_at is null',
    );
    if (!row) return undefined;
    const sealed = Buffer.from(row.sealed_private_jwk, 'base64');
    const jwk = JSON.parse(this.#masterKey.open(sealed, row.id).toString('utf8')) as JWK;
    return { kid: row.id, privateKey: await importPrivateKey(jwk) };
  }

  async #createFirst(): Promise<Signer> {
    await this.#insertNew(this.#database);
    const signer = await this.#readCurrent();
    if (!signer) throw new Error('The first signing key was not stored.');
    return signer;
  }

  /** When two processes start at once, one insert wins and both use its key. */
  async #insertNew(handle: Queryable): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(SIGNING_ALGORITHM, {
      extractable: true,
    });
    const publicPart = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publicPart);
    const privateJwk = Buffer.from(JSON.stringify(await exportJWK(privateKey)));
    await handle.query(
      `insert into signing_key (id, public_jwk, sealed_private_jwk) values ($1, $2, $3)
       on conflict do nothing`,
      [
        kid,
        JSON.stringify({ ...publicPart, kid, alg: SIGNING_ALGORITHM, use: 'sig' }),
        this.#masterKey.seal(privateJwk, kid).toString('base64'),
      ],
    );
  }
}

async function importPrivateKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('Expected an EC private key in the store.');
  return key;
}
