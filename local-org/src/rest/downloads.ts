/**
 * Everything that gives out the bytes of a file. Each way asks the package's download handlers with the context that
 * Salesforce documents for it. Previews are not documented as covered by the handlers: sharing alone protects them.
 */
import { Router, type Request, type Response } from 'express';
import type { Transaction } from '../org/contracts.js';
import type { DownloadContext } from '../org/local-org.js';
import { ApexBlob, type SObjectRecord } from '../values/values.js';
import { ApiError, notFound } from './api-error.js';
import { asUser, parameter, queryValue, type RestContext } from './context.js';
import { requireRow } from './saving.js';

export const FILE_FIELDS = [
  'Id',
  'Title',
  'FileExtension',
  'PathOnClient',
  'VersionData',
  'ContentDocumentId',
];

/** Contexts that a link may name; anything else counts as `CONTENT`, as on the platform. */
const LINK_CONTEXTS = new Set<string>(['CHATTER', 'CONTENT', 'DELIVERY', 'MOBILE', 'S1']);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  pdf: 'application/pdf',
};

/** Images a browser shows without running anything in them; SVG is not one. */
const PREVIEWED = new Set(['jpg', 'jpeg', 'png', 'gif', 'webp', 'avif', 'bmp']);

export function sendVersionData(
  context: RestContext,
  request: Request,
  response: Response,
  versionId: string,
  downloadContext: DownloadContext,
): void {
  const answer = asUser(context, request, response, (tx) => {
    const { id } = requireRow(tx, context.org, 'ContentVersion', versionId);
    const decision = context.org.apex.askDownloadHandlers(tx, [id ?? versionId], downloadContext);
    if (!decision.isAllowed) return decision;
    return {
      ...decision,
      file: requireRow(tx, context.org, 'ContentVersion', versionId, FILE_FIELDS),
    };
  });
  if ('file' in answer) {
    sendFile(response, answer.file, 'attachment');
    return;
  }
  if (answer.redirectUrl && request.accepts(['html', 'json']) === 'html') {
    response.redirect(answer.redirectUrl);
    return;
  }
  throw refusal(answer.message);
}

export const refusal = (message: string | null): ApiError =>
  new ApiError(
    403,
    'CONTENT_CUSTOMIZED_DOWNLOAD_EXCEPTION',
    message ?? 'The download of this file is not allowed.',
  );

export function sendFile(
  response: Response,
  file: SObjectRecord,
  disposition: 'attachment' | 'inline',
): void {
  const data = file.get('VersionData');
  if (!(data instanceof ApexBlob)) throw notFound('This version has no content.');
  const extension = String(file.get('FileExtension') ?? '').toLowerCase();
  const title = String(file.get('Title') ?? 'file');
  const name =
    extension && !title.toLowerCase().endsWith(`.${extension}`) ? `${title}.${extension}` : title;
  response.set({
    'Content-Type': MEDIA_TYPES[extension] ?? 'application/octet-stream',
    'Content-Disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(name)}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'private, no-store',
  });
  response.send(data.bytes);
}

/** The newest version of a document that the user can see. */
export function latestVersionId(tx: Transaction, { org }: RestContext, documentId: string): string {
  const document = requireRow(tx, org, 'ContentDocument', documentId, [
    'Id',
    'LatestPublishedVersionId',
  ]);
  const id = document.get('LatestPublishedVersionId');
  if (typeof id !== 'string') throw notFound();
  return id;
}

/** The download servlet, previews, and Connect's file content; below `/` of the server. */
export function downloadRoutes(context: RestContext): Router {
  const { org, sessions } = context;
  const router = Router();
  const linkContext = (request: Request): DownloadContext => {
    const name = queryValue(request, 'operationContext') ?? 'CONTENT';
    return LINK_CONTEXTS.has(name) ? (name as DownloadContext) : 'CONTENT';
  };

  router.get(
    '/sfc/servlet.shepherd/version/download/:id',
    sessions.required,
    (request, response) => {
      sendVersionData(context, request, response, parameter(request, 'id'), linkContext(request));
    },
  );

  router.get(
    '/sfc/servlet.shepherd/document/download/:id',
    sessions.required,
    (request, response) => {
      const id = asUser(context, request, response, (tx) =>
        latestVersionId(tx, context, parameter(request, 'id')),
      );
      sendVersionData(context, request, response, id, linkContext(request));
    },
  );

  router.get(
    '/sfc/servlet.shepherd/version/renditionDownload',
    sessions.required,
    (request, response) => {
      const id = queryValue(request, 'versionId') ?? '';
      const file = asUser(context, request, response, (tx) =>
        requireRow(tx, org, 'ContentVersion', id, FILE_FIELDS),
      );
      if (!PREVIEWED.has(String(file.get('FileExtension') ?? '').toLowerCase())) {
        throw notFound('There is no preview for this type of file.');
      }
      sendFile(response, file, 'inline');
    },
  );

  router.get('/servlet/servlet.FileDownload', sessions.required, (request, response) => {
    const id = queryValue(request, 'file') ?? '';
    const row = asUser(context, request, response, (tx) =>
      requireRow(tx, org, 'Attachment', id, ['Id', 'Name', 'Body']),
    );
    const body = row.get('Body');
    if (!(body instanceof ApexBlob)) throw notFound();
    response.set('X-Content-Type-Options', 'nosniff');
    response
      .attachment(String(row.get('Name')))
      .type('application/octet-stream')
      .send(body.bytes);
  });

  return router;
}

/** Connect REST, below the API root. */
export function addConnectRoutes(router: Router, context: RestContext): void {
  router.get('/connect/files/:id/content', (request, response) => {
    const id = asUser(context, request, response, (tx) =>
      latestVersionId(tx, context, parameter(request, 'id')),
    );
    sendVersionData(context, request, response, id, 'REST_API');
  });
}
