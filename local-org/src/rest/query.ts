/** `query`, `queryAll` and `queryMore`. */
import { randomBytes } from 'node:crypto';
import type { Router } from 'express';
import type { Json } from '../org/contracts.js';
import type { SObjectRecord } from '../values/values.js';
import { ApiError } from './api-error.js';
import { asUser, parameter, queryValue, USER_ACCESS, type RestContext } from './context.js';
import { API_ROOT, recordToJson } from './record-json.js';
import { sessionOf } from './sessions.js';

const BATCH = 2000;
const MINIMUM_BATCH = 200;
/** Salesforce keeps ten open cursors for a user. */
const OPEN_CURSORS = 10;

interface Cursor {
  readonly userId: string;
  readonly records: readonly SObjectRecord[];
  readonly batch: number;
}

export function addQueryRoutes(router: Router, context: RestContext): void {
  const cursors = new Map<string, Cursor>();
  context.org.onReset(() => cursors.clear());

  function page(cursor: Cursor, id: string | null, from: number): Json {
    const records = cursor.records.slice(from, from + cursor.batch).map(recordToJson);
    const next = from + cursor.batch;
    const done = next >= cursor.records.length;
    const totalSize = cursor.records.length;
    if (done) return { totalSize, done, records };
    const key = id ?? keep(cursor);
    return { totalSize, done, nextRecordsUrl: `${API_ROOT}/query/${key}-${next}`, records };
  }

  function keep(cursor: Cursor): string {
    const own = [...cursors].filter(([, { userId }]) => userId === cursor.userId);
    if (own.length >= OPEN_CURSORS) cursors.delete(own[0]![0]);
    const id = `0r8${randomBytes(9).toString('hex').slice(0, 15)}`;
    cursors.set(id, cursor);
    return id;
  }

  router.get(['/query', '/queryAll'], (request, response) => {
    const soql = queryValue(request, 'q');
    if (!soql)
      throw new ApiError(400, 'MALFORMED_QUERY', 'Expected a SOQL query in the parameter q.');
    const all = request.path === '/queryAll';
    const text = all && !/\bALL\s+ROWS\b/i.test(soql) ? `${soql} ALL ROWS` : soql;
    const result = asUser(context, request, response, (tx) => {
      const plan = tx.org.queries.compileText(text, 'the query');
      return { plan, ...plan.execute(tx, [], USER_ACCESS) };
    });
    if (result.plan.isCount) {
      response.json({ totalSize: result.totalSize, done: true, records: [] });
      return;
    }
    const { userId } = sessionOf(response);
    response.json(
      page(
        { userId, records: result.records, batch: batchSize(request.get('sforce-query-options')) },
        null,
        0,
      ),
    );
  });

  router.get('/query/:locator', (request, response) => {
    const [id = '', from = ''] = parameter(request, 'locator').split('-');
    const cursor = cursors.get(id);
    if (!cursor || cursor.userId !== sessionOf(response).userId || !/^\d+$/.test(from)) {
      throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    response.json(page(cursor, id, Number(from)));
  });
}

/** Of the header `Sforce-Query-Options: batchSize=200`. */
function batchSize(header: string | undefined): number {
  const wanted = Number(/batchSize\s*=\s*(\d+)/i.exec(header ?? '')?.[1] ?? BATCH);
  return Math.min(Math.max(wanted, MINIMUM_BATCH), BATCH);
}
