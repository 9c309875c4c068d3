/** Calls over Millis from the request to the bill, and Millis's books in our tables: the real thing, with the sandbox as Millis. */
import t, { type Test } from 'tap';
import type { Directory } from '../../carrier/directory.ts';
import { carrierSyncTick } from '../../scheduler/tick/carrier-sync.ts';
import { fetchRecordings } from '../../service/recording-fetch.ts';
import { dialCall } from '../../service/dial.ts';
import type { Runtime } from '../../service/runtime.ts';
import { planTalk } from '../../service/talk-plan.ts';
import { syncDirectory } from '../../service/carrier-sync.ts';
import { watchSilentCalls } from '../../service/watchdog.ts';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';
import { call, newCaller, OPEN, ringsOf } from './caller.ts';

const KEY = 'key-of-the-account';
const SECRET = 'a-secret-for-the-webhook';

async function ended(system: System, callId: number) {
  return eventually(async () => {
    const [row] = await system.runtime.db.sql<
      Array<{
        status: string;
        cost: string;
        duration: number;
        answeredAt: Date | null;
        answeredBy: string | null;
        why: string | null;
        token: string;
      }>
    >`select status, cost, duration_seconds as duration, answered_at as "answeredAt", answered_by as "answeredBy", failure_reason as why,
             claim_token::text as token from calls where id = ${callId}`;
    return row && !OPEN.includes(row.status) ? row : undefined;
  }, 30_000);
}

const ofCall = async (system: System, callId: number) => {
  const { sql } = system.runtime.db;
  const turns = await sql<Array<{ role: string; content: string }>>`
    select role, content from transcript_turns where call_id = ${callId} order by position`;
  const charges = await sql<Array<{ component: string; amount: string; description: string }>>`
    select component, amount, description from ledger_entries where call_id = ${callId} order by component`;
  return { turns: [...turns], charges: [...charges] };
};

