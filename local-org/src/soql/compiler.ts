/** SOQL from the parser's tree, or from text, to a {@link CompiledQuery}. */
import {
  ApexErrorListener,
  ApexParserFactory,
  type FieldNameContext,
  type QueryContext,
  type SoqlFunctionContext,
} from '@apexdevtools/apex-parser';
import type { QueryCompiler } from '../org/contracts.js';
import { havingTree, type Comparison } from './condition-tree.js';
import { compileCondition } from './conditions.js';
import { queryError, unsupported } from './errors.js';
import { aggregate, aggregateName, type GroupScope } from './functions.js';
import { Grouping, groupOperand, keyId, type GroupKey } from './grouping.js';
import type { Ordering } from './ordering.js';
import { CompiledQuery, type QueryEnvironment } from './plan.js';
import type { Projector } from './projection.js';
import type { Operand } from './run.js';
import { SelectCompiler, directionOf, type CompileState } from './select-compiler.js';

/** Collects what the parser could not read. */
class SyntaxErrors extends ApexErrorListener {
  readonly found: string[] = [];

  override apexSyntaxError(line: number, column: number, message: string): void {
    this.found.push(`line ${line}:${column} ${message}`);
  }
}

const CACHE_SIZE = 500;

export class SoqlCompiler implements QueryCompiler {
  /** Dynamic queries by text; code that runs in a loop compiles once. */
  private readonly cache = new Map<string, CompiledQuery>();

  constructor(private readonly environment: QueryEnvironment) {}

  compile(query: QueryContext, where: string): CompiledQuery {
    return new QueryBuilder(this.environment, query, where).build();
  }

  compileText(soql: string, where: string): CompiledQuery {
    const known = this.cache.get(soql);
    if (known) return known;
    const errors = new SyntaxErrors();
    const { parser } = ApexParserFactory.createLexerAndParser(soql, errors);
    const query = parser.query();
    const end = query.stop?.stop ?? -1;
    const [problem] = errors.found;
    if (problem !== undefined || soql.slice(end + 1).trim() !== '') {
      throw queryError(
        'MALFORMED_QUERY',
        problem ?? `unexpected token: '${soql.slice(end + 1).trim()}' in query: ${soql}`,
      );
    }
    const plan = this.compile(query, where);
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    this.cache.set(soql, plan);
    return plan;
  }
}

class QueryBuilder {
  private readonly state: CompileState;
  private readonly select: SelectCompiler;
  private readonly columns: string[] = [];

  constructor(
    private readonly environment: QueryEnvironment,
    private readonly query: QueryContext,
    private readonly where: string,
  ) {
    this.state = { environment, where, binds: [], used: [] };
    const from = query.fromNameList();
    if (from.fieldName_list().length !== 1) throw unsupported('FROM list', where, from);
    const object = environment.reader.schema.requireObject(from.fieldName(0).getText());
    this.select = new SelectCompiler(this.state, object, from.soqlId(0)?.getText() ?? null);
    this.refuseUnsupported();
  }

  private refuseUnsupported(): void {
    const { query, where } = this;
    if (query.usingScope()) throw unsupported('USING SCOPE', where, query.usingScope());
    if (query.UPDATE()) throw unsupported('UPDATE TRACKING or VIEWSTAT', where);
    const forClauses = query.forClauses();
    if (forClauses && forClauses.VIEW_list().length + forClauses.REFERENCE_list().length > 0) {
      throw unsupported('FOR VIEW or FOR REFERENCE', where);
    }
    const withClause = query.withClause();
    if (withClause && (withClause.DATA() || withClause.logicalExpression())) {
      throw unsupported('WITH filter', where, withClause);
    }
  }

