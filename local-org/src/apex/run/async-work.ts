/** Work Apex puts on the platform's job queue. The live objects themselves are kept: the queue is in this process. */
import type { ApexMethod } from '../types/model.js';
import type { ApexObject, Value } from '../values/reference.js';

export type AsyncWork =
  | {
      readonly kind: 'queueable';
      readonly className: string;
      readonly job: ApexObject;
      readonly delayMinutes: number;
      /** Depth of the chain this job is in, 1 for the first. */
      readonly depth: number;
      readonly maximumDepth: number | null;
    }
  | {
      readonly kind: 'future';
      readonly className: string;
      readonly method: ApexMethod;
      readonly args: readonly Value[];
    }
  | {
      readonly kind: 'batch';
      readonly className: string;
      readonly job: ApexObject;
      readonly scope: number;
    }
  | {
      readonly kind: 'scheduled';
      readonly className: string;
      readonly job: ApexObject;
      readonly name: string;
      readonly cron: string;
      /** Set for `System.scheduleBatch`: the batch to start once. */
      readonly batch: { readonly job: ApexObject; readonly scope: number } | null;
    };
