/** The package's own flows on its own schema: their flow tests, their static check, and the gates at work. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkFlow, parseFlow } from '../../src/flow/index.js';
import type { FlowValue, InvocableDescription } from '../../src/org/contracts.js';
import { removeProjects } from '../database/harness.js';
import { openBench, type FlowBench } from './bench.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

function filesEnding(ending: string): string[] {
  return readdirSync(path.join(ROOT, 'force-app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join('force-app', file))
    .sort();
}

/** Inputs and outputs of an action, read from its `@InvocableVariable`s. */
function invocable(name: string): InvocableDescription | null {
  const file = filesEnding(`/${name}.cls`)[0];
  if (!file) return null;
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const variables = [
    ...source.matchAll(/@InvocableVariable\b(\([^)]*\))?\s*(?:public|global)\s+(\S+)\s+(\w+)/g),
  ].map(([, options, type, variable]) => ({
    name: variable ?? '',
    type: type ?? '',
    isRequired: /required\s*=\s*true/.test(options ?? ''),
  }));
  return { className: name, label: name, isCallout: false, inputs: variables, outputs: variables };
}

let bench: FlowBench;
beforeAll(() => {
  bench = openBench(ROOT);
  const done: readonly (readonly [string, FlowValue])[] = [
    ['isSuccess', true],
    ['errorMessage', null],
    ['recipients', 'dpo@example.com'],
  ];
  for (const name of ['MediaIncidentAlarmAction', 'MediaFlowFaultAction']) {
    bench.actions.set(name, {
      inputs: (invocable(name)?.inputs ?? []).map((each) => each.name),
      outputs: done.map(([output]) => output),
      run: (inputs) => inputs.map(() => new Map(done)),
    });
  }
});
afterAll(removeProjects);

const flowFiles = filesEnding('.flow-meta.xml');

it.each(flowFiles)('%s passes the static check', (file) => {
  const flow = parseFlow(readFileSync(path.join(ROOT, file), 'utf8'), file);
  const problems = checkFlow(flow, {
    schema: bench.schema,
    invocable,
    flow: (name) => bench.engine.world.flow(name),
  });
  expect(problems).toEqual([]);
});

it.each(filesEnding('.flowtest-meta.xml'))('%s passes', (file) => {
  expect(bench.flowTest(path.join(ROOT, file)).failures).toEqual([]);
});
