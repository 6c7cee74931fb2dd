/** The registry of models brought in at run time: which version judges, which is on trial, and who changed that, when and why. */
import type { Database, Queryable } from '../store/database.js';
import { tellModels } from '../store/signals.js';

/**
 * `registered`: known, not run. `shadow`: run beside the verdict, never part of it. `canary`: judges a share of the media. `active`: judges. `retired`: judged
 * once, or was taken out.
 */
export const MODEL_STATES = ['registered', 'shadow', 'canary', 'active', 'retired'] as const;
export type ModelState = (typeof MODEL_STATES)[number];

export interface RegisteredModel {
  readonly modelId: string;
  readonly version: string;
  /** Of the ONNX file. */
  readonly sha256: string;
  readonly configurationSha256: string;
  /** Text of `manifest.json`. */
  readonly manifest: string;
  readonly card: string;
  /** The ONNX file in the vault. */
  readonly blobId: string;
  readonly state: ModelState;
  /** Share 0..1 of the media that a shadow or canary is shown; null in other states. */
  readonly share: number | null;
  readonly registeredAt: Date;
}
export type NewModel = Omit<RegisteredModel, 'state' | 'share' | 'registeredAt'>;

/** Who changes something, and why. */
export interface ChangeNote {
  readonly by: string;
  readonly reason: string;
}

/** What an evaluation report says of a model. */
export interface PromotionEvidence {
  /** Of the report file. */
  readonly reportSha256: string;
  readonly figures: readonly EvidenceFigures[];
}
export interface EvidenceFigures {
  readonly variant: string;
  /** `unseen`: over items that no training of the model contained. */
  readonly on: 'all' | 'unseen';
  /** Sources alike. */
  readonly auc: number;
  readonly tprAt5: number;
  readonly falseAlarms: number | null;
  readonly found: number | null;
  readonly abstained: number | null;
}

export interface ModelChange extends ChangeNote {
  readonly at: Date;
  readonly action: string;
  readonly modelId: string;
  readonly version: string;
  readonly sha256: string;
  readonly stateBefore: ModelState | null;
  readonly stateAfter: ModelState;
  readonly share: number | null;
  readonly evidence: PromotionEvidence | null;
}

/** A change that the registry does not take; the message says what to do instead. */
export class ModelRegistryError extends Error {
  override readonly name = 'ModelRegistryError';
}

/** Any number that nothing else in the database locks on. */
const REGISTRY_LOCK = 7_261_406;

