/** Compiles the clauses of one `SELECT`, of a query or a sub-query, against the object it reads. */
import type {
  BoundExpressionContext,
  ExpressionContext,
  FieldNameContext,
  FieldOrderContext,
  OrderByClauseContext,
  SelectEntryContext,
  SoqlFunctionContext,
  SubFieldEntryContext,
  SubQueryContext,
  TypeOfContext,
  WhereClauseContext,
} from '@apexdevtools/apex-parser';
import type { FieldDescribe, ObjectDescribe } from '../metadata/index.js';
import type { Row } from '../database/table.js';
import { Decimal } from 'decimal.js';
import { SObjectRecord, type FieldValue } from '../values/values.js';
import type { UsedField } from './access-check.js';
import type { Comparison } from './condition-tree.js';
import { whereTree } from './condition-tree.js';
import { compileCondition, type Condition, type OperandCompiler } from './conditions.js';
import { queryError, unsupported } from './errors.js';
import { FieldResolver, type FieldPath } from './fields.js';
import { rowFunction } from './functions.js';
import type { Ordering } from './ordering.js';
import { projectRows, selectRows, type CompiledSelect, type QueryEnvironment } from './plan.js';
import { projectOperand, projectPath, type Projector } from './projection.js';
import type { Operand, QueryRun, RowScope } from './run.js';

/** Shared by a query and its sub-queries. */
export interface CompileState {
  readonly environment: QueryEnvironment;
  readonly where: string;
  readonly binds: ExpressionContext[];
  readonly used: UsedField[];
}

type Entry = SelectEntryContext | SubFieldEntryContext;

export class SelectCompiler implements OperandCompiler<RowScope> {
  readonly where: string;
  readonly resolver: FieldResolver;

  constructor(
    readonly state: CompileState,
    readonly object: ObjectDescribe,
    private readonly alias: string | null,
  ) {
    this.where = state.where;
    this.resolver = new FieldResolver(state.environment.reader);
    if (!object.queryable) {
      throw queryError(
        'INVALID_TYPE_FOR_OPERATION',
        `entity type ${object.name} does not support query`,
      );
    }
  }

  /** A checked path; it counts as read by the query. */
  path(parts: readonly string[]): FieldPath {
    const path = this.resolver.resolve(this.object, this.alias, parts);
    for (const hop of path.hops)
      this.state.used.push({ object: hop.from, field: hop.reference.name });
    this.state.used.push({ object: path.owner, field: path.field.name });
    return path;
  }

  pathOf(context: FieldNameContext): FieldPath {
    return this.path(context.soqlId_list().map((part) => part.getText()));
  }

  operand(comparison: Comparison): Operand<RowScope> {
    if (comparison.call) return this.rowFunction(comparison.call);
    if (!comparison.field) throw unsupported('comparison', this.where, comparison.value);
    const path = this.pathOf(comparison.field);
    if (!path.field.filterable) {
      throw queryError('INVALID_FIELD', `field '${path.name}' can not be filtered in a query call`);
    }
    return path;
  }

  rowFunction(call: SoqlFunctionContext): Operand<RowScope> {
    return rowFunction(call, (parts) => this.path(parts), this.where);
  }

  bind(expression: ExpressionContext): number {
    return this.state.binds.push(expression) - 1;
  }

  /** A semi-join: the values of the sub-query's one field, found once a run. */
  join(query: SubQueryContext): (run: QueryRun) => ReadonlySet<FieldValue> {
    const { environment } = this.state;
    const from = query.fromNameList().fieldName(0).getText();
    const inner = new SelectCompiler(this.state, this.resolver.schema.requireObject(from), null);
    const entries = query.subFieldList().subFieldEntry_list();
    const field = entries[0]?.fieldName();
    if (entries.length !== 1 || !field) {
      throw queryError(
        'MALFORMED_QUERY',
        `a sub-query of IN selects exactly one field: ${query.getText()}`,
      );
    }
    const path = inner.pathOf(field);
    const select = inner.clauses(query, []);
    return (run) => {
      let values = run.joins.get(query);
      if (!values) {
        const rows = selectRows(environment, select, run);
        values = new Set(
          rows.map((row) => path.get({ run, row })).filter((value) => value !== null),
        );
        run.joins.set(query, values);
      }
      return values;
    };
  }

  condition(clause: WhereClauseContext | null | undefined): Condition<RowScope> | null {
    return clause
      ? compileCondition(whereTree(clause.whereLogicalExpression(), this.where), this)
      : null;
  }

  orderings(clause: OrderByClauseContext | null | undefined): Ordering<RowScope>[] {
    return (clause?.fieldOrderList().fieldOrder_list() ?? []).map((order) => {
      const call = order.soqlFunction();
      const operand = call ? this.rowFunction(call) : this.pathOf(order.fieldName());
      if ('field' in operand && !(operand as FieldPath).field.sortable) {
        throw queryError(
          'INVALID_FIELD',
          `field '${operand.name}' can not be sorted in a query call`,
        );
      }
      return { operand, ...directionOf(order) };
    });
  }

