/**
 * The whole org as the REST API, the Lightning pages and the command line see it. `org.ts` builds one; nothing outside
 * reaches around it into the parts.
 */
import type { Project } from '../metadata/types.js';
import type { Schema } from '../metadata/schema.js';
import type { NavigationRights } from './navigation-rights.js';
import type { EventMessage, ExecutionKind, Json, OrgServices, Transaction } from './contracts.js';

export type ObjectRight = 'read' | 'create' | 'edit' | 'delete';

/** What permission sets and profile give the running user. */
export interface Rights {
  objectRight(tx: Transaction, object: string, right: ObjectRight): boolean;
  fieldRight(tx: Transaction, object: string, field: string, right: 'read' | 'edit'): boolean;
  customPermissions(userId: string): readonly string[];
  userPermissions(userId: string): readonly string[];
}

export interface OrgUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  /** Profile, and what stands out about this user; shown where one is chosen. */
  readonly description: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly language: string;
  readonly isActive: boolean;
}

export interface Users {
  all(): readonly OrgUser[];
  byId(id: string): OrgUser | null;
  /** The user when name and password are right; the password may end with a security token. */
  authenticate(username: string, password: string): OrgUser | null;
  /** The user that unattended work and client-credentials logins run as. */
  readonly integrationUserId: string;
}

/** A REST call as `RestContext.request` shows it to Apex. */
export interface ApexRestCall {
  readonly method: string;
  /** Path below `/services/apexrest`, with a leading slash. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly remoteAddress: string;
}

export interface ApexRestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AnonymousResult {
  readonly compiled: boolean;
  readonly compileProblem: string | null;
  readonly success: boolean;
  readonly line: number;
  readonly column: number;
  readonly exceptionMessage: string | null;
  readonly exceptionStackTrace: string | null;
}

/** Answer of the package's download handlers for some versions. */
export interface DownloadDecision {
  readonly isAllowed: boolean;
  readonly message: string | null;
  readonly redirectUrl: string | null;
}

/** `Sfc.ContentDownloadContext` of a download. */
export type DownloadContext =
  'CHATTER' | 'CONTENT' | 'DELIVERY' | 'MOBILE' | 'REST_API' | 'RETRIEVE' | 'S1' | 'SOQL';

/** The Apex engine as the outside world calls it. */
export interface ApexHost {
  /** True for a static method with `@AuraEnabled`. */
  hasAuraMethod(className: string, method: string): boolean;
  /** Parameters and answer are plain JSON. */
  callAura(
    tx: Transaction,
    className: string,
    method: string,
    parameters: Readonly<Record<string, Json>>,
  ): Json;
  /** Null when no `@RestResource` answers this path. */
  callRest(tx: Transaction, call: ApexRestCall): ApexRestAnswer | null;
  executeAnonymous(tx: Transaction, source: string): AnonymousResult;
  /** Asks every `Sfc.ContentDownloadHandlerFactory` in order of name; the first refusal counts. */
  askDownloadHandlers(
    tx: Transaction,
    versionIds: readonly string[],
    context: DownloadContext,
  ): DownloadDecision;
  /** Names of the classes with an invocable method. */
  invocableClasses(): readonly string[];
}

/** What one unit of work, of a request or in the background, used of its governor limits. */
export interface LimitReport {
  readonly at: string;
  readonly kind: ExecutionKind;
  /** What asked for it: a request line such as `POST /…`, or a job such as `queueable MediaVerificationJob`. */
  readonly source: string;
  readonly userId: string;
  readonly used: Readonly<Record<string, number>>;
}

export interface LocalOrg {
  readonly project: Project;
  readonly schema: Schema;
  readonly services: OrgServices;
  readonly rights: Rights;
  /** Which tabs and apps a user is shown. */
  navigation(userId: string): NavigationRights;
  readonly users: Users;
  readonly apex: ApexHost;
  readonly organization: { readonly id: string; readonly name: string };
  /**
   * Runs one synchronous unit of work as a user; what it leaves to do starts afterwards.
   * @param source what asks for it, for the limit report
   */
  run<T>(userId: string, source: string, body: (tx: Transaction) => T): T;
  /** Runs everything that is due now; returns the number of steps. */
  runDueWork(): number;
  /** Moves the clock to each due time within the span and runs the work on the way. */
  runAhead(milliseconds: number): number;
  limitReports(): readonly LimitReport[];
  onEvent(event: string, listener: (message: EventMessage) => void, replayFrom: number): () => void;
  /** Names of the platform events. */
  eventNames(): readonly string[];
  /** Tells when the org was emptied, so that what was kept about its rows can be let go. */
  onReset(listener: () => void): void;
  /** Empties the org, back to real time and without anything set up, and seeds it anew. */
  reset(): void;
  close(): void;
}
