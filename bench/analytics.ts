/**
 * What a figure costs over HTTP, one asking after the other: each route of three surfaces for an account with all the calls of 90 days,
 * against a bare Fastify route that verifies a JWT and runs the plain query of the roll-up that holds the figure. Goal ≥ 0.2: five times
 * as long at most. Beside it stands how much longer counting the calls takes. The roll-ups are built by the product's own command and
 * compared with counting, which is timed too.
 *
 *   tsx bench/analytics.ts [--calls 10000000] [--rounds 3] [--asks 20]     DATABASE_URL: server to use
 */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createVerifier } from 'fast-jwt';
import fastify from 'fastify';
import { pino } from 'pino';
import { parseConfig } from '../core/config.ts';
import { openDb, type Sql } from '../db/client.ts';
import { rebuildRollUps, verifyRollUps } from '../service/roll-ups.ts';
import { openRuntime } from '../service/runtime.ts';
import { compare, median, option, say } from './harness.ts';
import { seedHistory, seedTenants } from './seed.ts';
import { openSessions, SECRET, startApi, startServer } from './servers.ts';
import { withDatabase } from './stores.ts';

const AGENTS = 20;
const CAMPAIGNS = 4;
const WARM_UP = 10;
const DAY_MS = 86_400_000;
const ZONE = 'America/New_York';
/** Counting is measured so often: it is slow, and nobody waits for it. */
const COUNTS = 3;
/** The answer of `stats` is kept for two seconds; none of the others is asked twice for the same range. */
const KEPT_MS = 2100;

interface Figure {
  name: string;
  /** path for the n-th asking, no two alike */
  path: (n: number) => string;
  rollUp: (sql: Sql) => Promise<unknown>;
  /** the same from the calls */
  rows?: (sql: Sql) => Promise<unknown>;
  pauseMs?: number;
}

interface Subject {
  tenantId: number;
  agentId: number;
  campaignId: number;
}

