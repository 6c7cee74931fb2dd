/**
 * Get Records for all interviews that wait at it, with one query: conditions that differ between them become `IN` or
 * `OR`, and the rows are dealt out again by each interview's own conditions.
 */
import { UnsupportedError, type AccessMode, type FlowValue } from '../org/contracts.js';
import type { FieldDescribe } from '../metadata/index.js';
import { type SObjectRecord, type FieldValue } from '../values/values.js';
import { compareValues, joinLogic, sameValue } from './conditions.js';
import type { Interview } from './interview.js';
import type { FlowFilters, LookupElement } from './model.js';
import { isFieldValue, isList, showInText, toFieldValue } from './values.js';

type Bind = FieldValue | readonly FieldValue[];

const SOQL_OPERATORS: Readonly<Record<string, string>> = {
  EqualTo: '=',
  NotEqualTo: '!=',
  GreaterThan: '>',
  LessThan: '<',
  GreaterThanOrEqualTo: '>=',
  LessThanOrEqualTo: '<=',
  In: 'IN',
  NotIn: 'NOT IN',
};
const LIKE: Readonly<Record<string, (text: string) => string>> = {
  StartsWith: (text) => `${text}%`,
  EndsWith: (text) => `%${text}`,
  Contains: (text) => `%${text}%`,
};

/** Conditions of one interview, with their values. */
interface Asked {
  readonly values: readonly FlowValue[];
}

function ask(interview: Interview, where: FlowFilters): Asked {
  return { values: where.filters.map(({ value }) => interview.operand(value)) };
}

export class RecordFinder {
  private readonly binds: Bind[] = [];

  constructor(
    private readonly interviews: readonly Interview[],
    private readonly object: string,
    private readonly where: FlowFilters,
    private readonly access: AccessMode,
  ) {}

  /**
   * The matching rows of each interview, in the query's order.
   * @param fields fields to read; those of the conditions are added
   * @param tail `ORDER BY` and `LIMIT`
   */
  find(fields: readonly string[], orderBy: string, limit: number | null): SObjectRecord[][] {
    const [first] = this.interviews;
    if (!first) return [];
    const asked = this.interviews.map((interview) => ask(interview, this.where));
    const isShared = asked.every(({ values }) =>
      values.every((value, index) => sameValue(value, asked[0]!.values[index]!)),
    );
    const condition = isShared ? this.one(asked[0]!) : this.many(asked);
    const names = new Map(
      ['Id', ...fields, ...this.where.filters.map(({ field }) => field)].map((name) => [
        name.toLowerCase(),
        name,
      ]),
    );
    const soql =
      `SELECT ${[...names.values()].join(', ')} FROM ${this.object}` +
      (condition === '' ? '' : ` WHERE ${condition}`) +
      orderBy +
      (isShared && limit !== null ? ` LIMIT ${limit}` : '');
    const { tx } = first;
    const plan = tx.org.queries.compileText(soql, this.where.place);
    const { records } = plan.execute(tx, this.binds, this.access);
    return asked.map((each) => {
      const own = isShared ? records : records.filter((record) => this.matches(record, each));
      return own.slice(0, limit ?? undefined).map((record) => record.clone());
    });
  }

  private one(asked: Asked): string {
    const parts = this.where.filters.map((_filter, index) =>
      this.condition(index, asked.values[index]!),
    );
    const logic = this.where.logic.trim().toLowerCase();
    if (parts.length === 0) return '';
    if (logic === 'and' || logic === 'or') return parts.join(` ${logic.toUpperCase()} `);
    return this.where.logic.replace(/\d+/g, (number) => {
      const part = parts[Number(number) - 1];
      if (part === undefined) throw new Error(`${this.where.place}: no condition ${number}`);
      return part;
    });
  }

