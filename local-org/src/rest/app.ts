/** Puts the HTTP side of the org together. */
import type { KeyObject } from 'node:crypto';
import express, { Router, type ErrorRequestHandler, type Express, type Request } from 'express';
import type { Logger } from 'pino';
import type { LocalOrg } from '../org/local-org.js';
import { addActionRoutes } from './actions.js';
import { apexRestRoutes } from './apex-rest.js';
import { ApiError, errorHandler, notFound } from './api-error.js';
import { addCollectionRoutes } from './collections.js';
import { addCompositeRoutes } from './composite.js';
import type { RestContext } from './context.js';
import { addConnectRoutes, downloadRoutes } from './downloads.js';
import { localAdminRoutes } from './local-admin.js';
import { oauthRoutes } from './oauth.js';
import { publicLinkRoutes } from './public-links.js';
import { addQueryRoutes } from './query.js';
import { API_ROOT } from './record-json.js';
import { Sessions } from './sessions.js';
import { addSobjectRoutes } from './sobjects.js';
import { soapLoginRoutes } from './soap-login.js';
import { cometdRoutes } from './streaming.js';
import { addToolingRoutes } from './tooling.js';
import { addTreeRoutes } from './tree.js';
import { RecordSaveError, addUiApiRoutes } from './ui-api.js';

/** Salesforce takes 50 MB of JSON for an insert with base64 content. */
const MAXIMUM_JSON = '50mb';

export interface AppOptions {
  readonly org: LocalOrg;
  readonly log: Logger;
  /** Certificate of the JWT bearer flow. */
  readonly jwtKey?: KeyObject;
  /** Adds the Lightning pages; left out by tests of the API. */
  readonly lightning?: (context: RestContext) => Router;
}

export function createApp({ org, log, jwtKey, lightning }: AppOptions): Express {
  const sessions = new Sessions(org);
  const app = express();
  const context: RestContext = {
    org,
    sessions,
    baseUrl,
    jwtKey: jwtKey ?? null,
    handle: (request, response) => void app(request, response),
    shared: { transaction: null },
  };
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    const started = performance.now();
    response.on('finish', () => {
      const durationMs = Math.round(performance.now() - started);
      const { method, path } = request;
      log.debug({ event: 'request', method, path, status: response.statusCode, durationMs });
    });
    next();
  });

  app.use('/services/oauth2', oauthRoutes(context));
  app.use(soapLoginRoutes(context));
  app.use('/services/apexrest', sessions.required, apexRestRoutes(context));
  app.get('/services/data', (_request, response) => {
    response.json([{ label: "Winter '26", url: API_ROOT, version: '65.0' }]);
  });
  app.use(express.json({ limit: MAXIMUM_JSON, strict: false }));
  app.use('/services/data/:version', sessions.required, dataRoutes(context, log));
  app.use('/cometd/:version', sessions.required, cometdRoutes(context));
  app.use('/local', sessions.required, localAdminRoutes(context));
  app.use(downloadRoutes(context));
  app.use(publicLinkRoutes(context));
  if (lightning) app.use(lightning(context));
  app.use(() => {
    throw notFound();
  });
  app.use(recordSaveErrors);
  app.use(errorHandler(log));
  return app;
}

const baseUrl = (request: Request): string =>
  `${request.protocol}://${request.get('host') ?? 'localhost'}`;

/**
 * One router for all, which also answers their refusals: a router inside another hands over only after a turn of the
 * event loop, and the parts of a composite request are answered within its unit of work.
 */
function dataRoutes(context: RestContext, log: Logger): Router {
  const router = Router();
  router.get('/', (request, response) => {
    const names = [
      'sobjects',
      'query',
      'queryAll',
      'composite',
      'tooling',
      'actions',
      'connect',
      'ui-api',
    ];
    response.json(Object.fromEntries(names.map((name) => [name, `${request.baseUrl}/${name}`])));
  });
  router.get('/limits', () => {
    throw new ApiError(
      501,
      'NOT_IMPLEMENTED',
      'The local org has no daily limits and so no figures of them; GET /local/limits tells what each unit of work used.',
    );
  });
  addQueryRoutes(router, context);
  addCollectionRoutes(router, context);
  addCompositeRoutes(router, context);
  addTreeRoutes(router, context);
  addSobjectRoutes(router, context);
  addActionRoutes(router, context);
  addToolingRoutes(router, context);
  addConnectRoutes(router, context);
  addUiApiRoutes(router, context);
  router.use(() => {
    throw notFound();
  });
  router.use(recordSaveErrors);
  router.use(errorHandler(log));
  return router;
}

/** The User Interface API has an error form of its own. */
const recordSaveErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof RecordSaveError) response.status(400).json(error.body);
  else next(error);
};
