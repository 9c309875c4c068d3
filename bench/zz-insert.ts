import { openDb } from '../db/client.ts';
import { insertCall } from '../db/query/call-request.ts';
import { requestCall } from '../service/calls.ts';
import { openRuntime } from '../service/runtime.ts';
import { parseConfig } from '../core/config.ts';
import { pino } from 'pino';
import { seedTenants } from './seed.ts';
import { withDatabase, withRedis } from './stores.ts';
await withDatabase(async (url) => withRedis(async (redis) => {
  const db = openDb(url, { max: 10, name: 'x' });
  const tenants = await seedTenants(db.sql, 20);
  const config = parseConfig({ DATABASE_URL: url, REDIS_URL: redis, CARRIER: 'null', CARRIER_CALLS_PER_SECOND: '1000000', QUEUE_PREFIX: '{zz}' });
  const rt = openRuntime(config, pino({ level: 'warn' }), 'x');
  const loop = async (name: string, one: (i: number) => Promise<unknown>, seconds = 2.5) => {
    await db.sql`truncate calls cascade`;
    const c0 = process.cpuUsage(); const t0 = performance.now(); let n = 0;
    await Promise.all(Array.from({ length: 32 }, async () => { while (performance.now() - t0 < seconds * 1000) { await one(n++); } }));
    const s = (performance.now() - t0) / 1000; const c = process.cpuUsage(c0);
    console.log(name.padEnd(30), Math.round(n / s), '/s  node cpu µs/call', Math.round((c.user + c.system) / n));
  };
  const num = (i: number) => `+9198765${String(i % 500).padStart(5, '0')}`;
  const T = (i: number) => tenants[i % 20]!;
  const bare = (i: number) => db.sql`with made as (
      insert into calls (tenant_id, agent_id, to_number, priority, created_by, scheduled_for, due_at, status, queued_at, queue_round)
      values (${T(i).tenantId}, ${T(i).agentId}, ${num(i)}, 2, ${T(i).userId}, now(), now(), 'queued', now(), 1) returning id
    ), noted as (insert into call_events (call_id, type, from_status, to_status) select id, 'enqueue', 'scheduled', 'queued' from made)
    select id from made`;
  const nocount = (i: number) => db.sql`with asked as (select a.tenant_id, a.id as agent_id from agents a where a.tenant_id=${T(i).tenantId} and a.id=${T(i).agentId} and a.is_active), made as (
      insert into calls (tenant_id, agent_id, to_number, priority, created_by, scheduled_for, due_at, status, queued_at, queue_round)
      select tenant_id, agent_id, ${num(i)}, 2, ${T(i).userId}::bigint, now(), now(), 'queued', now(), 1 from asked returning id
    ), noted as (insert into call_events (call_id, type, from_status, to_status) select id, 'enqueue', 'scheduled', 'queued' from made)
    select id from made`;
  const call = (i: number) => ({ tenantId: T(i).tenantId, agentId: T(i).agentId, to: num(i), context: undefined, scheduledFor: undefined, timezone: undefined, priority: 2 as const, createdBy: T(i).userId });
  for (let r = 0; r < 3; r++) {
    await loop('bare insert', bare);
    await loop('no count', nocount);
    await loop('insertCall', (i) => insertCall(db.sql, call(i), 1000));
    await loop('requestCall', (i) => requestCall(rt, { tenantId: T(i).tenantId, userId: T(i).userId } as never, { toPhone: num(i), agentId: `agent_${T(i).agentId}` }));
  }
  await rt.close(); await db.close();
}));
