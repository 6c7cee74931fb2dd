/** Custom notifications, as the bell of each user shows them. */
import { randomUUID } from 'node:crypto';
import type {
  DurableStore,
  Json,
  NotificationDraft,
  Notifications,
  Transaction,
  UserNotification,
} from '../org/contracts.js';
import { PlatformError } from '../org/contracts.js';

const COLLECTION = 'notifications';
const MAXIMUM_RECIPIENTS = 500;
const TITLE_LENGTH = 250;
const BODY_LENGTH = 750;

export interface NotificationParts {
  readonly store: DurableStore;
  /** Developer name of a notification type by its name or id; null when there is none. */
  readonly typeName: (nameOrId: string) => string | null;
  /** The users behind an id: the user itself, or the members of a group, queue or account team. */
  readonly usersOf: (recipientId: string) => readonly string[];
}

export class OrgNotifications implements Notifications {
  private readonly byId = new Map<string, UserNotification>();

  constructor(private readonly parts: NotificationParts) {
    for (const stored of parts.store.load(COLLECTION)) {
      const notification = stored as unknown as UserNotification;
      this.byId.set(notification.id, notification);
    }
  }

  send(tx: Transaction, draft: NotificationDraft, recipientIds: readonly string[]): void {
    const type = this.parts.typeName(draft.type);
    if (type === null) {
      throw refuse(
        `There is no custom notification type ${draft.type}; expected its developer name or id`,
      );
    }
    if (recipientIds.length === 0 || recipientIds.length > MAXIMUM_RECIPIENTS) {
      throw refuse(
        `A notification goes to 1 to ${MAXIMUM_RECIPIENTS} recipients, got ${recipientIds.length}`,
      );
    }
    requireText('title', draft.title, TITLE_LENGTH);
    requireText('body', draft.body, BODY_LENGTH);
    if (draft.targetId === undefined && draft.targetPageRef === undefined) {
      throw refuse('A notification needs a target: a record id or a page reference');
    }
    const users = new Set(recipientIds.flatMap((id) => this.parts.usersOf(id)));
    if (tx.isTest) return;
    const createdAt = tx.now();
    tx.afterCommit(() => {
      for (const userId of users) {
        this.keep({
          id: randomUUID(),
          userId,
          type,
          title: draft.title,
          body: draft.body,
          targetId: draft.targetId ?? null,
          createdAt,
          isRead: false,
        });
      }
    });
  }

  forUser(userId: string): readonly UserNotification[] {
    return [...this.byId.values()].filter((each) => each.userId === userId).reverse();
  }

  markRead(userId: string, notificationId: string): void {
    const notification = this.byId.get(notificationId);
    if (notification?.userId !== userId) {
      throw new PlatformError(
        'NOT_FOUND',
        `User ${userId} has no notification with the id ${notificationId}`,
      );
    }
    this.keep({ ...notification, isRead: true });
  }

  clear(): void {
    for (const id of this.byId.keys()) this.parts.store.put(COLLECTION, id, null);
    this.byId.clear();
  }

  private keep(notification: UserNotification): void {
    this.byId.set(notification.id, notification);
    this.parts.store.put(COLLECTION, notification.id, notification as unknown as Json);
  }
}

function requireText(name: string, text: string, maximum: number): void {
  if (text.trim() === '') throw refuse(`A notification needs a ${name}`);
  if (text.length > maximum) {
    throw refuse(`The ${name} has at most ${maximum} characters, got ${text.length}`);
  }
}

function refuse(message: string): PlatformError {
  return new PlatformError('INVALID_NOTIFICATION', message, 'UnexpectedException');
}
