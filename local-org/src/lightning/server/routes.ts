/** The Lightning pages over HTTP: login, the shell, its files, and the calls that only the shell makes. */
import path from 'node:path';
import express, { Router, type Request, type Response } from 'express';
import type { ObjectDescribe } from '../../metadata/describe.js';
import type { Json, Transaction } from '../../org/contracts.js';
import { ApiError, notFound } from '../../rest/api-error.js';
import { asUser, parameter, queryValue, type RestContext } from '../../rest/context.js';
import { recordToJson, requireObject } from '../../rest/record-json.js';
import { readableFields, requireRow } from '../../rest/saving.js';
import { COOKIE, sessionOf, setCookie } from '../../rest/sessions.js';
import { browserFolder, designSystemFolder } from '../build/base-components.js';
import type { LightningBundle } from '../build/lightning-bundle.js';
import { sendApexAnswer } from './apex-calls.js';
import { activeUsers, bootstrap } from './bootstrap.js';
import { iconOf } from './icons.js';
import { layoutOf } from './layouts.js';
import { listView, readList } from './lists.js';
import { sendLogin, sendShell } from './page.js';
import { readUiMetadata, type UiMetadata } from './ui-metadata.js';

const RELATED_ROWS = 10;
const LONG_CACHE = { maxAge: '365d', immutable: true } as const;

export function lightningRoutes(bundle: LightningBundle): (context: RestContext) => Router {
  return (context) => {
    const ui = readUiMetadata(context.org.project, context.org.schema);
    const router = Router();
    router.use(fileRoutes(context, bundle));
    router.use(loginRoutes(context));
    router.use('/local', context.sessions.required, shellCalls(context, ui));
    router.get(['/', '/lightning', '/lightning/{*path}'], (request, response) => {
      const session = context.sessions.of(request);
      if (!session) {
        response.redirect(`/login?returnTo=${encodeURIComponent(request.originalUrl)}`);
        return;
      }
      response.locals['session'] = session;
      const user = context.sessions.user(response);
      const data = asUser(context, request, response, (tx) => bootstrap(context.org, ui, tx, user));
      if (!request.path.startsWith('/lightning/')) {
        response.redirect(data.apps[0]?.items[0]?.url ?? '/lightning/page/home');
        return;
      }
      sendShell(response, {
        title: context.org.organization.name,
        bootstrap: data as unknown as Json,
        imports: bundle.imports,
        script: bundle.script,
      });
    });
    return router;
  };
}

function fileRoutes({ org }: RestContext, bundle: LightningBundle): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(path.join(designSystemFolder(), 'assets'), { maxAge: '1d' }),
  );
  router.use('/lightning/static', express.static(path.join(browserFolder(), 'static')));
  for (const { url, folder } of bundle.folders) router.use(url, express.static(folder, LONG_CACHE));
  router.get('/resource/:name{/*path}', (request, response) => {
    const name = parameter(request, 'name');
    const resource = org.project.staticResources.find(({ fullName }) => fullName === name);
    if (!resource) throw notFound();
    const file = path.resolve(org.project.root, resource.content);
    const inside = parameter(request, 'path');
    response.sendFile(inside || path.basename(file), {
      root: inside ? file : path.dirname(file),
      headers: inside ? {} : { 'Content-Type': resource.contentType },
    });
  });
  return router;
}

function loginRoutes(context: RestContext): Router {
  const { org, sessions } = context;
  const router = Router();
  /** Only paths of this server, so that a link cannot send people elsewhere after they sign in. */
  const safeTarget = (value: unknown): string =>
    typeof value === 'string' && /^\/(?![/\\])/.test(value) && !value.startsWith('/login')
      ? value
      : '/';
  const show = (response: Response, returnTo: string, error: string | null): void =>
    sendLogin(response, {
      orgName: org.organization.name,
      users: activeUsers(context.org),
      returnTo,
      error,
    });

  router.get('/login', (request, response) =>
    show(response, safeTarget(queryValue(request, 'returnTo')), null),
  );

  router.post('/login', express.urlencoded({ extended: false }), (request, response) => {
    requireSameSite(request);
    const form = requireObject(request.body, 'the form');
    const returnTo = safeTarget(form['returnTo']);
    const user =
      typeof form['userId'] === 'string'
        ? activeUsers(context.org).find(({ id }) => id === form['userId'])
        : org.users.authenticate(String(form['username']), String(form['password']));
    if (!user) {
      response.status(401);
      show(response, returnTo, 'Please check your username and password.');
      return;
    }
    setCookie(response, sessions.open(user.id, 'browser'));
    response.redirect(303, returnTo);
  });

  router.post('/login/as', sessions.required, (request, response) => {
    const { userId } = requireObject(request.body, 'the request');
    const user = activeUsers(context.org).find(({ id }) => id === userId);
    if (!user || sessionOf(response).kind !== 'browser')
      throw new ApiError(403, 'FORBIDDEN', 'No such user to log in as.');
    sessions.close(sessionOf(response).token);
    setCookie(response, sessions.open(user.id, 'browser'));
    response.status(204).end();
  });

  router.post('/logout', sessions.required, (_request, response) => {
    sessions.close(sessionOf(response).token);
    response.clearCookie(COOKIE).status(204).end();
  });
  return router;
}

