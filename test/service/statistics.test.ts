/** What a tenant did, read again and again: all of its past is not. */
import t from 'tap';
import { openStatistics } from '../../service/statistics.ts';
import { openTestRuntime } from '../runtime.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 6, 1, 12);

t.test('the past is summed once a minute, the last days whenever somebody looks', async (t) => {
  const runtime = await openTestRuntime(t);
  const { sql } = runtime.db;
  const add = (agoMs: number, calls: number, status = 'completed', tenantId = 1) => sql`
    insert into call_slots (tenant_id, slot, direction, status, calls, duration_seconds, cost)
    values (${tenantId}, ${new Date(NOW - agoMs)}, 'outbound', ${status}, ${calls}, 0, 0)`;
  let nowMs = NOW;
  const { statistics } = openStatistics(runtime, () => nowMs);
  const read = async () => (await statistics(1)).calls;

  await add(0, 1);
  await add(DAY_MS, 2);
  await add(400 * DAY_MS, 4, 'busy');
  await add(400 * DAY_MS, 100, 'cancelled');
  await add(400 * DAY_MS, 100, 'completed', 2);
  t.match(await read(), { total: 7, outbound: 7, inbound: 0, successRate: 42.9 });
  await add(15 * 60_000, 8);
  await add(401 * DAY_MS, 16);
  t.match(await read(), { total: 7 }, 'for two seconds everybody sees the same');
  nowMs += 2001;
  t.match(await read(), { total: 15 }, 'what ended just now, without going through the years again');
  nowMs += 60_000;
  t.match(await read(), { total: 31 }, 'also what was added to them meanwhile');
  nowMs += 30 * DAY_MS;
  t.match(await read(), { total: 31 }, 'and nothing is counted twice, or not at all, when a day has become past');
});
