import { OPERATIONS } from '../../src/http/contract/operations.js';
import { routeNameOf, UNMATCHED } from '../../src/http/route-name.js';
import { runService, type RunningService } from '../support/running-service.js';

describe('the name of a route', () => {
  it.each([
    ['/v1/verifications', '/v1/verifications'],
    ['/v1/verifications/', '/v1/verifications'],
    ['/V1/Verifications/ver_1', '/v1/verifications/{id}'],
    ['/v1/verifications/ver_1/evidence/heatmap.png', '/v1/verifications/{id}/evidence/{name}'],
    ['/.well-known/jwks.json', '/.well-known/jwks.json'],
    ['/openapi.json', '/openapi.json'],
    ['/', UNMATCHED],
    ['/xwell-known/jwks.json', UNMATCHED],
    ['/v1/verifications/ver_1/evidence', UNMATCHED],
    ['/v1/verifications/a/b/c/d', UNMATCHED],
  ])('of %s is %s', (path, name) => {
    expect(routeNameOf(path)).toBe(name);
  });
});

describe('the metric of requests', () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await runService();
  });
  afterAll(() => running.stop());

  /** Method, route and status of each kind of request so far. */
  async function counted(): Promise<ReadonlySet<string>> {
    const metric = await running.service.parts.metrics.requests.get();
    return new Set(
      metric.values
        .filter(({ metricName }) => metricName === 'mediaguard_http_request_seconds_count')
        .map(({ labels }) => `${labels.method} ${labels.route} ${labels.status}`),
    );
  }

  it('goes by the template where a request ends in an error, whoever refused it', async () => {
    const statuses = async (...sent: readonly Promise<Response>[]): Promise<number[]> =>
      (await Promise.all(sent)).map(({ status }) => status);
    expect(
      await statuses(
        running.send('/v1/verifications/ver_none'),
        running.send('/v1/verifications/ver_none/decision', { method: 'POST' }),
        running.send('/v1/known-media/none', { method: 'DELETE' }),
        running.send('/v1/usage?from=x'),
        running.send('/v1/verifications', { method: 'PUT' }),
        running.send('/v1/verifications', { headers: { Authorization: 'Bearer none' } }),
        running.send('/v1/elsewhere/1'),
        running.send('/v1/elsewhere/2'),
      ),
    ).toEqual([404, 422, 422, 422, 405, 401, 404, 404]);
    const routes = await counted();
    expect([...routes].sort()).toEqual([
      'DELETE /v1/known-media/{sha256} 422',
      'GET /v1/usage 422',
      'GET /v1/verifications 401',
      'GET /v1/verifications/{id} 404',
      'GET unmatched 404',
      'POST /v1/verifications/{id}/decision 422',
      'PUT /v1/verifications 405',
    ]);
  });

  it('knows each path of the contract by the name it has there', async () => {
    for (const [template, methods] of Object.entries(OPERATIONS)) {
      for (const method of Object.keys(methods as object)) {
        const path = template.replaceAll(/\{[^}]+\}/g, 'x');
        const { status } = await running.send(path, { method: method.toUpperCase() });
        const label = `${method.toUpperCase()} ${template} ${status}`;
        expect(await counted()).toContain(label);
      }
    }
  });
});
