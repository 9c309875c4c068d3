import type { CallStatus } from '../core/call.ts';
import { countDueOf, countEndedToday, countMovingOf, readCarrierTalk } from '../db/query/monitoring.ts';
import type { Health } from './health.ts';
import { remember } from './remember.ts';
import type { Runtime } from './runtime.ts';

/** What one tenant's calls do just now. */
export interface CallFigures {
  /** in the queue and in flight */
  byStatus: Partial<Record<CallStatus, number>>;
  /** may ring now and wait for the dispatcher, up to 10,000 */
  due: number;
  /** since midnight UTC, by how they ended */
  endedToday: Partial<Record<CallStatus, number>>;
}

export type CarrierHealth = Health | 'unknown' | 'not configured';

/** However many look, the same figures serve all who look within this time. */
const REMEMBERED_MS = 1500;
/** What a carrier did longer ago tells nothing of now. */
const TELLING_SECONDS = 10 * 60;

/** The figures that a monitoring page asks for again and again. `now` is in milliseconds. */
export function openMonitoring(runtime: Runtime, now: () => number = () => performance.now()) {
  const carrier = remember((_: 'twilio') => carrierHealth(runtime), REMEMBERED_MS, now);
  return {
    callsOf: remember((tenantId: number) => callFigures(runtime, tenantId), REMEMBERED_MS, now),
    /** jobs of the `calls` queue, of all tenants */
    jobs: remember((_: 'calls') => runtime.producer.counts('calls'), REMEMBERED_MS, now),
    /** Twilio's; only the database remembers what a carrier did, so without it nothing is known. */
    async carrier(database: Health): Promise<CarrierHealth> {
      if (runtime.config.CARRIER !== 'twilio') return 'not configured';
      return database === 'healthy' ? carrier('twilio').catch(() => 'unknown' as const) : 'unknown';
    },
  };
}

async function callFigures({ db: { sql } }: Runtime, tenantId: number): Promise<CallFigures> {
  const [moving, due, ended] = await Promise.all([countMovingOf(sql, tenantId), countDueOf(sql, tenantId), countEndedToday(sql, tenantId)]);
  const byStatus = Object.fromEntries(moving.map(({ status, calls }) => [status, calls]));
  return { byStatus, due, endedToday: Object.fromEntries(ended.map(({ status, calls }) => [status, calls])) };
}

/**
 * How the carrier took our requests of the last ten minutes: unhealthy while it fails or is paused, unknown when nothing was
 * dialed. Nobody is rung, and the carrier is not asked, to find out.
 */
async function carrierHealth({ db: { sql }, config }: Runtime): Promise<CarrierHealth> {
  const talk = await readCarrierTalk(sql, config.CARRIER);
  if (!talk) return 'unknown';
  if (talk.paused || talk.failures > 0) return 'unhealthy';
  return talk.quietSeconds < TELLING_SECONDS ? 'healthy' : 'unknown';
}
