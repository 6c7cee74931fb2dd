import { Session } from './session.js';

/** Time zone of the running user; GMT when no Apex code is running. */
export function userTimeZone(): string {
  if (!Session.isActive) return 'GMT';
  const { tx, ports } = Session.current;
  return ports.users.running(tx).timeZone;
}