  /** A condition that lets through at least every row some interview asks for. */
  private many(asked: readonly Asked[]): string {
    const isAnd = this.where.logic.trim().toLowerCase() === 'and';
    const canMerge =
      isAnd &&
      this.where.filters.every(({ operator }, index) => {
        const differs = asked.some(
          ({ values }) => !sameValue(values[index]!, asked[0]!.values[index]!),
        );
        return !differs || operator === 'EqualTo';
      });
    if (!canMerge) return asked.map((each) => `(${this.one(each)})`).join(' OR ');
    return this.where.filters
      .map(({ field }, index) => {
        const values = asked.map(({ values }) => values[index]!);
        if (values.every((value) => sameValue(value, values[0]!))) {
          return this.condition(index, values[0]!);
        }
        const present = values.flatMap((value) => {
          const converted = this.forField(field, value);
          return converted === null ? [] : [converted];
        });
        const inList = `${field} IN :${this.bind(present)}`;
        return present.length < values.length ? `(${inList} OR ${field} = null)` : inList;
      })
      .join(' AND ');
  }

  private condition(index: number, value: FlowValue): string {
    const { field, operator, place } = this.where.filters[index]!;
    if (operator === 'IsNull') return `${field} ${value === true ? '=' : '!='} null`;
    const like = LIKE[operator];
    if (like) {
      const text = showInText(this.forField(field, value)).replace(/[\\%_]/g, '\\$&');
      return `${field} LIKE :${this.bind(like(text))}`;
    }
    const symbol = SOQL_OPERATORS[operator];
    if (!symbol) throw new UnsupportedError(`The filter operator ${operator}`, place);
    if (isList(value)) {
      return `${field} ${symbol} :${this.bind(value.map((item) => this.forField(field, item)))}`;
    }
    return `${field} ${symbol} :${this.bind(this.forField(field, value))}`;
  }

  private forField(field: string, value: FlowValue): FieldValue {
    if (!isFieldValue(value)) throw new Error(`${this.where.place}: ${field} needs a single value`);
    const path = field.split('.');
    if (path.length > 1 || value === null) return value;
    return toFieldValue(value, this.interviews[0]!.world.schema.requireField(this.object, field));
  }

  private bind(value: Bind): string {
    this.binds.push(value);
    return `value${this.binds.length}`;
  }

  private matches(record: SObjectRecord, asked: Asked): boolean {
    const [interview] = this.interviews;
    return joinLogic(
      this.where.logic,
      this.where.filters.length,
      (index) => {
        const { field, operator, place } = this.where.filters[index]!;
        const value = interview!.world.value(interview!.tx, record, field.split('.'));
        return compareValues(operator, value, asked.values[index]!, place);
      },
      this.where.place,
    );
  }
}

const UNREADABLE: ReadonlySet<FieldDescribe['type']> = new Set([
  'base64',
  'address',
  'location',
  'anyType',
]);

export function runLookup(
  interviews: readonly Interview[],
  element: LookupElement,
  access: AccessMode,
): void {
  const { schema } = interviews[0]!.world;
  const object = schema.requireObject(element.object);
  const outputs = element.outputs.map(({ name }) => name);
  const named = element.fields.length > 0 ? element.fields : outputs;
  const fields =
    named.length > 0
      ? named
      : object.fields.filter(({ type }) => !UNREADABLE.has(type)).map(({ name }) => name);
  const direction = element.isDescending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST';
  const orderBy = element.sortField === null ? '' : ` ORDER BY ${element.sortField} ${direction}`;
  const limits = interviews.map((interview) => Number(interview.operand(element.limit) ?? NaN));
  const limit = element.firstOnly ? 1 : Number.isNaN(limits[0]) ? null : Math.max(...limits);
  const found = new RecordFinder(interviews, object.name, element.where, access).find(
    fields,
    orderBy,
    limit,
  );
  interviews.forEach((interview, index) => {
    const own = Number.isNaN(limits[index]!)
      ? found[index]!
      : found[index]!.slice(0, limits[index]);
    deliver(interview, element, own);
  });
}

function deliver(
  interview: Interview,
  element: LookupElement,
  rows: readonly SObjectRecord[],
): void {
  const value: FlowValue = element.firstOnly ? (rows[0] ?? null) : rows.length > 0 ? rows : null;
  if (element.outputs.length > 0) {
    if (!rows[0] && !element.nullWhenNone) return;
    for (const { name, target, place } of element.outputs) {
      interview.write(target, rows[0]?.get(name) ?? null, place);
    }
  } else if (element.output) {
    if (value === null && !element.nullWhenNone) return;
    interview.write(element.output, value, element.place);
  } else interview.setOutput(element.name, value);
}
