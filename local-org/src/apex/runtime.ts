/** The Apex engine of one project: compiled once, run in many transactions. */
import './library/index.js';
import './values/equality.js';
import type { QueryCompiler, Transaction } from '../org/contracts.js';
import { CompileUnit } from './compiler/unit.js';
import { compileAnonymous, compileProject, type ApexSources } from './compiler/project.js';
import type { ApexPorts } from './ports.js';
import { Program } from './run/program.js';
import { Session } from './run/session.js';

export class ApexRuntime {
  readonly program = new Program();
  private requests = 0;

  /** Compiles the project; throws `CompileFailure` with every fault. */
  constructor(
    sources: ApexSources,
    readonly ports: ApexPorts,
    private readonly queries: QueryCompiler,
  ) {
    const unit = this.unit();
    compileProject(unit, sources);
    this.program.resolveType = (name) => unit.resolve(name, null);
  }

  private unit(): CompileUnit {
    const { schema, label, namespace } = this.ports;
    return new CompileUnit(this.program, schema, this.queries, (name) => label(name), namespace);
  }

  /** The Apex side of a transaction. */
  session(tx: Transaction, quiddity = 'SYNCHRONOUS'): Session {
    return Session.of(tx, () => {
      const id = `REQ${String(++this.requests).padStart(15, '0')}`;
      return new Session(tx, this.program, this.ports, { id, quiddity });
    });
  }

  /** Runs anonymous Apex and returns its debug log lines. */
  runAnonymous(tx: Transaction, source: string): readonly string[] {
    const method = compileAnonymous(this.unit(), source);
    const session = this.session(tx, 'ANONYMOUS');
    session.enter(() => session.call(method, null, []));
    return session.log.map((entry) => entry.text);
  }
}
