import t, { type Test } from 'tap';
import { cancelCall } from '../../service/calls.ts';
import { AGENT, type Answer, ask, settle, type Server, signUp, startServer } from './helper.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DOCUMENTED = {
  no_answer: { maxAttempts: 3, initialDelay: 300_000, backoffMultiplier: 2 },
  busy: { maxAttempts: 2, initialDelay: 600_000, backoffMultiplier: 1.5 },
  failed: { maxAttempts: 2, initialDelay: 900_000, backoffMultiplier: 1.5 },
};

t.test('configuration: documented defaults, partial changes, clear refusals', async (t) => {
  const { app } = await startServer(t);
  const { headers, agentId } = await settle(app);
  const path = `/api/v1/retry/config/${agentId}`;
  const answer = () => ask(app, `GET ${path}`, { headers });
  const config = async (): Promise<unknown> => (await answer()).body.data.retryConfig;
  const put = (payload: unknown) => ask(app, `PUT ${path}`, { headers, payload });
  t.same((await answer()).body, { success: true, data: { agentId, retryConfig: DOCUMENTED } });

  t.match(await put({ no_answer: { maxAttempts: 5, initialDelay: 600_000 } }), {
    status: 200,
    body: { success: true, message: 'Retry configuration updated successfully' },
  });
  const changed = { ...DOCUMENTED, no_answer: { maxAttempts: 5, initialDelay: 600_000, backoffMultiplier: 2 } };
  t.same(await config(), changed, 'what was not named stays');
  await put({ busy: { backoffMultiplier: 3 }, voicemail: { maxAttempts: 2 } });
  await put({ busy: { maxAttempts: 100 } });
  const more = {
    ...changed,
    busy: { maxAttempts: 100, initialDelay: 600_000, backoffMultiplier: 3 },
    voicemail: { maxAttempts: 2, initialDelay: 300_000, backoffMultiplier: 2 },
  };
  t.same(await config(), more);

  for (const [payload, field] of [
    [{}, /body/],
    [{ answered: { maxAttempts: 2 } }, /answered/],
    [{ completed: { maxAttempts: 2 } }, /completed/],
    [{ busy: {} }, /busy/],
    [{ busy: { attempts: 3 } }, /busy\.attempts/],
    [{ busy: { maxAttempts: 0 } }, /busy\.maxAttempts must be at least 1/],
    [{ busy: { maxAttempts: 101 } }, /busy\.maxAttempts must be at most 100/],
    [{ busy: { maxAttempts: 2.5 } }, /busy\.maxAttempts/],
    [{ failed: { initialDelay: -1 } }, /failed\.initialDelay/],
    [{ failed: { initialDelay: 30 * DAY_MS + 1 } }, /failed\.initialDelay/],
    [{ no_answer: { backoffMultiplier: 0.9 } }, /no_answer\.backoffMultiplier/],
    [{ no_answer: { backoffMultiplier: 11 } }, /no_answer\.backoffMultiplier/],
    [{ no_answer: { backoffMultiplier: '2' } }, /no_answer\.backoffMultiplier must be a number/],
    [{ no_answer: null }, /no_answer must be an object/],
    [{ busy: { maxAttempts: 4 }, failed: { maxAttempts: 'many' } }, /failed\.maxAttempts/],
  ] as const) {
    t.match(
      await put(payload),
      { status: 422, body: { success: false, error: { code: 'VALIDATION_ERROR', details: field } } },
      JSON.stringify(payload),
    );
  }
  t.same(await config(), more, 'a refusal changes nothing');
  t.equal(
    (await put({ failed: { initialDelay: 30 * DAY_MS, maxAttempts: 1, backoffMultiplier: 10 } })).status,
    200,
    'the bounds themselves',
  );

  await t.test('nobody else sees or changes it', async (t) => {
    const { headers: stranger } = await signUp(app);
    t.equal((await ask(app, `GET ${path}`, { headers: stranger })).status, 404);
    t.equal((await ask(app, `PUT ${path}`, { headers: stranger, payload: { busy: { maxAttempts: 9 } } })).status, 404);
    t.match(await config(), { busy: { maxAttempts: 100 } });
  });

  await t.test('changes made at once all count', async (t) => {
    const other = (await ask(app, 'POST /api/v1/agents', { headers, payload: AGENT })).body.data._id;
    const change = (payload: unknown) => ask(app, `PUT /api/v1/retry/config/${other}`, { headers, payload });
    await Promise.all([
      change({ busy: { maxAttempts: 7 } }),
      change({ busy: { initialDelay: 1 } }),
      change({ busy: { backoffMultiplier: 4 } }),
      change({ abandoned: { initialDelay: 5 } }),
    ]);
    t.match((await ask(app, `GET /api/v1/retry/config/${other}`, { headers })).body.data.retryConfig, {
      busy: { maxAttempts: 7, initialDelay: 1, backoffMultiplier: 4 },
      abandoned: { initialDelay: 5 },
    });
  });
});