t.test('from the request to the bill', async (t) => {
  const system = await startSystem(t, {
    worker: true,
    scheduler: true,
    sandbox: true,
    env: { CARRIER: 'millis', RECORD_CALLS: 'true', MILLIS_WEBHOOK_SECRET: SECRET, MILLIS_FROM_NUMBER: '+15005550009' },
  });
  const who = await newCaller(system, { voicemailMessage: 'Please call us back.' });
  const { sql } = system.runtime.db;
  const endings: Record<string, string> = {
    '0001': 'busy',
    '0002': 'no_answer',
    '0003': 'failed',
    '0004': 'voicemail',
    '0005': 'completed',
    '0006': 'completed',
    '0007': 'completed',
    '0008': 'completed',
    '0009': 'completed',
    '0010': 'completed',
    '0012': 'completed',
  };
  const ids = new Map<string, number>();
  for (const ending of Object.keys(endings)) ids.set(ending, await call(system, who, `+1415555${ending}`, { context: 'order 7' }));
  for (const [ending, status] of Object.entries(endings)) {
    const row = await ended(system, ids.get(ending) ?? 0);
    t.equal(row.status, status, `${ending} ends ${status}`);
    t.equal(ringsOf(system, `+1415555${ending}`), 1, `${ending} rang once`);
  }

  await t.test('what was said and what it cost are Millis’s', async (t) => {
    const talked = ids.get('0006') ?? 0;
    const row = await ended(system, talked);
    const { turns, charges } = await ofCall(system, talked);
    t.match(turns[0], { role: 'assistant', content: /Tea Agent/ }, 'our agent talked');
    t.match(turns[1], { role: 'user', content: 'Hello, yes, this is a good time.' });
    t.same(
      charges.map(({ component }) => component),
      ['carrier', 'llm', 'stt', 'tts'],
    );
    t.match(charges[1], { description: 'As billed by Millis: openai' });
    t.equal(
      Number(row.cost),
      -charges.reduce((sum, { amount }) => Math.round((sum + Number(amount)) * 1e6) / 1e6, 0),
      'cost is the sum of the charges',
    );
    t.ok(row.answeredAt && row.duration > 5);
    const { body } = await system.request('GET', `/api/v1/calls/outbound/call_${talked}`, { token: who.token });
    t.equal(body.data.transcript.length, turns.length);
    t.equal(body.data.status, 'completed');
    t.match(await ended(system, ids.get('0004') ?? 0), { answeredBy: 'machine' });
    t.match((await ofCall(system, ids.get('0004') ?? 0)).turns, [{ content: 'Please call us back.' }]);
    t.match(await ended(system, ids.get('0001') ?? 0), { why: 'Millis: busy', answeredAt: null });
    const [sums] = await sql<Array<{ ledger: string; balance: string }>>`
      select (select sum(amount) from ledger_entries where tenant_id = ${who.tenantId}) as ledger, balance
        from credit_accounts where tenant_id = ${who.tenantId}`;
    t.equal(Number(sums?.ledger), Number(sums?.balance));
  });

  await t.test('told again, or of another dial, nothing changes', async (t) => {
    const talked = ids.get('0006') ?? 0;
    const row = await ended(system, talked);
    const before = await ofCall(system, talked);
    const [{ sid } = { sid: '' }] = await sql<Array<{ sid: string }>>`select carrier_call_id as sid from calls where id = ${talked}`;
    const post = (json: unknown, secret = SECRET) =>
      system.request('POST', '/carrier/millis/session', { json, headers: { 'x-dialfleet-secret': secret } });
    const chat = JSON.stringify([{ role: 'user', content: 'Something else. Stop calling me.' }]);
    const session = (token: string, id = sid) => ({
      session_id: id,
      call_status: 'error',
      duration: 99,
      ts: 1_767_268_800,
      chat,
      cost_breakdown: [{ type: 'llm', credit: 5 }],
      metadata: { dialfleet_call_id: String(talked), dialfleet_token: token },
    });
    t.equal((await post(session(row.token))).status, 204);
    t.equal((await post(session(row.token, 'another-session'))).status, 204);
    t.equal((await post(session('00000000-0000-4000-8000-00000000000f'))).status, 204);
    t.equal((await post({ ...session(row.token), metadata: {} })).status, 204, 'a call that is not ours');
    t.strictSame(await ofCall(system, talked), before);
    t.strictSame(await ended(system, talked), row);
    t.same(await sql`select from suppressions where call_id = ${talked}`, [], 'nor what it says of opting out');

    t.equal((await post(session(row.token), 'wrong')).status, 403);
    t.equal((await system.request('POST', '/carrier/millis/session', { json: {} })).status, 403);
    t.equal((await post({})).status, 400);
    t.equal((await post('x'.repeat(5 * 1024 * 1024))).status, 413);
  });

  await t.test('who asked not to be called again is not', async (t) => {
    const stopped = await sql<Array<{ phone: string; source: string }>>`
      select phone, source from suppressions where call_id = ${ids.get('0012') ?? 0}`;
    t.same([...stopped], [{ phone: '+14155550012', source: 'speech' }]);
    const again = await ended(system, await call(system, who, '+14155550012'));
    t.equal(again.status, 'failed');
    t.equal(ringsOf(system, '+14155550012'), 1);
  });

  await t.test('its recording is fetched', async (t) => {
    const found = await eventually(async () => {
      const [row] = await sql<Array<{ status: string; mimeType: string }>>`
        select status, mime_type as "mimeType" from recordings where call_id = ${ids.get('0006') ?? 0}`;
      return row?.status === 'ready' ? row : undefined;
    }, 20_000);
    t.equal(found.mimeType, 'audio/mpeg');
  });

  await t.test('what Millis cannot lead is refused before anybody rings', async (t) => {
    const callId = await call(system, who, '+14155550106', { scheduledFor: '2099-01-01T10:00:00Z' });
    t.match(await planTalk(system.runtime, callId), {
      talk: { carrierAgentId: undefined, prompt: 'You sell tea.', greeting: /Tea Agent/, voicemailMessage: 'Please call us back.' },
    });
    await sql`update agents set carrier = 'millis', carrier_agent_id = '-Otea' where tenant_id = ${who.tenantId}`;
    t.match(await planTalk(system.runtime, callId), { talk: { carrierAgentId: '-Otea' } });
    await sql`update agents set carrier = 'twilio' where tenant_id = ${who.tenantId}`;
    t.match(await planTalk(system.runtime, callId), { talk: { carrierAgentId: undefined } }, 'another carrier’s agent is none of Millis’s');
    await sql`update agents set kind = 'human', user_id = ${who.userId} where tenant_id = ${who.tenantId}`;
    t.match(await planTalk(system.runtime, callId), { refused: { answer: 'rejected', kind: 'refused', message: /people/ } });
    await sql`update agents set kind = 'ai', user_id = null where tenant_id = ${who.tenantId}`;
    const [flow] = await sql<Array<{ id: number }>>`
      insert into flows (tenant_id, name) values (${who.tenantId}, 'A flow') returning id`;
    await sql`update calls set flow_id = ${flow?.id ?? 0} where id = ${callId}`;
    t.match(await planTalk(system.runtime, callId), { refused: { message: /flows/ } });
  });
});

