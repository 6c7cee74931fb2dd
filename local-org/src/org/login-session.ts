/** What `Auth.SessionManagement.getCurrentSession()` tells of the sign-in behind a unit of work, by its own keys. */
export interface LoginSession {
  /** `UI` for a page, `Oauth2` for an API client. */
  readonly SessionType: 'UI' | 'Oauth2';
  readonly SourceIp: string;
  readonly UsersId: string;
}

/** Where a transaction's state keeps its {@link LoginSession}; background work has none. */
export const LOGIN_SESSION = 'loginSession';
