/** No container engine or cluster is needed: the files are read and held against what the service really has. */
import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';

import { evaluateCommand } from '../../src/cli/evaluate.js';
import { ENVIRONMENT_VARIABLES, readConfig } from '../../src/ops/config.js';
import { createMetrics } from '../../src/ops/metrics.js';

interface Container {
  env?: { name: string; value?: string }[];
  livenessProbe?: { httpGet: { path: string } };
  resources?: { limits?: { memory?: string } };
  securityContext?: { readOnlyRootFilesystem?: boolean; allowPrivilegeEscalation?: boolean };
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: { runAsNonRoot: boolean };
        containers: Container[];
      };
    };
  };
}
interface CronJob {
  spec: {
    jobTemplate: {
      spec: {
        backoffLimit: number;
        template: {
          spec: {
            securityContext: { runAsNonRoot: boolean };
            containers: (Container & { args: string[] })[];
          };
        };
      };
    };
  };
}
interface Compose {
  services: Record<string, { environment?: Record<string, string> }>;
}
interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

const read = (name: string): string =>
  readFileSync(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');

/** Read by the S3 client, as by every AWS program. */
const AWS_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/** What Compose makes of `${NAME:-default}` and `${NAME:?message}` when nothing is set. */
const interpolate = (value: string): string =>
  value.replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}/g, (_whole, fallback?: string) => fallback ?? '');

const SECRETS = {
  DATABASE_URL: 'postgres://db/mediaguard',
  MEDIAGUARD_MASTER_KEY: Buffer.alloc(32).toString('base64'),
  MEDIAGUARD_PUBLIC_URL: 'https://mediaguard.example.com',
};

describe('the Kubernetes manifests', () => {
  const manifests = parseAllDocuments(read('kubernetes.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  const settings = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};

  it.each(deployments.map((deployment) => [deployment.metadata.name, deployment] as const))(
    '%s runs a sound configuration, confined and watched',
    (_name, { spec }) => {
      const pod = spec.template.spec;
      const [container] = pod.containers;
      const variables = Object.fromEntries(
        (container?.env ?? []).map(({ name, value = '' }) => [name, value]),
      );
      const config = readConfig({ ...SECRETS, ...settings, ...variables });

      expect(config.role).toBe(spec.template.metadata.labels['role']);
      expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(config.shutdownMs);
      expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      expect(container?.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      });
      expect(container?.resources?.limits?.memory).toBeDefined();
      expect(container?.livenessProbe?.httpGet.path).toBe('/healthz');
      for (const name of Object.keys({ ...settings, ...variables })) {
        expect(ENVIRONMENT_VARIABLES).toContain(name);
      }
    },
  );

  it('run both roles', () => {
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual([
      'mediaguard-api',
      'mediaguard-worker',
    ]);
  });
});

it('the scheduled evaluation asks for what the command line knows, confined like the service', () => {
  const [job] = parseAllDocuments(read('evaluation-cronjob.yaml')).map(
    (document) => document.toJS() as CronJob,
  );
  const { template, backoffLimit } = job?.spec.jobTemplate.spec ?? {};
  const [container] = template?.spec.containers ?? [];
  const [name, ...args] = container?.args ?? [];
  const command = evaluateCommand();

  expect(name).toBe(command.name());
  expect(command.parseOptions(args)).toEqual({ operands: ['/evaluation/frozen'], unknown: [] });
  expect(command.opts()).toMatchObject({ variants: ['m1', 'm2'], against: '/evaluation/baseline' });
  expect(backoffLimit).toBe(0);
  expect(template?.spec.securityContext.runAsNonRoot).toBe(true);
  expect(container?.securityContext).toMatchObject({
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
  });
});

it('Compose runs API and workers with variables the service knows', () => {
  const { services } = parse(read('compose.yaml'), { merge: true }) as Compose;
  for (const role of ['api', 'worker']) {
    const environment = Object.fromEntries(
      Object.entries(services[role]?.environment ?? {}).map(([name, value]) => [
        name,
        interpolate(value),
      ]),
    );
    expect(environment['MEDIAGUARD_ROLE']).toBe(role);
    expect(readConfig({ ...environment, ...SECRETS }).role).toBe(role);
    for (const name of Object.keys(environment)) {
      expect([...ENVIRONMENT_VARIABLES, ...AWS_VARIABLES]).toContain(name);
    }
  }
});

it('the image copies what exists and runs as nobody special', () => {
  const lines = read('Dockerfile').split('\n');
  const copied = lines
    .filter((line) => line.startsWith('COPY '))
    .flatMap((line) => line.split(' ').slice(1, -1));

  expect(copied.length).toBeGreaterThan(4);
  for (const path of copied) {
    expect(() => readFileSync(new URL(`../../../${path}`, import.meta.url))).not.toThrow(/ENOENT/);
  }
  expect(lines).toContain('USER node');
  const variables = lines.join(' ').match(/\b(?:MEDIAGUARD_\w+|DATABASE_URL)\b/g) ?? [];
  for (const name of variables) expect(ENVIRONMENT_VARIABLES).toContain(name);
});

it('the dashboard asks only for metrics that exist', async () => {
  const metrics = createMetrics();
  const known = new Set<string>();
  for (const { name, type } of await metrics.registry.getMetricsAsJSON()) {
    known.add(name);
    if (String(type) === 'histogram') {
      for (const part of ['bucket', 'sum', 'count']) known.add(`${name}_${part}`);
    }
  }
  metrics.close();
  const { panels } = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/mediaguard_\w+/g) ?? []),
  );

  expect(asked.length).toBeGreaterThan(9);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

it('the README names every variable', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

  expect(ENVIRONMENT_VARIABLES.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
