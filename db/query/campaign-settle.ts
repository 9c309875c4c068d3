import type { Sql } from '../client.ts';
import { recount } from './campaign-counters.ts';

/** A contact that came to know something of its calls. */
export interface SettledContact {
  contactId: number;
  tenantId: number;
  campaignId: number | null;
  /** its dialing came to an end just now */
  isOver: boolean;
  /** the dialer's word for it has changed */
  isChanged: boolean;
}

/**
 * Tells contacts what became of their calls: how often they were dialed, when somebody was reached, and, when the chain of
 * their campaign is over, how it ended; their campaign's counters move in the same statement. Each ended call is looked at until
 * nothing of it is open, and then never again, so the cost is that of the calls which ended, however many contacts there are.
 * Answers also how many calls are done with. The transaction holds `lockSettling`.
 */
export async function settleContacts(sql: Sql, limit: number): Promise<{ calls: number; settled: SettledContact[] }> {
  const callIds = await takeEnded(sql, limit);
  if (callIds.length === 0) return { calls: 0, settled: [] };
  const [row] = await sql<Array<{ calls: number; settled: SettledContact[] }>>`
    with ended as materialized (
      select id, contact_id, retry_open from calls where id = any(${callIds}::bigint[])
    ), old as materialized (
      select k.* from contacts k where k.id in (select contact_id from ended)
    ), found as materialized (
      select old.id, dialed.attempts, dialed.reached_at, old.dial_state in ('in_line', 'done') and last.is_over as is_over, last.result
        from old
        cross join lateral (
          select count(*) filter (where c.claimed_at is not null and coalesce(c.verdict->>'answer', 'dial') = 'dial') as attempts,
                 max(coalesce(c.answered_at, c.claimed_at, c.ended_at))
                   filter (where c.status = 'completed' or (c.answered_at is not null and c.status <> 'voicemail')) as reached_at
            from calls c where c.contact_id = old.id and c.ended_at is not null
        ) dialed
        left join lateral (
          select c.ended_at is not null and not c.retry_open as is_over,
                 case when c.status = 'failed' and c.verdict->>'answer' = 'drop' then c.verdict->>'why'
                      when c.status = 'cancelled' then coalesce((
                        select p.status from calls p
                         where (p.id = old.root_call_id or p.original_call_id = old.root_call_id) and p.claimed_at is not null and p.status <> 'cancelled'
                         order by p.retry_attempt desc limit 1), 'cancelled')
                      else c.status end as result
            from calls c where c.id = old.root_call_id or c.original_call_id = old.root_call_id order by c.retry_attempt desc limit 1
        ) last on true
    ), moved as (
      update contacts k
         set attempts = greatest(k.attempts, found.attempts), last_contacted_at = greatest(k.last_contacted_at, found.reached_at),
             status = case when k.status = 'new' and found.reached_at is not null then 'contacted' else k.status end,
             dial_state = case when found.is_over then 'done' else k.dial_state end,
             result = case when found.is_over then found.result else k.result end, updated_at = now()
        from found, old
       where k.id = found.id and old.id = k.id
         and (k.attempts < found.attempts or (found.is_over and (k.dial_state, k.result) is distinct from ('done', found.result))
              or (found.reached_at is not null and (k.last_contacted_at is null or k.last_contacted_at < found.reached_at)))
      returning k.*, found.is_over and old.dial_state <> 'done' as ends_now, k.status <> old.status as is_changed
    ), settled as (
      update calls set contact_settled = true where id in (
        -- who holds a chain waits for its contact, which is ours: the next pass finds this call again
        select c.id from calls c join ended using (id) where not ended.retry_open for update of c skip locked)
      returning id
    ), counted as (${recount(sql)})
    select (select count(*) from settled) as calls,
           coalesce((select json_agg(json_build_object('contactId', id, 'tenantId', tenant_id, 'campaignId', campaign_id,
                                                       'isOver', coalesce(ends_now, false), 'isChanged', is_changed)) from moved), '[]') as settled`;
  return row ?? { calls: 0, settled: [] };
}

/**
 * Calls that have ended, first those that nothing of is open, and their contacts locked: who adds a dial to their chain has done so
 * before the chain is read, or waits and finds what came of it. A contact that somebody else holds has its turn later.
 */
async function takeEnded(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    with ended as materialized (
      select id, contact_id from calls
       where contact_id is not null and ended_at is not null and not contact_settled order by retry_open, id limit ${limit}
    )
    select ended.id from ended join contacts k on k.id = ended.contact_id order by k.id for no key update of k skip locked`;
  return rows.map((row) => row.id);
}

const SETTLING = 7_310_201;

/** One at a time: what a contact knows is counted from its calls, and the later count must not be overwritten by an earlier. */
export async function lockSettling(sql: Sql): Promise<boolean> {
  const [row] = await sql<Array<{ held: boolean }>>`select pg_try_advisory_xact_lock(${SETTLING}) as held`;
  return row?.held ?? false;
}
