/** Which statements ran, by line. */
import type { Program } from '../run/program.js';
import type { ApexClass } from '../types/model.js';
import type { ClassCoverage } from './results.js';

function* measured(program: Program): Generator<ApexClass> {
  for (const cls of program.classes.values()) if (!cls.isTest && cls.statementLines.size) yield cls;
  for (const { declaration } of program.triggers) yield declaration;
}

export function startCoverage(program: Program): void {
  for (const cls of measured(program)) {
    cls.coverage = new Uint8Array(Math.max(0, ...cls.statementLines) + 1);
  }
}

/** Reads what was collected and stops collecting. */
export function takeCoverage(program: Program): ClassCoverage[] {
  const report: ClassCoverage[] = [];
  for (const cls of measured(program)) {
    const lines = [...cls.statementLines].sort((a, b) => a - b);
    const { coverage } = cls;
    const isCovered = (line: number): boolean => coverage?.[line] === 1;
    report.push({
      name: cls.name,
      file: cls.file,
      coveredLines: lines.filter(isCovered),
      uncoveredLines: lines.filter((line) => !isCovered(line)),
    });
    cls.coverage = null;
  }
  return report.sort((a, b) => a.name.localeCompare(b.name));
}
