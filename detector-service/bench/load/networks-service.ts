/**
 * The service around other work: both picture networks alone, as the peer of the comparison runs them. Everything else is as in `mediaguard serve`: HTTP,
 * encrypted storage, queue, lanes, signed and stored verdicts.
 */
import { makeFinding } from '../../src/verdict/finding-codes.js';
import { CLEAR } from '../../scripts/examples/outcomes.js';
import { startService } from '../../src/http/service.js';
import { ChildPool } from '../../src/inference/child-pool.js';
import type { OpenPipeline } from '../../src/model-operations/lineups.js';
import { readConfig } from '../../src/ops/config.js';
import { createLog } from '../../src/ops/log.js';
import type { Logits } from './networks.js';

const DEADLINE_MS = 30_000;
const SELF = { id: 'networks', version: '1.0.0' };

const openNetworks: OpenPipeline = (_folders, { shared, reserved }) => {
  const pool = new ChildPool({
    entry: new URL('./networks-child.ts', import.meta.url),
    size: shared,
    reserved,
    deadlineMs: DEADLINE_MS,
    setup: null,
  });
  return Promise.resolve({
    models: [],
    trustList: null,
    documentTrustList: null,
    close: () => pool.close(),
    async verify({ path, sha256, md5, sizeBytes }, _context, signal, lane = 'interactive') {
      const startedAt = performance.now();
      const logits = (await pool.run(path, signal, lane)) as Logits;
      return {
        ...CLEAR.outcome,
        media: { ...CLEAR.outcome.media, sha256, md5, sizeBytes, declaredType: null },
        verdict: 'not_evaluated',
        score: null,
        findings: Object.entries(logits).map(([id, logit]) =>
          makeFinding(SELF, 'media.not_evaluated', `${id}: ${logit.toFixed(3)}`),
        ),
        models: [],
        timing: { totalMs: performance.now() - startedAt, stages: {} },
        evidence: [],
      };
    },
  });
};

const service = await startService(readConfig(process.env), createLog('error'), openNetworks);
const { key } = await service.parts.apiKeys.create('default', 'bench');
process.stdout.write(`API key: ${key}\nThe service listens on ${service.address}\n`);
process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)));
