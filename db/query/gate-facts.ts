import type { AgentStanding, CampaignFacts, GateFacts } from '../../core/gate.ts';
import type { Priority } from '../../core/priority.ts';
import type { Sql } from '../client.ts';
import { type HoursColumns, hoursColumns, type HoursRule, hoursRuleOf } from './hours-rule.ts';
import { firstMinutePrice } from './rates.ts';

/** A call that stands before the gate. */
export interface Candidate {
  callId: number;
  tenantId: number;
  campaignId: number | undefined;
  agentId: number;
  priority: Priority;
  /** how often the carrier refused it before */
  refusals: number;
  to: string;
  /** the tenant's own number for this call: the agent's, else its oldest active one; undefined: it has none */
  from: string | undefined;
  ringTimeoutSeconds: number | undefined;
  dueAt: Date;
  /** undefined: it may ring at its time */
  hours: HoursRule | undefined;
  balance: number;
  autoRefill: boolean;
  /** what its first minute costs */
  hold: number;
  facts: Pick<GateFacts, 'tenantActive' | 'agent' | 'suppressed' | 'notInterested' | 'numberLive'>;
  campaign: Omit<CampaignFacts, 'approvalRequired'> | undefined;
  tenantMaxCalls: number | undefined;
  campaignMaxCalls: number | undefined;
  agentMaxCalls: number | undefined;
  /** somebody looked at this contact and waits for just this call */
  hasPerson: boolean;
  /** from the start of one call of its campaign to that of the next, where AI agents talk; people's pause is their wrap-up */
  callDelayMs: number;
}

/** How many calls are in flight, by whom, and the credit that is spoken for by them. */
export interface InFlight {
  tenants: Map<number, number>;
  campaigns: Map<number, number>;
  agents: Map<number, number>;
  carrier: number;
  /** by tenant */
  held: Map<number, number>;
}

interface Row extends HoursColumns {
  id: number;
  tenantId: number;
  campaignId: number | null;
  agentId: number;
  priority: Priority;
  refusals: number;
  to: string;
  from: string | null;
  dueAt: Date;
  isRetry: boolean;
  /** a run of a schedule that was missed by more than an hour */
  isMadeUp: boolean;
  tenantActive: boolean;
  hoursPolicy: 'campaigns' | 'all';
  businessHours: boolean;
  tenantMaxCalls: number | null;
  agent: AgentStanding;
  agentKind: 'ai' | 'human';
  campaignStatus: string | null;
  approval: string | null;
  campaignMaxCalls: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  nextCallAt: Date | null;
  callDelaySeconds: number | null;
  agentMaxCalls: number | null;
  hasPerson: boolean;
  callTimeoutSeconds: number | null;
  balance: string | null;
  autoRefill: boolean | null;
  hold: string;
  suppressed: boolean;
  notInterested: boolean;
  numberLive: boolean;
}

/** Of agents `a`. */
export function standing(sql: Sql) {
  return sql`case when a.deleted_at is not null then 'deleted' when a.is_active then 'on' else 'off' end`;
}

/** Whom no call may reach any more: the do-not-call list, and the words that people keep of a campaign's `contact`; of calls `c`. */
export function bars(sql: Sql) {
  return sql`exists (select from suppressions x where x.phone = c.to_number and x.released_at is null
                        and coalesce(x.tenant_id, 0) in (c.tenant_id, 0))
             or coalesce(c.campaign_id is not null and contact.status = 'do_not_call', false) as suppressed,
           coalesce(c.campaign_id is not null and contact.status = 'not_interested', false) as "notInterested"`;
}

/**
 * Locks the calls that are still in `status` and reads all that the gate looks at, in the order of asking.
 * Calls that somebody else holds or moved on are left out.
 */
export async function readCandidates(
  sql: Sql,
  carrier: string,
  callIds: readonly number[],
  status: 'scheduled' | 'queued',
): Promise<Candidate[]> {
  return read(sql, carrier, callIds, [status], sql`for update of c skip locked`);
}

