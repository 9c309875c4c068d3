import type { Sql } from '../client.ts';

type Fragment = ReturnType<Sql>;

/**
 * What one contact `c` counts in its campaign: `total`, `completed` (its dialing is over) and `successful` (it ended in a
 * completed call). A deleted one counts nothing, so a deletion takes away what the contact counted before it.
 */
export function countsOf(sql: Sql, contact: Fragment): Fragment {
  return sql`(${contact}.deleted_at is null)::int as total,
    (${contact}.deleted_at is null and ${contact}.dial_state = 'done')::int as completed,
    (${contact}.deleted_at is null and ${contact}.dial_state = 'done' and ${contact}.result = 'completed')::int as successful`;
}

/**
 * Moves the counters of campaigns, as an `update … returning` for the `with` of the statement that changes their contacts:
 * then counters and rows agree at any moment. `changes` selects `campaign_id`, `total`, `completed`, `successful`, each
 * row what is added (or, below nought, taken away); rows without a campaign are passed over. For a new contact:
 *
 *     with added as (insert into contacts … returning *),
 *          counted as (${moveCounters(sql, sql`select campaign_id, ${countsOf(sql, sql`added`)} from added`)})
 *     select … from added
 *
 * A campaign that had come to its end by itself goes on when contacts are added that may be dialed; one that a person
 * completed, or whose end date has come, does not. Locks contacts before campaigns, and campaigns by their ids, as
 * everybody must.
 */
export function moveCounters(sql: Sql, changes: Fragment): Fragment {
  return sql`
    update campaigns set total_contacts = campaigns.total_contacts + moved.total,
           completed_contacts = campaigns.completed_contacts + moved.completed,
           successful_contacts = campaigns.successful_contacts + moved.successful,
           status = case when moved.goes_on and campaigns.completed_because = 'done' then 'active' else campaigns.status end,
           completed_at = case when moved.goes_on and campaigns.completed_because = 'done' then null else campaigns.completed_at end,
           completed_because = case when moved.goes_on and campaigns.completed_because = 'done' then null else campaigns.completed_because end,
           updated_at = now()
      from (
        select sums.* from campaigns locked join (
          select campaign_id, sum(total) as total, sum(completed) as completed, sum(successful) as successful, sum(total - completed) > 0 as goes_on
            from (${changes}) changes where campaign_id is not null group by campaign_id
        ) sums on sums.campaign_id = locked.id
         where (sums.total, sums.completed, sums.successful) <> (0, 0, 0) order by locked.id for no key update of locked
      ) moved
     where campaigns.id = moved.campaign_id
    returning campaigns.id, campaigns.status`;
}

/** The same for a statement that changes contacts: its CTEs `old` and `moved` hold their whole rows as they were and as they are. */
export function recount(sql: Sql): Fragment {
  return moveCounters(
    sql,
    sql`select campaign_id, ${countsOf(sql, sql`moved`)} from moved
        union all
        select old.campaign_id, -was.total, -was.completed, -was.successful
          from old join moved using (id), lateral (select ${countsOf(sql, sql`old`)}) was`,
  );
}
