import type { Sql } from '../client.ts';

/** Whom a campaign's calls would be connected to, and who is ahead of them. */
export interface FreePeople {
  free: number;
  /** the pacer's word: so many lines more than people who are free */
  overdial: number;
  /** calls on their way to these people that nobody has taken yet, of this campaign and of those that share somebody with it */
  unbridged: number;
  /** these campaigns, itself among them */
  sharing: number[];
}

/**
 * Of the campaigns of these calls that people talk for. A person who is free is free for one call of one of their campaigns,
 * whichever comes first. `withQueued` counts the calls in the queue too, which take those places next. A call that a
 * person waits for (preview) counts on neither side; its retry, which nobody asked for, is a call like any other.
 */
export async function readFreePeople(sql: Sql, callIds: readonly number[], withQueued: boolean): Promise<Map<number, FreePeople>> {
  const rows = await sql<Array<FreePeople & { campaignId: number }>>`
    with asked as materialized (
      select distinct campaign_id from calls where id = any(${callIds as number[]}::bigint[]) and campaign_id is not null
    ), staffed as materialized (
      select campaign.id, campaign.overdial from asked join campaigns campaign on campaign.id = asked.campaign_id
        join agents own on own.id = campaign.agent_id and own.kind = 'human'
    )
    select s.id as "campaignId", s.overdial,
           (select count(*) from campaign_agents m join agents a on a.id = m.agent_id
             where m.campaign_id = s.id and a.kind = 'human' and a.state = 'available' and a.is_active and a.deleted_at is null) as free,
           sharing.ids as sharing,
           (select count(*) from capacity_leases l join calls c on c.id = l.call_id
             where l.campaign_id = any(sharing.ids) and l.expires_at > now() and c.bridged_at is null and c.abandoned_at is null
               and not exists (select from agents person where person.current_call_id = c.id))
           + (select count(*) from calls q
               where ${withQueued} and q.status = 'queued' and q.campaign_id = any(sharing.ids)
                 and not exists (select from agents person where person.current_call_id = q.id)) as unbridged
      from staffed s,
           lateral (select array(
             select s.id union
             select other.campaign_id from campaign_agents mine join campaign_agents other on other.agent_id = mine.agent_id
              where mine.campaign_id = s.id) as ids) sharing`;
  return new Map(rows.map(({ campaignId, ...people }) => [campaignId, people]));
}
