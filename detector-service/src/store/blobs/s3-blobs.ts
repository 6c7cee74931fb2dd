/**
 * Encrypted objects in an S3 bucket, or a store that speaks S3. The sealed key is metadata of its object, so that a new master key
 * is a copy within the store and no bytes move. This file owns the S3 client.
 */
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

import type { BucketLocation } from '../../ops/config.js';
import { VaultUnavailableError, type Blob, type BlobStore } from './blob-store.js';

const KEY_METADATA = 'sealed-key';
/** Each upload holds up to {@link PARTS_AT_ONCE} parts in memory, and one that fills. S3 takes 10,000 parts at most. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const MAX_ATTEMPTS = 4;
const CONNECT_MS = 5_000;
/** Without a byte moving. */
const IDLE_MS = 30_000;

export class S3Blobs implements BlobStore {
  readonly #client: S3Client;
  readonly #location: BucketLocation;

  /** Credentials come from where every AWS program looks: `AWS_ACCESS_KEY_ID` …, the pod's or the machine's role. */
  constructor(location: BucketLocation) {
    this.#location = location;
    this.#client = new S3Client({
      region: location.region,
      ...(location.endpoint && { endpoint: location.endpoint }),
      forcePathStyle: location.isPathStyle,
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: IDLE_MS },
      // Each part is signed with its SHA-256, which the store checks; more checksums only shut out stores that lack them.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      // What is read is authenticated by its own encryption.
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** One request for small objects, several for others; a part that fails is sent again. */
  async write(id: string, sealedKey: Buffer, body: Readable | Buffer): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: {
        ...this.#named(id),
        Body: body,
        ContentType: 'application/octet-stream',
        Metadata: { [KEY_METADATA]: sealedKey.toString('base64') },
      },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    await this.#reach(() => upload.done());
  }

  async open(id: string): Promise<Blob> {
    const { Body, Metadata } = await this.#reach(() =>
      this.#client.send(new GetObjectCommand(this.#named(id))),
    );
    if (!(Body instanceof Readable)) throw new Error(`The bucket gave no body for ${id}.`);
    return { sealedKey: sealedKeyOf(Metadata), body: Readable.from(this.#reachEach(Body)) };
  }

  async remove(id: string): Promise<void> {
    await this.#reach(() => this.#client.send(new DeleteObjectCommand(this.#named(id))));
  }

  async renewKey(id: string, renew: (sealedKey: Buffer) => Buffer | undefined): Promise<boolean> {
    const named = this.#named(id);
    try {
      const head = await this.#reach(() => this.#client.send(new HeadObjectCommand(named)));
      const renewed = renew(sealedKeyOf(head.Metadata));
      if (!renewed) return false;
      await this.#reach(() =>
        this.#client.send(
          new CopyObjectCommand({
            ...named,
            CopySource: `${named.Bucket}/${named.Key}`,
            CopySourceIfMatch: head.ETag,
            MetadataDirective: 'REPLACE',
            ContentType: head.ContentType,
            Metadata: { [KEY_METADATA]: renewed.toString('base64') },
          }),
        ),
      );
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async *olderThan(time: Date): AsyncGenerator<string> {
    const { bucket, prefix } = this.#location;
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: bucket, Prefix: prefix },
    );
    for await (const { Contents = [] } of this.#reachEach(pages)) {
      for (const { Key = '', LastModified } of Contents) {
        if (LastModified && LastModified < time) yield Key.slice(prefix.length);
      }
    }
  }

  /**
   * Uploads in parts cost storage until they are completed or aborted, and are in no list of objects. A store that cannot list them
   * is left to its own rules.
   */
  async removeUnfinished(before: Date): Promise<number> {
    const { bucket, prefix } = this.#location;
    let removed = 0;
    let markers: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } | undefined = {};
    while (markers) {
      const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        ...markers,
      });
      const page = await this.#reach(() => this.#client.send(command)).catch(
        nothingIfNotImplemented,
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (!Initiated || Initiated >= before) continue;
        const abort = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
        await this.#reach(() => this.#client.send(abort)).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
        removed += 1;
      }
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        : undefined;
    }
    return removed;
  }

  #named(id: string): { Bucket: string; Key: string } {
    return { Bucket: this.#location.bucket, Key: `${this.#location.prefix}${id}` };
  }

  async #reach<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  async *#reachEach<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    try {
      yield* items;
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  #faultOf(error: unknown): unknown {
    if (isMissing(error)) return error;
    const { bucket, endpoint = 'Amazon S3' } = this.#location;
    const reason = error instanceof Error ? error.name : 'Error';
    return new VaultUnavailableError(
      `The vault's bucket ${bucket} at ${endpoint} cannot be used (${reason}): check MEDIAGUARD_VAULT…, the credentials, and what they may do.`,
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name)
  );
}

function nothingIfNotImplemented(error: unknown): Partial<ListMultipartUploadsCommandOutput> {
  const { cause } = error as Error;
  if (cause instanceof S3ServiceException && cause.name === 'NotImplemented') return {};
  throw error;
}

function sealedKeyOf(metadata: Record<string, string> | undefined): Buffer {
  const text = metadata?.[KEY_METADATA];
  if (!text) throw new Error(`The object has no metadata "${KEY_METADATA}".`);
  return Buffer.from(text, 'base64');
}
