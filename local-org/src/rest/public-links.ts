/**
 * Public links (`ContentDistribution`): no session, the rights of whoever made the link, and the download handlers with
 * the context `DELIVERY`. A link ends with its expiry date, and asks for its password where it has one.
 */
import { timingSafeEqual } from 'node:crypto';
import express, { Router, type Request, type Response } from 'express';
import { ApexDatetime, type SObjectRecord } from '../values/values.js';
import { notFound } from './api-error.js';
import { parameter, USER_ACCESS, type RestContext } from './context.js';
import { FILE_FIELDS, latestVersionId, refusal, sendFile } from './downloads.js';
import { requireRow } from './saving.js';

const LINK_FIELDS = [
  'Id',
  'ContentVersionId',
  'ContentDocumentId',
  'OwnerId',
  'DistributionPublicUrl',
  'ExpiryDate',
  'Password',
  'PreferencesPasswordRequired',
  'PreferencesLinkLatestVersion',
  'PreferencesExpires',
].join(', ');

const PASSWORD_PAGE = `<!doctype html><html lang="en"><title>Password</title>
<form method="post"><label>Password <input type="password" name="password" required autofocus></label>
<button>Open</button></form></html>`;

export function publicLinkRoutes(context: RestContext): Router {
  const router = Router();
  router.get('/sfc/p/:key', (request, response) => {
    sendPublicLink(context, request, response, '');
  });
  router.post('/sfc/p/:key', express.urlencoded({ extended: false }), (request, response) => {
    const { password } = (request.body ?? {}) as { password?: unknown };
    sendPublicLink(context, request, response, typeof password === 'string' ? password : '');
  });
  return router;
}

function sendPublicLink(
  context: RestContext,
  request: Request,
  response: Response,
  password: string,
): void {
  const { org } = context;
  const key = parameter(request, 'key');
  if (!/^[A-Za-z0-9_-]{8,255}$/.test(key)) throw notFound('This link does not exist.');
  const answer = org.run(org.users.integrationUserId, `${request.method} ${request.path}`, (tx) => {
    const soql =
      `SELECT ${LINK_FIELDS} FROM ContentDistribution ` +
      `WHERE DistributionPublicUrl LIKE '%/sfc/p/${key}' WITH SYSTEM_MODE`;
    // The _ of a key is a wildcard to LIKE.
    const link = tx.org.queries
      .compileText(soql, 'the public link')
      .execute(tx, [], USER_ACCESS)
      .records.find((row) => String(row.get('DistributionPublicUrl')).endsWith(`/${key}`));
    if (!link || isExpired(link, tx.now())) {
      throw notFound('This link does not exist, has expired or was revoked.');
    }
    if (!opens(link, password)) return 'password' as const;
    tx.userId = String(link.get('OwnerId'));
    const versionId =
      link.get('PreferencesLinkLatestVersion') === true
        ? latestVersionId(tx, context, String(link.get('ContentDocumentId')))
        : String(link.get('ContentVersionId'));
    const decision = org.apex.askDownloadHandlers(tx, [versionId], 'DELIVERY');
    if (!decision.isAllowed) return decision;
    return { ...decision, file: requireRow(tx, org, 'ContentVersion', versionId, FILE_FIELDS) };
  });
  if (answer === 'password') response.status(401).type('html').send(PASSWORD_PAGE);
  else if ('file' in answer) sendFile(response, answer.file, 'inline');
  else throw refusal(answer.message);
}

/** A link is over when its expiry date is reached. */
function isExpired(link: SObjectRecord, now: number): boolean {
  const expiry = link.get('ExpiryDate');
  return (
    link.get('PreferencesExpires') === true &&
    expiry instanceof ApexDatetime &&
    expiry.epochMs <= now
  );
}

function opens(link: SObjectRecord, password: string): boolean {
  if (link.get('PreferencesPasswordRequired') !== true) return true;
  const [given, expected] = [Buffer.from(password), Buffer.from(String(link.get('Password')))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
