import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../core/errors.ts';
import { daysAfter } from '../core/time/period.ts';
import { sqlState, withDeadlockRetry } from '../db/client.ts';
import { atMost, tookTooLong } from '../db/query/patience.ts';
import { compareDay, nextDay, nextTenant, recountDay, type TenantDay } from '../db/query/recount.ts';
import type { RollUp } from '../db/query/roll-ups.ts';
import type { Runtime } from './runtime.ts';

export interface RollUpDifference extends TenantDay {
  rollUp: RollUp;
  /** that are missing or too many; one with another figure is both */
  rows: number;
}

export interface RollUpCheck {
  /** days of tenants that were looked at */
  days: number;
  differences: RollUpDifference[];
}

export interface RollUpWalk {
  /** undefined: all */
  tenantId?: number;
  /** told after each day */
  onDay?: (at: TenantDay) => void;
}

/**
 * Compares the roll-ups with counting the calls, one tenant's UTC day after the other, each in one statement that sees both as of the
 * same moment: calls that end meanwhile are in both or in neither. Holds nothing up.
 */
export async function verifyRollUps({ db: { sql } }: Pick<Runtime, 'db'>, walk: RollUpWalk = {}): Promise<RollUpCheck> {
  const check: RollUpCheck = { days: 0, differences: [] };
  for await (const at of daysOf(sql, walk)) {
    check.days += 1;
    for (const { rollUp, rows } of await compareDay(sql, at)) check.differences.push({ ...at, rollUp, rows });
  }
  return check;
}

export interface Rebuilt {
  days: number;
  /** that were wrong and are counted anew */
  recounted: number;
  /** that took too long, or that another rebuild was at: not known to be right */
  skipped: TenantDay[];
}

/**
 * Makes the roll-ups what counting the calls gives, one tenant's UTC day after the other, each roll-up in a transaction of its own; it may
 * be stopped at any time and begun again. A day that is right is only read. Calls go on ending meanwhile, and are neither lost nor counted
 * twice (`recountDay` says why). No statement takes longer than `patienceMs` (0: as long as it takes): its day is skipped, and the next follows.
 * @throws AppError not_found when the one tenant that was asked for is none
 */
export async function rebuildRollUps(
  { db: { sql }, log }: Pick<Runtime, 'db' | 'log'>,
  { patienceMs = 0, ...walk }: RollUpWalk & { patienceMs?: number } = {},
): Promise<Rebuilt> {
  const { tenantId: only } = walk;
  if (only !== undefined && (await nextTenant(sql, only - 1)) !== only)
    throw new AppError('not_found', `There is no account tenant_${only}`);
  const rebuilt: Rebuilt = { days: 0, recounted: 0, skipped: [] };
  for await (const at of daysOf(sql, walk)) {
    rebuilt.days += 1;
    try {
      if (!(await rebuildDay(sql, at, patienceMs))) continue;
      rebuilt.recounted += 1;
      log.info(at, 'roll-ups of a day were wrong; counted again');
    } catch (error) {
      if (!tookTooLong(error) && !isLocked(error)) throw error;
      rebuilt.skipped.push(at);
    }
  }
  return rebuilt;
}

/** Whether it was wrong. */
async function rebuildDay(sql: Runtime['db']['sql'], at: TenantDay, patienceMs: number): Promise<boolean> {
  const wrong = await atMost(sql, patienceMs, (tx) => compareDay(tx, at));
  const limits = { patienceMs, lockTimeoutMs: LOCK_TIMEOUT_MS };
  for (const { rollUp } of wrong) await withLockRetry(() => sql.begin((tx) => recountDay(tx, at, rollUp, limits)));
  return wrong.length > 0;
}

async function* daysOf(sql: Runtime['db']['sql'], { tenantId: only, onDay }: RollUpWalk): AsyncGenerator<TenantDay> {
  for (let tenantId = only ?? (await nextTenant(sql, 0)); tenantId !== undefined;) {
    for (let day = await nextDay(sql, { tenantId, day: FIRST_DAY }); day !== undefined;) {
      const at = { tenantId, day };
      yield at;
      onDay?.(at);
      day = await nextDay(sql, { tenantId, day: daysAfter(day, 1) });
    }
    tenantId = only === undefined ? await nextTenant(sql, tenantId) : undefined;
  }
}

const FIRST_DAY = '0001-01-01';
/** While it waits for an ending that takes long, those that write to the same rows stand behind it. */
const LOCK_TIMEOUT_MS = 1000;
const LOCK_TRIES = 10;
const isLocked = (error: unknown) => sqlState(error) === '55P03';

async function withLockRetry<T>(work: () => Promise<T>, tries = LOCK_TRIES): Promise<T> {
  try {
    return await withDeadlockRetry(work);
  } catch (error) {
    if (tries <= 1 || !isLocked(error)) throw error;
    // those who stood behind get through first
    await pause(LOCK_TIMEOUT_MS);
    return withLockRetry(work, tries - 1);
  }
}
