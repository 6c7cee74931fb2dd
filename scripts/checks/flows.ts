import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

import type * as FlowScannerModule from '@flow-scanner/lightning-flow-scanner-core';

import { root } from '../lib/command.js';
import { filesBelow } from '../lib/files.js';
import { verdictOf, type Step } from '../lib/steps.js';

type FlowScanner = typeof FlowScannerModule;

// A CommonJS bundle whose names Node.js cannot find by itself.
const { parse, scan } = createRequire(import.meta.url)(
  '@flow-scanner/lightning-flow-scanner-core',
) as FlowScanner;

/**
 * Rules that contradict what the package needs; every other rule counts.
 * (That names, fields and Apex actions exist, and that each action has a fault path, the local org's own check tests.)
 */
const NOT_FOR_US = new Set<string>();

/** Lint of all flows of the package. */
export const flows: Step = {
  name: 'flows',
  async run() {
    const files = filesBelow(join(root, 'force-app'), (name) => name.endsWith('.flow-meta.xml'));
    const results = scan(await parse(files));
    const problems = results.flatMap(({ flow, ruleResults }) =>
      ruleResults
        .filter(({ occurs, ruleName }) => occurs && !NOT_FOR_US.has(ruleName))
        .flatMap(({ ruleName, details }) =>
          details.map(
            ({ name }) => `${relative(root, flow.fsPath ?? flow.name ?? '')}: ${ruleName}: ${name}`,
          ),
        ),
    );
    if (results.length !== files.length || files.length === 0) {
      problems.push(`Expected to scan ${files.length} flows but scanned ${results.length}.`);
    }
    return verdictOf(problems);
  },
};
