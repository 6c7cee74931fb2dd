/** The Apex engine as the REST API, the Lightning pages and file downloads call it. */
import type { Json, Transaction } from '../org/contracts.js';
import type {
  AnonymousResult,
  ApexHost as ApexHostContract,
  ApexRestAnswer,
  ApexRestCall,
  DownloadContext,
  DownloadDecision,
} from '../org/local-org.js';
import { UnsupportedError } from '../org/contracts.js';
import { ApexBlob } from '../values/values.js';
import { CompileFailure } from './compiler/errors.js';
import { libraryEnum } from './library/enums.js';
import { isJsonObject, parseJson } from './library/json-parse.js';
import { typed } from './library/json-read.js';
import { writeJson } from './library/json-write.js';
import { newRestRequest, newRestResponse, REST_REQUEST, REST_RESPONSE } from './library/rest.js';
import { invokeDynamic, readDynamic } from './run/dynamic.js';
import { annotatedMethod, auraMethod, implementations, restClass } from './run/entry-points.js';
import { ApexThrow, asApexException } from './run/exceptions.js';
import { auraResult, jsonArguments } from './run/inbound.js';
import { construct } from './run/invoke.js';
import type { Session } from './run/session.js';
import { toText } from './values/text.js';
import type { ApexRuntime } from './runtime.js';
import type { ApexMethod } from './types/model.js';
import { ID } from './types/type.js';
import { ApexList, ApexMap, PropertyBag, type Value } from './values/reference.js';

export class ApexHost implements ApexHostContract {
  constructor(private readonly runtime: ApexRuntime) {}

  hasAuraMethod(className: string, method: string): boolean {
    return auraMethod(this.runtime.program, this.localName(className), method) !== null;
  }

  private localName(className: string): string {
    const { namespace } = this.runtime.ports;
    return className.replace(new RegExp(`^${namespace}(__|\\.)`), '');
  }

  callAura(
    tx: Transaction,
    className: string,
    name: string,
    parameters: Readonly<Record<string, Json>>,
  ): Json {
    const method = auraMethod(this.runtime.program, this.localName(className), name);
    if (!method) throw new Error(`${className}.${name} is no @AuraEnabled method`);
    const session = this.runtime.session(tx, 'AURA');
    session.marks.set('entrySharing', true);
    return session.enter(() =>
      auraResult(session.call(method, null, jsonArguments(method, parameters))),
    );
  }

  callRest(tx: Transaction, call: ApexRestCall): ApexRestAnswer | null {
    const path = call.path.replace(new RegExp(`^/${this.runtime.ports.namespace}(?=/)`), '');
    const cls = restClass(this.runtime.program, path);
    if (!cls) return null;
    const method = annotatedMethod(cls, `http${call.method.toLowerCase()}`);
    if (!method) return { status: 405, headers: {}, body: Buffer.from('[]') };
    const session = this.runtime.session(tx, 'REST');
    return session.enter(() => this.answerRest(session, method, call, path));
  }

  private answerRest(
    session: Session,
    method: ApexMethod,
    call: ApexRestCall,
    path: string,
  ): ApexRestAnswer {
    const request = newRestRequest();
    request.set('requestURI', path);
    request.set('httpMethod', call.method.toUpperCase());
    request.set('requestBody', new ApexBlob(call.body));
    request.set('remoteAddress', call.remoteAddress);
    fill(request, 'headers', call.headers);
    fill(request, 'params', call.parameters);
    const response = newRestResponse();
    session.marks.set(REST_REQUEST, request);
    session.marks.set(REST_RESPONSE, response);
    const value = session.call(method, null, restArguments(method, call.body));
    return restAnswer(session, response, method, value);
  }