const idOf = ({ body }: Answer) => Number(String(body.data._id).replace('call_', ''));

/** A call of an agent as it stands after its dials; answers its id. */
async function past(
  { runtime }: Server,
  agentId: string,
  call: { to?: string; outcome: string; endedAgoMinutes?: number },
): Promise<number> {
  const [row] = await runtime.db.sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, claimed_at, ended_at, context, priority)
    select tenant_id, id, ${call.to ?? '+14155550100'}, ${call.outcome}, now(), now(),
           now() - ${call.endedAgoMinutes ?? 0} * interval '1 minute', 'order 7', 1
      from agents where id = ${Number(agentId.replace('agent_', ''))}
    returning id`;
  return row?.id ?? 0;
}

async function alwaysOpen({ runtime }: Server): Promise<void> {
  await runtime.db.sql`update tenants set calling_hours = '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]'::jsonb`;
}

t.test('a retry by hand', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { sql } = runtime.db;
  const { headers, agentId, callId: waiting } = await settle(app);
  await alwaysOpen(server);
  const retry = (id: number | string) => ask(app, `POST /api/v1/retry/manual/${id}`, { headers });
  const end = (id: number, status: string) =>
    sql`update calls set status = ${status}, claimed_at = now(), ended_at = now(), due_at = null where id = ${id}`;

  await t.test('is a new row of the chain, due now, of the same call', async (t) => {
    const id = await past(server, agentId, { outcome: 'no_answer' });
    const answer = await retry(`call_${id}`);
    t.match(answer, {
      status: 200,
      body: {
        success: true,
        message: /^Call retry initiated successfully$/,
        data: { _id: /^call_\d+$/, originalCallId: `call_${id}`, retryAttempt: 1, status: 'scheduled', exceedsMaxAttempts: false },
      },
    });
    const retryId = idOf(answer);
    const [row] = await sql`
      select status, context, priority, due_at <= now() as due, scheduled_for = due_at as same, schedule_id, import_id from calls where id = ${retryId}`;
    t.match(row, { status: 'scheduled', context: 'order 7', priority: 1, due: true, same: true, schedule_id: null, import_id: null });
    t.match((await ask(app, `GET /api/v1/calls/outbound/${retryId}`, { headers })).body.data, {
      originalCallId: `call_${id}`,
      retryAttempt: 1,
    });
    t.match((await ask(app, `GET /api/v1/calls/outbound/${id}`, { headers })).body.data, { originalCallId: null, retryAttempt: 0 });

    t.match((await retry(id)).body.data, { _id: `call_${retryId}` }, 'asked again it is the one that waits');
    await sql`update calls set status = 'queued' where id = ${retryId}`;
    t.match(await retry(id), { status: 409, body: { error: { code: 'CONFLICT', details: /waiting to be dialed/ } } });
    await sql`update calls set status = 'ringing' where id = ${retryId}`;
    t.match(await retry(retryId), { status: 409, body: { error: { details: /in progress/ } } });

    await end(retryId, 'busy');
    const third = await retry(retryId);
    t.match(third.body, {
      message: 'Call retry initiated successfully, beyond the 2 attempts that are configured',
      data: { originalCallId: `call_${id}`, retryAttempt: 2, exceedsMaxAttempts: true },
    });
    await end(idOf(third), 'completed');
    t.match(await retry(id), { status: 409, body: { error: { details: /completed/ } } });
  });

  await t.test('brings a waiting retry forward', async (t) => {
    const id = await past(server, agentId, { outcome: 'no_answer' });
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, original_call_id, retry_attempt, scheduled_for, due_at)
      select tenant_id, agent_id, to_number, 'scheduled', id, 1, now() + interval '1 hour', now() + interval '1 hour' from calls where id = ${id}
      returning id`;
    const { body } = await retry(id);
    t.match(body, { message: /^Call retry initiated successfully$/, data: { _id: `call_${row?.id}`, retryAttempt: 1 } });
    t.ok(Date.parse(body.data.scheduledFor) <= Date.now() + 1000, 'now, not in an hour');
    const [count] = await sql<Array<{ n: number }>>`select count(*) as n from calls where original_call_id = ${id}`;
    t.equal(count?.n, 1, 'no second row');
  });

  await t.test('asked for at once it is one', async (t) => {
    const id = await past(server, agentId, { outcome: 'busy' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => retry(id)));
    t.same(new Set(answers.map((answer) => answer.status)), new Set([200]));
    t.equal(new Set(answers.map(idOf)).size, 1);
  });

  await t.test('waits for the calling hours', async (t) => {
    const hour = new Date().getUTCHours();
    const clock = (h: number) => `${String((hour + h) % 24).padStart(2, '0')}:00`;
    const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], start: clock(3), end: clock(5) }];
    await sql`update tenants set calling_hours = ${JSON.stringify(windows)}::jsonb, timezone = 'UTC'`;
    const id = await past(server, agentId, { outcome: 'busy' });
    await sql`update calls set timezone = 'Africa/Abidjan' where id = ${id}`;
    t.match((await retry(id)).body.data.scheduledFor, new RegExp(`T${clock(3)}:00.000Z`));
    await sql`update tenants set calling_hours = '[]'::jsonb`;
    t.match(await retry(await past(server, agentId, { outcome: 'busy' })), { status: 409, body: { error: { details: /never open/ } } });
    await alwaysOpen(server);
  });

  await t.test('is refused where nothing may be dialed', async (t) => {
    t.match(await retry(waiting), { status: 409, body: { error: { details: 'Call is waiting to be dialed' } } }, 'it was not dialed yet');
    t.match(await retry(await past(server, agentId, { outcome: 'completed' })), { status: 409 });
    const id = await past(server, agentId, { to: '+14155550177', outcome: 'busy' });
    const { headers: stranger } = await signUp(app);
    t.equal((await ask(app, `POST /api/v1/retry/manual/${id}`, { headers: stranger })).status, 404);
    await sql`insert into suppressions (tenant_id, phone, source) values (null, '+14155550177', 'api')`;
    t.match(await retry(id), { status: 409, body: { error: { details: /do-not-call list/ } } });
    const mine = await past(server, agentId, { outcome: 'busy' });
    await ask(app, `PUT /api/v1/agents/${agentId}`, { headers, payload: { isActive: false } });
    t.match(await retry(mine), { status: 409, body: { error: { details: /agent.*switched off/ } } });
    for (const none of ['999999999', 'agent_1', 'nonsense']) t.equal((await retry(none)).status, 404, none);
    const [made] = await sql<Array<{ n: number }>>`select count(*) as n from calls where original_call_id in (${id}, ${mine})`;
    t.equal(made?.n, 0);
  });
});

