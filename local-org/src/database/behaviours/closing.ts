/** What a case's status and an opportunity's stage imply. */
import { Decimal } from 'decimal.js';
import { ApexDatetime } from '../../values/values.js';
import type { ObjectBehaviour } from '../save-types.js';

export const CASE: ObjectBehaviour = {
  beforeStore: (context, _operation, { record, stored }) => {
    const isClosed = record.get('Status') === 'Closed';
    record.set('IsClosed', isClosed);
    if (!isClosed) record.set('ClosedDate', null);
    else if (stored?.get('IsClosed') !== true) {
      record.set('ClosedDate', new ApexDatetime(Math.floor(context.tx.now() / 1000) * 1000));
    }
  },
};

/** Probability, in percent, of the standard stages. */
const STAGES: Readonly<Record<string, number>> = {
  Prospecting: 10,
  Qualification: 10,
  'Needs Analysis': 20,
  'Value Proposition': 50,
  'Id. Decision Makers': 60,
  'Perception Analysis': 70,
  'Proposal/Price Quote': 75,
  'Negotiation/Review': 90,
  'Closed Won': 100,
  'Closed Lost': 0,
};

export const OPPORTUNITY: ObjectBehaviour = {
  beforeStore: (_context, _operation, { record, stored }) => {
    const stage = String(record.get('StageName'));
    record.set('IsClosed', stage.startsWith('Closed'));
    record.set('IsWon', stage === 'Closed Won');
    const probability = STAGES[stage];
    if (probability !== undefined && stored?.get('StageName') !== stage) {
      record.set('Probability', new Decimal(probability));
    }
  },
};

export const TASK: ObjectBehaviour = {
  beforeStore: (_context, _operation, { record }) => {
    record.set('IsClosed', record.get('Status') === 'Completed');
  },
};