/** What the gate looks at for a call that waits, for whoever only asks; undefined when it does not wait. */
export async function peekCandidate(sql: Sql, carrier: string, callId: number): Promise<Candidate | undefined> {
  const [candidate] = await read(sql, carrier, [callId], ['scheduled', 'queued'], sql``);
  return candidate;
}

async function read(
  sql: Sql,
  carrier: string,
  callIds: readonly number[],
  statuses: string[],
  lock: ReturnType<Sql>,
): Promise<Candidate[]> {
  const rows = await sql<Row[]>`
    select c.id, c.tenant_id as "tenantId", c.campaign_id as "campaignId", c.agent_id as "agentId", c.priority,
           c.refusals, c.to_number as "to", c.due_at as "dueAt", c.retry_attempt > 0 as "isRetry", ${hoursColumns(sql)},
           c.schedule_id is not null and c.due_at > c.scheduled_for + interval '1 hour' as "isMadeUp",
           t.is_active as "tenantActive", t.calling_hours_policy as "hoursPolicy",
           coalesce(s.business_hours_only, false) as "businessHours", t.max_calls as "tenantMaxCalls",
           ${standing(sql)} as agent, a.kind as "agentKind", case when campaign.deleted_at is null then campaign.status else 'completed' end as "campaignStatus",
           campaign.approval, campaign.max_calls as "campaignMaxCalls", campaign.call_timeout_seconds as "callTimeoutSeconds",
           campaign.starts_at as "startsAt", campaign.ends_at as "endsAt", campaign.next_call_at as "nextCallAt",
           case when a.kind = 'ai' then campaign.call_delay_seconds end as "callDelaySeconds",
           case when a.kind = 'ai' then a.max_concurrency end as "agentMaxCalls",
           exists (select from agents person where person.current_call_id = c.id) as "hasPerson",
           credit.balance, credit.auto_refill as "autoRefill", ${firstMinutePrice(sql)} as hold,
           -- a number that another carrier holds is none of this one's caller ids
           (select p.number from phone_numbers p where p.tenant_id = c.tenant_id and p.is_active and coalesce(p.carrier, ${carrier}) = ${carrier}
             order by (p.agent_id = c.agent_id) desc nulls last, p.id limit 1) as "from",
           ${bars(sql)},
           exists (select from capacity_leases l where l.to_number = c.to_number and l.expires_at > now()) as "numberLive"
      from unnest(${callIds as number[]}::bigint[]) with ordinality as asked(id, place)
      join calls c on c.id = asked.id
      join tenants t on t.id = c.tenant_id
      join agents a on a.id = c.agent_id
      left join credit_accounts credit on credit.tenant_id = c.tenant_id
      left join campaigns campaign on campaign.id = c.campaign_id
      left join contacts contact on contact.id = c.contact_id
      left join schedules s on s.id = c.schedule_id
     where c.status = any(${statuses}::text[])
     order by asked.place
     ${lock}`;
  return rows.map(candidateOf);
}

function candidateOf(row: Row): Candidate {
  return {
    callId: row.id,
    tenantId: row.tenantId,
    campaignId: row.campaignId ?? undefined,
    agentId: row.agentId,
    priority: row.priority,
    refusals: row.refusals,
    to: row.to,
    from: row.from ?? undefined,
    ringTimeoutSeconds: row.callTimeoutSeconds ?? undefined,
    dueAt: row.dueAt,
    hours: hoursFor(row),
    balance: Number(row.balance ?? 0),
    autoRefill: row.autoRefill ?? false,
    hold: Number(row.hold),
    tenantMaxCalls: row.tenantMaxCalls ?? undefined,
    campaignMaxCalls: row.campaignMaxCalls ?? undefined,
    agentMaxCalls: row.agentMaxCalls ?? undefined,
    hasPerson: row.hasPerson,
    callDelayMs: (row.callDelaySeconds ?? 0) * 1000,
    campaign: campaignOf(row),
    facts: {
      tenantActive: row.tenantActive,
      agent: agentOf(row),
      suppressed: row.suppressed,
      notInterested: row.notInterested,
      numberLive: row.numberLive,
    },
  };
}

