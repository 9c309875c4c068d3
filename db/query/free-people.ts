import type { Sql } from '../client.ts';

type Fragment = ReturnType<Sql>;

/** A person who works here, whatever they do just now. `person`: the alias of an `agents` row, as `call` below is of a `calls` row. */
export function isStaff(sql: Sql, person: Fragment): Fragment {
  return sql`${person}.kind = 'human' and ${person}.is_active and ${person}.deleted_at is null`;
}

/** A person who waits for a call. */
export function isFree(sql: Sql, person: Fragment): Fragment {
  return sql`${isStaff(sql, person)} and ${person}.state = 'available'`;
}

/** The same, whose phone can be rung now. */
export function isReachable(sql: Sql, person: Fragment): Fragment {
  return sql`${isFree(sql, person)} and ${person}.sip_password_encrypted is not null
    and exists (select from users u where u.id = ${person}.user_id and u.is_active)`;
}

/** How many people wait for a call of a campaign. */
export function countFree(sql: Sql, campaignId: Fragment): Fragment {
  return sql`(select count(*) from campaign_agents m join agents a on a.id = m.agent_id
               where m.campaign_id = ${campaignId} and ${isFree(sql, sql`a`)})`;
}

/** The campaigns that compete with one for its people, itself among them: those that people talk for and that share somebody with it. */
export function sharingOf(sql: Sql, campaignId: Fragment): Fragment {
  return sql`array(select ${campaignId} union
    select other.campaign_id from campaign_agents mine join campaign_agents other on other.agent_id = mine.agent_id
      join campaigns rival on rival.id = other.campaign_id join agents own on own.id = rival.agent_id and own.kind = 'human'
     where mine.campaign_id = ${campaignId})`;
}

/** Nobody has taken a call, and it was not given up. */
export function isUntaken(sql: Sql, call: Fragment): Fragment {
  return sql`${call}.bridged_at is null and ${call}.abandoned_at is null`;
}

/** No person waits for just this call, as in preview they do; its retry, which nobody asked for, is a call like any other. */
export function isForAnybody(sql: Sql, call: Fragment): Fragment {
  return sql`not exists (select from agents person where person.current_call_id = ${call}.id)`;
}

/** How many calls of these campaigns (an array) are in flight towards whoever is free. */
export function countUnbridged(sql: Sql, campaignIds: Fragment): Fragment {
  return sql`(select count(*) from capacity_leases l join calls line on line.id = l.call_id
               where l.campaign_id = any(${campaignIds}) and l.expires_at > now() and ${isUntaken(sql, sql`line`)} and ${isForAnybody(sql, sql`line`)})`;
}

/** How many are in the queue, and take those places next. */
export function countQueued(sql: Sql, campaignIds: Fragment): Fragment {
  return sql`(select count(*) from calls q where q.status = 'queued' and q.campaign_id = any(${campaignIds}) and ${isForAnybody(sql, sql`q`)})`;
}

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
 * whichever comes first. `withQueued` counts the calls in the queue too, which take those places next.
 */
export async function readFreePeople(sql: Sql, callIds: readonly number[], withQueued: boolean): Promise<Map<number, FreePeople>> {
  const rows = await sql<Array<FreePeople & { campaignId: number }>>`
    with asked as materialized (
      select distinct campaign_id from calls where id = any(${callIds as number[]}::bigint[]) and campaign_id is not null
    ), staffed as materialized (
      select campaign.id, campaign.overdial from asked join campaigns campaign on campaign.id = asked.campaign_id
        join agents own on own.id = campaign.agent_id and own.kind = 'human'
    )
    select s.id as "campaignId", s.overdial, ${countFree(sql, sql`s.id`)} as free, sharing.ids as sharing,
           ${countUnbridged(sql, sql`sharing.ids`)} + case when ${withQueued} then ${countQueued(sql, sql`sharing.ids`)} else 0 end as unbridged
      from staffed s, lateral (select ${sharingOf(sql, sql`s.id`)} as ids) sharing`;
  return new Map(rows.map(({ campaignId, ...people }) => [campaignId, people]));
}
