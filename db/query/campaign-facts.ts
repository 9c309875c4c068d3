import type { PendingQuery, Row } from 'postgres';
import type { Sql } from '../client.ts';
import { isFree, isStaff } from './free-people.ts';
import type { HoursColumns } from './hours-rule.ts';

/** What a campaign's past, its talkers and its account say about its future. */
export interface CampaignOutlook extends Omit<HoursColumns, 'zone'> {
  /** of the last 30 days, of this campaign */
  dials: number;
  answered: number;
  abandoned: number;
  completed: number;
  talkSeconds: number;
  /** what its agent's ended calls cost in the last 30 days, and how many they were */
  agentCost: number;
  agentCalls: number;
  minutePrice: number;
  balance: number;
  autoRefill: boolean;
  /** people of the campaign who are signed in, and of these available */
  signedIn: number;
  free: number;
  agentActive: boolean;
  agentMaxCalls: number | null;
  tenantActive: boolean;
  tenantMaxCalls: number | null;
  inLine: number;
  /** its calls in flight */
  live: number;
  /** its calls that are due, or in the queue */
  due: number;
  /** its calls that wait for a later moment */
  later: number;
  /** when the first contact that still waits may be dialed; null: none waits */
  nextContactAt: Date | null;
  now: Date;
}

/** Undefined when the tenant has no such campaign. */
export async function readOutlook(sql: Sql, tenantId: number, campaignId: number): Promise<CampaignOutlook | undefined> {
  const [row] = await sql<CampaignOutlook[]>`
    select past.*, spent.*, staff.*, line.*, c.calling_hours as "campaignHours", t.calling_hours as "tenantHours", t.holidays::text[] as holidays,
           coalesce(c.timezone, t.timezone) as "fallbackZone", t.is_active as "tenantActive", t.max_calls as "tenantMaxCalls",
           coalesce(a.is_active and a.deleted_at is null, false) as "agentActive", a.max_concurrency as "agentMaxCalls",
           coalesce(credit.balance, 0)::float8 as balance, coalesce(credit.auto_refill, false) as "autoRefill",
           (select coalesce(sum(r.price), 0)::float8 from (
              select distinct on (component) unit, price from rates where tenant_id in (0, c.tenant_id) order by component, tenant_id desc) r
             where r.unit in ('started_minute', 'minute')) as "minutePrice", now() as now
      from campaigns c
      join tenants t on t.id = c.tenant_id
      left join agents a on a.id = c.agent_id
      left join credit_accounts credit on credit.tenant_id = c.tenant_id
      cross join lateral (
        select coalesce(sum(dials), 0) as dials, coalesce(sum(answered), 0) as answered, coalesce(sum(abandoned), 0) as abandoned,
               coalesce(sum(completed), 0) as completed, coalesce(sum(talk_seconds), 0)::float8 as "talkSeconds"
          from campaign_days d where d.campaign_id = c.id and d.day > current_date - 30
      ) past
      cross join lateral (
        select coalesce(sum(cost), 0)::float8 as "agentCost", coalesce(sum(calls), 0) as "agentCalls"
          from agent_days d where d.tenant_id = c.tenant_id and d.agent_id = c.agent_id and d.day > current_date - 30 and d.status <> 'cancelled'
      ) spent
      cross join lateral (
        select count(*) filter (where p.state <> 'offline') as "signedIn", count(*) filter (where ${isFree(sql, sql`p`)}) as free
          from campaign_agents m join agents p on p.id = m.agent_id
         where m.campaign_id = c.id and ${isStaff(sql, sql`p`)}
      ) staff
      cross join lateral (
        select (select count(*) from contacts k where k.campaign_id = c.id and k.dial_state = 'in_line' and k.deleted_at is null) as "inLine",
               (select count(*) from capacity_leases l where l.campaign_id = c.id and l.expires_at > now()) as live,
               (select count(*) from calls q where q.campaign_id = c.id and q.status in ('scheduled', 'queued') and q.due_at <= now()) as due,
               (select count(*) from calls q where q.campaign_id = c.id and q.status in ('scheduled', 'queued') and q.due_at > now()) as later,
               (select min(first.next_attempt_at) from (values (1), (2), (3)) p(priority), lateral (
                  select next_attempt_at from contacts k
                   where k.campaign_id = c.id and k.priority = p.priority and k.dial_state = 'waiting' order by next_attempt_at limit 1) first
               ) as "nextContactAt"
      ) line
     where c.tenant_id = ${tenantId} and c.id = ${campaignId} and c.deleted_at is null`;
  return row;
}

