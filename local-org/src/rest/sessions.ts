/** Who is signed in. Sessions live as long as the process; nothing about them is written to disk. */
import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { LocalOrg, OrgUser } from '../org/local-org.js';
import { ApiError } from './api-error.js';

export interface Session {
  readonly token: string;
  readonly userId: string;
  /** How the user signed in; a browser session can change the user, an API session cannot. */
  readonly kind: 'browser' | 'api';
}

const LIFETIME_MS = 12 * 3_600_000;
export const COOKIE = 'sid';

export class Sessions {
  private readonly sessions = new Map<string, Session & { readonly expiresAt: number }>();

  constructor(private readonly org: LocalOrg) {}

  open(userId: string, kind: Session['kind']): Session {
    const token = `${this.org.organization.id.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
    const session = { token, userId, kind, expiresAt: Date.now() + LIFETIME_MS };
    this.sessions.set(token, session);
    return session;
  }

  close(token: string): void {
    this.sessions.delete(token);
  }

  find(token: string | undefined): Session | null {
    const session = token === undefined ? undefined : this.sessions.get(token);
    if (!session) return null;
    if (session.expiresAt < Date.now() || !this.org.users.byId(session.userId)?.isActive) {
      this.close(session.token);
      return null;
    }
    return session;
  }

  /** The session of a request: a bearer token, or the cookie of a page. */
  of(request: Request): Session | null {
    const bearer = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (bearer) return this.find(bearer);
    return this.find(cookies(request).get(COOKIE));
  }

  /**
   * Lets only signed-in requests pass. A cookie alone changes nothing: a page of another site could make the browser
   * send it, so such requests must also carry the header that only our own scripts can set.
   */
  readonly required = (request: Request, response: Response, next: NextFunction): void => {
    const session = this.of(request);
    if (!session) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    const isCookie = request.get('authorization') === undefined;
    const isSafe = request.method === 'GET' || request.method === 'HEAD';
    if (isCookie && !isSafe && request.get('x-local-org') === undefined) {
      throw new ApiError(
        403,
        'FORBIDDEN',
        'Expected the header X-Local-Org on a request with a session cookie.',
      );
    }
    response.locals['session'] = session;
    next();
  };

  user(response: Response): OrgUser {
    const { userId } = sessionOf(response);
    const user = this.org.users.byId(userId);
    if (!user) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    return user;
  }
}

export const sessionOf = (response: Response): Session => response.locals['session'] as Session;

function cookies(request: Request): Map<string, string> {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name, decodeURIComponent(value)]));
}

export function setCookie(response: Response, session: Session): void {
  response.cookie(COOKIE, session.token, { httpOnly: true, sameSite: 'strict', path: '/' });
}
