import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { command } from '../lib/command.js';
import { makeTestTrustAnchor } from '../media/samples.js';
import { freePort, ManagedProcess } from './process.js';
import { preparePullAccess } from './pull-access.js';
import { PEOPLE } from './setup.js';

export interface StackOptions {
  /** Holds everything the service and the org keep. */
  readonly folder: string;
  readonly servicePort: number;
  readonly orgPort: number;
  readonly log: (line: string) => void;
  /** Settings of the service besides those a stack makes itself. */
  readonly serviceEnvironment?: NodeJS.ProcessEnv;
}

/** The detection service and the local org, running. */
export interface Stack {
  readonly serviceUrl: string;
  readonly apiKey: string;
  readonly orgUrl: string;
  readonly service: DetectorProcess;
  readonly org: OrgProcess;
  stop(): Promise<void>;
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** The detection service of a stack: it can be stopped, killed and started again at the same address. */
export class DetectorProcess {
  private running: ManagedProcess | null = null;

  constructor(
    private readonly port: number,
    private readonly dataFolder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  get url(): string {
    return urlOf(this.port);
  }

  async start(): Promise<void> {
    this.running = await ManagedProcess.start({
      name: 'The detection service',
      args: [
        'detector-service/bin/mediaguard.js',
        'serve',
        '--port',
        String(this.port),
        '--data',
        this.dataFolder,
      ],
      env: this.environment,
      readyUrl: `${this.url}/readyz`,
      readyWithinMs: 120_000,
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  async kill(): Promise<void> {
    await this.running?.kill();
  }

  /** Its child processes judge nothing until {@link resumeJudging}; it goes on listening. */
  pauseJudging(): void {
    this.running?.signalChildren('SIGSTOP');
  }

  resumeJudging(): void {
    this.running?.signalChildren('SIGCONT');
  }
}

/** The local org of a stack: what it holds outlives a stop. */
export class OrgProcess {
  private running: ManagedProcess | null = null;

  constructor(
    private readonly port: number,
    readonly dataFolder: string,
    private readonly jwtCertificate: string,
  ) {}

  get url(): string {
    return urlOf(this.port);
  }

  async start(): Promise<void> {
    this.running = await ManagedProcess.start({
      name: 'The local org',
      args: [
        'local-org/bin/local-org.js',
        'start',
        '--port',
        String(this.port),
        '--data',
        this.dataFolder,
        '--jwt-certificate',
        this.jwtCertificate,
      ],
      readyUrl: `${this.url}/services/data`,
      readyWithinMs: 300_000,
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  /** What it printed last. */
  get recentOutput(): string {
    return this.running?.recentOutput ?? '';
  }

  /** Tells when the process that runs now ends. */
  onExit(listener: () => void): void {
    this.running?.onExit(listener);
  }
}

async function apiKeyOf(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'demo-api-key');
  if (!existsSync(file)) {
    const { exitCode, stdout, stderr } = await command(process.execPath, [
      'detector-service/bin/mediaguard.js',
      'keys',
      'create',
      '--name',
      'local org',
      '--data',
      dataFolder,
    ]);
    if (exitCode !== 0) throw new Error(`No API key could be made: ${stderr}`);
    writeFileSync(file, stdout.trim(), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const serviceData = join(options.folder, 'service');
  const trustAnchors = join(options.folder, 'trust-anchors');
  mkdirSync(serviceData, { recursive: true });
  mkdirSync(trustAnchors, { recursive: true });
  writeFileSync(join(trustAnchors, 'samples.pem'), (await makeTestTrustAnchor()).pem);

  options.log('Starting the detection service …');
  const apiKey = await apiKeyOf(serviceData);
  const orgPort = await freePort(options.orgPort);
  const pull = await preparePullAccess(
    join(options.folder, 'pull'),
    urlOf(orgPort),
    PEOPLE.integration.username,
  );
  const service = new DetectorProcess(await freePort(options.servicePort), serviceData, {
    ...options.serviceEnvironment,
    MEDIAGUARD_TRUST_ANCHORS: trustAnchors,
    MEDIAGUARD_SALESFORCE_ORGS: pull.orgsFile,
  });
  await service.start();

  options.log('Starting the local org and building its pages …');
  const org = new OrgProcess(orgPort, join(options.folder, 'org'), pull.certificateFile);
  try {
    await org.start();
  } catch (error) {
    await service.stop();
    throw error;
  }
  return {
    serviceUrl: service.url,
    apiKey,
    orgUrl: org.url,
    service,
    org,
    stop: async () => {
      await Promise.all([org.stop(), service.stop()]);
    },
  };
}
