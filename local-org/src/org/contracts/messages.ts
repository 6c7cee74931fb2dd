/** What leaves the org: mail, notifications, callouts. */
import type { Transaction } from './transaction.js';

/** One `Messaging.SingleEmailMessage`, or one action of a flow. */
export interface EmailDraft {
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  /** A Contact, Lead or User the mail goes to and the template's recipient. */
  readonly targetObjectId?: string;
  /** The record the template's merge fields speak of. */
  readonly whatId?: string;
  readonly templateId?: string;
  readonly subject?: string;
  readonly plainTextBody?: string;
  readonly htmlBody?: string;
  readonly replyTo?: string;
  readonly senderName?: string;
  readonly saveAsActivity?: boolean;
}

/** A mail that left the org: this org keeps it here instead of sending it. */
export interface SentEmail {
  readonly id: string;
  readonly sentAt: number;
  readonly senderId: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly plainTextBody: string;
  readonly htmlBody: string;
  readonly relatedToId: string | null;
}

export interface Mailbox {
  /** `Messaging.sendEmail`: leaves with the commit. Throws a {@link PlatformError} for what the platform refuses. */
  /** @param isNewCall false for further messages of one call, which counts once against the limit */
  send(tx: Transaction, drafts: readonly EmailDraft[], isNewCall?: boolean): void;
  /** Newest last. */
  list(): readonly SentEmail[];
}

export interface NotificationDraft {
  /** Developer name or id of the `CustomNotificationType`. */
  readonly type: string;
  readonly title: string;
  readonly body: string;
  readonly targetId?: string;
  readonly targetPageRef?: string;
  readonly senderId?: string;
}

export interface UserNotification {
  readonly id: string;
  readonly userId: string;
  readonly type: string;
  readonly title: string;
  readonly body: string;
  readonly targetId: string | null;
  readonly createdAt: number;
  readonly isRead: boolean;
}

export interface Notifications {
  /** To users, or to the members of groups and queues; at most 500 recipients. */
  send(tx: Transaction, draft: NotificationDraft, recipientIds: readonly string[]): void;
  /** Newest first. */
  forUser(userId: string): readonly UserNotification[];
  markRead(userId: string, notificationId: string): void;
}

/** Where `callout:Name` goes and with which secret headers; filled by setup code, never by metadata. */
export interface NamedCredentials {
  define(name: string, credential: NamedCredential): void;
  /** Throws a `CalloutException` when the name is unknown. `path` begins with `/` or is empty. */
  resolve(name: string, path: string): NamedCredentialTarget;
}

export interface NamedCredential {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface NamedCredentialTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}
