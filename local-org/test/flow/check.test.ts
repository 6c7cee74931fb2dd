import { checkFlow, parseFlow } from '../../src/flow/index.js';
import type { InvocableDescription } from '../../src/org/contracts.js';
import { removeProjects } from '../database/harness.js';
import { benchWith, flowXml, ref, start, text, to, type FlowBench } from './bench.js';

let bench: FlowBench;
beforeAll(() => {
  bench = benchWith({});
});
afterAll(removeProjects);

const ACTION: InvocableDescription = {
  className: 'Judge',
  label: 'Judge',
  isCallout: false,
  inputs: [{ name: 'title', type: 'String', isRequired: true }],
  outputs: [{ name: 'verdict', type: 'String', isRequired: false }],
};

function problems(content: string): string[] {
  const flow = parseFlow(flowXml(content), 'Checked.flow-meta.xml');
  return checkFlow(flow, {
    schema: bench.schema,
    invocable: (name) => (name === 'Judge' ? ACTION : null),
    flow: () => undefined,
  }).map(({ place, message }) => `${place} ${message}`);
}

const set = (target: string, value: string, more = ''): string =>
  `\n<assignments><name>Set</name><assignmentItems><assignToReference>${target}</assignToReference>` +
  `<operator>Assign</operator><value>${value}</value></assignmentItems>${more}</assignments>`;
const call = (name: string, input: string, fault = to('faultConnector', 'Set')): string =>
  `\n<actionCalls><name>Call</name><actionName>${name}</actionName><actionType>apex</actionType>${fault}` +
  `<inputParameters><name>${input}</name><value>${text('x')}</value></inputParameters></actionCalls>`;
const FIRST = start('RecordAfterSave', 'Create', 'Set');
const CALL_FIRST = start('RecordAfterSave', 'Create', 'Call');
const NOTE = set('$Record.Status__c', text('noted'));

it('finds nothing wrong with a sound flow', () => {
  expect(problems(CALL_FIRST + call('Judge', 'title') + NOTE)).toEqual([]);
});

it.each([
  [
    'a connector to nowhere',
    FIRST + set('$Record.Status__c', text('a'), to('connector', 'Gone')),
    'leads to Gone, which does not exist',
  ],
  [
    'an element nobody reaches',
    start('RecordAfterSave', 'Create', '') + NOTE,
    'Set is never reached',
  ],
  [
    'an unknown field',
    FIRST + set('$Record.Nope__c', text('a')),
    '$Record.Nope__c: Thing__c has no field Nope__c',
  ],
  [
    'an unknown parent',
    FIRST + set('$Record.Status__c', ref('$Record.Gone__r.Name')),
    'no relationship Gone__r',
  ],
  [
    'an unknown variable',
    FIRST + set('nobody', text('a')),
    'nobody: the flow has no such resource',
  ],
  [
    'an unknown label',
    FIRST + set('$Record.Status__c', ref('$Label.Gone')),
    '$Label.Gone: there is no such label',
  ],
  [
    'an unknown name in a text',
    FIRST + set('$Record.Status__c', text('{!gone} there')),
    'gone: the flow has no such resource',
  ],
  [
    'a record id',
    FIRST + set('$Record.Parent__c', text('001D000000IqhSLIAZ')),
    'is a record id of one org',
  ],
  ['an unknown action', CALL_FIRST + call('Gone', 'title') + NOTE, 'there is no Apex action Gone'],
  ['an unknown input', CALL_FIRST + call('Judge', 'nope') + NOTE, 'Judge has no input nope'],
  ['a missing input', CALL_FIRST + call('Judge', 'nope') + NOTE, 'Judge needs the input title'],
  ['no fault path', CALL_FIRST + call('Judge', 'title', ''), 'Call has no fault path'],
  [
    'a broken formula',
    FIRST +
      NOTE +
      '<formulas><name>F</name><dataType>String</dataType><expression>NOPE(1)</expression></formulas>',
    'formula function NOPE',
  ],
])('reports %s with its line', (_name, content, message) => {
  const found = problems(content);
  expect(found.join('\n')).toContain(message);
  for (const problem of found) expect(problem).toMatch(/Checked\.flow-meta\.xml:\d+/);
});

it.each([
  ['screens', '<screens><name>Ask</name></screens>', 'flow element screens Ask'],
  ['waits', '<waits><name>Pause</name></waits>', 'flow element waits Pause'],
  ['transforms', '<transforms><name>T</name></transforms>', 'flow element transforms T'],
])('refuses %s by name and line', (_name, content, message) => {
  expect(() => parseFlow(flowXml(content), 'Refused.flow-meta.xml')).toThrow(
    `${message} is not supported by the local org (Refused.flow-meta.xml:7)`,
  );
});

it('refuses a file that is no XML with its line', () => {
  expect(() => parseFlow('<Flow>\n<label>x</Flow>', 'Bad.flow-meta.xml')).toThrow(
    'Bad.flow-meta.xml:2',
  );
});
