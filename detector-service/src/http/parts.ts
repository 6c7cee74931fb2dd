import type { Lineups } from '../model-operations/lineups.js';
import type { ShadowRunner } from '../model-operations/shadow-runner.js';
import type { Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import type { Config } from '../ops/config.js';
import type { Deliveries } from '../jobs/deliveries.js';
import type { JobQueue } from '../jobs/queue.js';
import type { SalesforceOrgs } from '../salesforce/orgs.js';
import type { ApiKeys } from '../store/api-keys.js';
import type { Database } from '../store/database.js';
import type { KnownMediaStore } from '../store/known-media.js';
import type { Room } from '../store/room.js';
import type { Signals } from '../store/signals.js';
import type { Tenants } from '../store/tenants.js';
import type { Vault } from '../store/vault.js';
import type { VerificationStore } from '../store/verifications.js';
import type { SigningKeys } from '../trust/signing-keys.js';
import type { TokenIssuers } from '../trust/token-issuers.js';

/** What the HTTP layer works with. */
export interface ServiceParts {
  readonly config: Config;
  readonly database: Database;
  readonly apiKeys: ApiKeys;
  readonly tokenIssuers: TokenIssuers;
  readonly tenants: Tenants;
  readonly store: VerificationStore;
  readonly knownMedia: KnownMediaStore;
  readonly queue: JobQueue;
  readonly signals: Signals;
  readonly deliveries: Deliveries;
  readonly room: Room;
  readonly vault: Vault;
  readonly keys: SigningKeys;
  readonly orgs: SalesforceOrgs;
  readonly lineups: Lineups;
  readonly shadows: ShadowRunner;
  readonly issuer: () => string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** True from the moment the process was asked to stop. */
  readonly isDraining: () => boolean;
}
