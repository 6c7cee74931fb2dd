/** `StaticResourceCalloutMock` and `MultiStaticResourceCalloutMock`: canned answers from static resources. */
import { ApexBlob } from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import type { Session } from '../run/session.js';
import { NativeObject } from '../values/reference.js';
import { instance } from './call.js';
import type { HttpResponse } from './http.js';
import { defineType } from './registry.js';

export class StaticMock extends NativeObject {
  /** Resource by endpoint; `''` answers every endpoint. */
  readonly resources = new Map<string, string>();
  readonly headers = new Map<string, string>();
  statusCode = 200;
  status: string | null = 'OK';

  respond(session: Session, endpoint: string, response: HttpResponse): HttpResponse {
    const name = this.resources.get(endpoint) ?? this.resources.get('');
    if (name === undefined) throwApex('CalloutException', `No static resource answers ${endpoint}`);
    response.statusCode = this.statusCode;
    response.status = this.status;
    response.body = Buffer.from(resourceBody(session, name));
    for (const [header, value] of this.headers) response.headers.set(header, value);
    return response;
  }
}

function resourceBody(session: Session, name: string): Buffer {
  const text = `SELECT Body FROM StaticResource WHERE Name = '${name.replace(/['\\]/g, '\\$&')}'`;
  const plan = session.tx.org.queries.compileText(text, 'StaticResourceCalloutMock');
  const [row] = plan.execute(session.unlimited(), [], { mode: 'system', sharing: false }).records;
  const body = row?.get('Body');
  return body instanceof ApexBlob
    ? body.bytes
    : throwApex('CalloutException', `Static resource not found: ${name}`);
}

for (const name of ['StaticResourceCalloutMock', 'MultiStaticResourceCalloutMock']) {
  defineType<StaticMock>({
    name,
    self: instance(StaticMock, name),
    constructors: { '()': () => new StaticMock(name) },
    methods: {
      'void setStaticResource(String first, String second?)': (self, c) => {
        self.resources.set(c.count === 2 ? c.text(0) : '', c.text(c.count - 1));
        return null;
      },
      'void setStatusCode(Integer code)': (self, c) => {
        self.statusCode = c.integer(0);
        return null;
      },
      'void setStatus(String status)': (self, c) => {
        self.status = c.textOrNull(0);
        return null;
      },
      'void setHeader(String name, String value)': (self, c) => {
        self.headers.set(c.text(0), c.text(1));
        return null;
      },
    },
  });
}
