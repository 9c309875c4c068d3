/** The engine through the real thing: api, worker, scheduler, queues, PostgreSQL, and the sandbox carrier over loopback. */
import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';
import { call, newCaller, OPEN, ringsOf } from './caller.ts';

const FROM_ENDING: Record<string, { status: string; rings: number; why?: RegExp }> = {
  '0001': { status: 'busy', rings: 1, why: /486/ },
  '0002': { status: 'no_answer', rings: 1 },
  '0003': { status: 'failed', rings: 1 },
  '0004': { status: 'voicemail', rings: 1 },
  '0005': { status: 'completed', rings: 1 },
  '0006': { status: 'completed', rings: 1 },
  '0007': { status: 'completed', rings: 1 },
  '0008': { status: 'completed', rings: 1 },
  '0009': { status: 'completed', rings: 1 },
  '0010': { status: 'completed', rings: 1 },
};

interface CallFacts {
  id: number;
  status: string;
  failureReason: string | null;
  answeredBy: string | null;
  cost: string | null;
  durationSeconds: number | null;
  verdict: { answer: string; why?: string } | null;
  claimedAt: Date | null;
}

async function read(system: System, callId: number): Promise<CallFacts> {
  const [row] = await system.runtime.db.sql<CallFacts[]>`
    select id, status, failure_reason as "failureReason", answered_by as "answeredBy", cost, duration_seconds as "durationSeconds",
           verdict, claimed_at as "claimedAt" from calls where id = ${callId}`;
  if (!row) throw new Error(`no call ${callId}`);
  return row;
}

const ended = (system: System, callId: number, patienceMs = 20_000) =>
  eventually(async () => {
    const row = await read(system, callId);
    return OPEN.includes(row.status) ? undefined : row;
  }, patienceMs);

/** Every status change has one event, and replaying them gives the row (invariant I13). */
async function eventsAddUp(t: Test, system: System): Promise<void> {
  const rows = await system.runtime.db.sql<Array<{ id: number; status: string; from: string[]; to: string[] }>>`
    select c.id, c.status, array_agg(e.from_status order by e.id) as "from", array_agg(e.to_status order by e.id) as "to"
      from calls c join call_events e on e.call_id = c.id group by c.id`;
  for (const row of rows) {
    t.equal(row.to.at(-1), row.status, `events of call ${row.id} end where its row is`);
    t.same(row.from.slice(1), row.to.slice(0, -1), `events of call ${row.id} are a chain`);
  }
}

t.test('each magic number ends as it should, rings once, is transcribed and paid for', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const who = await newCaller(system, { voicemailMessage: 'Please call us back.' });
  const { sql } = system.runtime.db;
  const ids = new Map<string, number>();
  for (const ending of Object.keys(FROM_ENDING)) ids.set(ending, await call(system, who, `+1415555${ending}`, { context: 'order 7' }));
  for (const [ending, expected] of Object.entries(FROM_ENDING)) {
    const row = await ended(system, ids.get(ending) ?? 0);
    t.equal(row.status, expected.status, `${ending} ends ${expected.status}`);
    if (expected.why) t.match(row.failureReason, expected.why);
    if (expected.status === 'completed') t.equal(row.failureReason, null, 'a success has no reason to fail');
    t.equal(ringsOf(system, `+1415555${ending}`), expected.rings, `${ending} rang once`);
  }

  const talked = ids.get('0006') ?? 0;
  const { body } = await system.request('GET', `/api/v1/calls/outbound/call_${talked}`, { token: who.token });
  const roles = (body.data.transcript as Array<{ role: string }>).map((turn) => turn.role);
  t.ok(roles.length >= 4 && roles[0] === 'assistant' && roles[1] === 'user', 'a conversation in turns');
  t.match(body.data.transcript[0].content, /Tea Agent/, 'the greeting names the agent');
  t.notMatch(JSON.stringify(body.data.transcript), /order 7/, 'what the agent is told is not told to the callee');
  t.ok(body.data.duration > 0);

  await t.test('money adds up', async (t) => {
    const [sums] = await sql<Array<{ ledger: string; balance: string; used: string; costs: string; charges: number }>>`
      select (select sum(amount) from ledger_entries where tenant_id = ${who.tenantId})::text as ledger, a.balance::text, a.used::text,
             (select sum(cost) from calls where tenant_id = ${who.tenantId})::text as costs,
             (select count(*) from ledger_entries where tenant_id = ${who.tenantId} and kind = 'charge') as charges
        from credit_accounts a where a.tenant_id = ${who.tenantId}`;
    t.equal(Number(sums?.balance), Number(sums?.ledger), 'balance is the sum of the ledger');
    t.equal(Number(sums?.used), Number(sums?.costs), 'used is the sum of the calls');
    t.ok(Number(sums?.charges) > 0 && Number((await read(system, talked)).cost) > 0);
  });

  t.match(await read(system, ids.get('0004') ?? 0), { answeredBy: 'machine' });
  await eventsAddUp(t, system);
  const [leases] = await sql<Array<{ n: number }>>`select count(*) as n from capacity_leases`;
  t.equal(leases?.n, 0, 'no place under a cap is left behind');
});

