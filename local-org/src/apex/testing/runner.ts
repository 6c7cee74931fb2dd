/**
 * Runs Apex tests. Each method has its own unit of work, which starts with the class's `@TestSetup` and is rolled back at
 * its end; setup and test each have their own statics and limits. Give it an org that holds nothing but its setup
 * objects: that is what a test sees on the platform.
 */
import type { Transaction, TransactionOptions } from '../../org/contracts.js';
import { ApexLimitError, asApexException } from '../run/exceptions.js';
import { sharedMarks } from '../run/session.js';
import type { ApexRuntime } from '../runtime.js';
import type { ApexMethod } from '../types/model.js';
import { startCoverage, takeCoverage } from './coverage.js';
import { discoverTests, type TestClass } from './discovery.js';
import type { TestMethodResult, TestRun, TestSelection } from './results.js';

/** The part of the platform's `Transactions` a test run needs. */
export interface TestTransactions {
  run<T>(options: TransactionOptions, body: (tx: Transaction) => T): T;
  /** A unit of work inside a test's, with limits and statics of its own. */
  runInTest<T>(
    test: Transaction,
    options: Omit<TransactionOptions, 'isTest'>,
    body: (tx: Transaction) => T,
  ): T;
}

export class TestRunner {
  constructor(
    private readonly runtime: ApexRuntime,
    private readonly transactions: TestTransactions,
    /** Whom tests run as. */
    private readonly userId: () => string,
  ) {}

  run(selection: TestSelection): TestRun {
    const { program } = this.runtime;
    const classes = discoverTests(program, selection.names);
    if (selection.withCoverage) startCoverage(program);
    const methods: TestMethodResult[] = [];
    for (const testClass of classes) {
      for (const test of testClass.tests) {
        const result = this.runMethod(testClass, test);
        methods.push(result);
        selection.onResult?.(result);
      }
    }
    return { methods, coverage: selection.withCoverage ? takeCoverage(program) : [] };
  }

  private runMethod(testClass: TestClass, test: ApexMethod): TestMethodResult {
    const started = performance.now();
    const failure = this.attempt(testClass, test);
    return {
      className: testClass.declaration.name,
      method: test.name,
      outcome: failure ? 'Fail' : 'Pass',
      message: failure?.message ?? null,
      stackTrace: failure?.stackTrace ?? null,
      durationMs: Math.round(performance.now() - started),
    };
  }

  private attempt(testClass: TestClass, test: ApexMethod): Failure | null {
    const options = { kind: 'synchronous', userId: this.userId() } as const;
    sharedMarks.clear();
    try {
      this.transactions.run({ ...options, isTest: true }, (root) => {
        for (const setup of testClass.setup) {
          this.transactions.runInTest(root, options, (tx) => this.call(tx, setup));
        }
        this.transactions.runInTest(root, options, (tx) => this.call(tx, test));
      });
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  private call(tx: Transaction, method: ApexMethod): void {
    const session = this.runtime.session(tx);
    session.enter(() => session.call(method, null, []));
  }
}

interface Failure {
  readonly message: string;
  readonly stackTrace: string;
}

function failureOf(error: unknown): Failure {
  const value = asApexException(error);
  if (value) {
    const cause = value.cause
      ? `\nCaused by: ${value.cause.typeName}: ${value.cause.message ?? ''}`
      : '';
    return {
      message: `${value.typeName}: ${value.message ?? 'Script-thrown exception'}${cause}`,
      stackTrace: value.trace.join('\n'),
    };
  }
  if (error instanceof ApexLimitError)
    return { message: error.message, stackTrace: error.trace.join('\n') };
  const known = error instanceof Error ? error : new Error(String(error));
  return { message: `${known.name}: ${known.message}`, stackTrace: known.stack ?? '' };
}