function figures({ tenantId, agentId, campaignId }: Subject): Figure[] {
  const from = new Date(Date.now() - 80 * DAY_MS);
  const day = (sql: Sql, moment: string) => sql`(${sql(moment)} at time zone ${ZONE})::date`;
  const slots = (sql: Sql) => sql`from call_slots where tenant_id = ${tenantId} and slot >= ${from} and status <> 'cancelled'`;
  const agentDays = (sql: Sql) => sql`from agent_days where tenant_id = ${tenantId} and day >= ${from} and status <> 'cancelled'`;
  const calls = (sql: Sql) => sql`from calls where tenant_id = ${tenantId} and ended_at >= ${from} and status <> 'cancelled'`;
  const sums = (sql: Sql) => sql`sum(calls) as calls, sum(duration_seconds) as seconds`;
  const counts = (sql: Sql) => sql`count(*) as calls, sum(duration_seconds) as seconds`;
  const range = (start: string, end: string) => (n: number) =>
    `${start}=${new Date(from.getTime() + n).toISOString()}&${end}=${new Date().toISOString()}`;
  const dates = range('startDate', 'endDate');
  return [
    {
      name: 'calling: analytics/calls',
      path: (n) => `/api/v1/analytics/calls?${dates(n)}&groupBy=week`,
      rollUp: (sql) => sql`select ${day(sql, 'slot')} as day, status, ${sums(sql)} ${slots(sql)} group by 1, 2`,
      rows: (sql) => sql`select ${day(sql, 'ended_at')} as day, status, ${counts(sql)} ${calls(sql)} group by 1, 2`,
    },
    {
      name: 'calling: analytics/calls of one agent',
      path: (n) => `/api/v1/analytics/calls?${dates(n)}&agentId=${agentId}`,
      rollUp: (sql) => sql`
        select ${day(sql, 'slot')} as day, status, ${sums(sql)} from agent_slots
         where tenant_id = ${tenantId} and agent_id = ${agentId} and slot >= ${from} and status <> 'cancelled' group by 1, 2`,
      rows: (sql) =>
        sql`select ${day(sql, 'ended_at')} as day, status, ${counts(sql)} ${calls(sql)} and agent_id = ${agentId} group by 1, 2`,
    },
    {
      name: 'calling: analytics/agents/:id',
      path: (n) => `/api/v1/analytics/agents/${agentId}?${dates(n)}`,
      rollUp: (sql) => sql`select status, sum(retries) as retries, ${sums(sql)} ${agentDays(sql)} and agent_id = ${agentId} group by 1`,
      rows: (sql) => sql`
        select status, count(*) filter (where retry_attempt > 0) as retries, ${counts(sql)} ${calls(sql)} and agent_id = ${agentId} group by 1`,
    },
    {
      name: 'calling: analytics/costs',
      path: (n) => `/api/v1/analytics/costs?${dates(n)}`,
      rollUp: async (sql) => [
        await sql`select component, carrier, sum(amount) from charge_slots where tenant_id = ${tenantId} and slot >= ${from} group by 1, 2`,
        await sql`select agent_id, sum(calls), sum(cost) ${agentDays(sql)} group by 1`,
      ],
      rows: (sql) => sql`select agent_id, count(*), sum(cost) ${calls(sql)} group by 1`,
    },
    {
      name: 'calling: stats',
      path: () => '/api/v1/stats',
      rollUp: (sql) => sql`select direction, status, sum(calls) from call_slots where tenant_id = ${tenantId} group by 1, 2`,
      rows: (sql) => sql`select direction, status, count(*) from calls where tenant_id = ${tenantId} group by 1, 2`,
      pauseMs: KEPT_MS,
    },
    {
      name: 'dialer: stats/dashboard',
      path: (n) => `/api/stats/dashboard?${dates(n)}`,
      rollUp: async (sql) => [
        await sql`select date_part('hour', slot at time zone ${ZONE}) as hour, status, ${sums(sql)} ${slots(sql)} group by 1, 2`,
        await sql`select agent_id, sum(calls) as calls ${agentDays(sql)} group by 1 order by 2 desc limit 5`,
      ],
      rows: (sql) =>
        sql`select date_part('hour', ended_at at time zone ${ZONE}) as hour, status, ${counts(sql)} ${calls(sql)} group by 1, 2`,
    },
    {
      name: 'omnivox: analytics/dashboard',
      path: (n) => `/api/v1/analytics/dashboard?${range('dateFrom', 'dateTo')(n)}`,
      rollUp: (sql) => sql`select ${day(sql, 'slot')} as day, status, ${sums(sql)} ${slots(sql)} group by 1, 2`,
      rows: (sql) => sql`select ${day(sql, 'ended_at')} as day, status, ${counts(sql)} ${calls(sql)} group by 1, 2`,
    },
    {
      name: 'omnivox: analytics/dashboard of a campaign',
      path: (n) => `/api/v1/analytics/dashboard?${range('dateFrom', 'dateTo')(n)}&campaignId=${campaignId}`,
      rollUp: (sql) => sql`select * from campaign_days where campaign_id = ${campaignId} and day >= ${from}`,
    },
  ];
}

/** The bound: nothing that the answer does not need. */
async function serveBare(env: NodeJS.ProcessEnv): Promise<void> {
  const { sql } = openDb(env.DATABASE_URL ?? '', { max: 4, name: 'bench bare' });
  const verify = createVerifier({ key: SECRET, algorithms: ['HS256'] });
  const app = fastify();
  for (const [index, { rollUp }] of figures(JSON.parse(env.SUBJECT ?? '{}') as Subject).entries()) {
    app.get(`/${index}`, async (request) => {
      verify(request.headers.authorization?.slice(7) ?? '');
      return { success: true, data: await rollUp(sql) };
    });
  }
  await app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
}

async function main(): Promise<void> {
  const [calls, rounds, asks] = [option('calls', 10_000_000), option('rounds', 3), option('asks', 20)];
  await withDatabase(async (databaseUrl) => {
    const db = openDb(databaseUrl, { max: 1, name: 'bench' });
    try {
      const [tenant] = await seedTenants(db.sql, 1);
      if (!tenant) throw new Error('no tenant');
      const subject = await seed(db.sql, tenant.tenantId, calls);
      await buildRollUps(databaseUrl, db.sql, tenant.tenantId);
      const [token = ''] = await openSessions(db.sql, [tenant]);
      const env = { DATABASE_URL: databaseUrl, DATABASE_POOL: '4' };
      const bare = await startServer(fileURLToPath(import.meta.url), ['bare'], { ...env, SUBJECT: JSON.stringify(subject) });
      const api = await startApi(env);
      try {
        for (const [index, figure] of figures(subject).entries()) {
          await measure(db.sql, { api: api.url, bare: `${bare.url}/${index}`, token }, figure, { rounds, asks });
        }
      } finally {
        await api.stop();
        await bare.stop();
      }
    } finally {
      await db.close();
    }
  });
}

