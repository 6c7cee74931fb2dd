/** HTTP callouts: requests, responses, sending, and the mocks of tests. */
import { gzipSync } from 'node:zlib';
import { ApexBlob } from '../../values/values.js';
import { PlatformError } from '../../org/contracts.js';
import { callOut } from '../callout.js';
import { invokeDynamic } from '../run/dynamic.js';
import { throwApex } from '../run/exceptions.js';
import type { Session } from '../run/session.js';
import { STRING } from '../types/type.js';
import { ApexList, ApexObject, NativeObject, type Value } from '../values/reference.js';
import { instance, narrow } from './call.js';
import { hasOpenSavepoint } from './savepoints.js';
import { defineType } from './registry.js';
import { MOCK } from './test-mocks.js';
import { StaticMock } from './static-mocks.js';

/** Headers by name in any case, first spelling kept. */
class Headers {
  private readonly values = new Map<string, { name: string; value: string }>();

  set(name: string, value: string): void {
    this.values.set(name.toLowerCase(), { name, value });
  }

  get(name: string): string | null {
    return this.values.get(name.toLowerCase())?.value ?? null;
  }

  keys(): string[] {
    return [...this.values.values()].map((entry) => entry.name);
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries([...this.values.values()].map((e) => [e.name, e.value]));
  }
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAXIMUM_TIMEOUT_MS = 120_000;

class HttpRequest extends NativeObject {
  method = 'GET';
  endpoint: string | null = null;
  timeout = DEFAULT_TIMEOUT_MS;
  isCompressed = false;
  body: Buffer | null = null;
  readonly headers = new Headers();

  constructor() {
    super('HttpRequest');
  }
}

defineType<HttpRequest>({
  name: 'HttpRequest',
  self: instance(HttpRequest, 'HttpRequest'),
  constructors: { '()': () => new HttpRequest() },
  methods: {
    'void setMethod(String method)': (self, c) => {
      self.method = c.text(0);
      return null;
    },
    'String getMethod()': (self) => self.method,
    'void setEndpoint(String endpoint)': (self, c) => {
      self.endpoint = c.text(0);
      return null;
    },
    'String getEndpoint()': (self) => self.endpoint,
    'void setHeader(String name, String value)': (self, c) => {
      self.headers.set(c.text(0), c.textOrNull(1) ?? '');
      return null;
    },
    'String getHeader(String name)': (self, c) => self.headers.get(c.text(0)),
    'void setBody(String body)': (self, c) => {
      self.body = Buffer.from(c.text(0), 'utf8');
      return null;
    },
    'void setBodyAsBlob(Blob body)': (self, c) => {
      self.body = c.blob(0).bytes;
      return null;
    },
    'String getBody()': (self) => self.body?.toString('utf8') ?? '',
    'Blob getBodyAsBlob()': (self) => new ApexBlob(self.body ?? Buffer.alloc(0)),
    'void setTimeout(Integer ms)': (self, c) => {
      const ms = c.integer(0);
      if (ms < 1 || ms > MAXIMUM_TIMEOUT_MS)
        throwApex(
          'CalloutException',
          `Invalid timeout value: ${ms}. Timeout must be between 1 and ${MAXIMUM_TIMEOUT_MS} milliseconds`,
        );
      self.timeout = ms;
      return null;
    },
    'void setCompressed(Boolean compressed)': (self, c) => {
      self.isCompressed = c.boolean(0);
      return null;
    },
    'String toString()': (self) =>
      `System.HttpRequest[Endpoint=${self.endpoint ?? 'null'}, Method=${self.method}]`,
  },
});

export class HttpResponse extends NativeObject {
  status: string | null = null;
  statusCode = 0;
  body = Buffer.alloc(0);
  readonly headers = new Headers();

