/** `composite/tree`: records with their children, nested, saved all or none. */
import type { Router } from 'express';
import { DmlFailure, type Json, type Transaction } from '../org/contracts.js';
import type { SObjectRecord } from '../values/values.js';
import { ApiError, toEntries } from './api-error.js';
import { asUser, parameter, USER_ACCESS, type RestContext } from './context.js';
import { recordFromJson, requireObject } from './record-json.js';

const MAXIMUM_RECORDS = 200;
const MAXIMUM_DEPTH = 5;

/** A record of the tree, with the parent whose id it takes. */
interface Node {
  readonly referenceId: string;
  readonly record: SObjectRecord;
  readonly parent: { readonly node: Node; readonly field: string } | null;
}

const isList = (value: unknown): value is { readonly records: unknown[] } =>
  typeof value === 'object' &&
  value !== null &&
  Array.isArray((value as { records?: unknown }).records);

const wrong = (message: string): ApiError => new ApiError(400, 'INVALID_INPUT', message);

/** The tree by its levels, roots first. */
function levelsOf(context: RestContext, object: string, body: unknown): Node[][] {
  const levels: Node[][] = [];
  const known = new Set<string>();
  const { schema } = context.org;
  read(object, body, null, 0);
  return levels;

  function read(expected: string, list: unknown, parent: Node['parent'], depth: number): void {
    if (!isList(list)) throw wrong('Expected "records" with the list of records.');
    if (depth >= MAXIMUM_DEPTH) throw wrong(`Expected at most ${MAXIMUM_DEPTH} levels of records.`);
    for (const entry of list.records) {
      const json = requireObject(entry, 'a record');
      const { type, referenceId } = requireObject(json['attributes'], 'attributes of a record');
      if (type !== expected)
        throw wrong(`Expected attributes.type ${expected}, not ${String(type)}.`);
      if (typeof referenceId !== 'string' || known.has(referenceId)) {
        throw wrong('Expected a referenceId for every record, each used once.');
      }
      known.add(referenceId);
      if (known.size > MAXIMUM_RECORDS) throw wrong(`Expected at most ${MAXIMUM_RECORDS} records.`);
      const children = Object.entries(json).filter(([, value]) => isList(value));
      const fields = Object.fromEntries(Object.entries(json).filter(([, value]) => !isList(value)));
      const node = { referenceId, record: recordFromJson(schema, expected, fields), parent };
      (levels[depth] ??= []).push(node);
      for (const [name, value] of children) {
        const relationship = schema
          .childRelationships(expected)
          .find((candidate) => candidate.name?.toLowerCase() === name.toLowerCase());
        if (!relationship) throw wrong(`${expected} has no child relationship ${name}.`);
        const { childObject, field } = relationship;
        read(childObject, value, { node, field }, depth + 1);
      }
    }
  }
}

/** Ends the unit of work with the refused records of one level. */
class Refused extends Error {
  constructor(
    readonly nodes: readonly Node[],
    readonly failure: DmlFailure,
  ) {
    super(failure.message);
  }
}

function saveLevel(tx: Transaction, nodes: readonly Node[]): void {
  for (const { record, parent } of nodes)
    if (parent) record.set(parent.field, parent.node.record.id);
  const sorted = [...nodes].sort((a, b) => a.record.type.localeCompare(b.record.type));
  try {
    const records = sorted.map(({ record }) => record);
    tx.org.dml.save(tx, 'insert', records, { access: USER_ACCESS, allOrNone: true });
  } catch (error) {
    throw error instanceof DmlFailure ? new Refused(sorted, error) : error;
  }
}

export function addTreeRoutes(router: Router, context: RestContext): void {
  router.post('/composite/tree/:object', (request, response) => {
    const { name } = context.org.schema.requireObject(parameter(request, 'object'));
    const levels = levelsOf(context, name, request.body);
    try {
      asUser(context, request, response, (tx) => {
        for (const level of levels) saveLevel(tx, level);
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      response.status(400).json({ hasErrors: true, results: refusals(error) });
      return;
    }
    const results = levels
      .flat()
      .map(({ referenceId, record }) => ({ referenceId, id: record.id }));
    response.status(201).json({ hasErrors: false, results });
  });
}

const refusals = ({ nodes, failure }: Refused): Json[] =>
  failure.failures.map(({ index, errors }) => ({
    referenceId: nodes[index]?.referenceId ?? '',
    errors: toEntries(errors).map(({ errorCode, message, fields }) => ({
      statusCode: errorCode,
      message,
      fields: fields ?? [],
    })),
  }));
