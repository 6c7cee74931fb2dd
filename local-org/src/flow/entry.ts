/** Which rows of a save a record-triggered flow takes, and in which order flows run. */
import type { SaveRow, Transaction, TriggerOperation } from '../org/contracts.js';
import { UnsupportedError } from '../org/contracts.js';
import { compareValues, joinLogic, sameValue } from './conditions.js';
import { Interview, type InterviewStart } from './interview.js';
import type { FlowDefinition } from './model.js';
import type { FlowWorld } from './world.js';

export type FlowTiming = 'beforeSave' | 'afterSave' | 'beforeDelete';

const TRIGGER_TYPES: Readonly<Record<FlowTiming, string>> = {
  beforeSave: 'RecordBeforeSave',
  afterSave: 'RecordAfterSave',
  beforeDelete: 'RecordBeforeDelete',
};
/** What a flow that runs before the save cannot do, as on the platform. */
const NOT_BEFORE_SAVE = /^(create|update|delete|action|subflow)$/;

/** Active flows of an object and timing: those ordered 1 to 1,000, those without an order, those from 1,001 on. */
export function flowsFor(
  world: FlowWorld,
  timing: FlowTiming,
  operation: TriggerOperation,
  object: string,
): FlowDefinition[] {
  return [...world.allFlows()]
    .filter(
      ({ start, status }) =>
        status === 'Active' &&
        start.triggerType === TRIGGER_TYPES[timing] &&
        start.object !== null &&
        world.schema.localName(start.object).toLowerCase() === object.toLowerCase() &&
        matchesOperation(start.recordTriggerType, operation),
    )
    .sort((a, b) => orderOf(a) - orderOf(b) || (a.name < b.name ? -1 : 1));
}

function orderOf({ triggerOrder }: FlowDefinition): number {
  return triggerOrder ?? 1000.5;
}

function matchesOperation(recordTriggerType: string | null, operation: TriggerOperation): boolean {
  switch (recordTriggerType) {
    case 'Create':
      return operation === 'insert' || operation === 'undelete';
    case 'Update':
      return operation === 'update';
    case 'CreateAndUpdate':
      return operation !== 'delete';
    case 'Delete':
      return operation === 'delete';
    default:
      return false;
  }
}

export function refuseWorkBeforeSave(flow: FlowDefinition): void {
  if (flow.start.triggerType !== 'RecordBeforeSave') return;
  for (const { kind, name, place } of flow.elements.values()) {
    if (NOT_BEFORE_SAVE.test(kind)) {
      throw new UnsupportedError(
        `The ${kind} element ${name} in a flow that runs before the save`,
        place,
      );
    }
  }
}

/** True when the row meets the flow's entry conditions. */
export function isEntered(
  tx: Transaction,
  world: FlowWorld,
  flow: FlowDefinition,
  row: SaveRow,
  operation: TriggerOperation,
): boolean {
  const isUpdate = operation === 'update';
  const start: InterviewStart = {
    inputs: new Map(),
    record: row.record,
    prior: isUpdate ? row.old : null,
    isNew: operation === 'insert',
  };
  if (!meetsConditions(tx, world, flow, start)) return false;
  if (!flow.start.requiresChange || !isUpdate || !row.old) return true;
  // "Only when a record is updated to meet the condition requirements": it must not have met them before.
  return !meetsConditions(tx, world, flow, { ...start, record: row.old });
}

/** The entry conditions for one image of the record. */
export function meetsConditions(
  tx: Transaction,
  world: FlowWorld,
  flow: FlowDefinition,
  start: InterviewStart,
): boolean {
  const interview = new Interview(tx, world, { ...flow, variables: [] }, start, null);
  const { formula, when } = flow.start;
  if (formula) {
    return interview.formulaValue(world.formula(formula.text, flow.file, formula.line)) === true;
  }
  return joinLogic(
    when.logic,
    when.filters.length,
    (index) => {
      const { field, operator, value, place } = when.filters[index]!;
      const current = interview.read(['$Record', ...field.split('.')], place);
      const expected = interview.operand(value);
      if (operator !== 'IsChanged') return compareValues(operator, current, expected, place);
      if (!start.prior) return expected !== true;
      const before = interview.read(['$Record__Prior', ...field.split('.')], place);
      return !sameValue(current, before) === (expected === true);
    },
    when.place,
  );
}

/** True when the conditions compare with the state before the save, which later runs no longer know. */
export function looksBack(world: FlowWorld, flow: FlowDefinition): boolean {
  const { formula, when } = flow.start;
  if (formula) return world.formula(formula.text, flow.file, formula.line).looksBack;
  return when.filters.some(({ operator }) => operator === 'IsChanged');
}
