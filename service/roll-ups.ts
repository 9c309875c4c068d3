import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../core/errors.ts';
import { daysAfter } from '../core/time/period.ts';
import { sqlState, withDeadlockRetry } from '../db/client.ts';
import { compareDay, nextDay, nextTenant, recountDay, type RollUp, type TenantDay } from '../db/query/recount.ts';
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
}

/**
 * Makes the roll-ups what counting the calls gives, one tenant's UTC day after the other, each in a transaction of its own; it may be
 * stopped at any time and begun again. A day that is right is only read. While a wrong one is counted, endings wait, and add to the new
 * figures afterwards (`recountDay` says why none is lost or counted twice), so totals are right whatever ends meanwhile.
 * @throws AppError not_found when the one tenant that was asked for is none
 */
export async function rebuildRollUps({ db: { sql }, log }: Pick<Runtime, 'db' | 'log'>, walk: RollUpWalk = {}): Promise<Rebuilt> {
  const { tenantId: only } = walk;
  if (only !== undefined && (await nextTenant(sql, only - 1)) !== only)
    throw new AppError('not_found', `There is no account tenant_${only}`);
  const rebuilt: Rebuilt = { days: 0, recounted: 0 };
  for await (const at of daysOf(sql, walk)) {
    rebuilt.days += 1;
    if ((await compareDay(sql, at)).length === 0) continue;
    await withLockRetry(() => sql.begin((tx) => recountDay(tx, at, LOCK_TIMEOUT_MS)));
    rebuilt.recounted += 1;
    log.info(at, 'roll-ups of a day were wrong; counted again');
  }
  return rebuilt;
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
/** While it waits for an ending that takes long, all that come after stand behind it. */
const LOCK_TIMEOUT_MS = 1000;
const LOCK_TRIES = 10;
const LOCK_NOT_AVAILABLE = '55P03';

async function withLockRetry<T>(work: () => Promise<T>, tries = LOCK_TRIES): Promise<T> {
  try {
    return await withDeadlockRetry(work);
  } catch (error) {
    if (tries <= 1 || sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
    // those who stood behind get through first
    await pause(LOCK_TIMEOUT_MS);
    return withLockRetry(work, tries - 1);
  }
}
