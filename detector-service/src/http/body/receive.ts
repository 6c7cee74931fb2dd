/** Takes the media of `POST /v1/verifications` into the vault, in whichever form it comes. */
import express, { type Request, type RequestHandler } from 'express';

import type { SalesforceOrgs } from '../../salesforce/orgs.js';
import type { Vault } from '../../store/vault.js';
import { tooLarge } from '../../intake/measure.js';
import { ProblemError } from '../problems.js';
import { receiveJson } from './json.js';
import { receiveMultipart } from './multipart.js';
import { receiveRaw } from './raw.js';
import type { Received } from './received.js';

export interface ReceiveParts {
  readonly vault: Vault;
  readonly orgs: SalesforceOrgs;
  readonly maxBytes: number;
  readonly inlineMaxBytes: number;
}

/** Room for the JSON around base64, which is a third longer than the bytes. */
const JSON_OVERHEAD_BYTES = 64 * 1024;

export function jsonParser(inlineMaxBytes: number): RequestHandler {
  return express.json({
    limit: Math.ceil((inlineMaxBytes * 4) / 3) + JSON_OVERHEAD_BYTES,
    inflate: false,
    strict: true,
  });
}

/** Refuses, before any byte is read, what the headers already rule out. */
export function checkBodyHeaders(maxBytes: number): RequestHandler {
  return (request, _response, next) => {
    const encoding = request.get('Content-Encoding');
    if (encoding && encoding.toLowerCase() !== 'identity') {
      throw new ProblemError(
        415,
        'request.encoding',
        'Expected the media as it is but received a Content-Encoding.',
        'Send the bytes without compressing them.',
        { headers: { 'Accept-Encoding': 'identity' } },
      );
    }
    if (request.is('application/x-www-form-urlencoded')) {
      throw new ProblemError(
        415,
        'request.content_type',
        'A URL-encoded form cannot carry media.',
        'Send the raw bytes, multipart/form-data, or JSON.',
      );
    }
    const MULTIPART_OVERHEAD_BYTES = 64 * 1024;
    const allowance = request.is('multipart/form-data') ? MULTIPART_OVERHEAD_BYTES : 0;
    if (Number(request.get('Content-Length') ?? 0) > maxBytes + allowance) throw tooLarge(maxBytes);
    next();
  };
}

export function receive(request: Request, parts: ReceiveParts): Promise<Received> {
  if (request.is('application/json')) {
    return receiveJson(request, parts.vault, parts.inlineMaxBytes, parts.orgs);
  }
  if (request.is('multipart/*')) return receiveMultipart(request, parts.vault, parts.maxBytes);
  return receiveRaw(request, parts.vault, parts.maxBytes);
}