export class ModelRegistry {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws ModelRegistryError where the version is known with other content */
  register(model: NewModel, note: ChangeNote): Promise<void> {
    return this.#change(async (transaction) => {
      const known = await find(transaction, model.modelId, model.version);
      if (known) {
        throw new ModelRegistryError(
          `Expected a new version but ${nameOf(known)} is registered already, ${known.sha256 === model.sha256 ? 'with the same file' : 'with another file'}; raise the version in the manifest.`,
        );
      }
      await transaction.query(
        `insert into model_version
           (model_id, version, sha256, configuration_sha256, manifest, card, blob_id)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          model.modelId,
          model.version,
          model.sha256,
          model.configurationSha256,
          model.manifest,
          model.card,
          model.blobId,
        ],
      );
      await record(transaction, 'register', model, null, 'registered', null, note);
    });
  }

  /** Puts a version on trial, or changes its share. @param share of the media, above 0 and up to 1 */
  try(
    state: 'shadow' | 'canary',
    modelId: string,
    version: string,
    share: number,
    note: ChangeNote,
  ): Promise<void> {
    return this.#change(async (transaction) => {
      const model = await findOrRefuse(transaction, modelId, version);
      if (model.state === 'active') {
        throw new ModelRegistryError(
          `Expected a version that does not judge everything yet but ${nameOf(model)} is active; roll it back first.`,
        );
      }
      const others = (await list(transaction)).filter((other) => !isSame(other, model));
      const inTheWay =
        others.find((other) => other.modelId === modelId && isOnTrial(other)) ??
        (state === 'canary' ? others.find((other) => other.state === 'canary') : undefined);
      if (inTheWay) {
        throw new ModelRegistryError(
          `Expected no other version on trial but ${nameOf(inTheWay)} is ${inTheWay.state}; promote it or take it out first: npx mediaguard models retire ${inTheWay.modelId} ${inTheWay.version}`,
        );
      }
      await move(transaction, model, state, share);
      await record(transaction, state, model, model.state, state, share, note);
    });
  }

  /** The version judges from now on, and the present one retires. @param evidence null where whoever promotes takes it upon themselves */
  promote(
    modelId: string,
    version: string,
    evidence: PromotionEvidence | null,
    note: ChangeNote,
  ): Promise<void> {
    return this.#change(async (transaction) => {
      const model = await findOrRefuse(transaction, modelId, version);
      if (model.state === 'active') {
        throw new ModelRegistryError(`${nameOf(model)} is active already.`);
      }
      const present = await findActive(transaction, modelId);
      if (present) {
        await move(transaction, present, 'retired', null);
        await record(transaction, 'replaced', present, 'active', 'retired', null, note);
      }
      await move(transaction, model, 'active', null);
      await transaction.query(
        `update model_version set promotion =
           (select coalesce(max(promotion), 0) + 1 from model_version where model_id = $1)
         where model_id = $1 and version = $2`,
        [modelId, version],
      );
      await record(transaction, 'promote', model, model.state, 'active', null, note, evidence);
    });
  }

  /**
   * Takes the latest step back: a canary stops judging, or else the active version gives way to the one before it.
   *
   * @returns what judges now: a version, or null for the shipped or configured model
   */
  rollBack(
    modelId: string,
    note: ChangeNote,
  ): Promise<{ readonly from: string; readonly to: string | null }> {
    return this.#change(async (transaction) => {
      const present = await findActive(transaction, modelId);
      const canary = (await list(transaction)).find(
        (model) => model.modelId === modelId && model.state === 'canary',
      );
      if (canary) {
        await move(transaction, canary, 'retired', null);
        await record(transaction, 'roll_back', canary, 'canary', 'retired', null, note);
        return { from: canary.version, to: present?.version ?? null };
      }
      if (!present) {
        throw new ModelRegistryError(
          `Expected a canary or active version of ${modelId} in the registry but there is none; see: npx mediaguard models list`,
        );
      }
      const before = await findBefore(transaction, modelId);
      await withdraw(transaction, present);
      await record(transaction, 'roll_back', present, 'active', 'retired', null, note);
      if (before) {
        await move(transaction, before, 'active', null);
        await record(transaction, 'restore', before, before.state, 'active', null, note);
      }
      return { from: present.version, to: before?.version ?? null };
    });
  }

  /** Takes a version out of use, whatever it does now. Where it was active, the shipped or configured model judges again. */
  retire(modelId: string, version: string, note: ChangeNote): Promise<void> {
    return this.#change(async (transaction) => {
      const model = await findOrRefuse(transaction, modelId, version);
      if (model.state === 'retired') {
        throw new ModelRegistryError(`${nameOf(model)} is retired already.`);
      }
      await withdraw(transaction, model);
      await record(transaction, 'retire', model, model.state, 'retired', null, note);
    });
  }

  list(): Promise<readonly RegisteredModel[]> {
    return list(this.#database);
  }

  async find(modelId: string, version: string): Promise<RegisteredModel> {
    return findOrRefuse(this.#database, modelId, version);
  }

  /** Newest first. */
  async history(modelId: string | null, limit: number): Promise<readonly ModelChange[]> {
    const rows = await this.#database.query<ChangeRow>(
      `select * from model_change where $1::text is null or model_id = $1 order by id desc limit $2`,
      [modelId, limit],
    );
    return rows.map(toChange);
  }

  /** Rises with each change. */
  async revision(): Promise<number> {
    const [row] = await this.#database.query<{ revision: number }>(
      'select coalesce(max(id), 0) as revision from model_change',
    );
    return row?.revision ?? 0;
  }

  /** Changes take turns, and every process hears of each once it is committed. */
  #change<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query('select pg_advisory_xact_lock($1)', [REGISTRY_LOCK]);
      const result = await work(transaction);
      await tellModels(transaction);
      return result;
    });
  }
}

interface ModelRow {
  model_id: string;
  version: string;
  sha256: string;
  configuration_sha256: string;
  manifest: string;
  card: string;
  blob_id: string;
  state: ModelState;
  share: number | null;
  registered_at: Date;
}

interface ChangeRow {
  made_at: Date;
  made_by: string;
  action: string;
  model_id: string;
  version: string;
  sha256: string;
  state_before: ModelState | null;
  state_after: ModelState;
  share: number | null;
  reason: string;
  report_sha256: string | null;
  figures: readonly EvidenceFigures[] | null;
}

type ModelName = Pick<RegisteredModel, 'modelId' | 'version'>;

async function list(database: Queryable): Promise<readonly RegisteredModel[]> {
  const rows = await database.query<ModelRow>(
    'select * from model_version order by model_id, registered_at, version',
  );
  return rows.map(toModel);
}

async function find(
  database: Queryable,
  modelId: string,
  version: string,
): Promise<RegisteredModel | undefined> {
  const [row] = await database.query<ModelRow>(
    'select * from model_version where model_id = $1 and version = $2',
    [modelId, version],
  );
  return row && toModel(row);
}

async function findOrRefuse(
  database: Queryable,
  modelId: string,
  version: string,
): Promise<RegisteredModel> {
  const model = await find(database, modelId, version);
  if (model) return model;
  throw new ModelRegistryError(
    `Expected a registered version but ${modelId} ${version} is not known; register its folder first: npx mediaguard models register <folder>`,
  );
}

async function findActive(
  database: Queryable,
  modelId: string,
): Promise<RegisteredModel | undefined> {
  const [row] = await database.query<ModelRow>(
    `select * from model_version where model_id = $1 and state = 'active'`,
    [modelId],
  );
  return row && toModel(row);
}

/** The version that the active one replaced, and whose own promotion was not taken back. */
async function findBefore(
  database: Queryable,
  modelId: string,
): Promise<RegisteredModel | undefined> {
  const [row] = await database.query<ModelRow>(
    `select * from model_version
     where model_id = $1 and state = 'retired' and promotion <
       (select promotion from model_version where model_id = $1 and state = 'active')
     order by promotion desc limit 1`,
    [modelId],
  );
  return row && toModel(row);
}

async function move(
  transaction: Queryable,
  { modelId, version }: ModelName,
  state: ModelState,
  share: number | null,
): Promise<void> {
  await transaction.query(
    'update model_version set state = $3, share = $4 where model_id = $1 and version = $2',
    [modelId, version, state, share],
  );
}

/** Retired, and no later roll-back comes back to it. */
async function withdraw(transaction: Queryable, { modelId, version }: ModelName): Promise<void> {
  await transaction.query(
    `update model_version set state = 'retired', share = null, promotion = null
     where model_id = $1 and version = $2`,
    [modelId, version],
  );
}

async function record(
  transaction: Queryable,
  action: string,
  { modelId, version, sha256 }: Pick<NewModel, 'modelId' | 'version' | 'sha256'>,
  before: ModelState | null,
  after: ModelState,
  share: number | null,
  { by, reason }: ChangeNote,
  evidence: PromotionEvidence | null = null,
): Promise<void> {
  await transaction.query(
    `insert into model_change (made_by, action, model_id, version, sha256, state_before, state_after,
       share, reason, report_sha256, figures)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[by, action, modelId, version, sha256, before, after, share, reason],
      evidence?.reportSha256 ?? null,
      evidence ? JSON.stringify(evidence.figures) : null,
    ],
  );
}

function isSame(left: ModelName, right: ModelName): boolean {
  return left.modelId === right.modelId && left.version === right.version;
}

function isOnTrial({ state }: RegisteredModel): boolean {
  return state === 'shadow' || state === 'canary';
}

function nameOf({ modelId, version }: ModelName): string {
  return `${modelId} ${version}`;
}

function toModel(row: ModelRow): RegisteredModel {
  return {
    modelId: row.model_id,
    version: row.version,
    sha256: row.sha256,
    configurationSha256: row.configuration_sha256,
    manifest: row.manifest,
    card: row.card,
    blobId: row.blob_id,
    state: row.state,
    share: row.share,
    registeredAt: row.registered_at,
  };
}

function toChange(row: ChangeRow): ModelChange {
  return {
    at: row.made_at,
    by: row.made_by,
    action: row.action,
    modelId: row.model_id,
    version: row.version,
    sha256: row.sha256,
    stateBefore: row.state_before,
    stateAfter: row.state_after,
    share: row.share,
    reason: row.reason,
    evidence:
      row.report_sha256 === null
        ? null
        : { reportSha256: row.report_sha256, figures: row.figures ?? [] },
  };
}
