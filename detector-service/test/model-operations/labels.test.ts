/** Reviewers' decisions, as the org sends them, on their way into a labelled set. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readMediaList } from '../../src/evaluation/manifest.js';
import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { setLegalHold } from '../../src/store/legal-hold.js';
import { makeFinding } from '../../src/verdict/finding-codes.js';
import { FakeOrg, FOUND, MEDIA } from '../support/fake-org.js';
import { runHere } from '../support/program-here.js';
import { runService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';
import { removeFolder } from '../support/service-data.js';

const hashOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

let org: FakeOrg;
let work: string;
let dataFolder: string;
const environment = { ...process.env };

/** What happened at the service before it was stopped for the export. */
beforeAll(async () => {
  org = new FakeOrg();
  await org.open();
  work = await mkdtemp(join(tmpdir(), 'mediaguard-labels-'));
  const orgs = await org.register(work, 'acme');
  const running = await runService({ MEDIAGUARD_SALESFORCE_ORGS: orgs });
  dataFolder = running.dataFolder;
  running.pipeline.script = async (media, context, signal) => {
    const outcome = await clearOutcome(media, context, signal);
    if (context.fileName !== 'ai.jpg') return outcome;
    const fact = makeFinding({ id: 'c2pa', version: '1.0.0' }, 'c2pa.ai_generated', 'It says so.');
    return { ...outcome, verdict: 'synthetic', findings: [fact] };
  };
  const verify = async (body: string, context: object, key = running.key): Promise<string> => {
    const response = await running.send('/v1/verifications', {
      method: 'POST',
      body,
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': body.startsWith('{') ? 'application/json' : 'image/jpeg',
        'MediaGuard-Context': Buffer.from(JSON.stringify(context)).toString('base64url'),
        Prefer: 'wait=10',
      },
    });
    return ((await response.json()) as VerificationResource).id;
  };
  const decide = async (id: string, decision: string, key = running.key): Promise<void> => {
    const response = await running.send(`/v1/verifications/${id}/decision`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        ...{ decision, reason: 'looked at', decidedBy: 'ada@example.com' },
        decidedAt: new Date().toISOString(),
      }),
    });
    expect(response.status).toBe(200);
  };

  const uploader = { sourceApplication: '=web', uploadedBy: 'bob@example.com' };
  const fake = await verify('a fake', uploader);
  await decide(fake, 'release');
  // The second look counts.
  await decide(fake, 'confirm_fake');
  const pulled = { source: { type: 'salesforce', contentVersionId: FOUND } };
  await decide(await verify(JSON.stringify(pulled), {}), 'release');
  await decide(await verify('released, but made by a machine', { fileName: 'ai.jpg' }), 'release');
  await verify('nobody decided', uploader);
  await decide(await verify('its bytes are nowhere', uploader), 'release');
  const held = await verify('evidence in a case', uploader);
  await decide(held, 'confirm_fake');
  await setLegalHold(running.service.parts.database, held, 'case 7');
  const other = await running.createKey('other');
  await decide(await verify('of another tenant', uploader, other), 'confirm_fake', other);
  await running.service.stop();
  process.env['MEDIAGUARD_SALESFORCE_ORGS'] = orgs;
}, 60_000);
afterAll(async () => {
  process.env = environment;
  org.close();
  await removeFolder(work);
  await removeFolder(dataFolder);
});

function labels(command: string, ...args: string[]): Promise<string> {
  return runHere('labels', command, ...args, '--tenant', 'acme', '--data', dataFolder);
}

describe('mediaguard labels', () => {
  it('exports nothing that the tenant has not allowed', async () => {
    const args = [join(work, 'refused'), '--purpose', 'training', '--reason', 'a try'];
    await expect(labels('export', ...args)).rejects.toThrow('allows none');
    await labels('allow', 'evaluation', '--reason', 'agreed in the contract');
    await expect(labels('export', ...args)).rejects.toThrow('allows evaluation');
    await expect(stat(join(work, 'refused'))).rejects.toThrow('ENOENT');
  });

  it('writes what was decided, with bytes from a folder and from the org, in the format that evaluate reads', async () => {
    const archive = join(work, 'archive', 'deep');
    await mkdir(archive, { recursive: true });
    await writeFile(join(archive, 'any name'), 'a fake');
    await writeFile(join(archive, 'empty'), '');
    const target = join(work, 'set');
    const args = ['--purpose', 'evaluation', '--reason', 'monthly', '--by', 'grace'];
    const places = ['--media', join(work, 'archive'), '--fetch'];
    const out = await labels('export', target, ...args, ...places);
    expect(out).toContain('2 items with their bytes, 1 labels without.');
    expect(out).toContain('Left out: ');
    expect(out).toContain('1 under legal hold');
    expect(out).toContain('1 released though labelled as AI-made');

    const { items } = await readMediaList(target);
    expect(items.map(({ path, isFake }) => [path, isFake]).sort()).toEqual(
      [
        [join(target, 'media', hashOf('a fake')), true],
        [join(target, 'media', hashOf(MEDIA)), false],
      ].sort(),
    );
    expect(await readFile(join(target, 'media', hashOf(MEDIA)))).toEqual(MEDIA);
    const [fake] = items.filter(({ isFake }) => isFake);
    // A cell that a spreadsheet would run is defused, and nobody is named.
    expect(fake?.source).toMatch(/^'=web\/[0-9a-f]{8}$/);
    const texts = await Promise.all(
      (await readdir(target))
        .filter((name) => name !== 'media')
        .map((name) => readFile(join(target, name), 'utf8')),
    );
    expect(texts.join('')).not.toContain('example.com');
    expect(texts.join('')).not.toContain(hashOf('of another tenant'));
    expect(texts.join('')).toContain(hashOf('its bytes are nowhere'));

    const manifest = await readFile(join(target, 'manifest.csv'));
    // What the training scripts read.
    const [header = ''] = manifest.toString('utf8').split('\n');
    for (const column of ['file', 'label', 'source', 'repo', 'generator_or_camera', 'license']) {
      expect(header.split(',')).toContain(column);
    }
    expect(await labels('history')).toContain(
      `grace\texport\tevaluation\t2 items, manifest ${hashOf(manifest)}\tmonthly`,
    );
    await expect(labels('export', target, ...args)).rejects.toThrow('holds something');
  });
});