t.test('a call that is due is dialed within a second of its POST', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const who = await newCaller(system);
  const id = await call(system, who, '+14155550005');
  const [row] = await eventually(async () => {
    const rows = await system.runtime.db.sql<Array<{ ms: number }>>`
      select extract(epoch from (claimed_at - created_at)) * 1000 as ms from calls where id = ${id} and claimed_at is not null`;
    return rows[0] && rows;
  });
  t.ok(Number(row?.ms) < 1000, `claimed ${Math.round(Number(row?.ms))} ms after its row`);
  t.equal((await ended(system, id)).status, 'completed');
});

t.test('what must not ring does not ring, and the row says why', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const who = await newCaller(system);
  const { sql } = system.runtime.db;

  await t.test('suppressed', async (t) => {
    await sql`insert into suppressions (tenant_id, phone, source) values (${who.tenantId}, '+14155551006', 'api'), (null, '+14155552006', 'api')`;
    for (const to of ['+14155551006', '+14155552006']) {
      const row = await ended(system, await call(system, who, to));
      t.match(row, { status: 'failed', failureReason: /do-not-call/, verdict: { answer: 'drop', why: 'suppressed' }, claimedAt: null });
    }
  });

  await t.test('cancelled before its time; a second cancel is fine; a finished call can not be cancelled', async (t) => {
    const id = await call(system, who, '+14155553006', { scheduledFor: new Date(Date.now() + 60_000).toISOString() });
    const cancel = () => system.request('DELETE', `/api/v1/calls/outbound/call_${id}`, { token: who.token });
    t.equal((await cancel()).status, 200);
    t.equal((await cancel()).status, 200);
    t.equal((await read(system, id)).status, 'cancelled');
    const over = await call(system, who, '+14155550005');
    await ended(system, over);
    t.equal((await system.request('DELETE', `/api/v1/calls/outbound/call_${over}`, { token: who.token })).status, 409);
  });

  await t.test('no credit and no auto-refill', async (t) => {
    const poor = await newCaller(system);
    await sql`update credit_accounts set balance = 0, auto_refill = false where tenant_id = ${poor.tenantId}`;
    const id = await call(system, poor, '+14155554006');
    await eventually(async () => (await read(system, id)).verdict?.why === 'no_credit');
    t.match(await read(system, id), { status: 'scheduled', verdict: { answer: 'wait' } });
  });

  await t.test('calling hours, where the tenant wants them for all calls', async (t) => {
    const strict = await newCaller(system);
    const shut = JSON.stringify([{ days: [((new Date().getUTCDay() + 3) % 7) + 1], start: '09:00', end: '10:00' }]);
    await sql`update tenants set calling_hours_policy = 'all', calling_hours = ${shut}::jsonb where id = ${strict.tenantId}`;
    const id = await call(system, strict, '+14155555006');
    await eventually(async () => (await read(system, id)).verdict?.why === 'outside_hours');
    t.equal((await read(system, id)).status, 'scheduled');
  });

  const forbidden = ['+14155551006', '+14155552006', '+14155553006', '+14155554006', '+14155555006'];
  t.same(
    system.sandbox?.rings().filter((ring) => forbidden.includes(ring.to)),
    [],
    'none of them rang',
  );
});