  /** A whole number of `LIMIT` or `OFFSET`, written or bound. */
  number(
    clause:
      | {
          IntegerLiteral(): { getText(): string } | null;
          boundExpression(): BoundExpressionContext | null;
        }
      | null
      | undefined,
  ): ((run: QueryRun) => number) | null {
    if (!clause) return null;
    const literal = clause.IntegerLiteral();
    if (literal) {
      const value = Number(literal.getText());
      return () => value;
    }
    const bound = clause.boundExpression();
    if (!bound) throw unsupported('LIMIT', this.where);
    const position = this.bind(bound.expression());
    return (run) => {
      const value = run.binds[position];
      const number =
        value instanceof Decimal
          ? value.toNumber()
          : typeof value === 'bigint'
            ? Number(value)
            : value;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
        throw queryError(
          'MALFORMED_QUERY',
          `LIMIT and OFFSET need a whole number, but got ${String(value)}`,
        );
      }
      return number;
    };
  }

  clauses(
    query: {
      whereClause(): WhereClauseContext;
      orderByClause(): OrderByClauseContext;
      limitClause(): Parameters<SelectCompiler['number']>[0];
    },
    projectors: readonly Projector[],
  ): CompiledSelect {
    return {
      object: this.object,
      condition: this.condition(query.whereClause()),
      projectors,
      orderings: this.orderings(query.orderByClause()),
      limit: this.number(query.limitClause()),
      offset: null,
      allRows: false,
    };
  }

  /** One entry of the select list. @param columns gets the entry's name */
  project(entry: Entry, columns: string[]): Projector {
    const name = entry.fieldName();
    if (name) {
      const path = this.pathOf(name);
      columns.push(path.name);
      return projectPath(this.resolver, this.object, path);
    }
    const call = entry.soqlFunction();
    if (call?.FIELDS()) return this.allFields(call, columns);
    if (call) {
      const operand = this.rowFunction(call);
      // Without an alias the value takes the place of the field itself.
      const inner = call.fieldName() ?? call.dateFieldName()?.fieldName();
      const column = entry.soqlId()?.getText() ?? inner?.getText() ?? operand.name;
      columns.push(column);
      return projectOperand(operand, column);
    }
    const sub = entry.subQuery();
    if (sub) return this.childQuery(sub, columns);
    return this.typeOf(entry.typeOf(), columns);
  }

  private allFields(call: SoqlFunctionContext, columns: string[]): Projector {
    const kind = call.soqlFieldsParameter();
    const wanted = (field: FieldDescribe): boolean =>
      kind.ALL() ? true : kind.CUSTOM() ? field.custom : !field.custom;
    const projectors = this.object.fields.filter(wanted).map((field) => {
      columns.push(field.name);
      return projectPath(this.resolver, this.object, this.path([field.name]));
    });
    return (run, row, record) => {
      for (const project of projectors) project(run, row, record);
    };
  }

  /** `(SELECT … FROM Versions__r)`: the children of each row. */
  private childQuery(query: SubQueryContext, columns: string[]): Projector {
    const { environment } = this.state;
    const from = query.fromNameList().fieldName(0).getText().split('.').at(-1) ?? '';
    const { schema } = this.resolver;
    const child = schema.child(this.object.name, from);
    if (!child?.name) {
      throw queryError(
        'INVALID_TYPE',
        `Didn't understand relationship '${from}' in FROM part of query call. If you are attempting to use a custom ` +
          `relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or ` +
          `the describe call for the appropriate names.`,
      );
    }
    const { name } = child;
    const inner = new SelectCompiler(this.state, schema.requireObject(child.childObject), null);
    const projectors = query
      .subFieldList()
      .subFieldEntry_list()
      .map((entry) => inner.project(entry, []));
    const select = inner.clauses(query, projectors);
    columns.push(name);
    return (run, row, record) => {
      const table = environment.reader.store.table(child.childObject);
      const rows = table
        .find(child.field, true, [row.get('Id') ?? null])
        .sort()
        .map((id) => table.get(id))
        .filter((found): found is Row => found !== undefined);
      const selected = selectRows(environment, select, run, rows);
      run.tx.limits.use('queryRows', selected.length);
      record.setChildren(name, projectRows(environment, select, run, selected));
    };
  }

  /** `TYPEOF Owner WHEN User THEN Email ELSE Name END`. */
  private typeOf(context: TypeOfContext, columns: string[]): Projector {
    const relationship = context.fieldName().getText();
    const reference = this.resolver.schema.parent(this.object.name, relationship);
    if (!reference?.relationshipName) {
      throw queryError(
        'INVALID_FIELD',
        `Didn't understand relationship '${relationship}' in TYPEOF`,
      );
    }
    const { reader } = this.state.environment;
    const { relationshipName } = reference;
    this.state.used.push({ object: this.object.name, field: reference.name });
    columns.push(relationshipName);
    const projectorsFor = (object: string, names: readonly FieldNameContext[]): Projector[] => {
      const inner = new SelectCompiler(
        this.state,
        this.resolver.schema.requireObject(object),
        null,
      );
      return names.map((name) => projectPath(inner.resolver, inner.object, inner.pathOf(name)));
    };
    const cases = new Map(
      context.whenClause_list().map((clause) => {
        const object = this.resolver.schema.requireObject(clause.fieldName().getText()).name;
        return [object, projectorsFor(object, clause.fieldNameList().fieldName_list())] as const;
      }),
    );
    const otherwise = context.elseClause()
      ? projectorsFor('Name', context.elseClause().fieldNameList().fieldName_list())
      : [];
    return (run, row, record) => {
      const id = row.get(reference.name);
      const found = typeof id === 'string' ? reader.readById(run.tx, id) : null;
      if (!found || typeof id !== 'string') {
        record.setParent(relationshipName, null);
        return;
      }
      const target = reader.store.get(found.type, id) ?? new Map<string, FieldValue>();
      const parent = new SObjectRecord(found.type);
      parent.set('Id', id);
      for (const project of cases.get(found.type) ?? otherwise) project(run, target, parent);
      record.setParent(relationshipName, parent);
    };
  }
}

/** `DESC NULLS LAST` and the like; empty values come first unless told. */
export function directionOf(order: FieldOrderContext): { descending: boolean; nullsLast: boolean } {
  return { descending: Boolean(order.DESC()), nullsLast: Boolean(order.LAST()) };
}
