import { readFileSync } from 'node:fs';

import { XMLParser } from 'fast-xml-parser';

import type { KnownMediaPageResource } from '../../src/http/schemas/known-media.js';
import { answerFaults, schemaFaults, type OpenApiFile } from '../support/contract.js';
import { example, schemaOfExample } from '../support/contract-examples.js';
import { runService, type RunningService } from '../support/running-service.js';

const PATH = '/v1/known-media';
const ENTRY_PATH = `${PATH}/{sha256}`;
const request = example('known-media-request.json') as { readonly sha256: string };

describe('the examples of the registry of decided media', () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await runService();
  });
  afterAll(() => running.stop());

  const send = (path: string, method: string, body?: unknown): Promise<Response> =>
    running.send(path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      }),
    });
  /** What each service says differently. */
  const own = { id: expect.any(String) as string, addedAt: expect.any(String) as string };

  it('are taken and answered by the service as they stand', async () => {
    const added = await send(PATH, 'POST', request);
    expect(await answerFaults(PATH, 'post', added)).toEqual([]);
    expect(await added.json()).toEqual({
      ...(example('known-media-entry.json') as object),
      ...own,
    });

    const listed = await send(PATH, 'GET');
    expect(await answerFaults(PATH, 'get', listed)).toEqual([]);
    const page = example('known-media-page.json') as KnownMediaPageResource;
    expect(await listed.json()).toEqual({
      entries: [{ ...page.entries[0], ...own }],
      next: page.next,
    });

    const removed = await send(`${PATH}/${request.sha256}`, 'DELETE');
    expect([removed.status, await removed.text()]).toEqual([204, '']);
  });

  it.each([
    ['problem-known-media-missing.json', request.sha256],
    ['problem-known-media-invalid.json', 'not-a-hash'],
  ])('%s is what the service refuses with', async (name, sha256) => {
    const refused = await send(`${PATH}/${sha256}`, 'DELETE');
    expect(await answerFaults(ENTRY_PATH, 'delete', refused)).toEqual([]);
    expect(await refused.json()).toEqual({
      ...(example(name) as object),
      requestId: expect.any(String) as string,
    });
  });
});

describe('the registration of the service in the package', () => {
  const file = new URL(
    '../../../force-app/main/verification/externalServiceRegistrations/MediaGuard_Detector.externalServiceRegistration-meta.xml',
    import.meta.url,
  );
  const { ExternalServiceRegistration } = new XMLParser().parse(readFileSync(file, 'utf8')) as {
    ExternalServiceRegistration: { schema: string; operations: { name: string }[] };
  };
  const registered = JSON.parse(ExternalServiceRegistration.schema) as OpenApiFile;

  it.each([
    ['listKnownMedia', PATH, 'get', '200', 'known-media-page.json'],
    ['addKnownMedia', PATH, 'post', '200', 'known-media-entry.json'],
    ['removeKnownMedia', ENTRY_PATH, 'delete', '404', null],
  ])('lets flows call %s and reads the example of its answer', (id, path, method, status, name) => {
    expect(ExternalServiceRegistration.operations.map((operation) => operation.name)).toContain(id);
    const operation = registered.paths[path]?.[method];
    expect(operation?.operationId).toBe(id);
    const reference = operation?.responses[status]?.content?.['application/json']?.schema.$ref;
    if (name === null) {
      // Problems are not application/json: External Services keep their status alone.
      expect(reference).toBeUndefined();
    } else {
      expect(reference).toBe(`#/components/schemas/${schemaOfExample(name)}`);
      expect(schemaFaults(registered, schemaOfExample(name), example(name))).toEqual([]);
    }
  });

  it('sends the example of an addition', () => {
    const name = 'known-media-request.json';
    expect(schemaFaults(registered, schemaOfExample(name), request)).toEqual([]);
    const without = { ...request, sha256: undefined };
    expect(schemaFaults(registered, schemaOfExample(name), without)).not.toEqual([]);
  });
});
