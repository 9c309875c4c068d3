/**
 * Accepting calls over HTTP (performance §c, P2): `POST /api/v1/calls/outbound` of the real api against the bare insert path
 * without HTTP: the row and its event in one statement, the jobs relayed to BullMQ every 20 ms. Both in a closed loop of
 * 32, on both queue backends; nothing drains the queue meanwhile. Goal ≥ 0.5.
 *
 *   tsx bench/post-call.ts [--rounds 3] [--seconds 4]     DATABASE_URL, REDIS_URL: servers to use instead of own ones
 */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type IQueueBackend, Queue } from 'bullmq';
import { parseConfig } from '../core/config.ts';
import { openDb, type Sql } from '../db/client.ts';
import { openQueueBackend, type Role } from '../queue/connection.ts';
import { compare, inChild, measureAsChild, option, say } from './harness.ts';
import { seedTenants, type Tenant } from './seed.ts';
import { openSessions, requestRate, startApi } from './servers.ts';
import { withDatabase, withRedis } from './stores.ts';

const TENANTS = 20;
const AT_ONCE = 32;
const RELAY_MS = 20;
const NUMBERS = 500;

interface BareJob {
  callId: number;
}

interface Task {
  env: Record<string, string>;
  tenants: Tenant[];
  seconds: number;
}

/** The bound: accepted calls a second without a server. */
async function insertBare({ env, tenants, seconds }: Task): Promise<number> {
  const config = parseConfig(env);
  const db = openDb(config.DATABASE_URL, { max: config.DATABASE_POOL, name: 'bench bound' });
  const backend = openQueueBackend(config);
  const queue = new Queue<BareJob, void, string, BareJob, void, string, IQueueBackend, Role>(
    'bare',
    { connection: 'producer', prefix: backend.prefix },
    backend.factory,
  );
  await backend.reachable();
  let outbox: number[] = [];
  let accepted = 0;
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > seconds * 1000;
  const client = async () => {
    while (!isOver()) {
      const tenant = tenants[accepted % tenants.length];
      if (tenant) outbox.push(await insertOne(db.sql, tenant, accepted));
      accepted += 1;
    }
  };
  const relay = async () => {
    while (!isOver() || outbox.length > 0) {
      const ids = outbox;
      outbox = [];
      if (ids.length > 0) await queue.addBulk(ids.map((callId) => ({ name: 'bare', data: { callId } })));
      await pause(RELAY_MS);
    }
  };
  const relayed = relay();
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const rate = accepted / ((performance.now() - startedAt) / 1000);
  await relayed;
  await queue.close();
  await backend.close();
  await db.close();
  return rate;
}

async function insertOne(sql: Sql, { tenantId, agentId, userId }: Tenant, place: number): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`
    with made as (
      insert into calls (tenant_id, agent_id, to_number, priority, created_by, scheduled_for, due_at, status, queued_at, queue_round)
      values (${tenantId}, ${agentId}, ${numberOf(place)}, 2, ${userId}, now(), now(), 'queued', now(), 1)
      returning id
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status) select id, 'enqueue', 'scheduled', 'queued' from made
    )
    select id from made`;
  return row?.id ?? 0;
}

function numberOf(place: number): string {
  return `+9198765${String(place % NUMBERS).padStart(5, '0')}`;
}

async function main(): Promise<void> {
  const [rounds, seconds] = [option('rounds', 3), option('seconds', 4)];
  await withDatabase(async (databaseUrl) => {
    const db = openDb(databaseUrl, { max: 2, name: 'bench' });
    const tenants = await seedTenants(db.sql, TENANTS);
    const tokens = await openSessions(db.sql, tenants);
    const requests = Array.from({ length: NUMBERS }, (_, place) => ({
      method: 'POST' as const,
      path: '/api/v1/calls/outbound',
      headers: { authorization: `Bearer ${tokens[place % TENANTS]}`, 'content-type': 'application/json' },
      body: JSON.stringify({ toPhone: numberOf(place), agentId: `agent_${tenants[place % TENANTS]?.agentId}` }),
    }));

    const measure = async (name: string, redis: Record<string, string>) => {
      const env = { DATABASE_URL: databaseUrl, QUEUE_PREFIX: `{bench_${process.pid}}`, ...redis };
      const empty = () => db.sql`truncate calls cascade`;
      const api = await startApi(env);
      const ours = async (duration = seconds) => {
        await empty();
        const rate = await requestRate({ url: api.url, connections: AT_ONCE, seconds: duration, requests });
        await checkAccepted(db.sql);
        return rate;
      };
      await ours(2);
      const bound = async () => {
        await empty();
        return inChild<Task, number>(fileURLToPath(import.meta.url), { env, tenants, seconds });
      };
      await compare({ name, unit: 'calls/s', goal: 0.5, rounds, ours: () => ours(), bound });
      await api.stop();
    };

    try {
      const onRedis = await withRedis(async (url) => {
        await measure('POST call on Redis', { REDIS_URL: url });
        return true;
      });
      if (!onRedis) say('POST call on Redis: no redis-server on this machine, left out');
      await measure('POST call on PostgreSQL', {});
    } finally {
      await db.close();
    }
  });
}

/** Every request is a row; those that found a place in the queue, whom nobody drains here, have their event. */
async function checkAccepted(sql: Sql): Promise<void> {
  const [seen] = await sql<Array<{ calls: number; queued: number; waiting: number; events: number }>>`
    select count(*) as calls, count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'scheduled') as waiting,
           (select count(*) from call_events) as events from calls`;
  if (!seen || seen.calls === 0 || seen.calls !== seen.queued + seen.waiting || seen.queued !== seen.events) {
    throw new Error(`Calls do not add up: ${JSON.stringify(seen)}`);
  }
}

if (!(await measureAsChild(insertBare))) await main();