/** A waiting contact of a sample. */
export interface SampledContact {
  phone: string;
  timezone: string | null;
  status: string;
  suppressed: boolean;
  /** another active campaign of the tenant has not done with the number either */
  duplicate: boolean;
}

/** A number from 0 to 1, always the same for the same: by it an even sample is drawn. Counting would meet but one region of a file that deals them out. */
function drawn(sql: Sql, from: ReturnType<Sql>) {
  return sql`(hashint8(${from}) / 4294967296::float8 + 0.5)`;
}

/** How many contacts of a campaign wait, and an even sample of about so many of them; all when they are no more than `most`. */
export async function sampleWaiting(
  sql: Sql,
  tenantId: number,
  campaignId: number,
  most: number,
): Promise<{ waiting: number; sample: SampledContact[] }> {
  const [count] = await sql<Array<{ waiting: number }>>`
    select count(*) as waiting from contacts k where k.campaign_id = ${campaignId} and k.dial_state = 'waiting'`;
  const waiting = count?.waiting ?? 0;
  const sample = await sql<SampledContact[]>`
    select k.phone, k.timezone, k.status,
           exists (select from suppressions x where x.phone = k.phone and x.released_at is null and coalesce(x.tenant_id, 0) in (${tenantId}, 0)) as suppressed,
           exists (select from (
                      -- apart from the rest, so that they are looked up by their number, also before the table was analyzed
                      select * from contacts where tenant_id = ${tenantId} and phone = k.phone offset 0
                    ) o join campaigns other on other.id = o.campaign_id
                    where o.campaign_id <> ${campaignId} and o.deleted_at is null
                      and o.dial_state in ('waiting', 'in_line') and other.status = 'active' and other.deleted_at is null) as duplicate
      from contacts k
     where k.tenant_id = ${tenantId} and k.campaign_id = ${campaignId} and k.dial_state = 'waiting' and k.deleted_at is null
       and ${drawn(sql, sql`k.id`)} < ${waiting > most ? most / waiting : 1}::float8`;
  return { waiting, sample: [...sample] };
}

/** From more contacts than this on, looking some up by their ids is quicker than reading all. */
const MANY = 20_000;
/** Ids looked up at most. */
const MOST_IDS = 20_000;

/** Whose dialing is not over: how many, and of how many the zones are wanted. */
export interface ZonesWanted {
  left: number;
  most: number;
}

type Zoned = Pick<SampledContact, 'phone' | 'timezone'>;

/** Numbers and zones of an even sample of about so many of those whose dialing is not over; all when they are no more than `most`. */
export async function sampleZones(sql: Sql, tenantId: number, campaignId: number, { left, most }: ZonesWanted): Promise<Zoned[]> {
  const own = sql`k.tenant_id = ${tenantId} and k.campaign_id = ${campaignId} and k.deleted_at is null`;
  if (left > MANY) {
    const found = await zonesById(sql, own, { left, most });
    // too thin between the ids of others, all are read
    if (found.length * 10 >= most) return found;
  }
  const some = sql`${drawn(sql, sql`k.id`)} < ${left > most ? most / left : 1}::float8`;
  return sql<Zoned[]>`
    select phone, timezone from contacts k where ${own} and dial_state = 'waiting' and ${some}
    union all
    select phone, timezone from contacts k where ${own} and dial_state = 'in_line' and ${some}`;
}

/** The same from ids at even distances, from the campaign's first contact to its last, each moved a little; what is somebody else's, or done, is no hit. */
async function zonesById(sql: Sql, own: PendingQuery<Row[]>, { left, most }: ZonesWanted): Promise<Zoned[]> {
  return sql<Zoned[]>`
    with ends as materialized (
      select first.id, last.id - first.id + 1 as ids, least(${MOST_IDS}, ceil((last.id - first.id + 1) * ${most / left}::float8))::int as looks
        from (select id from contacts k where ${own} order by created_at, id limit 1) first,
             (select id from contacts k where ${own} order by created_at desc nulls first, id desc nulls first limit 1) last
    )
    select k.phone, k.timezone
      from ends cross join lateral generate_series(0, ends.looks - 1) n
     cross join lateral (
        -- apart from the rest, so that each is looked up by its id, whatever is believed to be more selective
        select * from contacts where id = ends.id + floor((n + ${drawn(sql, sql`n`)}) * ends.ids / ends.looks)::bigint offset 0
      ) k
     where ${own} and k.dial_state in ('waiting', 'in_line')`;
}
