/** `/local`: what only a local org has. Looking at it, moving its clock, running its work, emptying it. */
import { Router, type Response } from 'express';
import { ApiError } from './api-error.js';
import { parameter, type RestContext } from './context.js';
import { requireObject } from './record-json.js';
import { sessionOf } from './sessions.js';
import { sendEvents } from './streaming.js';

const MAXIMUM_ADVANCE_SECONDS = 400 * 86_400;

export function localAdminRoutes(context: RestContext): Router {
  const { org } = context;
  const router = Router();

  router.get('/clock', (_request, response) => {
    response.json({ now: new Date(org.services.clock.now()).toISOString() });
  });

  /** `{"seconds": 60}`: moves the clock and runs what becomes due on the way. */
  router.post('/clock/advance', (request, response) => {
    const { seconds } = requireObject(request.body, 'the request');
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAXIMUM_ADVANCE_SECONDS)) {
      throw new ApiError(
        400,
        'INVALID_INPUT',
        `Expected "seconds" from 0 to ${MAXIMUM_ADVANCE_SECONDS}.`,
      );
    }
    const steps = org.runAhead(seconds * 1000);
    response.json({ now: new Date(org.services.clock.now()).toISOString(), steps });
  });

  router.post('/jobs/run', (_request, response) => {
    response.json({ steps: org.runDueWork() });
  });

  router.get('/outbox', (_request, response) => {
    const mails = [...org.services.mailbox.list()].reverse();
    response.json(
      mails.map((mail) => ({
        ...mail,
        sentAt: new Date(mail.sentAt).toISOString(),
        text: mail.plainTextBody || textOf(mail.htmlBody),
      })),
    );
  });

  router.get('/notifications/mine', (_request, response) => {
    const list = org.services.notifications.forUser(sessionOf(response).userId);
    response.json(
      list.map((entry) => ({ ...entry, sentAt: new Date(entry.createdAt).toISOString() })),
    );
  });

  router.post('/notifications/mine/read', (_request, response) => {
    const { userId } = sessionOf(response);
    for (const { id, isRead } of org.services.notifications.forUser(userId)) {
      if (!isRead) org.services.notifications.markRead(userId, id);
    }
    response.status(204).end();
  });

  router.get('/limits', (_request, response) => {
    response.json([...org.limitReports()].reverse());
  });

  /** What an administrator enters on the Setup page of a named credential: the address and the secret headers. */
  router.put('/named-credentials/:name', (request, response) => {
    requireSetupRight(context, response);
    const { url, headers } = requireObject(request.body, 'the request');
    if (typeof url !== 'string' || !URL.canParse(url)) {
      throw new ApiError(
        400,
        'INVALID_INPUT',
        'Expected "url" with the address of the named credential.',
      );
    }
    const entries = Object.entries(requireObject(headers ?? {}, 'headers'));
    org.services.namedCredentials.define(parameter(request, 'name'), {
      url,
      headers: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
    });
    response.status(204).end();
  });

  router.get('/events', (request, response) => sendEvents(context, request, response));

  router.post('/reset', (_request, response) => {
    requireSetupRight(context, response);
    org.reset();
    response.status(204).end();
  });
  return router;
}

/** Setup belongs to administrators, here as in Salesforce. */
function requireSetupRight({ org }: RestContext, response: Response): void {
  if (org.rights.userPermissions(sessionOf(response).userId).includes('CustomizeApplication'))
    return;
  throw new ApiError(
    403,
    'INSUFFICIENT_ACCESS',
    'Expected a user with the permission Customize Application.',
  );
}

/** The words of an HTML body; for reading, not for showing as HTML. */
const textOf = (html: string): string =>
  html
    .replace(/<(br|\/p|\/div|\/tr)\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .trim();