t.test('what waits is listed, soonest first, page by page', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { headers, agentId } = await settle(app);
  await alwaysOpen(server);
  const pending = async (query = '', as = headers) => ask(app, `GET /api/v1/retry/pending${query}`, { headers: as });
  t.same((await pending()).body, { success: true, data: [], pagination: { total: 0, page: 1, limit: 50, pages: 0 } });
  const made: string[] = [];
  for (const [outcome, to] of [
    ['no_answer', '+14155550101'],
    ['busy', '+14155550102'],
    ['failed', '+14155550103'],
  ] as const) {
    const id = await past(server, agentId, { outcome, to });
    made.unshift((await ask(app, `POST /api/v1/retry/manual/${id}`, { headers })).body.data._id);
    await runtime.db.sql`update calls set due_at = due_at + interval '1 hour' where retry_attempt > 0`;
  }
  const { body } = await pending();
  t.match(body, {
    success: true,
    data: [
      { _id: made[0], toPhone: '+14155550103', retryAttempt: 1, nextRetryAt: /^\d{4}-.*Z$/, failureReason: 'failed' },
      { _id: made[1], toPhone: '+14155550102', retryAttempt: 1, failureReason: 'busy' },
      { _id: made[2], toPhone: '+14155550101', retryAttempt: 1, failureReason: 'no_answer' },
    ],
    pagination: { total: 3, page: 1, limit: 50, pages: 1 },
  });
  t.same((await pending('?page=2&limit=2')).body, {
    success: true,
    data: [body.data[2]],
    pagination: { total: 3, page: 2, limit: 2, pages: 2 },
  });
  for (const query of ['?page=0', '?limit=101', '?limit=x']) t.equal((await pending(query)).status, 400, query);
  t.equal((await pending('?page=1000000&limit=100')).status, 400);
  const { headers: stranger } = await signUp(app);
  t.same((await pending('', stranger)).body.data, []);
});

