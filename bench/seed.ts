/** Rows to measure on, made inside the database. */
import type { Sql } from '../db/client.ts';

export interface Tenant {
  tenantId: number;
  agentId: number;
  userId: number;
}

/**
 * Tenants with all that the gate looks at: an agent, a number of their own, credit that does not refill itself, and calling
 * hours that hold for every call and are always open. A few thousand numbers are suppressed; none of them is called.
 */
export async function seedTenants(sql: Sql, count: number): Promise<Tenant[]> {
  await sql`
    insert into tenants (name, timezone, calling_hours_policy, calling_hours)
    select 'Bench ' || n, (array['Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'UTC'])[1 + n % 4], 'all',
           '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]'::jsonb
      from generate_series(1, ${count}::int) n`;
  await sql`insert into credit_accounts (tenant_id, balance, auto_refill) select id, 1000000, false from tenants`;
  await sql`
    insert into users (tenant_id, email, name, password_hash, role) select id, id || '@bench.test', 'Bench', 'none', 'owner' from tenants`;
  await sql`insert into agents (tenant_id, kind, name, system_prompt) select id, 'ai', 'Bench', 'You help.' from tenants`;
  await sql`
    insert into phone_numbers (tenant_id, number, agent_id)
    select tenant_id, '+1415' || lpad(id::text, 7, '0'), id from agents where kind = 'ai'`;
  await sql`
    insert into suppressions (tenant_id, phone, source)
    select case when n % 2 = 0 then (select min(id) from tenants) end, '+99' || lpad(n::text, 9, '0'), 'api' from generate_series(1, 5000) n`;
  await sql`analyze`;
  return sql<Tenant[]>`
    select a.tenant_id as "tenantId", a.id as "agentId", u.id as "userId"
      from agents a join users u on u.tenant_id = a.tenant_id order by a.tenant_id`;
}

/** Calls in the queue, due, each to a number of its own, spread over the tenants; answers their ids. */
export async function seedQueued(sql: Sql, count: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at, queued_at, queue_round)
    select a.tenant_id, a.id, '+91' || (7000000000 + n), 'queued', now(), now(), now(), 1
      from generate_series(1, ${count}::int) n
      join (select *, row_number() over (order by id) - 1 as place, count(*) over () as among from agents) a on a.place = n % a.among
    returning id`;
  await sql`vacuum analyze calls`;
  return rows.map((row) => row.id);
}

/**
 * A past of 90 days: calls of every status in the shares of a working platform (0.3 % in flight or waiting in the queue,
 * 5 % scheduled, half of these due), over all tenants. Indexes are built afterwards, which is several times faster.
 */
export async function seedHistory(sql: Sql, count: number): Promise<void> {
  const indexes = await sql<Array<{ name: string; definition: string }>>`
    select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'public' and tablename = 'calls' and indexname <> 'calls_pkey'`;
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
  await sql`
    insert into calls (tenant_id, agent_id, to_number, from_number, status, priority, scheduled_for, due_at, queued_at, queue_round,
                       claimed_at, check_at, ended_at, duration_seconds, carrier, carrier_call_id, cost, created_at)
    select a.tenant_id, a.id, '+91' || (7000000000 + n), '+14150000001', s.status, 1 + n % 3, t.at,
           case when s.status in ('scheduled', 'queued') then case when n % 2 = 0 then now() - interval '1 minute' else now() + interval '1 day' end end,
           case when s.status = 'queued' then now() - interval '1 minute' end, 1,
           case when s.live or s.over then t.at end, case when s.live then now() + (n % 600 - 300) * interval '1 second' end,
           case when s.over then t.at + interval '2 minutes' end, case when s.over then n % 300 end,
           case when s.live or s.over then 'twilio' end, case when s.live or s.over then 'CA' || n end, case when s.over then 0.02 end, t.at
      from generate_series(1::bigint, ${count}::bigint) n
     cross join lateral (select now() - interval '90 days' * (1 - n / ${count}::float8) as at, n * 7919 % 1000 as draw) t
     cross join lateral (
       select status, status in ('dialing', 'ringing', 'in_progress') as live, status not in ('scheduled', 'queued', 'dialing', 'ringing', 'in_progress') as over
         from (select case when t.draw < 50 then 'scheduled' when t.draw < 51 then 'queued' when t.draw < 52 then 'in_progress'
                           when t.draw < 53 then 'ringing' when t.draw < 200 then 'no_answer' when t.draw < 260 then 'busy'
                           when t.draw < 300 then 'failed' when t.draw < 320 then 'voicemail' else 'completed' end as status) chosen
     ) s
      join (select *, row_number() over (order by id) - 1 as place, count(*) over () as among from agents) a on a.place = (n + n / 1000) % a.among`;
  for (const { definition } of indexes) await sql.unsafe(definition);
  await sql`
    insert into capacity_leases (call_id, tenant_id, campaign_id, agent_id, carrier, to_number, expires_at)
    select id, tenant_id, campaign_id, agent_id, carrier, to_number, now() + interval '1 hour'
      from calls where status in ('dialing', 'ringing', 'in_progress')`;
  await sql`vacuum analyze`;
}

/** Leads of one tenant in two campaigns: most with a name, half with an address, in every status, some reached. Answers the campaigns. */
export async function seedContacts(sql: Sql, tenantId: number, count: number): Promise<number[]> {
  const campaigns = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name) select ${tenantId}, 'Bench ' || n from generate_series(1, 2) n returning id`;
  const ids = campaigns.map(({ id }) => id);
  await sql`
    insert into contacts (tenant_id, campaign_id, phone, name, email, status, attempts, last_contacted_at, dial_state, created_at, updated_at)
    select ${tenantId}, (${ids}::bigint[])[1 + n % 2], '+91' || (7000000000 + n),
           case when n % 10 > 0 then (array['Asha', 'Ben', 'Carla', 'Dev', 'Emma', 'Farid', 'Gita'])[1 + n % 7] || ' ' || initcap(substr(md5(n::text), 1, 8)) end,
           case when n % 2 = 0 then substr(md5(n::text), 1, 8) || '@example.com' end,
           (array['new', 'contacted', 'interested', 'not_interested', 'callback', 'do_not_call'])[1 + n / 5 % 6], n / 3 % 4,
           case when n % 4 > 0 then now() - n % 100000 * interval '1 minute' end, 'waiting',
           now() - interval '30 days' * (1 - n / ${count}::float8), now() - n * 7919 % 100000 * interval '1 second'
      from generate_series(1::bigint, ${count}::bigint) n`;
  await sql`vacuum analyze contacts`;
  return ids;
}
