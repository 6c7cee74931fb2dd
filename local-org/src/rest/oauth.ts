/**
 * `/services/oauth2`: tokens for integrations. There is no register of connected apps: any client id is taken, and
 * what proves the user (password, secret, signature) decides.
 */
import { createVerify, type KeyObject } from 'node:crypto';
import express, { Router, type Request } from 'express';
import { ApiError } from './api-error.js';
import type { RestContext } from './context.js';
import type { OrgUser } from '../org/local-org.js';

export class OAuthError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The user a token request speaks for. */
function userOf({ org, jwtKey }: RestContext, form: Record<string, string | undefined>): OrgUser {
  switch (form['grant_type']) {
    case 'password': {
      const user = org.users.authenticate(form['username'] ?? '', form['password'] ?? '');
      if (user) return user;
      throw new OAuthError('invalid_grant', 'authentication failure');
    }
    case 'client_credentials': {
      if (!form['client_id'])
        throw new OAuthError('invalid_client_id', 'client identifier invalid');
      const runAs = org.users.byId(org.users.integrationUserId);
      const user = org.users.authenticate(runAs?.username ?? '', form['client_secret'] ?? '');
      if (user) return user;
      throw new OAuthError('invalid_client', 'invalid client credentials');
    }
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return userOfAssertion(org.users.all(), form['assertion'] ?? '', jwtKey);
    default:
      throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  }
}

/** The subject of a JWT that is signed (RS256) with the key whose certificate the org was started with. */
function userOfAssertion(
  users: readonly OrgUser[],
  assertion: string,
  key: KeyObject | null,
): OrgUser {
  if (!key) {
    throw new OAuthError(
      'invalid_client_id',
      'no certificate to check the assertion with: start the local org with --jwt-certificate <file>',
    );
  }
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  if (!verifier.verify(key, signature, 'base64url')) {
    throw new OAuthError('invalid_grant', 'invalid assertion');
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    sub?: unknown;
    exp?: unknown;
  };
  if (typeof claims.exp !== 'number' || claims.exp * 1000 < Date.now()) {
    throw new OAuthError('invalid_grant', 'expired authorization code');
  }
  const user = users.find(({ username }) => username === claims.sub);
  if (user) return user;
  throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
}

export function oauthRoutes(context: RestContext): Router {
  const { org, sessions } = context;
  const router = Router();
  const idUrl = (request: Request, user: OrgUser): string =>
    `${context.baseUrl(request)}/id/${org.organization.id}/${user.id}`;

  router.post('/token', express.urlencoded({ extended: false }), (request, response) => {
    const form = (request.body ?? {}) as Record<string, string | undefined>;
    try {
      const user = userOf(context, form);
      const session = sessions.open(user.id, 'api');
      response.json({
        access_token: session.token,
        instance_url: context.baseUrl(request),
        id: idUrl(request, user),
        token_type: 'Bearer',
        issued_at: String(Date.now()),
        scope: 'api web full',
      });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      response.status(400).json({ error: error.code, error_description: error.message });
    }
  });

  router.post('/revoke', express.urlencoded({ extended: false }), (request, response) => {
    const form = (request.body ?? {}) as Record<string, string | undefined>;
    sessions.close(form['token'] ?? '');
    response.status(200).end();
  });

  router.get('/userinfo', (request, response) => {
    const user = org.users.byId(sessions.of(request)?.userId ?? '');
    if (!user) throw new ApiError(403, 'Bad_OAuth_Token', 'Bad_OAuth_Token');
    response.json({
      sub: idUrl(request, user),
      user_id: user.id,
      organization_id: org.organization.id,
      preferred_username: user.username,
      name: user.name,
      email: user.email,
      zoneinfo: user.timeZone,
      user_type: 'STANDARD',
      active: user.isActive,
    });
  });
  return router;
}
