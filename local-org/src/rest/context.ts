import type { KeyObject } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Request, Response } from 'express';
import type { LocalOrg } from '../org/local-org.js';
import type { Transaction } from '../org/contracts.js';
import { LOGIN_SESSION, type LoginSession } from '../org/login-session.js';
import { sessionOf, type Sessions } from './sessions.js';

/** What every group of routes needs. */
export interface RestContext {
  readonly org: LocalOrg;
  readonly sessions: Sessions;
  /** Address of the server as clients know it. */
  readonly baseUrl: (request: Request) => string;
  /** Checks the JWTs of the bearer flow; null when no certificate is configured. */
  readonly jwtKey: KeyObject | null;
  /** The whole API, for requests that are parts of another. */
  readonly handle: RequestListener;
  /** The unit of work that all parts of an all-or-none request join while it runs. */
  readonly shared: { transaction: Transaction | null };
}

/** The access of every REST call: the user's object, field and sharing rights. */
export const USER_ACCESS = { mode: 'user', sharing: true } as const;

/** Runs a unit of work as the request's user, or joins the one that its composite request has begun. */
export function asUser<T>(
  { org, shared }: RestContext,
  request: Request,
  response: Response,
  body: (tx: Transaction) => T,
): T {
  if (shared.transaction) return body(shared.transaction);
  const { userId, kind } = sessionOf(response);
  return org.run(userId, `${request.method} ${request.path}`, (tx) => {
    const login: LoginSession = {
      SessionType: kind === 'browser' ? 'UI' : 'Oauth2',
      SourceIp: request.ip ?? '127.0.0.1',
      UsersId: userId,
    };
    tx.state.set(LOGIN_SESSION, login);
    return body(tx);
  });
}

/** A path parameter; Express types it as possibly absent or repeated. */
export function parameter(request: Request, name: string): string {
  const value = (request.params as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value.join('/') : (value ?? '');
}

/** A query parameter given once, or undefined. */
export function queryValue(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
}
