import { allowedFrom, type CallEventType, type CallStatus, leadsTo, LIVE, OUTCOMES, TERMINAL } from '../../core/call.ts';
import type { Sql } from '../client.ts';
import type { Fragment, IdRange, Invariant } from './verify.ts';

const BEGINNINGS: readonly CallStatus[] = ['unscheduled', 'scheduled', 'queued'];
/** What was kept of calls that were made elsewhere begins with their end. */
const ELSEWHERE: readonly CallStatus[] = ['unscheduled'];

type Step = readonly [type: string, from: CallStatus, to: CallStatus];

/** Every step that the state machine allows (core/call.ts). */
const STEPS: readonly Step[] = [
  ...stepsOf('end', [...LIVE, ...ELSEWHERE], OUTCOMES),
  ...(['arrive', 'release', 'enqueue', 'wait', 'claim', 'refuse', 'revive', 'lose', 'ring', 'answer', 'fail', 'cancel'] as const).flatMap(
    (type) => stepsOf(type, allowedFrom(type), [leadsTo({ type })]),
  ),
];

function stepsOf(type: CallEventType, froms: readonly CallStatus[], tos: readonly CallStatus[]): Step[] {
  return froms.flatMap((from) => tos.map((to): Step => [type, from, to]));
}

/** A list of numbers to suppress is written in one transaction, which bears the moment of its start. */
const SUPPRESSION_SECONDS = 30;
/** The clocks of database and carrier. */
const BRIDGE_SLACK_MS = 50;

function within(sql: Sql, column: Fragment, { from, to }: IdRange): Fragment {
  return sql`${column} >= ${from} and ${column} < ${to}`;
}

/** The steps of the calls of a range that led somewhere, each with the one before it. */
function stepsTaken(sql: Sql, calls: IdRange): Fragment {
  return sql`
    select call_id, type, from_status, to_status, lag(to_status) over w as before, lead(id) over w is null as is_last
      from call_events where from_status <> to_status and ${within(sql, sql`call_id`, calls)} window w as (partition by call_id order by id)`;
}

