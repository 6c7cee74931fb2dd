/**
 * An S3 store on a loopback port, as far as the vault needs one and as strict as Amazon's: every request must carry a version 4
 * signature that an implementation other than the client's makes too, over the SHA-256 of the body that really came. Names and
 * codes of errors are those of the Amazon S3 API reference.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { AwsV4Signer } from 'aws4fetch';
import { XMLParser } from 'fast-xml-parser';

const MIN_PART_BYTES = 5 * 1024 * 1024;
/** Small, so that lists come in pages. The reference allows fewer than were asked for. */
const PAGE = 2;
const MAX_SKEW_MS = 15 * 60_000;

export const S3_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
  AWS_SECRET_ACCESS_KEY: 'a-secret/of+this-test',
} as const;
const REGION = 'eu-central-1';
export const BUCKET = 'held-media';

interface StoredObject {
  body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly etag: string;
  modifiedAt: Date;
}

interface UnfinishedUpload {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly initiatedAt: Date;
  readonly parts: Map<number, Buffer>;
}

class S3Error extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

const noSuchKey = (): S3Error => new S3Error(404, 'NoSuchKey');

export class S3Server {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, UnfinishedUpload>();
  /** `METHOD key?query` of every request that was let in. */
  readonly requests: string[] = [];
  /** What the next requests are answered with, in place of what they ask for. */
  readonly faults: ('501' | '503' | 'cut')[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => {
      const fault = error instanceof S3Error ? error : new S3Error(500, 'InternalError');
      response.writeHead(fault.status, { 'Content-Type': 'application/xml' });
      response.end(
        request.method === 'HEAD' ? undefined : `<Error><Code>${fault.code}</Code></Error>`,
      );
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What the service is told of this store. */
  get environment(): Record<string, string> {
    return {
      MEDIAGUARD_VAULT: `s3://${BUCKET}/media/guard`,
      MEDIAGUARD_VAULT_ENDPOINT: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      MEDIAGUARD_VAULT_REGION: REGION,
      MEDIAGUARD_VAULT_PATH_STYLE: 'true',
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
    await requireSignature(request, url, body);
    const fault = this.faults.shift();
    if (fault === '501') throw new S3Error(501, 'NotImplemented');
    if (fault === '503') throw new S3Error(503, 'SlowDown');
    const [, bucket = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    if (bucket !== BUCKET) throw new S3Error(404, 'NoSuchBucket');
    this.requests.push(`${request.method ?? ''} ${key}${url.search}`);
    const query = url.searchParams;
    switch (request.method) {
      case 'PUT':
        if (query.has('partNumber')) return this.#putPart(query, body, response);
        if (request.headers['x-amz-copy-source']) return this.#copy(request, key, response);
        this.#store(key, body, metadataOf(request), request.headers['content-type']);
        return void response.writeHead(200, { ETag: etagOf(body) }).end();
      case 'POST':
        if (query.has('uploads')) return this.#createUpload(request, key, response);
        return this.#completeUpload(query, body, response);
      case 'DELETE':
        if (query.has('uploadId')) {
          if (!this.uploads.delete(query.get('uploadId') ?? ''))
            throw new S3Error(404, 'NoSuchUpload');
        } else this.objects.delete(key);
        return void response.writeHead(204).end();
      case 'HEAD':
      case 'GET':
        if (key === '' && query.has('uploads')) return this.#listUploads(query, response);
        if (key === '') return this.#list(query, response);
        return this.#get(key, request.method === 'HEAD', fault === 'cut', response);
      default:
        throw new S3Error(405, 'MethodNotAllowed');
    }
  }

  #store(
    key: string,
    body: Buffer,
    metadata: Readonly<Record<string, string>>,
    contentType = 'binary/octet-stream',
    etag = etagOf(body),
  ): void {
    this.objects.set(key, { body, metadata, contentType, etag, modifiedAt: new Date() });
  }

  #get(key: string, isHead: boolean, isCut: boolean, response: ServerResponse): void {
    const found = this.objects.get(key);
    if (!found) throw noSuchKey();
    response.writeHead(200, {
      ETag: found.etag,
      'Content-Type': found.contentType,
      'Content-Length': found.body.length,
      'Last-Modified': found.modifiedAt.toUTCString(),
      ...Object.fromEntries(
        Object.entries(found.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
      ),
    });
    if (isHead) response.end();
    else if (isCut)
      response.write(found.body.subarray(0, found.body.length / 2), () => response.destroy());
    else response.end(found.body);
  }

  #copy(request: IncomingMessage, key: string, response: ServerResponse): void {
    const source = decodeURIComponent(String(request.headers['x-amz-copy-source']));
    const found = this.objects.get(source.replace(/^\//, '').slice(BUCKET.length + 1));
    if (!found) throw noSuchKey();
    if (request.headers['x-amz-copy-source-if-match'] !== found.etag) {
      throw new S3Error(412, 'PreconditionFailed');
    }
    // Without it the copy of an object onto itself is refused, as it would change nothing.
    if (request.headers['x-amz-metadata-directive'] !== 'REPLACE') {
      throw new S3Error(400, 'InvalidRequest');
    }
    this.#store(key, found.body, metadataOf(request), request.headers['content-type'], found.etag);
    xml(response, `<CopyObjectResult><ETag>${found.etag}</ETag></CopyObjectResult>`);
  }

  #createUpload(request: IncomingMessage, key: string, response: ServerResponse): void {
    const id = randomBytes(12).toString('hex');
    this.uploads.set(id, {
      key,
      metadata: metadataOf(request),
      contentType: request.headers['content-type'] ?? '',
      initiatedAt: new Date(),
      parts: new Map(),
    });
    xml(
      response,
      `<InitiateMultipartUploadResult><Bucket>${BUCKET}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  #putPart(query: URLSearchParams, body: Buffer, response: ServerResponse): void {
    const upload = this.uploads.get(query.get('uploadId') ?? '');
    if (!upload) throw new S3Error(404, 'NoSuchUpload');
    upload.parts.set(Number(query.get('partNumber')), body);
    response.writeHead(200, { ETag: etagOf(body) }).end();
  }

  #completeUpload(query: URLSearchParams, body: Buffer, response: ServerResponse): void {
    const id = query.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (!upload) throw new S3Error(404, 'NoSuchUpload');
    const parsed = new XMLParser({ isArray: (name) => name === 'Part' }).parse(body.toString()) as {
      CompleteMultipartUpload: { Part: { PartNumber: number; ETag: string }[] };
    };
    const named = parsed.CompleteMultipartUpload.Part;
    const parts = named.map(({ PartNumber, ETag }, index) => {
      const part = upload.parts.get(PartNumber);
      if (!part || etagOf(part) !== ETag.replaceAll('&quot;', '"')) {
        throw new S3Error(400, 'InvalidPart');
      }
      if (index > 0 && PartNumber <= (named[index - 1]?.PartNumber ?? 0)) {
        throw new S3Error(400, 'InvalidPartOrder');
      }
      if (index < named.length - 1 && part.length < MIN_PART_BYTES) {
        throw new S3Error(400, 'EntityTooSmall');
      }
      return part;
    });
    this.uploads.delete(id);
    const etag = `"${createHash('md5').update(id).digest('hex')}-${parts.length}"`;
    this.#store(upload.key, Buffer.concat(parts), upload.metadata, upload.contentType, etag);
    xml(
      response,
      `<CompleteMultipartUploadResult><Key>${upload.key}</Key><ETag>${etag}</ETag></CompleteMultipartUploadResult>`,
    );
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort();
    const page = keys.slice(0, PAGE);
    const rows = page.map((key) => {
      const modified = this.objects.get(key)?.modifiedAt.toISOString() ?? '';
      return `<Contents><Key>${key}</Key><LastModified>${modified}</LastModified></Contents>`;
    });
    const next =
      keys.length > PAGE
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>';
    xml(response, `<ListBucketResult>${next}${rows.join('')}</ListBucketResult>`);
  }

  #listUploads(query: URLSearchParams, response: ServerResponse): void {
    const after = query.get('key-marker') ?? '';
    const open = [...this.uploads]
      .filter(([, { key }]) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort(([, a], [, b]) => (a.key < b.key ? -1 : 1));
    const rows = open
      .slice(0, PAGE)
      .map(
        ([id, { key, initiatedAt }]) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiatedAt.toISOString()}</Initiated></Upload>`,
      );
    const [lastId, last] = open.slice(0, PAGE).at(-1) ?? [];
    const next =
      open.length > PAGE
        ? `<IsTruncated>true</IsTruncated><NextKeyMarker>${last?.key}</NextKeyMarker><NextUploadIdMarker>${lastId}</NextUploadIdMarker>`
        : '<IsTruncated>false</IsTruncated>';
    xml(
      response,
      `<ListMultipartUploadsResult>${next}${rows.join('')}</ListMultipartUploadsResult>`,
    );
  }
}

/** @throws {S3Error} unless the signature is what the credentials give for exactly this request. */
async function requireSignature(request: IncomingMessage, url: URL, body: Buffer): Promise<void> {
  const given = request.headers.authorization ?? '';
  const [, signed = ''] = /SignedHeaders=([^,]+)/.exec(given) ?? [];
  const names = signed.split(';');
  for (const name of Object.keys(request.headers)) {
    // The reference demands all of these to be signed.
    if (name.startsWith('x-amz-') && !names.includes(name)) throw new S3Error(403, 'AccessDenied');
  }
  const hash = String(request.headers['x-amz-content-sha256']);
  if (hash !== createHash('sha256').update(body).digest('hex')) {
    throw new S3Error(400, 'XAmzContentSHA256Mismatch');
  }
  const datetime = String(request.headers['x-amz-date']);
  const at = Date.parse(
    datetime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (!(Math.abs(Date.now() - at) < MAX_SKEW_MS)) throw new S3Error(403, 'RequestTimeTooSkewed');
  const signer = new AwsV4Signer({
    method: request.method,
    url: url.href,
    headers: Object.fromEntries(
      names
        .filter((name) => name !== 'host' && name !== 'x-amz-date')
        .map((name) => [name, String(request.headers[name])]),
    ),
    accessKeyId: S3_CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    service: 's3',
    region: REGION,
    datetime,
    allHeaders: true,
  });
  if ((await signer.authHeader()) !== given) throw new S3Error(403, 'SignatureDoesNotMatch');
}

function metadataOf(request: IncomingMessage): Record<string, string> {
  const prefix = 'x-amz-meta-';
  return Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), String(value)]),
  );
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

function xml(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
}
