import t from 'tap';
import { dialCall } from '../../service/dial.ts';
import { ask, type Server, settle, signUp, startServer } from './helper.ts';

interface Why {
  nextTryAt: string;
  askedAt: string;
  history: unknown[];
}

async function askWhy(app: Server['app'], headers: Record<string, string>, id: string): Promise<Why> {
  return (await ask(app, `GET /api/v1/calls/outbound/${id}/why`, { headers })).body.data as Why;
}

const WINDOW_NEVER_NOW = (now: Date) => {
  // a window of one minute, twelve hours away, in UTC
  const hour = String((now.getUTCHours() + 12) % 24).padStart(2, '0');
  return [{ days: [1, 2, 3, 4, 5, 6, 7], start: `${hour}:00`, end: `${hour}:01` }];
};

t.test('a call that waits says what holds it back at this moment', async (t) => {
  const { app, runtime } = await startServer(t);
  const { sql } = runtime.db;
  const { headers, agentId, callId } = await settle(app);
  const why = (id: string) => askWhy(app, headers, id);

  t.match(await why(callId), {
    callId,
    status: 'scheduled',
    exactStatus: 'scheduled',
    decision: 'waiting',
    reason: 'not_due',
    message: 'It is not dialed yet: its time has not come.',
    nextTryAt: '2099-11-02T10:00:00.000Z',
    askedAt: /^\d{4}-.*Z$/,
    retry: { retryAttempt: 0, originalCallId: null, nextRetryId: null, nextRetryAt: null },
    history: [],
  });
  t.match(await why(callId.slice(5)), { callId }, 'the bare number will do');

  const made = await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone: '+919876500001', agentId } });
  const due: string = made.body.data._id;
  const inLine = await why(due);
  t.match(inLine, { status: 'scheduled', exactStatus: 'queued', decision: 'waiting', reason: 'in_line' });
  t.equal(inLine.nextTryAt, inLine.askedAt);

  const tenant = sql`(select tenant_id from calls where id = ${Number(due.slice(5))})`;
  const [{ version } = { version: '' }] = await sql<
    Array<{ version: string }>
  >`select xmin::text as version from calls where id = ${Number(due.slice(5))}`;
  await sql`update tenants set max_calls = 0 where id = ${tenant}`;
  t.match(await why(due), { reason: 'tenant_cap' });
  await sql`update tenants set max_calls = null where id = ${tenant}`;

  await sql`insert into carrier_pace (carrier, paused_until) values ('null', now() + interval '10 minutes')
    on conflict (carrier) do update set paused_until = excluded.paused_until`;
  const paused = await why(due);
  t.match(paused, { reason: 'carrier_paused', message: /paused because it fails/ });
  t.ok(Date.parse(paused.nextTryAt) > Date.now() + 9 * 60_000, 'until the pause is over');
  await sql`update carrier_pace set paused_until = null`;

  await sql`update credit_accounts set balance = 0, auto_refill = false where tenant_id = ${tenant}`;
  t.match(await why(due), { reason: 'no_credit' });
  await sql`update credit_accounts set balance = 10 where tenant_id = ${tenant}`;

  const windows = JSON.stringify(WINDOW_NEVER_NOW(new Date()));
  await sql`update tenants set calling_hours_policy = 'all', timezone = 'UTC', calling_hours = ${windows}::text::jsonb where id = ${tenant}`;
  const closed = await why(due);
  t.match(closed, { reason: 'outside_hours' });
  t.ok(Date.parse(closed.nextTryAt) > Date.now(), 'when they open');
  await sql`update tenants set calling_hours_policy = 'campaigns' where id = ${tenant}`;

  await sql`insert into suppressions (phone, source) values ('+919876500001', 'api')`;
  t.match(await why(due), { decision: 'waiting', reason: 'suppressed', message: /as things stand, will not be dialed/ });
  await sql`delete from suppressions`;

  await sql.begin(async (tx) => {
    await tx`select from calls where id = ${Number(due.slice(5))} for update`;
    t.match(await why(due), { reason: 'in_line' }, 'a row that somebody has locked is asked about all the same');
  });
  const [{ after } = { after: '' }] = await sql<
    Array<{ after: string }>
  >`select xmin::text as after from calls where id = ${Number(due.slice(5))}`;
  t.not(version, '');
  t.equal(after, version, 'asking changed nothing');

  await sql`update calls set status = 'unscheduled', due_at = null where id = ${Number(callId.slice(5))}`;
  t.match(await why(callId), {
    status: 'unscheduled',
    decision: 'waiting',
    reason: 'unscheduled',
    nextTryAt: null,
    message: /autoSchedule/,
  });
});

