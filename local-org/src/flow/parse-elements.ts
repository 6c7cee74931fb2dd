/** One reader for each kind of element that this org runs. */
import { UnsupportedError } from '../org/contracts.js';
import type { FlowElement } from './model.js';
import {
  operand,
  pathOf,
  readConditions,
  readFilters,
  readInputs,
  readOutputs,
  target,
} from './parse-values.js';
import type { FlowXml } from './xml.js';

function base(node: FlowXml): {
  name: string;
  place: string;
  next: string | null;
  fault: string | null;
} {
  return {
    name: node.required('name'),
    place: node.place,
    next: target(node, 'connector'),
    fault: target(node, 'faultConnector'),
  };
}

function optionalPath(node: FlowXml, tag: string): string[] | null {
  const text = node.text(tag);
  return text === null ? null : pathOf(text);
}

function readCreate(node: FlowXml): FlowElement {
  for (const tag of ['doesUpsert', 'operationZeroMatchingRecords']) {
    if (node.text(tag) !== null && node.text(tag) !== 'false') {
      throw new UnsupportedError(`<${tag}> of a Create Records element`, node.place);
    }
  }
  return {
    ...base(node),
    kind: 'create',
    input: optionalPath(node, 'inputReference'),
    object: node.text('object'),
    assignments: readInputs(node, 'inputAssignments', 'field'),
    idTarget: optionalPath(node, 'assignRecordIdToReference'),
  };
}

function readLookup(node: FlowXml): FlowElement {
  const related = node.child('relatedRecords');
  if (related)
    throw new UnsupportedError('Related records in a Get Records element', related.place);
  return {
    ...base(node),
    kind: 'lookup',
    object: node.required('object'),
    where: readFilters(node),
    firstOnly: node.flag('getFirstRecordOnly') || node.all('outputAssignments').length > 0,
    limit: operand(node.child('limit')),
    sortField: node.text('sortField'),
    isDescending: node.text('sortOrder') === 'Desc',
    fields: node.all('queriedFields').map((field) => field.ownText.trim()),
    output: optionalPath(node, 'outputReference'),
    outputs: readOutputs(node, 'outputAssignments', 'field'),
    nullWhenNone: node.flag('assignNullValuesIfNoRecordsFound'),
  };
}

function readCollection(node: FlowXml): FlowElement {
  const type = node.required('collectionProcessorType');
  if (type !== 'FilterCollectionProcessor' && type !== 'SortCollectionProcessor') {
    throw new UnsupportedError(`The collection processor ${type}`, node.place);
  }
  return {
    ...base(node),
    kind: 'collection',
    isFilter: type === 'FilterCollectionProcessor',
    collection: pathOf(node.required('collectionReference')),
    item: node.text('assignNextValueToReference'),
    when: readConditions(node),
    sort: node.all('sortOptions').map((option) => ({
      field: option.text('sortField'),
      isDescending: option.text('sortOrder') === 'Desc',
      nullsFirst: option.flag('doesPutEmptyStringAndNullFirst'),
    })),
    limit: node.integer('limit'),
  };
}

export const ELEMENT_READERS: Readonly<Record<string, (node: FlowXml) => FlowElement>> = {
  assignments: (node) => ({
    ...base(node),
    kind: 'assignment',
    items: node.all('assignmentItems').map((item) => ({
      target: pathOf(item.required('assignToReference')),
      operator: item.required('operator'),
      value: operand(item.child('value')),
      place: item.place,
    })),
  }),
  decisions: (node) => ({
    ...base(node),
    kind: 'decision',
    next: target(node, 'defaultConnector'),
    rules: node.all('rules').map((rule) => ({
      name: rule.required('name'),
      when: readConditions(rule),
      requiresChange: rule.flag('doesRequireRecordChangedToMeetCriteria'),
      next: target(rule, 'connector'),
      place: rule.place,
    })),
  }),
  loops: (node) => ({
    ...base(node),
    kind: 'loop',
    collection: pathOf(node.required('collectionReference')),
    item: optionalPath(node, 'assignNextValueToReference'),
    isDescending: node.text('iterationOrder') === 'Desc',
    each: target(node, 'nextValueConnector'),
    next: target(node, 'noMoreValuesConnector'),
  }),
  recordLookups: readLookup,
  recordCreates: readCreate,
  recordUpdates: (node) => ({
    ...base(node),
    kind: 'update',
    input: optionalPath(node, 'inputReference'),
    object: node.text('object'),
    where: readFilters(node),
    assignments: readInputs(node, 'inputAssignments', 'field'),
  }),
  recordDeletes: (node) => ({
    ...base(node),
    kind: 'delete',
    input: optionalPath(node, 'inputReference'),
    object: node.text('object'),
    where: readFilters(node),
  }),
  actionCalls: (node) => ({
    ...base(node),
    kind: 'action',
    actionType: node.required('actionType'),
    actionName: node.required('actionName'),
    inputs: readInputs(node, 'inputParameters', 'name'),
    outputs: readOutputs(node, 'outputParameters', 'name'),
  }),
  subflows: (node) => ({
    ...base(node),
    kind: 'subflow',
    flow: node.required('flowName'),
    inputs: readInputs(node, 'inputAssignments', 'name'),
    outputs: readOutputs(node, 'outputAssignments', 'name'),
  }),
  collectionProcessors: readCollection,
  customErrors: (node) => ({
    ...base(node),
    kind: 'customError',
    messages: node.all('customErrorMessages').map((message) => ({
      text: message.required('errorMessage'),
      field: message.flag('isFieldError') ? message.required('fieldSelection') : null,
    })),
  }),
};
