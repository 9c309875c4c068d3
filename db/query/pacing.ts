import { LIVE } from '../../core/call.ts';
import type { RecentDial, Tally } from '../../core/pacing.ts';
import type { Sql } from '../client.ts';
import { isForAnybody, isStaff, isUntaken, sharingOf } from './free-people.ts';

/** Campaigns whose lines are paced: those that run, predict, and have people to talk. */
export async function findPaced(sql: Sql): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select c.id from campaigns c join agents own on own.id = c.agent_id and own.kind = 'human'
     where c.status = 'active' and c.deleted_at is null and c.dialing_mode = 'predictive' order by c.id`;
  return rows.map((row) => row.id);
}

/** Takes back the word on campaigns that are not paced any more, so that they go on with one line for each free person. */
export async function forgetOverdial(sql: Sql): Promise<void> {
  await sql`
    update campaigns set overdial = 0 where id in (
      select id from campaigns where overdial <> 0 and (status <> 'active' or deleted_at is not null or dialing_mode <> 'predictive')
       order by id for no key update)`;
}

/** False when somebody else is at this campaign; else it is ours until the transaction ends. */
export async function takeForPacing(sql: Sql, campaignId: number): Promise<boolean> {
  const [row] = await sql<Array<{ held: boolean }>>`
    select pg_try_advisory_xact_lock(hashtextextended('pacing ' || ${campaignId}::text, 0)) as held`;
  return row?.held ?? false;
}

/** A campaign as its pacer sees it. Moments are milliseconds since 1970 by the database's clock. */
export interface PacedCampaign {
  tenantId: number;
  nowMs: number;
  /** UTC */
  day: string;
  dialRatio: number;
  wrapUpMs: number;
  overdial: number;
  pacing: Record<string, unknown> | null;
  free: number;
  people: number;
  talkingSinceMs: number[];
  wrapUpUntilMs: number[];
  ringingSinceMs: number[];
  waiting: number;
  machines: number;
  today: Tally;
  month: Tally;
}

const DAYS = 30;

/**
 * People and lines as the gate counts them (`readFreePeople`): people of its campaign, lines of all campaigns that share somebody
 * with it. Who will not come back after their talk does not count as talking. Answers are those of a person, whether the call
 * is over and in `campaign_days`, or still goes on. Undefined when the campaign is not there.
 */
export async function readPaced(sql: Sql, campaignId: number): Promise<PacedCampaign | undefined> {
  const [row] = await sql<
    Array<Omit<PacedCampaign, 'today' | 'month'> & Record<'answered' | 'abandoned' | 'monthAnswered' | 'monthAbandoned', number>>
  >`
    with people as materialized (
      select a.state, a.next_state, a.state_since, a.wrap_up_until from campaign_agents m join agents a on a.id = m.agent_id
       where m.campaign_id = ${campaignId} and ${isStaff(sql, sql`a`)} and a.state in ('available', 'on_call', 'wrap_up')
    ), lines as materialized (
      select c.campaign_id, c.claimed_at, c.answered_at, c.bridged_at, c.abandoned_at, coalesce(c.answered_by, 'human') in ('machine', 'fax') as machine,
             ${isUntaken(sql, sql`c`)} and ${isForAnybody(sql, sql`c`)} as unbridged
        from capacity_leases l join calls c on c.id = l.call_id
       where l.expires_at > now() and c.status = any(${LIVE as string[]}::text[])
         and l.campaign_id = any(${sharingOf(sql, sql`${campaignId}::bigint`)})
    ), unbridged as materialized (
      select claimed_at, answered_at, machine from lines where unbridged
    ), live as materialized (
      select count(*) as answered, count(*) filter (where abandoned_at is not null) as abandoned
        from lines where campaign_id = ${campaignId} and (bridged_at is not null or abandoned_at is not null)
    ), days as materialized (
      select coalesce(sum(answered - answered_elsewhere) filter (where day = (now() at time zone 'UTC')::date), 0) as answered,
             coalesce(sum(abandoned) filter (where day = (now() at time zone 'UTC')::date), 0) as abandoned,
             coalesce(sum(answered - answered_elsewhere), 0) as month_answered, coalesce(sum(abandoned), 0) as month_abandoned
        from campaign_days where campaign_id = ${campaignId} and day > (now() at time zone 'UTC')::date - ${DAYS}::int
    )
    select c.tenant_id as "tenantId", extract(epoch from now())::float8 * 1000 as "nowMs", to_char(now() at time zone 'UTC', 'YYYY-MM-DD') as day,
           c.dial_ratio as "dialRatio", c.call_delay_seconds * 1000 as "wrapUpMs", c.overdial, c.pacing,
           (select count(*) from people where state = 'available') as free,
           (select count(*) from people) as people,
           array(select extract(epoch from state_since)::float8 * 1000 from people
                  where state = 'on_call' and coalesce(next_state, 'available') = 'available') as "talkingSinceMs",
           array(select extract(epoch from wrap_up_until)::float8 * 1000 from people where state = 'wrap_up' and wrap_up_until is not null) as "wrapUpUntilMs",
           array(select extract(epoch from claimed_at)::float8 * 1000 from unbridged where answered_at is null and not machine) as "ringingSinceMs",
           (select count(*) from unbridged where answered_at is not null and not machine) as waiting,
           (select count(*) from unbridged where machine) as machines,
           (live.answered + days.answered)::int as answered, (live.abandoned + days.abandoned)::int as abandoned,
           (live.answered + days.month_answered)::int as "monthAnswered", (live.abandoned + days.month_abandoned)::int as "monthAbandoned"
      from campaigns c, live, days where c.id = ${campaignId}`;
  if (!row) return undefined;
  const { answered, abandoned, monthAnswered, monthAbandoned, ...campaign } = row;
  return { ...campaign, today: { answered, abandoned }, month: { answered: monthAnswered, abandoned: monthAbandoned } };
}

/** The last dials of a campaign, oldest first; what was dialed elsewhere has no claim. A line that a machine answered was over for us when it did. */
export async function readRecentDials(sql: Sql, tenantId: number, campaignId: number, limit: number): Promise<RecentDial[]> {
  const rows = await sql<Array<{ [key in keyof RecentDial]: RecentDial[key] | null } & { dialedAtMs: number }>>`
    select * from (
      select extract(epoch from c.claimed_at)::float8 * 1000 as "dialedAtMs",
             case when by_person then extract(epoch from c.answered_at)::float8 * 1000 end as "answeredAtMs",
             case when not by_person then extract(epoch from coalesce(c.answered_at, c.ended_at))::float8 * 1000 end as "lapsedAtMs",
             extract(epoch from c.ended_at - c.bridged_at)::float8 * 1000 as "talkedMs"
        from calls c, lateral (select c.answered_at is not null and coalesce(c.answered_by, 'human') not in ('machine', 'fax') as by_person) answer
       where c.campaign_id = ${campaignId} and c.tenant_id = ${tenantId} and c.claimed_at is not null and c.claim_token is not null and c.status not in ('scheduled', 'queued')
       order by c.claimed_at desc limit ${limit}) dials
     order by "dialedAtMs"`;
  return rows.map(({ dialedAtMs, answeredAtMs, lapsedAtMs, talkedMs }) => ({
    dialedAtMs,
    answeredAtMs: answeredAtMs ?? undefined,
    lapsedAtMs: lapsedAtMs ?? undefined,
    talkedMs: talkedMs ?? undefined,
  }));
}

/** The pacer's word, and what it remembers. */
export async function storePace(
  sql: Sql,
  campaign: { tenantId: number; campaignId: number },
  overdial: number,
  pacing: Record<string, unknown>,
): Promise<void> {
  await sql`
    update campaigns set overdial = ${overdial}, pacing = ${JSON.stringify(pacing)}::text::jsonb
     where id = ${campaign.campaignId} and tenant_id = ${campaign.tenantId} and status = 'active' and dialing_mode = 'predictive'`;
}