/** A form of another site must not sign anyone in here. */
function requireSameSite(request: Request): void {
  const site = request.get('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new ApiError(403, 'FORBIDDEN', 'Log in from the login page of this org.');
}

/** What the shell asks beyond the public APIs. */
function shellCalls(context: RestContext, ui: UiMetadata): Router {
  const { org } = context;
  const router = Router();
  const icon = (object: string): string =>
    ui.apps.flatMap(({ items }) => items).find((item) => item.object === object)?.icon ??
    iconOf(object);

  router.post('/apex', (request, response) => sendApexAnswer(context, request, response));

  router.get('/ui/record/:id', (request, response) => {
    const id = parameter(request, 'id');
    const object = org.schema.objectOfId(id);
    if (!object) throw notFound('This record does not exist or is not shared with you.');
    const fields = asUser(context, request, response, (tx) =>
      recordFields(context, tx, object.name, id),
    );
    response.json({ apiName: object.name, fields });
  });

  router.get('/ui/layout/:object', (request, response) => {
    const object = org.schema.requireObject(parameter(request, 'object'));
    const layout = asUser(context, request, response, (tx) => layoutOf(org, tx, object));
    response.json({ ...layout, icon: icon(object.name) });
  });

  router.get('/ui/list/:object', (request, response) => {
    const object = org.schema.requireObject(parameter(request, 'object'));
    requireReadable(context, request, response, object);
    const limit = Math.min(Math.max(Number(queryValue(request, 'limit') ?? 100) || 100, 1), 2000);
    const list = asUser(context, request, response, (tx) =>
      listView(org, tx, object, queryValue(request, 'view'), limit),
    );
    response.json({ ...list, icon: icon(object.name) });
  });

  router.get('/ui/related/:id/:relationship', (request, response) => {
    const id = parameter(request, 'id');
    const parent = org.schema.objectOfId(id);
    const child = parent && org.schema.child(parent.name, parameter(request, 'relationship'));
    if (!parent || !child || !/^[A-Za-z0-9]{15,18}$/.test(id)) {
      throw notFound(`There is no related list ${parameter(request, 'relationship')}.`);
    }
    const object = org.schema.requireObject(child.childObject);
    const list = asUser(context, request, response, (tx) => {
      const layout = layoutOf(org, tx, parent).related.find(
        ({ relationship }) => relationship === child.name,
      );
      const columns = layout?.columns ?? [object.nameField ?? 'Id'];
      return readList(org, tx, {
        object,
        columns,
        where: [`${child.field} = '${id}'`],
        limit: RELATED_ROWS,
      });
    });
    response.json({ ...list, labelPlural: object.labelPlural, icon: icon(object.name) });
  });
  return router;
}

/** The page of an object without the right to read it says so, as in Salesforce. */
function requireReadable(
  context: RestContext,
  request: Request,
  response: Response,
  object: ObjectDescribe,
): void {
  const { rights } = context.org;
  if (asUser(context, request, response, (tx) => rights.objectRight(tx, object.name, 'read'))) {
    return;
  }
  throw new ApiError(
    403,
    'INSUFFICIENT_ACCESS',
    `You don't have access to ${object.labelPlural}. Ask your administrator for a permission set that gives it.`,
  );
}

/** All readable fields of a record by name, for visibility rules and the page's title. */
function recordFields({ org }: RestContext, tx: Transaction, object: string, id: string): Json {
  const names = readableFields(tx, org, object).filter(
    (name) => org.schema.field(object, name)?.type !== 'base64',
  );
  return recordToJson(requireRow(tx, org, object, id, [...new Set(['Id', ...names])]));
}