t.test('a call that is over says how, why, and what follows, with every step', async (t) => {
  const { app, runtime } = await startServer(t);
  const { sql } = runtime.db;
  const { headers, agentId, callId } = await settle(app);
  const why = (id: string) => askWhy(app, headers, id);
  const request = async (toPhone: string) =>
    (await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone, agentId } })).body.data._id as string;
  const idOf = (id: string) => Number(id.slice(5));
  const signal = new AbortController().signal;

  const dialed = await request('+919876500002');
  await dialCall(runtime, idOf(dialed), signal);
  t.match(await why(dialed), {
    status: 'completed',
    decision: 'dialed',
    reason: null,
    nextTryAt: null,
    history: [
      { event: 'enqueue', from: 'scheduled', to: 'queued' },
      { event: 'claim', from: 'queued', to: 'dialing', detail: null },
      { event: 'end', from: 'dialing', to: 'completed' },
    ],
  });

  await sql`update calls set direction = 'inbound' where id = ${idOf(dialed)}`;
  t.match(await why(dialed), { status: 'completed', decision: 'not_dialed', reason: 'inbound', history: { length: 3 } }, 'it came in');
  await sql`update calls set direction = 'outbound' where id = ${idOf(dialed)}`;

  const dropped = await request('+919876500003');
  await sql`insert into suppressions (phone, source) values ('+919876500003', 'api')`;
  await dialCall(runtime, idOf(dropped), signal);
  t.match(await why(dropped), {
    status: 'failed',
    decision: 'not_dialed',
    reason: 'suppressed',
    message: 'Not dialed: the number is on the do-not-call list.',
    history: [{ event: 'enqueue' }, { event: 'fail', from: 'queued', to: 'failed', detail: 'the number is on the do-not-call list' }],
  });

  await sql`update calls set status = 'failed', failure_reason = 'sip 503' where id = ${idOf(dialed)}`;
  await sql`update call_events set to_status = 'failed' where call_id = ${idOf(dialed)} and type = 'end'`;
  t.match(await why(dialed), { decision: 'dialed', reason: null, message: 'It was dialed and failed. sip 503.' });
  await sql`update call_events set type = 'fail' where call_id = ${idOf(dialed)} and type = 'end'`;
  t.match(await why(dialed), { decision: 'not_dialed', reason: 'carrier_refused', message: 'sip 503.' });

  await sql`update calls set status = 'busy', failure_reason = null, retry_open = true where id = ${idOf(dialed)}`;
  t.match(await why(dialed), {
    decision: 'dialed',
    exactStatus: 'busy',
    message: /line was busy\. Whether it is tried again is being decided\.$/,
  });
  const [retry] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, original_call_id, retry_attempt, due_at)
    select tenant_id, agent_id, to_number, 'scheduled', id, 1, '2099-01-01T00:00:00Z' from calls where id = ${idOf(dialed)} returning id`;
  await sql`update calls set retry_open = false where id = ${idOf(dialed)}`;
  const next = '2099-01-01T00:00:00.000Z';
  t.match(await why(dialed), {
    nextTryAt: next,
    retry: { nextRetryId: `call_${retry?.id}`, nextRetryAt: next },
    message: /It is tried again\.$/,
  });
  t.match(await why(`call_${retry?.id}`), { reason: 'not_due', nextTryAt: next, retry: { retryAttempt: 1, originalCallId: dialed } });

  await ask(app, `DELETE /api/v1/calls/outbound/${callId}`, { headers });
  t.match(await why(callId), {
    status: 'cancelled',
    decision: 'cancelled',
    nextTryAt: null,
    history: [{ event: 'cancel', to: 'cancelled' }],
  });

  await sql`insert into call_events (call_id, type, from_status, to_status) select ${idOf(callId)}, 'wait', 'queued', 'scheduled' from generate_series(1, 300)`;
  t.equal((await why(callId)).history.length, 200, 'a long story is told from its last 200 steps');
});

t.test('nobody else is told', async (t) => {
  const { app } = await startServer(t);
  const { headers, callId } = await settle(app);
  const stranger = (await signUp(app)).headers;
  const path = `GET /api/v1/calls/outbound/${callId}/why`;
  t.equal((await ask(app, path, { headers })).status, 200);
  t.match(await ask(app, path, { headers: stranger }), { status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } });
  t.match(await ask(app, path), { status: 401 });
  t.match(await ask(app, 'GET /api/v1/calls/outbound/agent_1/why', { headers }), { status: 404 });
  t.match(await ask(app, 'GET /api/v1/calls/outbound/999999/why', { headers }), { status: 404 });
});
