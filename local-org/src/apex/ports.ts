/** What the Apex engine needs besides the services a transaction carries. `org.ts` supplies it; tests supply small ones. */
import type { ChildRelationship, ObjectDescribe } from '../metadata/describe.js';
import type { Transaction } from '../org/contracts.js';
import type { Rights } from '../org/local-org.js';

/** Objects and fields of the org, by API name in any case. */
export interface SchemaPort {
  object(name: string): ObjectDescribe | undefined;
  objects(): Iterable<ObjectDescribe>;
  childRelationships(object: string): readonly ChildRelationship[];
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
  readonly rights: Rights;
  /** Text of a custom label, or undefined. */
  label(name: string): string | undefined;
  /** Address under which the org is reached, without a path. */
  baseUrl(): string;
  /** Namespace of the package; empty for none. */
  readonly namespace: string;
  /** `Test.setCreatedDate`. */
  setCreatedDate(recordId: string, epochMs: number): void;
  /** Subject and bodies of a stored e-mail template, merged for a recipient and a record. */
  renderTemplate(
    tx: Transaction,
    templateId: string,
    whoId: string | null,
    whatId: string | null,
  ): { readonly subject: string; readonly htmlBody: string; readonly plainTextBody: string };
}
