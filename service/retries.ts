import { isTerminal } from '../core/call.ts';
import { AppError } from '../core/errors.ts';
import { WHY } from '../core/gate.ts';
import { atOpening, type Bar, barOf, planRetry, type RetryRule, ruleFor, type Stop } from '../core/retry.ts';
import type { Hours } from '../core/time/window.ts';
import { type Sql, withDeadlockRetry } from '../db/client.ts';
import {
  bringForward,
  type Chain,
  closeAttempt,
  findRetry,
  findUndecided,
  insertRetry,
  lockChain,
  readChain,
  readRetryPlace,
  type Retry,
} from '../db/query/retries.ts';
import { readRetryRules } from '../db/query/retry-rules.ts';
import { noteCalls, noteChange, noteSoon } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { hoursFor } from './hours.ts';
import { madeBefore, noteMade, type Once } from './idempotency.ts';
import type { Runtime } from './runtime.ts';

export type Decision = 'scheduled' | Stop;

/**
 * Decides what follows an attempt that ended without success: one more row, or none. The row and the decision are one
 * transaction on the locked chain, so that asking twice, or at once, makes one. undefined: there was nothing to decide.
 */
export async function decideRetry(runtime: Runtime, callId: number): Promise<Decision | undefined> {
  const { db, log, metrics } = runtime;
  const place = await readRetryPlace(db.sql, callId);
  if (!place?.isOpen) return undefined;
  const hours = await hoursFor(place.hours, place.to);
  const decide = async (sql: Sql) => {
    const rootId = await lockChain(sql, place.tenantId, callId);
    const chain = rootId === undefined ? undefined : await readChain(sql, rootId);
    if (!chain?.isOpen || chain.lastId !== callId) return undefined;
    const plan = await planNext(sql, chain, hours);
    const { campaign } = chain;
    if ('at' in plan) return { campaign, decision: 'scheduled' as const, retry: await insertRetry(sql, chain, plan.at) };
    await closeAttempt(sql, callId);
    return { campaign, decision: plan.stop };
  };
  const decided = await withDeadlockRetry(() => db.sql.begin(decide));
  if (!decided) return undefined;
  failpoint('retry_decided');
  noteCalls(runtime, [callId]);
  const { decision, retry, campaign } = decided;
  if (campaign && retry) noteSoon(runtime, place.tenantId, ['contacts', 'campaigns']);
  metrics.retries.inc({ decision });
  log.info({ callId, decision, retryId: retry?.callId, at: retry?.scheduledFor }, 'what follows an unsuccessful attempt');
  return decision;
}

async function planNext(sql: Sql, chain: Chain, hours: Hours): Promise<{ at: Date } | { stop: Stop }> {
  const stop = chain.isCancelled ? 'cancelled' : barOf(chain);
  if (stop) return { stop };
  const { outcome, dials, endedAt } = chain;
  // what is open has been dialed and has ended
  if (outcome === null || endedAt === null) return { stop: 'no_rule' };
  return planRetry({ outcome, dials, endedAt, rule: await ruleOf(sql, chain), hours });
}

/** The rule for how the chain's last dial ended. */
async function ruleOf(sql: Sql, { agentId, outcome, campaign }: Chain): Promise<RetryRule | undefined> {
  return outcome === null ? undefined : ruleFor(outcome, await readRetryRules(sql, agentId), campaign);
}

export interface ManualRetry extends Retry {
  /** dials that the rules allow this chain; 1 when they know no retry */
  maxAttempts: number;
  /** this dial is one more than that */
  exceedsMaxAttempts: boolean;
}

const BARRED = {
  suppressed: 'The number is on the do-not-call list',
  not_interested: 'The contact of this call is not interested',
  agent_inactive: 'The agent of this call is switched off or deleted',
  campaign_over: 'The campaign of this call is completed',
  never_open: `Not dialed: ${WHY.never_open}`,
} as const satisfies Record<Bar | 'never_open', string>;

/**
 * One more dial because a person wants it, now or as soon as the calling hours open, also beyond the budget. A retry that
 * waits already is brought forward instead: a chain has one open member at most. `callId` may be any member. `once`: of a request that is
 * executed once under its key.
 * @throws AppError not_found; conflict when the chain is under way, was successful, or may not be dialed
 */
