import { AppError, badField, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { PRIORITY, type PriorityName } from '../core/priority.ts';
import { parseInstant } from '../core/time/parse.ts';
import { localDate, nextRun, type Pattern, type Recurrence, takeRun } from '../core/time/recurrence.ts';
import { isZone } from '../core/time/zone.ts';
import { withDeadlockRetry } from '../db/client.ts';
import {
  cancelChains,
  closeSchedule,
  findSchedule,
  holdDueSchedules,
  insertRuns,
  insertSchedule,
  listComing,
  lockRuns,
  type NewSchedule,
  readClock,
  readTenantZone,
  type Run,
  type Schedule,
} from '../db/query/schedules.ts';
import { noteCallsChanged, noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { madeBefore, noteMade, type Once } from './idempotency.ts';
import type { Runtime } from './runtime.ts';

export interface ScheduleRequest {
  /** `agent_123` or `123` */
  agentId: string;
  /** E.164, or with the spaces and dashes that people write */
  toPhone: string;
  pattern: Pattern;
  /** HH:MM */
  time: string;
  /** IANA name; default: the tenant's */
  timezone?: string;
  /** YYYY-MM-DD; default: today in that zone */
  startDate?: string;
  /** YYYY-MM-DD, inclusive; default: none */
  endDate?: string;
  businessHoursOnly?: boolean;
  context?: string;
  priority?: PriorityName;
}

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
/** A run becomes a call this long before its moment, so that it waits in line when the moment comes. */
const LEAD_MS = 60 * SECOND_MS;
const BATCH = 500;
/** Different rules that one look at the coming runs reads. */
const MOST_RULES = 10_000;

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Accepts a call that comes back. A start in the past is fine: the next run counts. `once`: of a request that is executed once under its key.
 * @throws AppError invalid_phone_number, invalid_agent, validation
 */
export async function requestSchedule(
  runtime: Runtime,
  who: Principal,
  request: ScheduleRequest,
  now: Date = new Date(),
  once?: Once,
): Promise<Schedule> {
  const to = toE164(request.toPhone);
  if (to === undefined) throw fieldError('invalid_phone_number', 'toPhone', 'must be an E.164 number such as +919876543210');
  const rule = ruleOf(request, request.timezone ?? (await readTenantZone(runtime.db.sql, who.tenantId)) ?? 'UTC', now);
  const nextRunAt = nextRun(rule, now);
  if (!nextRunAt) throw badField(rule.endDate === null ? 'startDate' : 'endDate', 'leaves no run to come');
  const agentId = parseId('agent', request.agentId);
  const schedule =
    agentId !== undefined &&
    (await insertOnce(runtime, once, {
      ...rule,
      tenantId: who.tenantId,
      agentId,
      to,
      context: request.context,
      priority: PRIORITY[request.priority ?? 'normal'],
      businessHoursOnly: request.businessHoursOnly ?? false,
      timezoneGiven: request.timezone !== undefined,
      nextRunAt,
      createdBy: who.userId,
    }));
  if (!schedule) throw fieldError('invalid_agent', 'agentId', 'does not name an active agent of this account');
  return schedule;
}

/** With a key in one transaction with what tells a repetition of the request that the schedule is there. */
async function insertOnce({ db }: Runtime, once: Once | undefined, given: NewSchedule): Promise<Schedule | undefined> {
  const madeId = madeBefore(once);
  if (madeId !== undefined) return findSchedule(db.sql, given.tenantId, madeId);
  return db.sql.begin(async (sql) => {
    const made = await insertSchedule(sql, given);
    if (made) await noteMade(sql, once, made.id);
    return made;
  });
}

/**
 * Ends a schedule and cancels those of its calls, retries included, that nobody has begun to dial.
 * @throws AppError not_found, also for another tenant's and for one that was cancelled before
 */
export async function cancelSchedule(runtime: Runtime, tenantId: number, scheduleId: number): Promise<void> {
  const found = await withDeadlockRetry(() =>
    runtime.db.sql.begin(async (sql) => {
      // by itself, and first: it waits for a scheduler that holds the row, whose new call the next statement then sees
      if (!(await closeSchedule(sql, tenantId, scheduleId))) return false;
      await cancelChains(sql, await lockRuns(sql, tenantId, scheduleId));
      return true;
    }),
  );
  if (!found) throw new AppError('not_found', 'Schedule not found');
  failpoint('call_cancelled');
  await noteChange(runtime, tenantId, 'calls');
}

/**
 * Makes calls of the runs whose moment has come or comes within a minute; of runs that were missed only the latest, and
 * none when the next comes within that minute, which makes up for them. Any number of schedulers may do so at once: each run becomes one call. Answers how many did. `now`: the database's, unless given.
 */
export async function fireDueSchedules(runtime: Runtime, given?: Date): Promise<number> {
  const { db, log, metrics } = runtime;
  const now = given ?? (await readClock(db.sql));
  const until = new Date(now.getTime() + LEAD_MS);
  let fired = 0;
  for (;;) {
    const { runs, made } = await db.sql.begin(async (sql) => {
      const due = await holdDueSchedules(sql, until, BATCH);
      const runs = due.map(({ id, nextRunAt, ...rule }): Run => ({ scheduleId: id, ...takeRun(rule, nextRunAt, until) }));
      return { runs, made: new Map(runs.length > 0 ? await insertRuns(sql, runs, now) : []) };
    });
    if (runs.length === 0) return fired;
    failpoint('schedule_fired');
    noteCallsChanged(runtime, made.values());
    for (const { scheduleId, at } of runs) {
      if (made.has(scheduleId)) metrics.recurring.inc({ late: String(at < now) });
      else log.warn({ scheduleId, at }, 'this run of a schedule is a call already');
    }
    fired += made.size;
  }
}

/** How many runs of a tenant's schedules, no calls yet, come within 24 hours and within seven days; beyond 10,000 different rules not all. */
export async function countComingRuns(runtime: Runtime, tenantId: number, now: Date): Promise<{ next24Hours: number; nextWeek: number }> {
  const [dayEnds, weekEnds] = [new Date(now.getTime() + DAY_MS), new Date(now.getTime() + 7 * DAY_MS)];
  const count = { next24Hours: 0, nextWeek: 0 };
  for (const { nextRunAt, schedules, ...rule } of await listComing(runtime.db.sql, tenantId, weekEnds, MOST_RULES)) {
    for (let at: Date | undefined = nextRunAt; at && at < weekEnds; at = nextRun(rule, at > now ? at : now)) {
      if (at <= now) continue;
      count.nextWeek += schedules;
      if (at < dayEnds) count.next24Hours += schedules;
    }
  }
  return count;
}

/** The rule that a request asks for. @throws AppError naming the field that is wrong */
function ruleOf({ pattern, time, startDate, endDate }: ScheduleRequest, timezone: string, now: Date): Recurrence {
  if (!isZone(timezone)) throw badField('timezone', 'must be an IANA name such as Asia/Kolkata');
  if (!CLOCK.test(time)) throw badField('time', 'must be HH:MM, from 00:00 to 23:59');
  const [start, end] = [dateOf('startDate', startDate) ?? localDate(timezone, now), dateOf('endDate', endDate)];
  if (startDate !== undefined && end !== undefined && start > end) throw badField('startDate', 'must not be after endDate');
  return { pattern, time, timezone, startDate: start, endDate: end ?? null };
}

function dateOf(field: string, text: string | undefined): string | undefined {
  if (text === undefined || (DATE.test(text) && parseInstant(text))) return text;
  throw badField(field, 'must be a date from 1970 to 9999 such as 2025-11-01');
}