t.test('when nobody can say who talks, the call goes back in line at once, and its places with it', async (t) => {
  const system = await startSystem(t, { env: { CARRIER: 'null' } });
  const who = await newCaller(system);
  const { runtime } = system;
  const { sql } = runtime.db;
  const callId = await call(system, who, '+14155550006');
  const errors: unknown[] = [];
  const log = Object.assign(Object.create(runtime.log) as typeof runtime.log, { error: (told: unknown) => errors.push(told) });
  const speechless: Runtime = {
    ...runtime,
    log,
    carrier: { ...runtime.carrier, holdsTalk: true },
    db: {
      ...runtime.db,
      sql: Object.assign(
        (...args: Parameters<typeof sql>) => {
          // the statement that tells who talks is the only one that names this column
          if (String(args[0]).includes('system_prompt')) throw new Error('the database went away');
          return sql(...args);
        },
        sql,
        { begin: sql.begin.bind(sql) },
      ),
    },
  };
  const stand = async () => {
    const [row] = await sql<Array<{ status: string; heldMs: number; leases: number }>>`
      select status, extract(epoch from held_until - now())::float8 * 1000 as "heldMs",
             (select count(*) from capacity_leases where call_id = c.id) as leases from calls c where id = ${callId}`;
    return row;
  };
  await dialCall(speechless, callId, new AbortController().signal);
  const row = await stand();
  t.match(row, { status: 'scheduled', leases: 0 });
  t.ok(row && row.heldMs > 0 && row.heldMs < 2000, `looked at again after ${row?.heldMs} ms`);
  t.match(errors, [{ callId, err: { message: 'the database went away' } }]);

  await sql`update calls set status = 'queued', queued_at = now(), due_at = now() - interval '1 second', held_until = null where id = ${callId}`;
  await dialCall(runtime, callId, new AbortController().signal);
  t.not((await stand())?.status, 'scheduled', 'and is dialed then');
});

/** Somebody else's calls over the same account. */
async function ringElsewhere(system: System, to: string, from: string, more: object = {}): Promise<string> {
  const response = await fetch(`${system.sandbox?.url}/start_outbound_call`, {
    method: 'POST',
    headers: { authorization: KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ from_phone: from, to_phone: to, ...more }),
  });
  return ((await response.json()) as { session_id: string }).session_id;
}

async function openBooks(t: Test) {
  const system = await startSystem(t, { sandbox: true, env: { CARRIER: 'null', MILLIS_API_KEY: KEY } });
  const { directory } = system.runtime;
  if (!directory) throw new Error('no directory');
  const home = await newCaller(system);
  await system.runtime.db.sql`update users set platform_role = 'admin' where id = ${home.userId}`;
  // the books are read to the end of the second before
  const soon = () => new Date(Date.now() + 2000);
  return { system, directory, home, sql: system.runtime.db.sql, soon };
}

t.test('the books are taken over once, whatever stops it', async (t) => {
  const { system, directory, home, sql, soon } = await openBooks(t);
  const CALLS = 230;
  for (let n = 0; n < CALLS; n++) await ringElsewhere(system, `+1415${String(n).padStart(3, '0')}0001`, '+15005550006');
  await eventually(() => system.sandbox?.rings().filter(({ endedAt }) => endedAt).length === CALLS);
  const count = async () => {
    const [row] = await sql<Array<{ calls: number; ids: number }>>`
      select count(*) as calls, count(distinct carrier_call_id) as ids from calls where carrier = 'millis'`;
    return row;
  };
  let pages = 0;
  const breaking: Directory = {
    ...directory,
    listCallLogs: (query) => (pages++ === 1 ? Promise.reject(new Error('the process died')) : directory.listCallLogs(query)),
  };
  await t.rejects(syncDirectory(system.runtime, breaking, soon()), { message: 'the process died' });
  t.same(await count(), { calls: 100, ids: 100 }, 'what was read is kept');
  t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 0, calls: CALLS - 100 }, 'it goes on behind it');
  t.same(await count(), { calls: CALLS, ids: CALLS });
  t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 0, calls: 0 });
  await Promise.all([1, 2, 3].map(() => syncDirectory(system.runtime, directory, soon())));
  t.same(await count(), { calls: CALLS, ids: CALLS });
  await ringElsewhere(system, '+14159990001', '+15005550006');
  await eventually(() => system.sandbox?.rings().filter(({ endedAt }) => endedAt).length === CALLS + 1);
  t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 0, calls: 1 }, 'and on with what is new');

  const [sums] = await sql<Array<Record<string, number>>>`
    select (select sum(calls) from call_slots where tenant_id = ${home.tenantId} and status = 'busy') as slots,
           (select count(*) from call_events e join calls c on c.id = e.call_id and e.to_status = c.status where c.carrier = 'millis') as events,
           (select count(*) from ledger_entries where call_id is not null) as charges,
           (select count(*) from calls where status not in ('busy') or tenant_id <> ${home.tenantId}) as others`;
  t.match(sums, { events: CALLS + 1, charges: 0, others: 0 });
  t.equal(Number(sums?.slots), CALLS + 1, 'counted, not charged');
});

