/** Requests of the same moment share one statement; each still gets its own answer. */
import { pino } from 'pino';
import t from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import { parseConfig } from '../../core/config.ts';
import type { Principal } from '../../core/principal.ts';
import { requestCall } from '../../service/calls.ts';
import { openRuntime } from '../../service/runtime.ts';
import { createTestDatabase } from '../database.ts';

t.test('calls that are asked for at once', async (t) => {
  const { url } = await createTestDatabase(t);
  // at this pace a tenant has the fewest places there are: 50
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
    const numbers = Array.from({ length: 30 }, (_, i) => `+141555501${String(i).padStart(2, '0')}`);
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

  await t.test('a tenant takes no more places in the queue than it has, in one batch or several', async (t) => {
    await Promise.all(Array.from({ length: 20 }, () => ask(first)));
    await Promise.all([...Array.from({ length: 60 }, () => ask(first)), ...Array.from({ length: 10 }, () => ask(second))]);
    const later = await ask(second, { scheduledFor: '2099-01-01T00:00:00Z' });
    t.equal(later.status, 'scheduled');
    const rows = await sql<Array<Record<string, unknown>>>`
      select tenant_id as "tenantId", status, count(*) as calls from calls group by 1, 2 order by 1, 2`;
    t.same(rows, [
      { tenantId: first.tenantId, status: 'queued', calls: 50 },
      { tenantId: first.tenantId, status: 'scheduled', calls: 30 },
      { tenantId: second.tenantId, status: 'queued', calls: 10 },
      { tenantId: second.tenantId, status: 'scheduled', calls: 1 },
    ]);
  });
});
