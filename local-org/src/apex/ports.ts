/** What the Apex engine needs from the rest of the org. `org.ts` supplies it; tests supply small ones. */
import type { Transaction } from '../org/contracts.js';
import type { ChildRelationship, ObjectDescribe } from '../metadata/describe.js';
import type { SObjectRecord } from '../values/values.js';
import type { AsyncWork } from './run/async-work.js';

/** Objects and fields of the org, by API name in any case. */
export interface SchemaPort {
  object(name: string): ObjectDescribe | undefined;
  objects(): Iterable<ObjectDescribe>;
  childRelationships(object: string): readonly ChildRelationship[];
}

export type ObjectRight = 'read' | 'create' | 'edit' | 'delete';

/** Rights of a user, as permission sets and profiles give them. */
export interface PermissionPort {
  objectRight(tx: Transaction, object: string, right: ObjectRight): boolean;
  fieldRight(tx: Transaction, object: string, field: string, right: 'read' | 'edit'): boolean;
  customPermission(tx: Transaction, name: string): boolean;
}

/** What Apex hands to the job queue of the platform. */
export interface AsyncPort {
  /** Returns the id of the AsyncApexJob (or CronTrigger, for scheduled work). */
  enqueue(tx: Transaction, work: AsyncWork): string;
  /** True when a job or scheduled job of that id was stopped. */
  abort(tx: Transaction, jobId: string): boolean;
}

export interface EventPort {
  /** Saves an event to the bus: at once or after the commit, as its definition says. */
  publish(tx: Transaction, event: SObjectRecord): void;
}

export interface EmailMessage {
  readonly toAddresses: readonly string[];
  readonly ccAddresses: readonly string[];
  readonly bccAddresses: readonly string[];
  readonly replyTo: string | null;
  readonly senderDisplayName: string | null;
  readonly subject: string;
  readonly plainTextBody: string | null;
  readonly htmlBody: string | null;
  readonly targetObjectId: string | null;
  readonly whatId: string | null;
  readonly templateId: string | null;
  readonly saveAsActivity: boolean;
}

export interface CustomNotificationMessage {
  readonly typeId: string;
  readonly title: string;
  readonly body: string;
  readonly targetId: string | null;
  readonly targetPageRef: string | null;
  readonly senderId: string | null;
  readonly userIds: readonly string[];
}

export interface MessagingPort {
  /** Throws `PlatformError` when the message cannot be sent. */
  sendEmail(tx: Transaction, message: EmailMessage): void;
  notify(tx: Transaction, notification: CustomNotificationMessage): void;
  /** Subject and bodies of a stored template, merged for a person and a record. */
  renderTemplate(
    tx: Transaction,
    templateId: string,
    whoId: string | null,
    whatId: string | null,
  ): { subject: string; htmlBody: string | null; plainTextBody: string | null };
}

/** Where `callout:Name` leads and what it adds to the request. */
export interface NamedCredentialPort {
  resolve(
    tx: Transaction,
    name: string,
  ): { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/** The running user and the organisation, for `UserInfo`. */
export interface UserDetails {
  readonly id: string;
  readonly username: string;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly email: string;
  readonly profileId: string;
  readonly roleId: string | null;
  /** `Standard`, `Guest`, `AutomatedProcess` … */
  readonly userType: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Java form, `en_US`. */
  readonly locale: string;
  readonly language: string;
  readonly organizationId: string;
  readonly organizationName: string;
}

export interface UserPort {
  /** Details of `tx.userId`; costs no query. */
  running(tx: Transaction): UserDetails;
}

export interface ApexPorts {
  readonly users: UserPort;
  readonly schema: SchemaPort;
  readonly permissions: PermissionPort;
  readonly jobs: AsyncPort;
  readonly events: EventPort;
  readonly messaging: MessagingPort;
  readonly namedCredentials: NamedCredentialPort;
  /** Text of a custom label, or undefined. */
  label(name: string): string | undefined;
  /** Namespace of the package; empty for none. */
  readonly namespace: string;
}
