/** A tenant, a carrier that notes who is asked for, and rows in line: what tests about who is dialed when begin with. */
import type { Test } from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import type { Carrier, Placed, PlaceRequest } from '../../carrier/port.ts';
import { dialCall } from '../../service/dial.ts';
import type { Runtime } from '../../service/runtime.ts';
import { openZones } from '../../service/number-zones.ts';
import { openTestRuntime } from '../runtime.ts';

export const NEVER = new AbortController().signal;
export const NUMBER = '+14155550006';

interface Row {
  status: string;
  dueInMs: number;
  heldForMs: number | null;
  why: string | null;
  refusals: number;
}

export async function openLine(
  t: Test,
  place: (request: PlaceRequest) => Placed | Promise<Placed> = () => ({ answer: 'accepted', carrierCallId: 'CA' }),
  env: Record<string, string> = {},
) {
  await openZones();
  const opened = await openTestRuntime(t, { CARRIER_CALLS_PER_SECOND: '1000', WATCHDOG_SECONDS: '5', ...env });
  const asked: number[] = [];
  const askedAtMs: number[] = [];
  const carrier: Carrier = {
    ...opened.carrier,
    async place(request) {
      asked.push(request.callId);
      askedAtMs.push(Date.now());
      const placed = await place(request);
      return placed.answer === 'accepted' ? { ...placed, carrierCallId: `CA${asked.length}` } : placed;
    },
  };
  const runtime: Runtime = { ...opened, carrier };
  const { sql } = runtime.db;
  const [tenant] = await seedTenants(sql, 1);
  if (!tenant) throw new Error('no tenant');
  await sql`insert into carrier_pace (carrier) values ('null')`;
  /** a call that has been, or will be, due for so long */
  const put = async (options: { to?: string; status?: 'scheduled' | 'queued'; priority?: number; dueForMs?: number } = {}) => {
    const { to = NUMBER, status = 'scheduled', priority = 2, dueForMs = 1000 } = options;
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, priority, scheduled_for, due_at, queued_at, queue_round)
      values (${tenant.tenantId}, ${tenant.agentId}, ${to}, ${status}, ${priority}, now(), now() - ${dueForMs} * interval '1 millisecond',
              case when ${status} = 'queued' then now() end, 1) returning id`;
    return row?.id ?? 0;
  };
  const read = async (callId: number) => {
    const [row] = await sql<Row[]>`
      select status, extract(epoch from due_at - now())::float8 * 1000 as "dueInMs", refusals,
             extract(epoch from held_until - now())::float8 * 1000 as "heldForMs", verdict->>'why' as why from calls where id = ${callId}`;
    if (!row) throw new Error('no call');
    return row;
  };
  const queued = async () =>
    (await sql<Array<{ id: number }>>`select id from calls where status = 'queued' order by queued_at, id`).map(({ id }) => id);
  const dial = (callId: number) => dialCall(runtime, callId, NEVER);
  return { runtime, sql, tenant, asked, askedAtMs, put, read, queued, dial };
}