  executeAnonymous(tx: Transaction, source: string): AnonymousResult {
    try {
      this.runtime.runAnonymous(tx, source);
      return { compiled: true, compileProblem: null, success: true, ...NOWHERE, ...NO_EXCEPTION };
    } catch (error) {
      if (error instanceof CompileFailure || error instanceof UnsupportedError) {
        const [first] = error instanceof CompileFailure ? error.errors : [];
        const problem = first?.message ?? error.message;
        const place = { line: first?.line ?? -1, column: first ? 1 : -1 };
        return {
          compiled: false,
          compileProblem: problem,
          success: false,
          ...place,
          ...NO_EXCEPTION,
        };
      }
      const value = asApexException(error);
      const text = error instanceof Error ? error.message : String(error);
      return {
        compiled: true,
        compileProblem: null,
        success: false,
        line: value?.line ?? -1,
        column: value ? 1 : -1,
        exceptionMessage: value ? `${value.typeName}: ${value.message ?? ''}` : text,
        exceptionStackTrace: value?.trace.join('\n') ?? null,
      };
    }
  }

  askDownloadHandlers(
    tx: Transaction,
    versionIds: readonly string[],
    context: DownloadContext,
  ): DownloadDecision {
    const session = this.runtime.session(tx);
    return session.enter(() => {
      for (const cls of implementations(
        this.runtime.program,
        'Sfc.ContentDownloadHandlerFactory',
      )) {
        const factory = construct(
          cls,
          cls.constructors.find((c) => c.parameters.length === 0) ?? null,
          [],
        );
        const ids = new ApexList(ID, [...versionIds]);
        const handler = invokeDynamic(factory, 'getContentDownloadHandler', [
          ids,
          libraryEnum('Sfc.ContentDownloadContext', context),
        ]);
        if (readDynamic(handler, 'isDownloadAllowed') === true) continue;
        return {
          isAllowed: false,
          message: textOf(readDynamic(handler, 'downloadErrorMessage')),
          redirectUrl: textOf(readDynamic(handler, 'redirectUrl')),
        };
      }
      return { isAllowed: true, message: null, redirectUrl: null };
    });
  }

  invocableClasses(): readonly string[] {
    return [...this.runtime.program.allClasses()]
      .filter((cls) => annotatedMethod(cls, 'invocablemethod'))
      .map((cls) => cls.name)
      .sort();
  }
}

const NOWHERE = { line: -1, column: -1 };
const NO_EXCEPTION = { exceptionMessage: null, exceptionStackTrace: null };

function textOf(value: Value): string | null {
  return typeof value === 'string' ? value : null;
}

function fill(bag: PropertyBag, name: string, values: Readonly<Record<string, string>>): void {
  const map = bag.get(name);
  if (map instanceof ApexMap)
    for (const [key, value] of Object.entries(values)) map.table.put(key, value);
}

/** Parameters of a REST method come from the members of a JSON body. */
function restArguments(method: ApexMethod, body: Buffer): Value[] {
  if (method.parameters.length === 0) return [];
  const tree = parseJson(body.toString('utf8'));
  return method.parameters.map(({ name, type }) =>
    typed(isJsonObject(tree) ? (tree.get(name) ?? null) : null, type, false),
  );
}

function restAnswer(
  session: Session,
  response: PropertyBag,
  method: ApexMethod,
  value: Value,
): ApexRestAnswer {
  const current = session.marks.get(REST_RESPONSE);
  const answer = current instanceof PropertyBag ? current : response;
  const headers: Record<string, string> = {};
  const map = answer.get('headers');
  if (map instanceof ApexMap)
    for (const e of map.table.entries()) headers[toText(e.key)] = toText(e.value);
  const body = answer.get('responseBody');
  const code = answer.get('statusCode');
  const status =
    typeof code === 'number' ? code : method.returns.kind === 'void' && !body ? 204 : 200;
  if (body instanceof ApexBlob) return { status, headers, body: body.bytes };
  if (method.returns.kind === 'void') return { status, headers, body: Buffer.alloc(0) };
  const json = writeJson(value, { pretty: false, suppressNulls: false });
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: Buffer.from(json),
  };
}

/** True for an exception whose message is meant for the user of a Lightning page. */
export function isAuraHandled(error: unknown): boolean {
  return error instanceof ApexThrow && error.value.declaration.name === 'AuraHandledException';
}
