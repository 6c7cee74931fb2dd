/** Apex triggers on platform events: each is a subscriber with its own place in the stream. */
import type { ApexRuntime } from '../apex/runtime.js';
import type { Project } from '../metadata/types.js';
import type { EventSubscriber } from '../platform/index.js';

const DEFAULT_BATCH = 2000;

export interface EventTriggerParts {
  readonly project: Project;
  readonly runtime: () => ApexRuntime;
  readonly automatedProcessUserId: () => string;
  /** Id of an active user by username, or null. */
  readonly userId: (username: string) => string | null;
}

/** A `PlatformEventSubscriberConfig` of a trigger may name the running user and the size of the batches. */
function configOf({ project, userId }: EventTriggerParts, trigger: string) {
  const config = project
    .raw('platformEventSubscriberConfig')
    .find(({ xml }) => xml.text('platformEventConsumer')?.toLowerCase() === trigger.toLowerCase());
  const username = config?.xml.text('user');
  return {
    batchSize: config?.xml.integer('batchSize', DEFAULT_BATCH) ?? DEFAULT_BATCH,
    userId: username ? userId(username) : null,
  };
}

export function eventTriggers(parts: EventTriggerParts, event: string): EventSubscriber[] {
  const runtime = parts.runtime();
  return runtime.program.triggers
    .filter(({ object }) => object.toLowerCase() === event.toLowerCase())
    .map(({ declaration }) => {
      const config = configOf(parts, declaration.name);
      return {
        name: `trigger ${declaration.name}`,
        batchSize: config.batchSize,
        userId: config.userId ?? parts.automatedProcessUserId(),
        deliver: (tx, events) => {
          const rows = events.map((record) => ({ record, old: null }));
          runtime.runTriggers(tx, 'after', 'insert', event, rows);
        },
      };
    });
}