  build(): CompiledQuery {
    const { query, select } = this;
    const entries = query.selectList().selectEntry_list();
    const isCount = entries.length === 1 && isBareCount(entries[0]?.soqlFunction());
    const isAggregate =
      !isCount &&
      (Boolean(query.groupByClause()) ||
        entries.some((entry) => {
          const call = entry.soqlFunction();
          return call !== null && call !== undefined && aggregateName(call) !== null;
        }));
    const projectors: Projector[] =
      isCount || isAggregate ? [] : entries.map((entry) => select.project(entry, this.columns));
    const grouping = isAggregate ? this.grouping() : null;
    const withClause = query.withClause();
    return new CompiledQuery(this.environment, {
      select: {
        object: select.object,
        condition: select.condition(query.whereClause()),
        projectors,
        orderings: isAggregate ? [] : select.orderings(query.orderByClause()),
        limit: select.number(query.limitClause()),
        offset: select.number(query.offsetClause()),
        allRows: Boolean(query.allRowsClause()),
      },
      isCount,
      grouping,
      declaredMode: withClause?.USER_MODE() ? 'user' : withClause?.SYSTEM_MODE() ? 'system' : null,
      securityEnforced: Boolean(withClause?.SECURITY_ENFORCED()),
      binds: this.state.binds,
      used: this.state.used,
      columns: this.columns,
    });
  }

  private grouping(): Grouping {
    const { query, where, select } = this;
    const clause = query.groupByClause();
    if (clause?.ROLLUP() || clause?.CUBE()) throw unsupported('GROUP BY ROLLUP or CUBE', where);
    const keys: GroupKey[] = (clause?.fieldGroupByList()?.fieldGroupBy_list() ?? []).map((part) => {
      const call = part.soqlFunction();
      const operand = call ? select.rowFunction(call) : select.pathOf(part.fieldName());
      return { id: keyId(operand.name), operand };
    });
    const aliases = new Map<string, Operand<GroupScope>>();
    let unnamed = 0;
    const columns = query
      .selectList()
      .selectEntry_list()
      .map((entry) => {
        const operand = this.groupColumn(entry.fieldName(), entry.soqlFunction(), keys);
        const alias =
          entry.soqlId()?.getText() ??
          (entry.soqlFunction()
            ? `expr${unnamed++}`
            : (operand.name.split('.').at(-1) ?? operand.name));
        aliases.set(alias.toLowerCase(), operand);
        this.columns.push(alias);
        return { alias, operand };
      });
    const compiler = {
      where,
      bind: (expression: Parameters<SelectCompiler['bind']>[0]) => select.bind(expression),
      join: (inner: Parameters<SelectCompiler['join']>[0]) => select.join(inner),
      operand: (comparison: Comparison) =>
        this.groupColumn(comparison.field, comparison.call, keys),
    };
    const having = clause?.HAVING()
      ? compileCondition(havingTree(clause.logicalExpression()), compiler)
      : null;
    const orderings: Ordering<GroupScope>[] = (
      query.orderByClause()?.fieldOrderList().fieldOrder_list() ?? []
    ).map((order) => {
      const name = order.fieldName();
      const operand =
        (name && aliases.get(name.getText().toLowerCase())) ??
        this.groupColumn(name, order.soqlFunction(), keys);
      return { operand, ...directionOf(order) };
    });
    return new Grouping(keys, columns, having, orderings);
  }

  /** An aggregate, or one of the grouped fields; anything else is refused. */
  private groupColumn(
    field: FieldNameContext | null | undefined,
    call: SoqlFunctionContext | null | undefined,
    keys: readonly GroupKey[],
  ): Operand<GroupScope> {
    const { select, where } = this;
    if (call) {
      const name = aggregateName(call);
      if (name) return aggregate(name, call.fieldName() ? select.pathOf(call.fieldName()) : null);
      const text = keyId(select.rowFunction(call).name);
      const key = keys.find(({ id }) => id === text);
      if (key) return groupOperand(key);
      throw queryError(
        'MALFORMED_QUERY',
        `Grouped query: ${call.getText()} must be grouped or aggregated`,
      );
    }
    if (!field) throw unsupported('column of a grouped query', where);
    const path = select.pathOf(field);
    const key = keys.find(({ id }) => id === keyId(path.name));
    if (key) return groupOperand(key);
    throw queryError('MALFORMED_QUERY', `Field must be grouped or aggregated: ${path.name}`);
  }
}

/** `COUNT()` alone, which answers with a number instead of rows. */
function isBareCount(call: SoqlFunctionContext | null | undefined): boolean {
  return Boolean(call?.COUNT()) && !call?.fieldName();
}