  constructor() {
    super('HttpResponse');
  }
}

defineType<HttpResponse>({
  name: 'HttpResponse',
  self: instance(HttpResponse, 'HttpResponse'),
  constructors: { '()': () => new HttpResponse() },
  methods: {
    'Integer getStatusCode()': (self) => self.statusCode,
    'void setStatusCode(Integer code)': (self, c) => {
      self.statusCode = c.integer(0);
      return null;
    },
    'String getStatus()': (self) => self.status,
    'void setStatus(String status)': (self, c) => {
      self.status = c.textOrNull(0);
      return null;
    },
    'String getBody()': (self) => self.body.toString('utf8'),
    'Blob getBodyAsBlob()': (self) => new ApexBlob(self.body),
    'void setBody(String body)': (self, c) => {
      self.body = Buffer.from(c.text(0), 'utf8');
      return null;
    },
    'void setBodyAsBlob(Blob body)': (self, c) => {
      self.body = Buffer.from(c.blob(0).bytes);
      return null;
    },
    'String getHeader(String name)': (self, c) => self.headers.get(c.text(0)),
    'void setHeader(String name, String value)': (self, c) => {
      self.headers.set(c.text(0), c.text(1));
      return null;
    },
    'List<String> getHeaderKeys()': (self) => new ApexList(STRING, self.headers.keys()),
    'String toString()': (self) =>
      `System.HttpResponse[Status=${self.status ?? 'null'}, StatusCode=${self.statusCode}]`,
  },
});

class Http extends NativeObject {
  constructor() {
    super('Http');
  }
}

/** `callout:Name/path` leads where the named credential says, with its headers. */
function target(
  session: Session,
  endpoint: string,
): { url: string; headers: Readonly<Record<string, string>> } {
  const match = /^callout:(\w+)(.*)$/s.exec(endpoint);
  if (!match) return { url: endpoint, headers: {} };
  const { namespace } = session.ports;
  const name = (match[1] ?? '').replace(new RegExp(`^${namespace}__`), '');
  return session.tx.org.namedCredentials.resolve(name, match[2] ?? '');
}

function send(session: Session, request: HttpRequest): HttpResponse {
  const { tx } = session;
  const { endpoint } = request;
  if (endpoint === null) throwApex('CalloutException', 'You have to set an endpoint');
  if (tx.hasUncommittedWork || hasOpenSavepoint(session)) {
    throwApex(
      'CalloutException',
      'You have uncommitted work pending. Please commit or rollback before calling out',
    );
  }
  tx.limits.use('callouts');
  if (tx.isTest) return mocked(session, request);
  const { url, headers } = target(session, endpoint);
  if (!/^https?:\/\//i.test(url)) throwApex('CalloutException', `no protocol: ${url}`);
  const started = performance.now();
  const isGzip = request.isCompressed && request.body !== null;
  const answer = callOut({
    method: request.method.toUpperCase(),
    url,
    headers: {
      ...request.headers.toRecord(),
      ...headers,
      ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
    },
    body: isGzip && request.body ? gzipSync(request.body) : request.body,
    timeoutMs: request.timeout,
  });
  session.excludeFromCpu(performance.now() - started);
  const response = new HttpResponse();
  response.statusCode = answer.status;
  response.status = answer.statusText;
  response.body = Buffer.from(answer.body);
  for (const [name, value] of answer.headers) response.headers.set(name, value);
  return response;
}

function mocked(session: Session, request: HttpRequest): HttpResponse {
  const mock = session.testMarks.get(MOCK);
  if (mock instanceof StaticMock)
    return mock.respond(session, request.endpoint ?? '', new HttpResponse());
  if (!(mock instanceof ApexObject)) {
    throw new PlatformError(
      'CALLOUT_FAILED',
      'Methods defined as TestMethod do not support Web service callouts',
      'TypeException',
    );
  }
  const response: Value = invokeDynamic(mock, 'respond', [request]);
  return narrow(response, HttpResponse, 'HttpResponse');
}

defineType<Http>({
  name: 'Http',
  self: instance(Http, 'Http'),
  constructors: { '()': () => new Http() },
  methods: {
    'HttpResponse send(HttpRequest request)': (_self, c) =>
      send(c.session, narrow(c.value(0), HttpRequest, 'HttpRequest')),
  },
});
