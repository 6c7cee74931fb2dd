/** Turns a flow file into a {@link FlowDefinition}; what this org does not run is refused with its name and line. */
import { MetadataError } from '../metadata/index.js';
import { UnsupportedError } from '../org/contracts.js';
import { ELEMENT_READERS } from './parse-elements.js';
import { operand, pathOf, readFilters, target } from './parse-values.js';
import type {
  FlowDefinition,
  FlowElement,
  FlowFormulaResource,
  FlowStart,
  FlowVariable,
  ScheduledPath,
} from './model.js';
import { readFlowXml, type FlowXml } from './xml.js';

const PROCESS_TYPES: ReadonlySet<string> = new Set(['AutoLaunchedFlow', 'Flow']);
const TRIGGER_TYPES: ReadonlySet<string> = new Set([
  'None',
  'RecordBeforeSave',
  'RecordAfterSave',
  'RecordBeforeDelete',
  'PlatformEvent',
  'Scheduled',
]);
/** Parts of a flow that are no elements on its canvas. */
const OTHER_TAGS: ReadonlySet<string> = new Set(
  (
    'apiVersion areMetricsLoggedToDataCloud constants customProperties description environments formulas ' +
    'interviewLabel isAdditionalPermissionRequiredToRun isOverridable isTemplate label overriddenFlow ' +
    'processMetadataValues processType runInMode sourceTemplate start status textTemplates timeZoneSidKey ' +
    'triggerOrder variables fullName'
  ).split(' '),
);

/** @param file path shown in messages; the flow's name is its base name */
export function parseFlow(text: string, file: string): FlowDefinition {
  const root = readFlowXml(text, file, 'Flow');
  const processType = root.text('processType') ?? 'AutoLaunchedFlow';
  if (!PROCESS_TYPES.has(processType)) {
    throw new UnsupportedError(`The flow type ${processType}`, root.place);
  }
  return {
    name: (file.split('/').pop() ?? file).replace(/\.flow-meta\.xml$/, ''),
    label: root.text('label') ?? '',
    file,
    status: root.text('status') ?? 'Draft',
    processType,
    runInMode: root.text('runInMode') ?? 'DefaultMode',
    triggerOrder: root.integer('triggerOrder'),
    start: readStart(root),
    elements: readElements(root),
    variables: root.all('variables').map(readVariable),
    constants: byName(root.all('constants'), (node) => operand(node.child('value'))),
    formulas: byName(root.all('formulas'), readFormula),
    templates: byName(root.all('textTemplates'), (node) => ({
      text: node.child('text')?.ownText ?? '',
      place: node.place,
    })),
  };
}

function byName<T>(nodes: readonly FlowXml[], read: (node: FlowXml) => T): ReadonlyMap<string, T> {
  return new Map(nodes.map((node) => [node.required('name').toLowerCase(), read(node)]));
}

function readElements(root: FlowXml): ReadonlyMap<string, FlowElement> {
  const elements = new Map<string, FlowElement>();
  for (const node of root.children) {
    const read = ELEMENT_READERS[node.tag];
    if (!read) {
      if (OTHER_TAGS.has(node.tag)) continue;
      const name = node.text('name') ?? '';
      throw new UnsupportedError(`The flow element ${node.tag} ${name}`.trim(), node.place);
    }
    const element = read(node);
    if (elements.has(element.name)) {
      throw new MetadataError(node.place, node.tag, `repeats the name ${element.name}`);
    }
    elements.set(element.name, element);
  }
  return elements;
}

function readVariable(node: FlowXml): FlowVariable {
  const dataType = node.required('dataType');
  return {
    name: node.required('name'),
    dataType,
    objectType: node.text('objectType'),
    isCollection: node.flag('isCollection'),
    isInput: node.flag('isInput'),
    isOutput: node.flag('isOutput'),
    initial: operand(node.child('value')),
    place: node.place,
  };
}

function readFormula(node: FlowXml): FlowFormulaResource {
  const expression = node.child('expression');
  return {
    name: node.required('name'),
    text: expression?.ownText ?? '',
    dataType: node.text('dataType') ?? 'String',
    line: expression?.line ?? node.line,
    place: node.place,
  };
}

function readStart(root: FlowXml): FlowStart {
  const node = root.child('start');
  const legacy = root.text('startElementReference');
  if (!node) {
    return {
      object: null,
      triggerType: 'None',
      recordTriggerType: null,
      when: { logic: 'and', filters: [], place: root.place },
      formula: null,
      requiresChange: false,
      next: legacy,
      paths: [],
      schedule: null,
      place: root.place,
    };
  }
  const triggerType = node.text('triggerType') ?? 'None';
  if (!TRIGGER_TYPES.has(triggerType)) {
    throw new UnsupportedError(`The flow trigger ${triggerType}`, node.place);
  }
  const formula = node.child('filterFormula');
  const schedule = node.child('schedule');
  return {
    object: node.text('object'),
    triggerType,
    recordTriggerType: node.text('recordTriggerType'),
    when: readFilters(node),
    formula: formula ? { text: formula.ownText, line: formula.line } : null,
    requiresChange: node.flag('doesRequireRecordChangedToMeetCriteria'),
    next: target(node, 'connector') ?? legacy,
    paths: node.all('scheduledPaths').map(readPath),
    schedule: schedule
      ? {
          date: schedule.required('startDate'),
          time: schedule.required('startTime'),
          frequency: node.text('frequency') ?? schedule.text('frequency') ?? 'Once',
        }
      : null,
    place: node.place,
  };
}

function readPath(node: FlowXml): ScheduledPath {
  const type = node.text('pathType');
  if (type !== null && type !== 'AsyncAfterCommit') {
    throw new UnsupportedError(`The flow path ${type}`, node.place);
  }
  const recordField =
    node.text('timeSource') === 'RecordField' ? node.required('recordField') : null;
  return {
    name: node.text('name') ?? 'Run_Async',
    next: target(node, 'connector'),
    type,
    batchSize: node.integer('maxBatchSize') ?? 200,
    offset: node.integer('offsetNumber') ?? 0,
    unit: node.text('offsetUnit') ?? 'Hours',
    timeField: recordField === null ? null : (pathOf(recordField).pop() ?? null),
    place: node.place,
  };
}