t.test('whose they are, and what is known of them', async (t) => {
  const { system, directory, home, sql, soon } = await openBooks(t);
  const owner = await newCaller(system);
  const curious = await newCaller(system);
  const number = '+14155550100';
  await sql`insert into phone_numbers (tenant_id, number, carrier) values (${owner.tenantId}, ${number}, 'millis')`;
  // anybody may enter any number
  await system.request('POST', '/api/v1/phones', { token: curious.token, json: { phoneNumber: number, agentId: curious.agentId } });
  for (const phone of [number, '+14155550199']) await directory.importPhone(phone);
  const agent = await fetch(`${system.sandbox?.url}/agents`, {
    method: 'POST',
    headers: { authorization: KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Their agent', config: { prompt: 'You sell coffee.', call_settings: { enable_recording: true } } }),
  });
  const { id: theirs } = (await agent.json()) as { id: string };
  await directory.setAgent(number, theirs);
  await directory.setTags('+14155550199', ['vip']);

  const out = await ringElsewhere(system, '+14155560006', number);
  const inbound = await ringElsewhere(system, number, '+14155550107');
  const nobodys = await ringElsewhere(system, '+14155570006', '+15005550006');
  await eventually(async () => {
    const { logs } = await directory.listCallLogs({});
    return logs.length === 3 && logs.every(({ progress }) => progress.type === 'ended');
  });
  t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 2, calls: 3 });

  const phones = await sql<Array<Record<string, unknown>>>`
    select p.tenant_id as "tenantId", p.number, p.carrier, p.tags, p.meta, a.name, a.system_prompt as prompt, a.carrier_agent_id as "agentId"
      from phone_numbers p left join agents a on a.id = p.agent_id where p.carrier = 'millis' order by p.number`;
  t.match(phones, [
    { tenantId: owner.tenantId, number, name: 'Their agent', prompt: 'You sell coffee.', agentId: theirs, meta: { status: 'active' } },
    { tenantId: home.tenantId, number: '+14155550199', tags: ['vip'], agentId: null },
  ]);
  const calls = await sql<Array<Record<string, unknown>>>`
    select c.carrier_call_id as sid, c.tenant_id as "tenantId", c.direction, c.status, c.cost, a.carrier_agent_id as "agentId",
           (select count(*) from transcript_turns where call_id = c.id) > 2 as told, c.duration_seconds > 0 as lasted, c.metadata,
           (select count(*) from recordings where call_id = c.id and status = 'pending') as recordings
      from calls c join agents a on a.id = c.agent_id where c.carrier = 'millis' order by c.id`;
  const talk = { status: 'completed', told: true, lasted: true, cost: null, metadata: { carrierStatus: 'agent-ended' } };
  t.match(
    calls.find(({ sid }) => sid === out),
    { ...talk, tenantId: owner.tenantId, direction: 'outbound', agentId: theirs, recordings: 1 },
  );
  t.match(
    calls.find(({ sid }) => sid === inbound),
    { tenantId: owner.tenantId, direction: 'inbound' },
  );
  t.match(
    calls.find(({ sid }) => sid === nobodys),
    { tenantId: home.tenantId, direction: 'outbound', agentId: 'unknown', recordings: 0 },
  );
  t.notOk(
    calls.some(({ tenantId }) => tenantId === curious.tenantId),
    'who has merely entered a number sees nothing of it',
  );

  await t.test('their recordings are Millis’s, whoever dials for us', async (t) => {
    t.equal(await fetchRecordings(system.runtime), 1);
    const found = await sql<Array<{ status: string; size: number }>>`select status, size_bytes as size from recordings`;
    t.ok(found.length === 1 && found.every(({ status, size }) => status === 'ready' && size > 1000));
  });

  await t.test('while Millis fails nothing changes, and the next pass makes up for it', async (t) => {
    for (const fault of ['error', 'drop']) {
      await fetch(`${system.sandbox?.url}/_sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fault, desk: 'directory', count: 2 }),
      });
      await t.rejects(syncDirectory(system.runtime, directory, soon()), { code: 'carrier_failure' }, fault);
      await carrierSyncTick(system.runtime);
    }
    t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 0, calls: 0 });
  });

  await t.test('a number of ours follows the company until somebody gives it an agent of our own', async (t) => {
    const agentOf = async () => {
      const [row] = await sql<
        Array<{ id: number }>
      >`select agent_id as id from phone_numbers where tenant_id = ${owner.tenantId} and number = ${number}`;
      return row?.id;
    };
    t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 0, calls: 0 }, 'nothing has changed');
    await directory.setAgent(number, 'someone-else');
    t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 1, calls: 0 });
    const own = Number(owner.agentId.replace('agent_', ''));
    await sql`update phone_numbers set agent_id = ${own} where tenant_id = ${owner.tenantId}`;
    await directory.setAgent(number, theirs);
    t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 1, calls: 0 }, 'the company’s word is noted');
    t.equal(await agentOf(), own);
    t.same(await syncDirectory(system.runtime, directory, soon()), { phones: 0, calls: 0 });
  });
});

t.test('a call of ours is no second one in the books, and one under way is waited for', async (t) => {
  const { system, directory, home, sql, soon } = await openBooks(t);
  const token = '00000000-0000-4000-8000-00000000000a';
  const [row] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, from_number, status, carrier, claim_token, claimed_at, scheduled_for)
    values (${home.tenantId}, ${Number(home.agentId.replace('agent_', ''))}, '+14155550006', '+15005550006', 'unknown', 'millis',
            ${token}::uuid, now(), now()) returning id`;
  const metadata = { dialfleet_call_id: String(row?.id), dialfleet_token: token };
  const sid = await ringElsewhere(system, '+14155550006', '+15005550006', { metadata });
  const early = await syncDirectory(system.runtime, directory, soon());
  t.equal(early.calls, 0);
  const [cursor] = await sql<
    Array<{ since: number }>
  >`select (cursor->>'since')::float8 as since from sync_cursors where subject = 'call-logs'`;
  t.ok(cursor && cursor.since < Date.now() / 1000, 'the next pass begins before it');
  await eventually(async () => (await directory.listCallLogs({})).logs[0]?.progress.type === 'ended');
  t.equal((await syncDirectory(system.runtime, directory, soon())).calls, 0);
  const calls = await sql<Array<Record<string, unknown>>>`select id, status, carrier_call_id as sid from calls`;
  t.match([...calls], [{ id: row?.id, status: 'completed', sid }], 'its end was heard from the books');
  t.ok((await ofCall(system, row?.id ?? 0)).turns.length > 2);
});

t.test('where the books come late, not finding a call never proves that it was not placed', async (t) => {
  const system = await startSystem(t, { env: { CARRIER: 'null', RING_TIMEOUT_SECONDS: '30', CALL_TIME_LIMIT_SECONDS: '600' } });
  const who = await newCaller(system);
  const { sql } = system.runtime.db;
  const statusAfter = async (booksLate: boolean, minutes: number) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, from_number, status, carrier, claim_token, claimed_at, scheduled_for, check_at, denials)
      values (${who.tenantId}, ${Number(who.agentId.replace('agent_', ''))}, '+14155550006', '+15005550006', 'unknown', 'null', gen_random_uuid(),
              now() - ${minutes} * interval '1 minute', now(), now(), 5) returning id`;
    await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, booksLate } });
    const [found] = await sql<Array<{ status: string }>>`select status from calls where id = ${row?.id ?? 0}`;
    return found?.status;
  };
  t.equal(await statusAfter(false, 5), 'scheduled', 'elsewhere it was never placed');
  t.equal(await statusAfter(true, 5), 'unknown');
  t.equal(await statusAfter(true, 13), 'failed', 'nobody is rung twice');
});

t.test('without a platform administrator, or a key, nothing is taken over', async (t) => {
  const system = await startSystem(t, { sandbox: true, env: { CARRIER: 'null', MILLIS_API_KEY: KEY } });
  const { directory } = system.runtime;
  if (!directory) throw new Error('no directory');
  t.same(await syncDirectory(system.runtime, directory), { phones: 0, calls: 0 });
  t.equal((await startSystem(t, { env: { CARRIER: 'null' } })).runtime.directory, undefined);
});