t.test('cancelling', async (t: Test) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { sql } = runtime.db;
  const { headers, agentId } = await settle(app);
  await alwaysOpen(server);
  const cancel = (id: number | string) => ask(app, `DELETE /api/v1/calls/outbound/${id}`, { headers });
  const chain = async (id: number) => {
    const rows = await sql<
      Array<{ status: string }>
    >`select status from calls where ${id} in (id, original_call_id) order by retry_attempt`;
    return rows.map((row) => row.status);
  };

  await t.test('an ended attempt takes its waiting retry back', async (t) => {
    const id = await past(server, agentId, { outcome: 'busy' });
    await ask(app, `POST /api/v1/retry/manual/${id}`, { headers });
    t.match(await cancel(id), { status: 200, body: { message: 'Call cancelled successfully' } });
    t.same(await chain(id), ['busy', 'cancelled']);
    t.equal((await cancel(id)).status, 200, 'twice is no error');
  });

  await t.test('an attempt that nobody has decided about is not tried again', async (t) => {
    const id = await past(server, agentId, { outcome: 'busy' });
    await sql`update calls set retry_open = true where id = ${id}`;
    t.equal((await cancel(id)).status, 200);
    t.same(await chain(id), ['busy', 'cancelled']);
    const [row] = await sql`select retry_open from calls where id = ${id}`;
    t.match(row, { retry_open: false });
  });

  await t.test('one that would not be tried again anyway is over', async (t) => {
    const id = await past(server, agentId, { outcome: 'voicemail' });
    await sql`update calls set retry_open = true where id = ${id}`;
    t.match(await cancel(id), { status: 409, body: { error: { details: /over \(voicemail\)/ } } });
    t.same(await chain(id), ['voicemail']);
  });

  await t.test('a retry in flight is not cancelled any more', async (t) => {
    const id = await past(server, agentId, { outcome: 'busy' });
    const retryId = idOf(await ask(app, `POST /api/v1/retry/manual/${id}`, { headers }));
    await sql`update calls set status = 'dialing' where id = ${retryId}`;
    t.match(await cancel(id), { status: 409, body: { error: { details: /retry of this call is in-progress/ } } });
    t.match(await cancel(retryId), { status: 409, body: { error: { details: /^Call is in-progress/ } } });
    t.same(await chain(id), ['busy', 'dialing']);
  });

  await t.test("another tenant's chain stays as it is", async (t) => {
    const id = await past(server, agentId, { outcome: 'busy' });
    await sql`update calls set retry_open = true where id = ${id}`;
    await t.rejects(cancelCall(runtime, 999_999, id), { code: 'not_found' });
    t.same(await chain(id), ['busy']);
  });
});