/** One account's calls of 90 days, by many agents; some are a campaign's. */
async function seed(sql: Sql, tenantId: number, calls: number): Promise<Subject> {
  await sql`update tenants set timezone = ${ZONE}`;
  await sql`insert into agents (tenant_id, kind, name) select ${tenantId}, 'ai', 'Agent ' || n from generate_series(2, ${AGENTS}::int) n`;
  const campaigns = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name) select ${tenantId}, 'Bench ' || n from generate_series(1, ${CAMPAIGNS}::int) n returning id`;
  const begun = performance.now();
  await seedHistory(sql, calls);
  const [agent] = await sql<Array<{ id: number }>>`select max(id) as id from agents`;
  say(`${calls} calls of one account and ${AGENTS} agents in 90 days, written in ${seconds(begun)} s`);
  return { tenantId, agentId: agent?.id ?? 0, campaignId: campaigns[0]?.id ?? 0 };
}

/** The roll-ups by the product's own command, what calls were charged in shares of their cost, and a campaign's days. */
async function buildRollUps(databaseUrl: string, sql: Sql, tenantId: number): Promise<void> {
  const config = parseConfig({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, CARRIER: 'null' });
  const runtime = openRuntime(config, pino({ level: 'silent' }), 'bench');
  try {
    const begun = performance.now();
    const { days } = await rebuildRollUps(runtime);
    say(`roll-ups of ${days} days counted from the calls in ${seconds(begun)} s`);
    const compared = performance.now();
    const { differences } = await verifyRollUps(runtime);
    if (differences.length > 0) throw new Error(`Roll-ups that were just built are wrong: ${JSON.stringify(differences[0])}`);
    say(`compared with counting, and equal, in ${seconds(compared)} s`);
  } finally {
    await runtime.close();
  }
  await sql`
    insert into charge_slots (tenant_id, slot, component, carrier, amount)
    select tenant_id, slot, component, 'twilio', sum(cost) / 4 from call_slots, unnest(array['stt', 'llm', 'tts', 'carrier']) component
     where cost > 0 group by 1, 2, 3`;
  await sql`
    insert into campaign_days (campaign_id, day, dials, answered, abandoned, completed, talk_seconds)
    select c.id, d.day, d.calls, d.calls, 0, d.calls, d.seconds
      from campaigns c, (select day, sum(calls)::int as calls, sum(duration_seconds) as seconds from agent_days
                          where tenant_id = ${tenantId} and status = 'completed' group by day) d`;
  await sql`vacuum analyze`;
}

async function measure(
  sql: Sql,
  { api, bare, token }: { api: string; bare: string; token: string },
  { name, path, rows, pauseMs = 0 }: Figure,
  { rounds, asks }: { rounds: number; asks: number },
): Promise<void> {
  const get = async (url: string) => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  };
  let asked = 0;
  const ours = () => get(api + path(asked++));
  const bound = () => get(bare);
  for (let n = 0; n < WARM_UP; n++) for (const ask of [ours, bound]) await ask();
  const times = pauseMs > 0 ? COUNTS : asks;
  const found = await compare({
    ...{ name, unit: 'answers/s', goal: 0.2, rounds },
    ours: () => perSecond(ours, times, pauseMs),
    bound: () => perSecond(bound, times, pauseMs),
  });
  if (!rows) return;
  const counted = await perSecond(() => rows(sql), COUNTS, 0);
  say(
    `${name}: counting the rows takes ${(1000 / counted).toFixed(0)} ms, ${(found.ours / counted).toFixed(1)} times as long as the answer`,
  );
}

/** By the median of the times it takes. */
async function perSecond(work: () => Promise<unknown>, times: number, waitMs: number): Promise<number> {
  const each: number[] = [];
  for (let n = 0; n < times; n++) {
    if (waitMs > 0) await pause(waitMs);
    const begun = performance.now();
    await work();
    each.push(performance.now() - begun);
  }
  return 1000 / median(each);
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(1);
}

if (process.argv[2] === 'bare') await serveBare(process.env);
else await main();
