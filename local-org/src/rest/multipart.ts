/** `multipart/form-data` inserts: one JSON part with the fields, one part with the bytes of a base64 field. */
import busboy from 'busboy';
import type { Request } from 'express';
import { ApiError, malformed } from './api-error.js';

export interface MultipartRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Name of the base64 field and its bytes. */
  readonly blob: {
    readonly field: string;
    readonly fileName: string;
    readonly bytes: Buffer;
  } | null;
}

const MAXIMUM_FIELDS_BYTES = 1_000_000;

/** @param maximumBytes of the file; Salesforce takes 2 GB, this org keeps files in memory */
export function readMultipart(request: Request, maximumBytes: number): Promise<MultipartRecord> {
  return new Promise((resolve, reject) => {
    let fields: Record<string, unknown> | null = null;
    let blob: MultipartRecord['blob'] = null;
    const parser = busboy({
      headers: request.headers,
      limits: { files: 2, fields: 2, fileSize: maximumBytes, fieldSize: MAXIMUM_FIELDS_BYTES },
      defParamCharset: 'utf8',
    });
    const fail = (error: Error): void => {
      request.unpipe(parser);
      request.resume();
      reject(error);
    };
    parser.on('field', (_name, value) => {
      fields = parseFields(value, fail) ?? fields;
    });
    parser.on('file', (name, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail(tooLarge(maximumBytes)));
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks);
        if (name.startsWith('entity_') || (!filename && mimeType === 'application/json')) {
          fields = parseFields(bytes.toString('utf8'), fail) ?? fields;
        } else {
          blob = { field: name, fileName: filename ?? name, bytes };
        }
      });
    });
    parser.on('error', (error) =>
      fail(malformed(`The multipart body is broken: ${String(error)}`)),
    );
    parser.on('close', () => {
      if (fields) resolve({ fields, blob });
      else
        reject(malformed('Expected a JSON part (entity_content) with the fields of the record.'));
    });
    request.pipe(parser);
  });
}

function parseFields(text: string, fail: (error: Error) => void): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, with what was expected.
  }
  fail(malformed('Expected a JSON object in the first part of the multipart body.'));
  return null;
}

const tooLarge = (maximum: number): ApiError =>
  new ApiError(413, 'REQUEST_ENTITY_TOO_LARGE', `Expected a file of at most ${maximum} bytes.`);
