/** Requests of the same moment share one statement; each still gets its own answer. */
import { pino } from 'pino';
import t from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import { parseConfig } from '../../core/config.ts';
import { AGEING_MS } from '../../core/priority.ts';
import type { Principal } from '../../core/principal.ts';
import { findDue } from '../../db/query/dispatch.ts';
import { requestCall } from '../../service/calls.ts';
import { openRuntime } from '../../service/runtime.ts';
import { createTestDatabase } from '../database.ts';

t.test('calls that are asked for at once', async (t) => {
  const { url } = await createTestDatabase(t);
  // at this pace the queue has the fewest places there are, 50, and requests may take 25 of them by themselves
  const config = parseConfig({ NODE_ENV: 'test', DATABASE_URL: url, CARRIER: 'null', CARRIER_CALLS_PER_SECOND: '1' });
  const runtime = openRuntime(config, pino({ level: 'silent' }), 'test');
  t.teardown(() => runtime.close());
  const { sql } = runtime.db;
  const tenants = await seedTenants(sql, 2);
  const [first, second] = tenants;
  if (!first || !second) throw new Error('no tenants');
  const ask = (who: typeof first, request: Partial<Parameters<typeof requestCall>[2]> = {}) => {
    const principal: Principal = {
      userId: who.userId,
      tenantId: who.tenantId,
      sessionId: 1,
      email: 'a@b.test',
      name: 'A',
      role: 'owner',
      platformRole: 'user',
    };
    return requestCall(runtime, principal, { toPhone: '+14155550100', agentId: `agent_${who.agentId}`, ...request });
  };
  t.beforeEach(() => sql`truncate calls cascade`);

  await t.test('each gets its own row, with its event', async (t) => {
    const numbers = Array.from({ length: 24 }, (_, i) => `+141555501${String(i).padStart(2, '0')}`);
    const calls = await Promise.all(
      numbers.map((toPhone, i) =>
        ask(i % 2 === 0 ? first : second, { toPhone, context: `order ${i}`, priority: i % 3 === 0 ? 'high' : 'low' }),
      ),
    );
    const rows = await sql<Array<Record<string, unknown>>>`
      select c.id, tenant_id as "tenantId", to_number as "to", context, priority, status,
             (select count(*) from call_events e where e.call_id = c.id and e.type = 'enqueue') as events
        from calls c order by to_number`;
    t.same(
      rows,
      calls.map((call, i) => ({
        id: call.id,
        tenantId: (i % 2 === 0 ? first : second).tenantId,
        to: numbers[i],
        context: `order ${i}`,
        priority: i % 3 === 0 ? 1 : 3,
        status: 'queued',
        events: 1,
      })),
    );
  });

  await t.test('what the database refuses harms nobody else', async (t) => {
    const outcomes = await Promise.allSettled([ask(first), ask(first, { context: 'not a text: \u0000' }), ask(second)]);
    t.same(
      outcomes.map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    const [seen] = await sql<Array<{ calls: number }>>`select count(*) as calls from calls`;
    t.equal(seen?.calls, 2, 'each good one once');
  });

  await t.test("another tenant's agent is none", async (t) => {
    const outcomes = await Promise.allSettled([ask(first, { agentId: `agent_${second.agentId}` }), ask(second)]);
    t.match(outcomes, [{ status: 'rejected', reason: { code: 'invalid_agent' } }, { status: 'fulfilled' }]);
  });

  await t.test('requests leave half of the queue to the dispatcher, in one batch or several, whoever asks', async (t) => {
    await Promise.all(Array.from({ length: 20 }, () => ask(first)));
    await Promise.all([...Array.from({ length: 60 }, () => ask(first)), ...Array.from({ length: 10 }, () => ask(second))]);
    t.equal((await ask(second, { scheduledFor: '2099-01-01T00:00:00Z' })).status, 'scheduled');
    const [seen] = await sql<Array<{ queued: number; scheduled: number }>>`
      select count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'scheduled') as scheduled from calls`;
    t.match(seen, { queued: 25, scheduled: 66 });
  });

  await t.test('a request does not overtake what is as urgent and waits already', async (t) => {
    await sql`
      insert into calls (tenant_id, agent_id, to_number, status, priority, scheduled_for, due_at)
      values (${first.tenantId}, ${first.agentId}, '+14155550111', 'scheduled', 2, now(), now())`;
    t.equal((await ask(first, { priority: 'low' })).status, 'scheduled');
    t.equal((await ask(first, { priority: 'normal' })).status, 'scheduled');
    t.equal((await ask(first, { priority: 'high' })).status, 'queued');
    t.equal((await ask(second, { priority: 'low' })).status, 'queued', 'nothing of this account waits');
  });

  await t.test('between tenants the one with less under way comes first, then the more urgent call', async (t) => {
    const put = (who: typeof first, status: 'queued' | 'scheduled', priority: number, calls: number) => sql`
      insert into calls (tenant_id, agent_id, to_number, status, priority, scheduled_for, due_at, queued_at)
      select ${who.tenantId}, ${who.agentId}, '+1415555' || (1000 + n), ${status}, ${priority}, now(), now() - interval '1 minute', now()
        from generate_series(1, ${calls}::int) n`;
    await put(first, 'queued', 3, 10);
    await put(first, 'scheduled', 3, 20);
    await put(second, 'scheduled', 1, 3);
    const places = await findDue(sql, { look: 50, depth: 3, tenantMaxCalls: 500, aheadMs: 0, ageingMs: AGEING_MS });
    const owners = await sql<Array<{ tenantId: number }>>`select tenant_id as "tenantId" from calls where id = any(${places})`;
    t.same(
      owners.map((row) => row.tenantId),
      [second.tenantId, second.tenantId, second.tenantId],
    );
  });
});
