/** Body form (b): `multipart/form-data` with a part `file` and, before or after it, a part `context`. */
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request } from 'express';

import { holdMedia } from '../../store/hold.js';
import type { StoredMedia } from '../../store/records.js';
import type { Vault } from '../../store/vault.js';
import type { VerificationContext } from '../../verdict/types.js';
import { ProblemError } from '../problems.js';
import { contextFromJson, withDeclaredType } from './context.js';
import type { Received } from './received.js';
import { bodyStream } from './stream.js';

const MAX_CONTEXT_BYTES = 16 * 1024;

interface Parts {
  file?: Promise<StoredMedia>;
  /** The file failed by itself, not because the form around it broke off. */
  hasFileFailed?: boolean;
  fileType?: string;
  fileName?: string;
  context?: string;
}

export async function receiveMultipart(
  request: Request,
  vault: Vault,
  maxBytes: number,
): Promise<Received> {
  const parts: Parts = {};
  const parser = openParser(request);
  const faults: ProblemError[] = [];
  const fault = (detail: string): void => {
    faults.push(formProblem(detail));
  };
  // A part may lack a name, whatever the types of the parser say.
  parser.on('file', (name: string | undefined, stream, info) => {
    if (name !== 'file' || parts.file) {
      fault(`Expected one part "file" but received another part "${name?.slice(0, 40) ?? ''}".`);
      // Breaks off with the form, which is told of it.
      stream.on('error', () => undefined).resume();
      return;
    }
    parts.fileType = info.mimeType;
    parts.fileName = info.filename;
    parts.file = holdMedia(vault, stream, maxBytes);
    // A refusal ends the parsing at once; it is reported where the part is awaited.
    parts.file.catch((error: Error) => {
      parts.hasFileFailed = !parser.destroyed;
      parser.destroy(error);
    });
  });
  parser.on('field', (name: string | undefined, value, info) => {
    if (name !== 'context') fault(`Unexpected part "${name?.slice(0, 40) ?? ''}".`);
    else if (info.valueTruncated)
      fault(`Expected a context of at most ${MAX_CONTEXT_BYTES} bytes.`);
    else parts.context = value;
  });
  parser.on('partsLimit', () => fault('Expected two parts.'));

  const parsing = pipeline(bodyStream(request), parser).catch((error: unknown) => error ?? true);
  const failure = await parsing;
  const problem = faults[0] ?? asProblem(failure, request);
  const media = await settle(parts, vault, problem);
  try {
    return { context: contextOf(parts), source: { type: 'upload' }, media };
  } catch (error) {
    await vault.remove(media.blobId);
    throw error;
  }
}

function openParser(request: Request): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 2, fields: 4, parts: 6, fieldSize: MAX_CONTEXT_BYTES, fieldNameSize: 64 },
    });
  } catch {
    throw formProblem('Expected a multipart Content-Type with a boundary.');
  }
}

/** The stored file, unless something else about the form was wrong: then the file is dropped. */
async function settle(
  parts: Parts,
  vault: Vault,
  problem: Error | undefined,
): Promise<StoredMedia> {
  if (!parts.file) throw problem ?? formProblem('Expected a part "file" with a file name.');
  const media = await parts.file.catch((error: unknown) => {
    throw parts.hasFileFailed ? error : (problem ?? error);
  });
  if (problem) {
    await vault.remove(media.blobId);
    throw problem;
  }
  return media;
}

function asProblem(failure: unknown, request: Request): Error | undefined {
  if (failure === undefined) return undefined;
  // The sender went away. A request that came whole is destroyed too, once it was read.
  if (!request.complete && failure instanceof Error) return failure;
  return formProblem('The form ended early or is not well formed.');
}

function contextOf(parts: Parts): VerificationContext {
  const context = parts.context === undefined ? {} : contextFromJson(parts.context);
  const named =
    context.fileName || !parts.fileName
      ? context
      : { ...context, fileName: parts.fileName.slice(0, 512) };
  return withDeclaredType(named, parts.fileType);
}

function formProblem(detail: string): ProblemError {
  return new ProblemError(
    400,
    'request.form',
    detail,
    'Send multipart/form-data with a part "file" (the media) and a part "context" (JSON).',
  );
}