export const CALL_INVARIANTS: readonly Invariant[] = [
  {
    rule: 'I11',
    promise: 6,
    says: 'every step of a call is one that may follow, and nothing moves a call that has ended',
    byCalls: true,
    breaches: (sql, calls) => sql`
      select 'call_' || s.call_id, s.type || ' led from ' || s.from_status || ' to ' || s.to_status from (${stepsTaken(sql, calls)}) s
       where not exists (
         select from unnest(${STEPS.map(([type]) => type)}::text[], ${STEPS.map(([, from]) => from)}::text[], ${STEPS.map(([, , to]) => to)}::text[])
           as may(type, from_status, to_status)
          where (may.type, may.from_status, may.to_status) = (s.type, s.from_status, s.to_status))`,
  },
  {
    rule: 'I13',
    promise: 6,
    says: 'the events of a call lead to its status without a gap, and an end has its moment',
    byCalls: true,
    breaches: (sql, calls) => sql`
      with steps as materialized (${stepsTaken(sql, calls)})
      select 'call_' || call_id, type || ' led from ' || from_status || ', but it was ' || before from steps where before <> from_status
       union all
      select 'call_' || c.id, 'its events lead to ' || coalesce(s.to_status, 'nothing') || ', the row says ' || c.status
        from calls c left join steps s on s.call_id = c.id and s.is_last
       where ${within(sql, sql`c.id`, calls)}
         and case when s.call_id is null then c.status <> all(${BEGINNINGS as string[]}) else s.to_status <> c.status end
       union all
      select 'call_' || id, status || ' with' || case when ended_at is null then 'out' else '' end || ' a moment of its end' from calls c
       where ${within(sql, sql`c.id`, calls)} and (ended_at is not null) <> (status = any(${TERMINAL as string[]}))`,
  },
  {
    rule: 'I10',
    promise: 2,
    says: 'attempts are numbered without a gap, and each began after the one before had ended without success',
    byCalls: true,
    breaches: (sql, calls) => sql`
      select 'call_' || original_call_id, 'has ' || count(*) || ' retries, numbered ' || min(retry_attempt) || ' to ' || max(retry_attempt)
        from calls where original_call_id is not null and ${within(sql, sql`original_call_id`, calls)}
       group by original_call_id having min(retry_attempt) <> 1 or max(retry_attempt) <> count(*)
       union all
      select 'call_' || r.id, 'is attempt ' || r.retry_attempt || ' while the one before is ' || b.status
        from calls r cross join lateral (
          select status, ended_at from calls where r.retry_attempt = 1 and id = r.original_call_id
           union all
          select status, ended_at from calls where original_call_id = r.original_call_id and retry_attempt = r.retry_attempt - 1) b
       where r.original_call_id is not null and ${within(sql, sql`r.original_call_id`, calls)} and (b.ended_at is null or b.status = 'completed')`,
  },
  {
    rule: 'I5',
    promise: 3,
    says: 'nobody was dialed whose number must not be called',
    byCalls: true,
    breaches: (sql, calls) => sql`
      select 'call_' || c.id, 'was claimed at ' || e.at || ', suppressed at ' || s.created_at
        from calls c
        join suppressions s on s.phone = c.to_number and coalesce(s.tenant_id, c.tenant_id) = c.tenant_id
        join call_events e on e.call_id = c.id and e.type = 'claim'
         and e.at > s.created_at + ${SUPPRESSION_SECONDS} * interval '1 second' and e.at < coalesce(s.released_at, 'infinity')
       where ${within(sql, sql`c.id`, calls)}`,
  },
  {
    rule: 'C6',
    promise: 3,
    says: 'who answered for people was put through in time, or counts as abandoned',
    byCalls: true,
    breaches: (sql, calls) => sql`
      select 'call_' || id, case when abandoned_at is not null or status = 'abandoned' then 'was put through and given up'
               else 'was put through ' || round(extract(epoch from bridged_at - connect_by) * 1000) || ' ms too late' end
        from calls c where ${within(sql, sql`c.id`, calls)} and bridged_at is not null
         and (abandoned_at is not null or status = 'abandoned' or bridged_at > connect_by + ${BRIDGE_SLACK_MS} * interval '1 millisecond')`,
  },
  {
    rule: 'I15',
    promise: 6,
    says: 'a call costs what its charges say, and who was not reached costs nothing',
    byCalls: true,
    breaches: (sql, calls) => sql`
      select 'call_' || c.id, case when m.charged = coalesce(c.cost, 0) then 'is ' || c.status || ' and charged'
                                   else 'cost ' || coalesce(c.cost, 0) || ', charged ' || m.charged end
        from calls c cross join lateral (
          select coalesce(-sum(amount), 0) as charged from ledger_entries l where l.call_id = c.id and l.kind = 'charge') m
       where ${within(sql, sql`c.id`, calls)} and (m.charged <> coalesce(c.cost, 0) or (m.charged > 0 and c.status in ('busy', 'no_answer', 'cancelled')))`,
  },
  {
    rule: 'I3',
    promise: 2,
    says: 'a number is rung once at a time',
    byCalls: false,
    breaches: (sql) => sql`
      select 'call_' || min(l.call_id), 'is in flight to the number of ' || string_agg('call_' || l.call_id, ', ' order by l.call_id)
        from capacity_leases l join calls c on c.id = l.call_id
       where c.direction = 'outbound' and c.status = any(${LIVE as string[]}) group by l.to_number having count(*) > 1`,
  },
  {
    rule: 'I6',
    promise: 6,
    says: 'what has ended holds no place under a cap, and what is in flight is looked after',
    byCalls: false,
    breaches: (sql) => sql`
      select 'call_' || c.id, 'is ' || c.status || ' and holds its place' from capacity_leases l join calls c on c.id = l.call_id
       where l.expires_at > now() and c.ended_at is not null
       union all
      select 'call_' || id, 'is ' || status || ', and nobody asks the carrier about it' from calls
       where status in ('dialing', 'unknown', 'ringing', 'in_progress') and check_at is null`,
  },
];