t.test('a tenant never has more calls in flight than it may, and one number is rung once at a time', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true, env: { SANDBOX_SPEED: '40' } });
  const who = await newCaller(system);
  await system.runtime.db.sql`update tenants set max_calls = 3 where id = ${who.tenantId}`;
  const ids = [];
  for (let i = 0; i < 12; i++) ids.push(await call(system, who, i < 2 ? '+14155550005' : `+1415${555 + i}0005`));
  for (const id of ids) t.equal((await ended(system, id, 30_000)).status, 'completed');
  const spans = (system.sandbox?.rings() ?? []).map((ring) => ({
    to: ring.to,
    from: Date.parse(ring.at),
    until: Date.parse(ring.endedAt ?? ''),
  }));
  t.equal(spans.length, 12);
  for (const { from } of spans) t.ok(spans.filter((s) => s.from <= from && from < s.until).length <= 3, 'at most three at once');
  const twice = spans.filter((s) => s.to === '+14155550005').sort((a, b) => a.from - b.from);
  t.ok((twice[0]?.until ?? Infinity) <= (twice[1]?.from ?? 0), 'the second call to a number starts after the first is over');
});

t.test('among due calls high goes before normal before low, and tenants take turns', async (t) => {
  const system = await startSystem(t, { scheduler: true, sandbox: true, env: { CARRIER_CALLS_PER_SECOND: '40' } });
  const [big, small] = [await newCaller(system), await newCaller(system)];
  const { sql } = system.runtime.db;
  await sql`
    insert into calls (tenant_id, agent_id, to_number, status, priority, scheduled_for, due_at)
    select ${big.tenantId}, ${Number(big.agentId.replace('agent_', ''))}, '+1416' || (5550000 + n)::text, 'scheduled', 1 + n % 3, now(), now() - interval '1 minute'
      from generate_series(1, 400) n`;
  const late = await call(system, small, '+14175550005', { priority: 'low' });
  await eventually(async () => (await read(system, late)).status === 'queued');
  const inQueue = await eventually(async () => {
    const [row] = await sql<Array<{ low: number; high: number }>>`
      select count(*) filter (where priority = 3) as low, count(*) filter (where priority = 1) as high
        from calls where status = 'queued' and tenant_id = ${big.tenantId}`;
    return row && row.high > 0 ? row : undefined;
  });
  t.equal(inQueue.low, 0, 'the big tenant is served too, with its urgent calls first');
});

t.test('jobs that come twice, late or for nothing dial nobody twice', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const who = await newCaller(system);
  const id = await call(system, who, '+14155550006');
  for (let i = 0; i < 5; i++) await system.runtime.producer.enqueue('calls', { callId: id }, { jobId: `again_${id}_${i}` });
  await system.runtime.producer.enqueue('calls', { callId: 999_999 }, { jobId: 'nobody' });
  t.equal((await ended(system, id)).status, 'completed');
  t.equal(system.sandbox?.rings().length, 1);
});

t.test('a queued call whose job is lost is queued again', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const who = await newCaller(system);
  const [row] = await system.runtime.db.sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at, queued_at, queue_round)
    values (${who.tenantId}, ${Number(who.agentId.replace('agent_', ''))}, '+14155550005', 'queued', now(), now(), now() - interval '1 minute', 1) returning id`;
  t.equal((await ended(system, row?.id ?? 0, 30_000)).status, 'completed');
  t.equal(system.sandbox?.rings().length, 1);
});

t.test('a worker that died between claim and request: asked back, proven not placed, then dialed once', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const who = await newCaller(system);
  const [row] = await system.runtime.db.sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, from_number, carrier, status, scheduled_for, due_at, claim_token, claimed_at, check_at)
    values (${who.tenantId}, ${Number(who.agentId.replace('agent_', ''))}, '+14155550005', '+15005550006', 'twilio', 'dialing', now(), now(),
            gen_random_uuid(), now(), now()) returning id`;
  t.equal((await ended(system, row?.id ?? 0, 30_000)).status, 'completed');
  t.equal(system.sandbox?.rings().length, 1);
});

t.test('a forged callback is refused and changes nothing; unknown calls are answered without a fuss', async (t) => {
  const system = await startSystem(t, { sandbox: true });
  const who = await newCaller(system);
  const id = await call(system, who, '+14155550006', { scheduledFor: new Date(Date.now() + 60_000).toISOString() });
  const forged = await fetch(new URL(`/carrier/twilio/calls/${id}/00000000-0000-4000-8000-000000000001/status`, system.url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
    body: new URLSearchParams({ CallSid: `CA${'0'.repeat(32)}`, CallStatus: 'completed' }),
  });
  t.equal(forged.status, 403);
  t.equal((await read(system, id)).status, 'scheduled');
});
