import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

import {
  CodeAnalyzer,
  CodeAnalyzerConfig,
  EventType,
  type EngineLogEvent,
} from '@salesforce/code-analyzer-core';

import { root } from '../lib/command.js';
import { verdictOf, type Step } from '../lib/steps.js';
import { requireJava } from './java.js';

const require = createRequire(import.meta.url);

/**
 * PMD's own `NOPMD` mark works in Apex but not in metadata files. There a comment
 * `NOPMD <rule>: <why it is a false positive>` says the same for the whole file.
 */
function isExplained(file: string, rule: string): boolean {
  return (
    file.endsWith('.xml') && new RegExp(`<!-- NOPMD ${rule}: \\S`).test(readFileSync(file, 'utf8'))
  );
}

/**
 * The rules that the AppExchange security review asks for, through the engine of Salesforce Code Analyzer.
 * (Its CLI plug-in is not used: the engine's own programming interface needs fewer packages.)
 */
export const pmd: Step = {
  name: 'pmd',
  async run() {
    await requireJava();
    const analyzer = new CodeAnalyzer(CodeAnalyzerConfig.fromYamlString('{}'));
    const engineErrors: string[] = [];
    analyzer.onEvent(
      EventType.EngineLogEvent,
      ({ engineName, logLevel, message }: EngineLogEvent) => {
        if (Number(logLevel) <= 1) engineErrors.push(`${engineName}: ${message}`);
      },
    );
    const engine = require('@salesforce/code-analyzer-pmd-engine') as {
      createEnginePlugin(): Parameters<CodeAnalyzer['addEnginePlugin']>[0];
    };
    await analyzer.addEnginePlugin(engine.createEnginePlugin());
    const workspace = await analyzer.createWorkspace([join(root, 'force-app')]);
    const rules = await analyzer.selectRules(['pmd:AppExchange', 'pmd:Recommended:Security'], {
      workspace,
    });
    if (rules.getCount() < 30) {
      return verdictOf([
        `Expected at least 30 AppExchange and security rules but got ${rules.getCount()}.`,
      ]);
    }
    const results = await analyzer.run(rules, { workspace });
    return verdictOf([
      ...engineErrors,
      ...results.getViolations().flatMap((violation) => {
        const place = violation.getPrimaryLocation();
        const file = place.getFile() ?? '';
        const rule = violation.getRule().getName();
        if (isExplained(file, rule)) return [];
        const line = place.getStartLine() ?? 0;
        return [`${relative(root, file)}:${line} ${rule}: ${violation.getMessage()}`];
      }),
    ]);
  },
};