/** For people of a campaign its other people take the call of one who is off, unless that one waits for just this call. */
function agentOf({ agent, agentKind, campaignId, hasPerson }: Row): AgentStanding {
  return agent === 'off' && agentKind === 'human' && campaignId !== null && !hasPerson ? 'on' : agent;
}

function campaignOf(row: Row): Candidate['campaign'] {
  if (row.campaignStatus === null) return undefined;
  return {
    status: row.campaignStatus,
    approval: row.approval ?? 'pending',
    startsAt: row.startsAt ?? undefined,
    endsAt: row.endsAt ?? undefined,
    nextCallAt: row.callDelaySeconds ? (row.nextCallAt ?? undefined) : undefined,
  };
}

/** Calling hours apply to campaigns, retries, schedules that ask for them or come late, and everything where the tenant says so (DESIGN §4). */
function hoursFor(row: Row): HoursRule | undefined {
  const applies = row.hoursPolicy === 'all' || row.campaignId !== null || row.businessHours || row.isRetry || row.isMadeUp;
  return applies ? hoursRuleOf(row) : undefined;
}

/**
 * Counts the leases that hold, of the carrier and of the tenants and campaigns that these calls belong to; for the dispatcher
 * also the calls of theirs that are in the queue, which take those places next. Read before the balances, a call that ends in
 * between counts twice and not at all never.
 */
export async function countInFlight(sql: Sql, carrier: string, callIds: readonly number[], withQueued: boolean): Promise<InFlight> {
  const rows = await sql<Array<{ scope: 'tenant' | 'campaign' | 'agent' | 'carrier'; id: number; live: number; held: string }>>`
    with asked as materialized (select tenant_id, campaign_id, agent_id from calls where id = any(${callIds as number[]}))
    select 'carrier' as scope, 0::bigint as id, count(*) as live, 0 as held
      from capacity_leases where carrier = ${carrier} and expires_at > now()
    union all
    select 'tenant', tenant_id, count(*), sum(hold) from capacity_leases
     where tenant_id in (select tenant_id from asked) and expires_at > now() group by tenant_id
    union all
    select 'campaign', campaign_id, count(*), 0 from capacity_leases
     where campaign_id in (select campaign_id from asked) and expires_at > now() group by campaign_id
    union all
    select 'agent', l.agent_id, count(*), 0 from capacity_leases l
      join (select distinct q.tenant_id, q.agent_id from asked q join agents a on a.id = q.agent_id and a.max_concurrency is not null) capped
        on capped.tenant_id = l.tenant_id and capped.agent_id = l.agent_id
     where l.expires_at > now() group by l.agent_id
    union all
    select 'agent', c.agent_id, count(*), 0 from calls c
      join (select distinct q.tenant_id, q.agent_id from asked q join agents a on a.id = q.agent_id and a.max_concurrency is not null) capped
        on capped.tenant_id = c.tenant_id and capped.agent_id = c.agent_id
     where ${withQueued} and c.status = 'queued' group by c.agent_id
    union all
    select 'tenant', tenant_id, count(*), 0 from calls
     where ${withQueued} and status = 'queued' and tenant_id in (select tenant_id from asked) group by tenant_id
    union all
    select 'campaign', campaign_id, count(*), 0 from calls
     where ${withQueued} and status = 'queued' and tenant_id in (select tenant_id from asked) and campaign_id is not null group by campaign_id`;
  const sumOf = (scope: string, value: (row: (typeof rows)[number]) => number) => {
    const sums = new Map<number, number>();
    for (const row of rows) if (row.scope === scope) sums.set(row.id, (sums.get(row.id) ?? 0) + value(row));
    return sums;
  };
  const of = (scope: string) => sumOf(scope, (row) => row.live);
  const held = sumOf('tenant', (row) => Number(row.held));
  return { tenants: of('tenant'), campaigns: of('campaign'), agents: of('agent'), carrier: of('carrier').get(0) ?? 0, held };
}
