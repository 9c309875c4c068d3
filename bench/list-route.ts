/**
 * The list of calls over HTTP (performance §a, P1): `GET /api/v1/calls/outbound?limit=25` of the real api, with sessions,
 * limits and logging on, against a bare Fastify route that verifies a JWT and runs the same query. 20 tenants share the
 * calls; 50 connections. Goal ≥ 0.8.
 *
 *   tsx bench/list-route.ts [--rows 1000000] [--rounds 3] [--seconds 5]     DATABASE_URL, REDIS_URL: servers to use
 */
import { fileURLToPath } from 'node:url';
import { createVerifier } from 'fast-jwt';
import fastify from 'fastify';
import postgres from 'postgres';
import { openDb } from '../db/client.ts';
import { compare, option, say } from './harness.ts';
import { seedHistory, seedTenants } from './seed.ts';
import { openSessions, requestRate, SECRET, type Server, startApi, startServer } from './servers.ts';
import { withDatabase, withRedis } from './stores.ts';

const TENANTS = 20;
const CONNECTIONS = 50;
const LIMIT = 25;
const PATH = `/api/v1/calls/outbound?limit=${LIMIT}`;
const WARM_UP_SECONDS = 2;

interface ListedCall {
  id: string;
  toNumber: string;
  agentId: string;
  status: string;
  durationSeconds: number | null;
  createdAt: Date;
}

const text = { type: 'string' } as const;
const schema = {
  response: {
    200: {
      type: 'object',
      properties: {
        success: { type: 'boolean' },
        data: {
          type: 'object',
          properties: {
            calls: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  _id: text,
                  toPhone: text,
                  agentId: text,
                  status: text,
                  duration: { type: ['integer', 'null'] },
                  createdAt: text,
                },
              },
            },
          },
        },
      },
    },
  },
};

/** The bound: nothing that the answer does not need. */
async function serveBare(env: NodeJS.ProcessEnv): Promise<void> {
  const sql = postgres(env.DATABASE_URL ?? '', { max: Number(env.DATABASE_POOL) });
  const verify = createVerifier({ key: SECRET, algorithms: ['HS256'] });
  const app = fastify();
  app.get('/api/v1/calls/outbound', { schema }, async (request) => {
    const { tid } = verify(request.headers.authorization?.slice(7) ?? '') as { tid: number };
    const rows = await sql<ListedCall[]>`
      select id, to_number as "toNumber", agent_id as "agentId", status, failure_reason as "failureReason",
             duration_seconds as "durationSeconds", created_at as "createdAt"
        from calls where tenant_id = ${tid} order by created_at desc, id desc limit ${LIMIT} offset ${0}`;
    const calls = rows.map(({ id, toNumber, agentId, status, durationSeconds, createdAt }) => ({
      _id: `call_${id}`,
      toPhone: toNumber,
      agentId: `agent_${agentId}`,
      status,
      duration: durationSeconds,
      createdAt: createdAt.toISOString(),
    }));
    return { success: true, data: { calls } };
  });
  await app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
}

async function main(): Promise<void> {
  const [rows, rounds, seconds] = [option('rows', 1_000_000), option('rounds', 3), option('seconds', 5)];
  await withDatabase(async (databaseUrl) => {
    const db = openDb(databaseUrl, { max: 2, name: 'bench' });
    const tenants = await seedTenants(db.sql, TENANTS);
    await seedHistory(db.sql, rows);
    const tokens = await openSessions(db.sql, tenants);
    const env = { DATABASE_URL: databaseUrl, DATABASE_POOL: '10' };
    const bare = await startServer(fileURLToPath(import.meta.url), ['bare'], env);
    const measure = async (name: string, redis: Record<string, string>) => {
      const ours = await startApi({ ...env, ...redis });
      await sameCalls(ours, bare, tokens[0] ?? '');
      const requests = tokens.map((token) => ({ method: 'GET' as const, path: PATH, headers: { authorization: `Bearer ${token}` } }));
      const load =
        (server: Server, duration = seconds) =>
        () =>
          requestRate({ url: server.url, connections: CONNECTIONS, seconds: duration, requests });
      for (const server of [ours, bare]) await load(server, WARM_UP_SECONDS)();
      await compare({ name, unit: 'req/s', goal: 0.8, rounds, ours: load(ours), bound: load(bare) });
      await ours.stop();
    };
    try {
      await measure(`list route, ${rows} calls, limits in memory`, {});
      const counted = await withRedis(async (url) => {
        await measure(`list route, ${rows} calls, limits in Redis`, { REDIS_URL: url });
        return true;
      });
      if (!counted) say('list route, limits in Redis: no redis-server on this machine, left out');
    } finally {
      await bare.stop();
      await db.close();
    }
  });
}

/** Before anything is timed: both answer the same calls. */
async function sameCalls(ours: Server, bare: Server, token: string): Promise<void> {
  const read = async ({ url }: Server) => {
    const response = await fetch(url + PATH, { headers: { authorization: `Bearer ${token}` } });
    const { data } = (await response.json()) as { data: { calls: Array<{ _id: string }> } };
    return data.calls.map((call) => call._id).join();
  };
  const [a, b] = await Promise.all([read(ours), read(bare)]);
  if (a !== b || a === '') throw new Error(`The two list different calls: ${a} and ${b}`);
}

if (process.argv[2] === 'bare') await serveBare(process.env);
else await main();
