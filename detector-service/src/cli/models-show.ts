/** What the showing commands of `mediaguard models` print: tab-separated lines. */
import { compareCanary, compareShadow } from '../model-operations/compare.js';
import type { Comparison, Rate, Side } from '../model-operations/compare.js';
import { reportDrift } from '../model-operations/drift-report.js';
import { ModelRegistry, ModelRegistryError } from '../model-operations/registry.js';
import type { EvidenceFigures } from '../model-operations/registry.js';
import { loadModels } from '../verdict/pipeline.js';
import { configOf, type StoreFlags } from './options.js';
import { print, withStore } from './with-store.js';

/** Something shifted. */
const EXIT_SHIFTED = 1;

export async function listModels(flags: StoreFlags): Promise<void> {
  const config = configOf(flags);
  const own = Object.fromEntries(config.models.map(({ id, folder }) => [id, folder]));
  const shipped = await loadModels(own);
  await withStore(config, async ({ database }) => {
    const registered = await new ModelRegistry(database).list();
    for (const { manifest } of shipped) {
      const { id, version, sha256 } = manifest;
      const active = registered.find(({ modelId, state }) => modelId === id && state === 'active');
      const origin = id in own ? 'configured' : 'shipped';
      line(id, version, active ? `${origin}, replaced by ${active.version}` : origin, sha256);
    }
    for (const { modelId, version, state, share, sha256 } of registered) {
      line(modelId, version, share === null ? state : `${state} ${percent(share)}`, sha256);
    }
  });
}

export async function showHistory(
  id: string | undefined,
  flags: StoreFlags & { limit: number },
): Promise<void> {
  await withStore(configOf(flags), async ({ database }) => {
    for (const change of await new ModelRegistry(database).history(id ?? null, flags.limit)) {
      const { evidence } = change;
      line(
        change.at.toISOString(),
        change.by,
        change.action,
        `${change.modelId} ${change.version}`,
        `${change.stateBefore ?? 'new'} to ${change.stateAfter}${change.share === null ? '' : ` ${percent(change.share)}`}`,
        `sha256 ${change.sha256}`,
        evidence
          ? `report ${evidence.reportSha256}: ${evidence.figures.map(inWords).join('; ')}`
          : 'no report',
        change.reason,
      );
    }
  });
}

export async function showComparison(
  id: string,
  version: string,
  flags: StoreFlags & { days: number; json?: boolean },
): Promise<void> {
  await withStore(configOf(flags), async ({ database }) => {
    const { state } = await new ModelRegistry(database).find(id, version);
    const compared = { modelId: id, version, days: flags.days };
    const shadow = await compareShadow(database, compared);
    // A shadow's answers outlive its trial, so that it can still be read what it was promoted or retired for.
    const comparison =
      state === 'canary' || shadow.candidate.media === 0
        ? await compareCanary(database, compared)
        : shadow;
    if (comparison.candidate.media === 0) {
      throw new ModelRegistryError(
        `Expected answers of ${id} ${version} but there are none of the last ${flags.days} days; put it on trial first: npx mediaguard models shadow ${id} ${version} --reason <text>`,
      );
    }
    if (flags.json) print(`${JSON.stringify(comparison)}\n`);
    else printComparison(comparison);
  });
}

export async function showDrift(
  flags: StoreFlags & { days?: number; reference?: number },
): Promise<void> {
  const config = configOf(flags);
  const bounds = {
    ...config.drift,
    ...(flags.days !== undefined && { days: flags.days }),
    ...(flags.reference !== undefined && { referenceDays: flags.reference }),
  };
  await withStore(config, async ({ database }) => {
    const { reference, present, rows } = await reportDrift(database, bounds);
    print(`${present} verifications now, ${reference} before\n`);
    for (const { what, detector, psi, ks, isShifted } of rows) {
      line(
        detector ? `${what} of ${detector}` : what,
        `psi ${figure(psi)}`,
        `ks ${figure(ks)}`,
        isShifted ? 'shifted' : '',
      );
    }
    if (rows.some(({ isShifted }) => isShifted)) process.exitCode = EXIT_SHIFTED;
  });
}

function printComparison({ active, candidate, scoreShift, paired }: Comparison): void {
  const row = (name: string, of: (side: Side) => string): void =>
    line(name, of(active), of(candidate));
  line('', 'active', 'candidate');
  row('media', ({ media }) => String(media));
  row('abstained', ({ abstained }) => rate(abstained));
  row('accused', ({ accused }) => rate(accused));
  row('accused, of confirmed fakes', ({ accusedFakes }) => rate(accusedFakes));
  row('accused, of released media', ({ accusedReleased }) => rate(accusedReleased));
  row('median time', ({ medianMs }) =>
    medianMs === null ? 'not measured' : `${Math.round(medianMs)} ms`,
  );
  line('score shift', `psi ${figure(scoreShift?.psi)}`, `ks ${figure(scoreShift?.ks)}`);
  if (!paired) {
    print('Each judged media of its own; both shares are of the same stream.\n');
    return;
  }
  line('same verdict', rate(paired.agreed));
  line('mean difference of scores', figure(paired.meanDifference));
  for (const { from, to, media } of paired.changes) line(`${from} to ${to}`, String(media));
}

function inWords({ variant, on, auc, tprAt5, falseAlarms }: EvidenceFigures): string {
  const alarms = falseAlarms === null ? '' : `, false alarms ${percent(falseAlarms)}`;
  return `${variant} (${on}) AUC ${auc.toFixed(3)}, found ${percent(tprAt5)} at 5 % FPR${alarms}`;
}

function rate({ of, count, interval }: Rate): string {
  if (!interval) return 'none';
  const bounds = `${(interval.low * 100).toFixed(1)}-${(interval.high * 100).toFixed(1)}`;
  return `${count} of ${of}, ${((count / of) * 100).toFixed(1)} % (${bounds})`;
}

function figure(value: number | null | undefined): string {
  return typeof value === 'number' ? value.toFixed(3) : 'not measured';
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

function line(...cells: readonly string[]): void {
  print(`${cells.map((cell) => cell.replace(/\p{Cc}/gu, ' ')).join('\t')}\n`);
}
