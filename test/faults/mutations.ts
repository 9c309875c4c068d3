/**
 * The guards of the engine, each with what the judge must say once it is gone. Where two walls stand behind each other on
 * purpose, both are taken out. `find` must stand in its file exactly once: else the list is out of date and says so.
 */
import type { Rule } from './judge/violation.ts';

export interface Cut {
  file: string;
  find: string;
  replace: string;
}

export interface Mutation {
  name: string;
  /** the promise of DESIGN §7 that the guard keeps */
  promise: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  cuts: Cut[];
  /** any of these proves that the judge noticed */
  expect: Rule[];
  /** it takes a fault to tell: more of them, and more seeds */
  needsFaults?: boolean;
}

const GATE = 'core/gate.ts';
const NEVER = 'if (Date.now() < 0';

export const MUTATIONS: readonly Mutation[] = [
  // 1: nothing is lost
  {
    name: 'lost-jobs',
    promise: 1,
    cuts: [{ file: 'service/repair.ts', find: 'if (waiting.length === 0) return 0;', replace: 'if (waiting.length >= 0) return 0;' }],
    expect: ['I1', 'I20'],
    needsFaults: true,
  },
  {
    name: 'watchdog',
    promise: 1,
    cuts: [{ file: 'service/watchdog.ts', find: 'WATCHDOG_SECONDS, BATCH)', replace: 'WATCHDOG_SECONDS, 0 * BATCH)' }],
    expect: ['I1', 'I20'],
  },
  {
    name: 'missed-schedules',
    promise: 1,
    cuts: [
      {
        file: 'core/time/recurrence.ts',
        find: 'const at = latest && latest > nextRunAt ? latest : nextRunAt;',
        replace: 'const at = latest && latest < nextRunAt ? latest : nextRunAt;',
      },
    ],
    expect: ['schedule'],
  },
  // 2: a row rings at most once
  {
    name: 'unknown-is-asked-back',
    promise: 2,
    cuts: [
      { file: 'service/dial.ts', find: "await takeStep(sql, 'lose', {", replace: "await takeStep(sql, 'refuse', {" },
      { file: 'db/query/call-life.ts', find: "status = any(${allowedFrom('revive') as string[]}::text[])", replace: 'false' },
    ],
    expect: ['I2', 'I3'],
    needsFaults: true,
  },
  {
    name: 'claim-once',
    promise: 2,
    cuts: [
      { file: 'db/query/verdicts.ts', find: "where c.id = asked.id and c.status = 'queued'", replace: 'where c.id = asked.id' },
      { file: 'db/query/gate-facts.ts', find: 'where c.status = any(${statuses}::text[])', replace: 'where ${statuses.length} > 0' },
      { file: GATE, find: 'if (facts.numberLive)', replace: `${NEVER} && facts.numberLive)` },
    ],
    expect: ['I2', 'I3', 'I11', 'I13'],
    needsFaults: true,
  },
  {
    name: 'one-ring-a-number',
    promise: 2,
    cuts: [{ file: GATE, find: 'if (facts.numberLive)', replace: `${NEVER} && facts.numberLive)` }],
    expect: ['I3'],
  },
  {
    name: 'retry-budget',
    promise: 2,
    cuts: [{ file: 'core/retry.ts', find: 'if (dials >= rule.maxAttempts)', replace: 'if (dials >= rule.maxAttempts + 2)' }],
    expect: ['I10'],
  },
  {
    name: 'retry-pause',
    promise: 2,
    cuts: [
      { file: 'core/retry.ts', find: 'new Date(endedAt.getTime() + delayMs)', replace: 'new Date(endedAt.getTime() + delayMs * 0 - 5000)' },
    ],
    expect: ['I10'],
  },
  {
    name: 'campaign-attempts',
    promise: 2,
    cuts: [
      {
        file: 'core/retry.ts',
        find: 'if (retryIntervalMinutes === undefined) return { ...rule, maxAttempts };',
        replace: 'if (retryIntervalMinutes === undefined) return rule;',
      },
    ],
    expect: ['I10'],
  },
  // 3: no ring that is not allowed
  {
    name: 'do-not-call',
    promise: 3,
    cuts: [{ file: GATE, find: 'if (facts.suppressed)', replace: `${NEVER} && facts.suppressed)` }],
    expect: ['I5'],
  },
  {
    name: 'calling-hours',
    promise: 3,
    cuts: [{ file: GATE, find: 'if (facts.hours) {', replace: `${NEVER} && facts.hours) {` }],
    expect: ['I4'],
  },
  {
    name: 'tenant-cap',
    promise: 3,
    cuts: [
      { file: GATE, find: 'if (isFull(facts.tenantCap))', replace: `${NEVER} && isFull(facts.tenantCap))` },
      {
        file: 'db/query/dispatch.ts',
        find: 'when coalesce(t.max_calls, ${limits.tenantMaxCalls}) <= busy.calls then 0',
        replace: 'when false then 0',
      },
    ],
    expect: ['I6'],
  },
  {
    name: 'pace',
    promise: 3,
    cuts: [{ file: 'service/claim.ts', find: '{ ...pace, stepMs }', replace: '{ ...pace, stepMs: stepMs * 0 }' }],
    expect: ['I6'],
  },
  {
    name: 'credit',
    promise: 3,
    cuts: [
      { file: GATE, find: 'return credit > 0 && credit >= needed;', replace: 'return credit > -1e9;' },
      { file: 'db/query/dispatch.ts', find: 'else ${BROKE_LOOK} end as look', replace: 'else ${limits.look} end as look' },
    ],
    expect: ['credit'],
  },
  {
    name: 'cancel',
    promise: 3,
    cuts: [
      {
        file: 'db/query/call-request.ts',
        find: "where c.id = old.id and old.status in ('unscheduled', 'scheduled', 'queued')",
        replace: 'where c.id = old.id',
      },
    ],
    expect: ['I7', 'I11'],
  },
  {
    name: 'campaign-pause',
    promise: 3,
    cuts: [
      {
        file: GATE,
        find: "return status === 'active' && isOpen",
        replace: "return (status === 'active' || status === 'paused') && isOpen",
      },
      {
        file: 'db/query/campaign-run.ts',
        find: "where c.id = ${campaignId} and c.status = 'active' and c.deleted_at is null`;",
        replace: "where c.id = ${campaignId} and c.status in ('active', 'paused') and c.deleted_at is null`;",
      },
      {
        file: 'db/query/campaign-run.ts',
        find: "where c.status = 'active' and c.deleted_at is null\n       and (c.ends_at",
        replace: "where c.status in ('active', 'paused') and c.deleted_at is null\n       and (c.ends_at",
      },
    ],
    expect: ['I7'],
  },
  {
    name: 'campaign-hours',
    promise: 3,
    cuts: [
      { file: GATE, find: 'if (facts.hours) {', replace: `${NEVER} && facts.hours) {` },
      { file: 'service/campaign-run.ts', find: 'else if (opens > now) sorted.later.push({ id, until: opens });', replace: '' },
    ],
    expect: ['I4'],
  },
  {
    name: 'people-places',
    promise: 3,
    cuts: [
      {
        file: GATE,
        find: 'if (facts.peopleCap && isFull(facts.peopleCap))',
        replace: `${NEVER} && facts.peopleCap && isFull(facts.peopleCap))`,
      },
      {
        file: 'core/feed.ts',
        find: 'people ? people.free + people.overdial - people.unbridged : isSpaced',
        replace: 'people ? STOCK : isSpaced',
      },
    ],
    expect: ['I6'],
  },
  {
    name: 'abandoned-counts',
    promise: 3,
    cuts: [{ file: 'service/ending.ts', find: "? 'abandoned' : 'completed';", replace: "? 'completed' : 'completed';" }],
    expect: ['C6'],
  },
  // 4: urgent first
  {
    name: 'priority',
    promise: 4,
    cuts: [
      {
        file: 'db/query/dispatch.ts',
        find: 'due_at + (p.priority - 1) * ${limits.ageingMs}',
        replace: 'due_at + 0 * (p.priority - 1) * ${limits.ageingMs}',
      },
      { file: 'service/queue-hints.ts', find: 'priority: hint.priority,', replace: 'priority: 2,' },
    ],
    expect: ['I8'],
  },
  // 5: imports
  {
    name: 'import-report',
    promise: 5,
    cuts: [{ file: 'service/import-run.ts', find: "report('error', verdict.error);", replace: '' }],
    expect: ['I14'],
  },
  {
    name: 'import-position',
    promise: 5,
    cuts: [{ file: 'service/import-run.ts', find: 'if (row <= record.position) return;', replace: '' }],
    expect: ['I14'],
    needsFaults: true,
  },
  // 6: counts add up
  {
    name: 'events',
    promise: 6,
    cuts: [
      {
        file: 'db/query/verdicts.ts',
        find: "select id, 'claim', 'queued', 'dialing' from moved",
        replace: "select id, 'claim', 'queued', 'dialing' from moved where false",
      },
    ],
    expect: ['I13'],
  },
  {
    name: 'end-once',
    promise: 6,
    cuts: [
      {
        file: 'db/query/call-end.ts',
        find: "c.status = any(${allowedFrom('end') as string[]}::text[])",
        replace: "${allowedFrom('end').length} > 0",
      },
      {
        file: 'db/query/call-end.ts',
        find: 'from priced p join moved on moved.id = p.call_id',
        replace: 'from priced p join moved on moved.id = p.call_id on conflict do nothing',
      },
    ],
    expect: ['I11', 'I15'],
  },
  {
    name: 'billing',
    promise: 6,
    cuts: [{ file: 'db/query/call-end.ts', find: 'used = a.used - sums.amount', replace: 'used = a.used' }],
    expect: ['I15'],
  },
  {
    name: 'endings-counted',
    promise: 6,
    cuts: [
      {
        file: 'db/query/roll-ups.ts',
        find: 'direction, counted_as as status, count(*) as calls, sum(duration) as duration_seconds',
        replace: 'direction, counted_as as status, 0 as calls, sum(duration) as duration_seconds',
      },
    ],
    expect: ['I15'],
  },
  {
    name: 'places-given-back',
    promise: 6,
    cuts: [
      {
        file: 'db/query/call-end.ts',
        find: 'delete from capacity_leases l using moved where l.call_id = moved.id',
        replace: 'delete from capacity_leases l using moved where l.call_id = -moved.id',
      },
    ],
    expect: ['I6', 'I1', 'I20'],
  },
  {
    name: 'contacts-counted',
    promise: 6,
    cuts: [{ file: 'db/query/campaign-settle.ts', find: 'counted as (${recount(sql)})', replace: 'counted as (select 1)' }],
    expect: ['I15'],
  },
  {
    name: 'people-released',
    promise: 6,
    cuts: [
      {
        file: 'db/query/people-release.ts',
        find: 'from moved join agents a on a.current_call_id = moved.id left join',
        replace: 'from moved join agents a on a.current_call_id = -moved.id left join',
      },
    ],
    expect: ['C5', 'I20'],
  },
  {
    name: 'person-once',
    promise: 6,
    cuts: [
      {
        file: 'db/query/bridge.ts',
        find: 'and ${isReachable(sql, sql`a`)}',
        replace: "and a.kind = 'human' and a.state in ('available', 'on_call') and a.sip_password_encrypted is not null",
      },
      {
        file: 'db/query/bridge.ts',
        find: 'order by a.state_since, a.id limit 1 for update of a skip locked',
        // who talks already comes first
        replace: 'order by a.state desc, a.id limit 1 for update of a skip locked',
      },
    ],
    expect: ['C4'],
  },
  {
    name: 'completed-once',
    promise: 6,
    cuts: [
      {
        file: 'service/campaign-run.ts',
        find: 'if (completed) await emit(sql, completedEvent(completed));',
        replace: 'if (completed) for (const end of [completed, completed]) await emit(sql, completedEvent(end));',
      },
    ],
    expect: ['C7'],
  },
  {
    name: 'ends-told',
    promise: 6,
    cuts: [{ file: 'db/query/call-end.ts', find: 'ended: sql`true` })}, freed', replace: 'ended: sql`false` })}, freed' }],
    expect: ['C7'],
  },
  // 7: nobody else's data
  {
    name: 'tenancy',
    promise: 7,
    cuts: [
      {
        file: 'db/query/call-list.ts',
        find: 'from calls where tenant_id = ${tenantId} and id = ${id}`',
        replace: 'from calls where ${tenantId} > 0 and id = ${id}`',
      },
    ],
    expect: ['I17'],
  },
  // 8: nonsense is refused
  {
    name: 'validation',
    promise: 8,
    cuts: [
      {
        file: 'service/calls.ts',
        find: 'if (timezone !== undefined && !isZone(timezone))',
        replace: `${NEVER} && timezone !== undefined && !isZone(timezone))`,
      },
    ],
    expect: ['input'],
  },
];

/** The text of a file without its guard. @throws Error when the guard is not there, or more than once */
export function cutOut(mutation: Pick<Mutation, 'name' | 'cuts'>, path: string, text: string): string {
  return mutation.cuts
    .filter(({ file }) => file === path)
    .reduce((cut, { find, replace }) => {
      const parts = cut.split(find);
      if (parts.length !== 2) throw new Error(`Mutation ${mutation.name}: ${parts.length - 1} times in ${path}: ${find}`);
      return parts.join(replace);
    }, text);
}
