/**
 * The models that run in this process, kept in step with the registry: those that judge, a canary that judges a share, shadows beside them. A lineup is a
 * pipeline with child processes of its own, so that a candidate that crashes takes nothing else along.
 */
import { createHash } from 'node:crypto';

import { errorFields, type Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import { VERSION } from '../ops/version.js';
import type { Signals } from '../store/signals.js';
import { FUSION } from '../verdict/fuse.js';
import type { DescribedModel, VerificationPipeline } from '../verdict/types.js';
import { layOutActive } from './model-files.js';
import type { ModelRegistry, RegisteredModel } from './registry.js';

/** Starts a pipeline in which the models of these folders take the place of shipped and configured ones with their ids. */
export type OpenPipeline = (
  folders: Readonly<Record<string, string>>,
  children: ChildCount,
) => Promise<VerificationPipeline>;

/** Child processes of a pipeline. */
export interface ChildCount {
  readonly shared: number;
  /** Besides the shared ones, for what somebody waits for. */
  readonly reserved: number;
}

export interface LineupParts {
  readonly registry: ModelRegistry;
  readonly signals: Signals;
  readonly openPipeline: OpenPipeline;
  readonly layOut: (model: RegisteredModel) => Promise<string>;
  /** Of the models that judge; none where this process only describes them. */
  readonly children: ChildCount;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What judges one file. */
export interface Judge {
  readonly pipeline: Pick<VerificationPipeline, 'verify'>;
  /** Names everything besides the bytes and the context that decides a verdict: models, trust lists, version of the service. */
  readonly ruleset: string;
}

/** A version on trial. */
export interface Candidate extends Judge {
  readonly modelId: string;
  readonly version: string;
  /** Of the version that judges; null where none of this id does. */
  readonly activeVersion: string | null;
  readonly share: number;
}

export type RunningModel = DescribedModel & { readonly state: 'active' | 'canary' | 'shadow' };

/** A change is heard of at once; what a lost connection missed is found by looking this often. */
const LOOK_EVERY_MS = 15_000;

interface LineupSet {
  readonly active: Lineup;
  readonly canary: (Candidate & { readonly lineup: Lineup }) | null;
  readonly shadows: readonly (Candidate & { readonly lineup: Lineup })[];
}

export class Lineups {
  readonly #parts: LineupParts;
  #set: LineupSet;
  #revision: number;
  #following: Promise<void> = Promise.resolve();
  readonly #stopHearing: () => void;
  readonly #timer: NodeJS.Timeout;

  private constructor(parts: LineupParts, set: LineupSet, revision: number) {
    this.#parts = parts;
    this.#set = set;
    this.#revision = revision;
    this.#stopHearing = parts.signals.onModels(() => void this.follow());
    this.#timer = setInterval(() => void this.follow(), LOOK_EVERY_MS);
    this.#timer.unref();
    this.#publish();
  }

  /** @throws Error where the models that judge cannot be run: a service that cannot judge as it was told should not start */
  static async open(parts: LineupParts): Promise<Lineups> {
    const revision = await parts.registry.revision();
    return new Lineups(parts, await build(parts, null), revision);
  }

  /**
   * Lends the judge of these bytes, always the same one under the same registry. Where a canary fails, whatever for, the active models judge: at once, or in
   * the next attempt where it used up the time of the first.
   *
   * @param sha256 of the bytes, hex
   */
  async use<Result>(
    sha256: string,
    { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
    work: (judge: Judge) => Promise<Result>,
  ): Promise<Result> {
    const { active, canary } = this.#set;
    if (!canary || !isInShare(canary, sha256) || attempt > 1) return active.lend(work);
    try {
      return await canary.lineup.lend(work);
    } catch (error) {
      // The process stops, or the time is up: that is no answer of the canary, and the work is taken up again.
      if (signal.aborted) throw error;
      const { modelId, version } = canary;
      this.#parts.metrics.candidates.inc({ state: 'canary', result: 'failed' });
      this.#parts.log.warn({ event: 'canary.failed', modelId, version, ...errorFields(error) });
      return active.lend(work);
    }
  }

  /** The rules under which `use` would judge these bytes now. */
  rulesetOf(sha256: string): string {
    const { active, canary } = this.#set;
    return (canary && isInShare(canary, sha256) ? canary.lineup : active).ruleset;
  }

  /** The shadows that these bytes are shown to. */
  shadowsOf(sha256: string): readonly Candidate[] {
    return this.#set.shadows.filter((shadow) => isInShare(shadow, sha256));
  }

  /** Lends a shadow's pipeline; undefined once the registry has taken it out. */
  async useShadow<Result>(
    { modelId, version }: Pick<Candidate, 'modelId' | 'version'>,
    work: (judge: Judge) => Promise<Result>,
  ): Promise<Result | undefined> {
    const shadow = this.#set.shadows.find(
      (running) => running.modelId === modelId && running.version === version,
    );
    return shadow?.lineup.lend(work);
  }

  describe(): readonly RunningModel[] {
    const { active, canary, shadows } = this.#set;
    const own = (candidate: Candidate & { readonly lineup: Lineup }): readonly DescribedModel[] =>
      candidate.lineup.models.filter(({ id }) => id === candidate.modelId);
    return [
      ...active.models.map((model) => ({ ...model, state: 'active' as const })),
      ...(canary ? own(canary) : []).map((model) => ({ ...model, state: 'canary' as const })),
      ...shadows.flatMap(own).map((model) => ({ ...model, state: 'shadow' as const })),
    ];
  }

  /** Takes up what the registry says now. Where that cannot be run, what runs goes on, and the log says why. */
  follow(): Promise<void> {
    this.#following = this.#following.then(() => this.#takeUp());
    return this.#following;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopHearing();
    await this.#following;
    await Promise.all([...lineupsOf(this.#set)].map((lineup) => lineup.close()));
  }

  async #takeUp(): Promise<void> {
    const { registry, log } = this.#parts;
    try {
      const revision = await registry.revision();
      if (revision === this.#revision) return;
      const before = this.#set;
      this.#set = await build(this.#parts, before);
      this.#revision = revision;
      this.#publish();
      const kept = lineupsOf(this.#set);
      for (const lineup of lineupsOf(before)) if (!kept.has(lineup)) lineup.retire();
    } catch (error) {
      log.error({ event: 'models.not_followed', ...errorFields(error) });
    }
  }

  #publish(): void {
    const { metrics, log } = this.#parts;
    metrics.models.reset();
    for (const { id, version, state } of this.describe()) {
      metrics.models.set({ model: id, version, state }, 1);
    }
    const models = this.describe().map(({ id, version, state }) => `${id} ${version} ${state}`);
    log.info({ event: 'models.running', revision: this.#revision, models });
  }
}

/** A pipeline that is closed once it is out of use and its last file is done. */
class Lineup implements Judge {
  readonly ruleset: string;
  #uses = 0;
  #isRetired = false;

  constructor(
    readonly pipeline: VerificationPipeline,
    readonly children: ChildCount,
    /** Folders of the registered models in it, by id. */
    readonly folders: Readonly<Record<string, string>>,
  ) {
    this.ruleset = rulesetOf(pipeline);
  }

  get models(): readonly DescribedModel[] {
    return this.pipeline.models;
  }

  async lend<Result>(work: (judge: Judge) => Promise<Result>): Promise<Result> {
    this.#uses += 1;
    try {
      return await work(this);
    } finally {
      this.#uses -= 1;
      if (this.#isRetired && this.#uses === 0) void this.close();
    }
  }

  retire(): void {
    this.#isRetired = true;
    if (this.#uses === 0) void this.close();
  }

  close(): Promise<void> {
    return this.pipeline.close();
  }
}

/** A candidate that cannot be run is left out and logged; it is not worth the verdicts of the others. */
async function build(parts: LineupParts, before: LineupSet | null): Promise<LineupSet> {
  const { registry, layOut, children, metrics, log } = parts;
  const present = before ? [...lineupsOf(before)] : [];
  const open = async (
    folders: Readonly<Record<string, string>>,
    count: ChildCount,
  ): Promise<Lineup> =>
    present.find((lineup) => isEqual(lineup.children, count) && isEqual(lineup.folders, folders)) ??
    new Lineup(await parts.openPipeline(folders, count), count, folders);

  const registered = await registry.list();
  const judging = await layOutActive(registered, layOut);
  const active = await open(judging, children);
  const openCandidate = async (model: RegisteredModel, count: ChildCount) => {
    const { modelId, version, share } = model;
    try {
      const lineup = await open({ ...judging, [modelId]: await layOut(model) }, count);
      const activeVersion = active.models.find(({ id }) => id === modelId)?.version ?? null;
      const { ruleset, pipeline } = lineup;
      return [{ lineup, ruleset, pipeline, modelId, version, activeVersion, share: share ?? 1 }];
    } catch (error) {
      metrics.candidates.inc({ state: model.state, result: 'failed' });
      log.error({ event: 'candidate.not_run', modelId, version, ...errorFields(error) });
      return [];
    }
  };
  const shadows = [];
  for (const model of registered.filter(({ state }) => state === 'shadow')) {
    const count = { shared: Math.min(1, children.shared), reserved: 0 };
    shadows.push(...(await openCandidate(model, count)));
  }
  const onTrial = registered.find(({ state }) => state === 'canary');
  const [canary = null] = onTrial
    ? await openCandidate(onTrial, {
        shared: Math.ceil((onTrial.share ?? 1) * children.shared),
        reserved: children.reserved,
      })
    : [];
  return { active, canary, shadows };
}

function lineupsOf({ active, canary, shadows }: LineupSet): ReadonlySet<Lineup> {
  return new Set([
    active,
    ...(canary ? [canary.lineup] : []),
    ...shadows.map(({ lineup }) => lineup),
  ]);
}

/** The same bytes fall on the same side for as long as the version is on trial, and a larger share only adds. */
function isInShare(
  { modelId, version, share }: Pick<Candidate, 'modelId' | 'version' | 'share'>,
  sha256: string,
): boolean {
  const digest = createHash('sha256').update(`${modelId}/${version}/${sha256}`).digest();
  return digest.readUInt32BE(0) < share * 2 ** 32;
}

/** A verdict is used again only under the same models, trust lists, rules of fusion and version of the service. */
function rulesetOf({ models, trustList, documentTrustList }: VerificationPipeline): string {
  const deciding = models.map(({ id, version, configurationSha256 }) => [
    id,
    version,
    configurationSha256,
  ]);
  return createHash('sha256')
    .update(JSON.stringify([VERSION, FUSION, deciding, trustList, documentTrustList]))
    .digest('hex');
}

function isEqual(left: object, right: object): boolean {
  const sorted = (values: object): string => JSON.stringify(Object.entries(values).sort());
  return sorted(left) === sorted(right);
}