export async function retryNow(runtime: Runtime, tenantId: number, callId: number, once?: Once): Promise<ManualRetry> {
  const { db, metrics } = runtime;
  const madeId = madeBefore(once);
  if (madeId !== undefined) return readManualRetry(runtime, tenantId, madeId);
  const place = await readRetryPlace(db.sql, callId, tenantId);
  if (!place) throw new AppError('not_found', 'Call not found');
  const hours = await hoursFor(place.hours, place.to);
  const dial = async (sql: Sql) => {
    const rootId = await lockChain(sql, tenantId, callId);
    if (rootId === undefined) throw new AppError('not_found', 'Call not found');
    const chain = await readChain(sql, rootId);
    refuseWhatGoesOn(chain);
    const plan = atOpening(chain.now, hours);
    const bar = barOf(chain) ?? ('stop' in plan ? plan.stop : undefined);
    if (bar || 'stop' in plan) throw new AppError('conflict', BARRED[bar ?? 'never_open']);
    const budget = await budgetOf(sql, chain);
    const isWaiting = chain.lastStatus === 'scheduled';
    const row = isWaiting ? await bringForward(sql, chain.lastId, plan.at) : await insertRetry(sql, chain, plan.at);
    if (!row) throw new AppError('conflict', 'A retry of this call is in progress');
    await noteMade(sql, once, row.callId);
    return {
      campaign: chain.campaign,
      decision: isWaiting ? 'brought_forward' : 'manual',
      retry: { ...row, maxAttempts: budget, exceedsMaxAttempts: chain.dials >= budget },
    };
  };
  // who says what became of a call locks its lead before the call
  const { decision, retry, campaign } = await withDeadlockRetry(() => db.sql.begin(dial));
  failpoint('retry_decided');
  await noteChange(runtime, tenantId, 'calls');
  if (campaign) await Promise.all([noteChange(runtime, tenantId, 'contacts'), noteChange(runtime, tenantId, 'campaigns')]);
  metrics.retries.inc({ decision });
  return retry;
}

async function budgetOf(sql: Sql, chain: Chain): Promise<number> {
  return chain.dials === 0 ? Infinity : ((await ruleOf(sql, chain))?.maxAttempts ?? 1);
}

/** What was answered to whoever asked for a retry, told again from the rows. */
async function readManualRetry({ db }: Runtime, tenantId: number, callId: number): Promise<ManualRetry> {
  const retry = await findRetry(db.sql, tenantId, callId);
  if (!retry) throw new AppError('not_found', 'Call not found');
  const maxAttempts = await budgetOf(db.sql, await readChain(db.sql, retry.originalCallId));
  return { ...retry, maxAttempts, exceedsMaxAttempts: retry.retryAttempt >= maxAttempts };
}

/** @throws AppError conflict, unless the chain has come to an end or waits for an automatic retry */
function refuseWhatGoesOn({ direction, lastId, rootId, lastStatus, isCompleted, dials }: Chain): void {
  if (lastStatus === 'cancelled' && dials === 0) throw new AppError('conflict', 'Call was cancelled before it was dialed');
  if (direction === 'inbound') throw new AppError('conflict', 'Only outbound calls can be retried');
  if (isCompleted) throw new AppError('conflict', 'Call is completed');
  if (isTerminal(lastStatus) || (lastStatus === 'scheduled' && lastId !== rootId)) return;
  const isDialed = lastStatus !== 'scheduled' && lastStatus !== 'unscheduled' && lastStatus !== 'queued';
  const what = lastId === rootId ? 'Call' : 'A retry of this call';
  throw new AppError('conflict', `${what} ${isDialed ? 'is in progress' : 'is waiting to be dialed'}`);
}

const OLDER_THAN_MS = 5000;
const BATCH = 500;
const AT_ONCE = 4;

/** Decides about attempts that no job asked about: the queue was lost, or the hint. Answers how many. */
export async function decideForgotten(runtime: Runtime): Promise<number> {
  const { db, log, metrics } = runtime;
  const undecided = await findUndecided(db.sql, OLDER_THAN_MS, BATCH);
  let repaired = 0;
  const next = undecided.values();
  const decideAll = async () => {
    for (const callId of next) {
      try {
        if (await decideRetry(runtime, callId)) repaired += 1;
      } catch (error) {
        log.error({ err: error, callId }, 'no decision about a retry; it will be asked for again');
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, decideAll));
  if (repaired > 0) {
    log.warn({ attempts: repaired }, 'unsuccessful attempts were not decided; decided now');
    metrics.repairs.inc({ what: 'retry_undecided' }, repaired);
  }
  return repaired;
}
