/** Mail the org sends is kept here instead of leaving: it can be listed, and survives a restart. */
import { randomUUID } from 'node:crypto';
import type {
  DurableStore,
  EmailDraft,
  Json,
  Mailbox,
  SentEmail,
  Transaction,
} from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';
import type { EmailMerge, TemplateText } from './email-merge.js';
import type { RecordPaths } from './record-paths.js';

const COLLECTION = 'mailbox';
/** Addresses of one message, over To, Cc and Bcc together. */
const MAXIMUM_RECIPIENTS = 150;
const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;

export interface MailboxParts {
  readonly store: DurableStore;
  readonly paths: RecordPaths;
  readonly merge: EmailMerge;
  /** The text of a template by id; null when there is none. */
  readonly template: (templateId: string) => TemplateText | null;
  readonly automatedProcessUserId: string;
}

export class OrgMailbox implements Mailbox {
  private readonly sent: SentEmail[];

  constructor(private readonly parts: MailboxParts) {
    this.sent = [...(parts.store.load(COLLECTION) as unknown as readonly SentEmail[])];
  }

  send(tx: Transaction, drafts: readonly EmailDraft[], isNewCall = true): void {
    if (isNewCall) tx.limits.use('emailInvocations');
    if (tx.userId === this.parts.automatedProcessUserId) {
      throw refuse(
        'INSUFFICIENT_ACCESS_OR_READONLY',
        'The Automated Process user cannot send e-mail; configure a user for the platform event subscriber',
      );
    }
    const messages = drafts.map((draft) => this.compose(tx, draft));
    tx.hasUncommittedWork = true;
    if (tx.isTest) return;
    tx.afterCommit(() => {
      for (const message of messages) {
        this.sent.push(message);
        this.parts.store.put(COLLECTION, message.id, message as unknown as Json);
      }
    });
  }

  clear(): void {
    for (const { id } of this.sent.splice(0)) this.parts.store.put(COLLECTION, id, null);
  }

  list(): readonly SentEmail[] {
    return this.sent;
  }

  /** A template filled for a person and a record (`Messaging.renderStoredEmailTemplate`). */
  render(
    tx: Transaction,
    templateId: string,
    recipientId: string | null,
    relatedId: string | null,
  ): TemplateText {
    const template = this.parts.template(templateId);
    if (!template) {
      throw refuse('INVALID_ID_FIELD', `There is no e-mail template with the id ${templateId}`);
    }
    const { paths, merge } = this.parts;
    const recipient = recipientId === null ? null : paths.record(recipientId);
    const related = relatedId === null ? null : paths.record(relatedId);
    return merge.fill(tx, template, recipient, related);
  }

  private compose(tx: Transaction, draft: EmailDraft): SentEmail {
    const text: TemplateText =
      draft.templateId === undefined
        ? {
            subject: draft.subject ?? '',
            plainTextBody: draft.plainTextBody ?? null,
            htmlBody: draft.htmlBody ?? null,
          }
        : this.render(tx, draft.templateId, draft.targetObjectId ?? null, draft.whatId ?? null);
    const to = [...draft.to, ...this.targetAddress(draft)];
    const cc = draft.cc ?? [];
    const bcc = draft.bcc ?? [];
    const all = [...to, ...cc, ...bcc];
    if (all.length === 0) {
      throw refuse('REQUIRED_FIELD_MISSING', 'Add a recipient to send an email.');
    }
    if (all.length > MAXIMUM_RECIPIENTS) {
      throw refuse(
        'LIMIT_EXCEEDED',
        `An e-mail goes to at most ${MAXIMUM_RECIPIENTS} addresses, got ${all.length}`,
      );
    }
    const invalid = all.find((address) => !ADDRESS.test(address));
    if (invalid !== undefined) {
      throw refuse('INVALID_EMAIL_ADDRESS', `Email address is invalid: ${invalid}`);
    }
    if (!text.plainTextBody && !text.htmlBody) {
      throw refuse(
        'REQUIRED_FIELD_MISSING',
        'Missing body, need at least one of html or plainText',
      );
    }
    return {
      id: randomUUID(),
      sentAt: tx.now(),
      senderId: tx.userId,
      to,
      cc,
      bcc,
      subject: text.subject,
      plainTextBody: text.plainTextBody ?? '',
      htmlBody: text.htmlBody ?? '',
      relatedToId: draft.whatId ?? null,
    };
  }

  /** The address of the Contact, Lead or User a mail is for. */
  private targetAddress(draft: EmailDraft): string[] {
    if (draft.targetObjectId === undefined) return [];
    const address = this.parts.paths.record(draft.targetObjectId)?.get('Email');
    if (typeof address === 'string') return [address];
    throw refuse(
      'INVALID_EMAIL_ADDRESS',
      `The recipient ${draft.targetObjectId} is no Contact, Lead or User with an e-mail address`,
    );
  }
}

function refuse(code: string, message: string): PlatformError {
  return new PlatformError(code, `SendEmail failed. ${message}`, 'EmailException');
}
