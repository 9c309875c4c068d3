/** Calls over Exotel, out and in, from the request to the bill: the real thing, with the sandbox as Exotel. */
import t, { type Test } from 'tap';
import { callOf } from '../../carrier/exotel/details.ts';
import { flatten } from '../../carrier/exotel/fields.ts';
import type { CarrierCall } from '../../carrier/port.ts';
import { watchSilentCalls } from '../../service/watchdog.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { startSystem, type System } from '../system.ts';
import { call, type Caller, newCaller, OPEN, ringsOf } from './caller.ts';

const SECRET = 'a-secret-for-the-addresses';
const FROM = '+918012345678';
const ENV = { CARRIER: 'exotel', RECORD_CALLS: 'true', EXOTEL_WEBHOOK_SECRET: SECRET, EXOTEL_FROM_NUMBER: FROM };
const INCOMING = `/api/v1/exotel/webhook/incoming`;

interface Row {
  id: number;
  tenantId: number;
  agentId: number;
  direction: string;
  status: string;
  from: string | null;
  to: string;
  sid: string | null;
  token: string | null;
  duration: number | null;
  answeredAt: Date | null;
  why: string | null;
}

const rows = (system: System, where: { id?: number; sid?: string }) => system.runtime.db.sql<Row[]>`
  select id, tenant_id as "tenantId", agent_id as "agentId", direction, status, from_number as "from", to_number as "to",
         carrier_call_id as sid, claim_token::text as token, duration_seconds as duration, answered_at as "answeredAt", failure_reason as why
    from calls where id = ${where.id ?? null} or carrier_call_id = ${where.sid ?? null}`;

const ended = (system: System, where: { id?: number; sid?: string }, patienceMs = 40_000) =>
  eventually(async () => {
    const [row] = await rows(system, where);
    return row && !OPEN.includes(row.status) ? row : undefined;
  }, patienceMs);

const turnsOf = async (system: System, callId: number) => [
  ...(await system.runtime.db.sql<Array<{ role: string; content: string }>>`
      select role, content from transcript_turns where call_id = ${callId} order by position`),
];
const eventsOf = async (system: System, callId: number) =>
  (await system.runtime.db.sql<Array<{ type: string }>>`select type from call_events where call_id = ${callId} order by id`).map(
    ({ type }) => type,
  );

async function ring(system: System, from: string, to: string): Promise<string> {
  const response = await fetch(`${system.sandbox?.url}/_sandbox/exotel/incoming`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from, to }),
  });
  return ((await response.json()) as { CallSid: string }).CallSid;
}

/** The roll-ups and the ledger say what the rows do. */
async function checkSums(t: Test, { runtime: { db } }: System) {
  const [sums] = await db.sql<Array<Record<string, number | string | null>>>`
    select (select count(*) from calls where ended_at is not null)::int as ended, (select sum(calls) from call_slots)::int as slots,
           (select count(*) from capacity_leases)::int as leases,
           (select coalesce(sum(cost), 0) from calls)::text as cost, (select coalesce(-sum(amount), 0) from ledger_entries where call_id is not null)::text as charged`;
  t.equal(sums?.slots, sums?.ended);
  t.equal(Number(sums?.charged), Number(sums?.cost));
  t.equal(sums?.leases, 0, 'no place under a cap is kept');
}

t.test('calls out and calls in', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true, env: ENV });
  const who = await newCaller(system);
  const { sql } = system.runtime.db;
  t.equal(Math.round(system.config.CARRIER_CALLS_PER_SECOND * 60), 200, 'at Exotel’s pace');

  const endings: Record<string, string> = {
    '0001': 'busy',
    '0002': 'no_answer',
    '0003': 'failed',
    '0005': 'completed',
    '0006': 'completed',
    '0007': 'completed',
    '0008': 'completed',
    '0009': 'completed',
    '0010': 'completed',
    '0011': 'completed',
  };
  const ids = new Map<string, number>();
  for (const ending of Object.keys(endings))
    ids.set(ending, await call(system, who, `+9198000${ending.padStart(5, '0')}`, { context: 'order 7' }));
  const idOf = (ending: string) => ids.get(ending) ?? 0;
  for (const [ending, status] of Object.entries(endings)) {
    const row = await ended(system, { id: idOf(ending) });
    t.match(row, { status, from: FROM, direction: 'outbound' }, `${ending} ends ${status}`);
    t.equal(ringsOf(system, `+9198000${ending.padStart(5, '0')}`), 1, `${ending} rang once`);
  }

  await t.test('the flow said what our agent says, and what was pressed is in the story', async (t) => {
    const silent = await turnsOf(system, idOf('0006'));
    t.match(silent, [
      { role: 'assistant', content: /Tea Agent/ },
      { role: 'assistant', content: /still there/ },
      { role: 'assistant', content: /Goodbye/ },
    ]);
    const pressed = await turnsOf(system, idOf('0011'));
    t.match(pressed, [{ role: 'assistant' }, { role: 'user', content: 'Pressed 9' }, { role: 'assistant' }]);
    t.match(await sql`select phone, source from suppressions where call_id = ${idOf('0011')}`, [
      { phone: '+919800000011', source: 'keypress' },
    ]);
    t.match(await ended(system, { id: idOf('0001') }), { why: 'Exotel: busy', answeredAt: null, duration: 0 });
    const talked = await ended(system, { id: idOf('0006') });
    t.ok((talked.duration ?? 0) > 5 && talked.answeredAt);
    t.strictSame((await eventsOf(system, idOf('0011'))).slice(-3), ['claim', 'answer', 'end'], 'each once');
  });

  await t.test('its recording is fetched and has an address', async (t) => {
    const ready = await eventually(async () => {
      const [row] = await sql<Array<{ id: number; mimeType: string }>>`
        select id, mime_type as "mimeType" from recordings where call_id = ${idOf('0006')} and status = 'ready'`;
      return row;
    }, 20_000);
    t.equal(ready.mimeType, 'audio/mpeg');
    const { body } = await system.request('GET', `/api/v1/calls/outbound/call_${idOf('0006')}`, { token: who.token });
    t.match(body.data, { status: 'completed', transcript: [{}, {}, {}] });
    t.match(await sql`select from recordings where call_id = ${idOf('0001')}`, [], 'nobody talked');
  });

  await t.test('told twice, late, or of another dial, nothing changes', async (t) => {
    const [row] = await rows(system, { id: idOf('0006') });
    if (!row?.token) return t.fail('no row');
    const before = [await turnsOf(system, row.id), await eventsOf(system, row.id)];
    const post = (token: string, fields: Record<string, string>, secret = SECRET) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return system.request('POST', `/carrier/exotel/calls/${row.id}/${token}/status?secret=${secret}`, { form });
    };
    const sid = row.sid ?? '';
    const failed = { CallSid: sid, Status: 'failed', RecordingUrl: 'https://evil.example/x.mp3' };
    t.equal((await post(row.token, { CallSid: sid, EventType: 'answered', Status: 'in-progress' })).status, 200);
    t.equal((await post(row.token, failed)).status, 200);
    t.equal((await post(row.token, { ...failed, CallSid: 'another' })).status, 200);
    t.equal((await post('00000000-0000-4000-8000-00000000000f', failed)).status, 200);
    const passthru = `/carrier/exotel/passthru?secret=${SECRET}&CallSid=${sid}&Direction=outbound-dial&digits=%229%22`;
    t.equal((await system.request('GET', passthru)).status, 302, 'the talk is over');
    t.strictSame((await rows(system, { id: row.id }))[0], row);
    t.strictSame([await turnsOf(system, row.id), await eventsOf(system, row.id)], before);

    t.equal((await post(row.token, failed, 'wrong')).status, 403);
    t.equal((await system.request('POST', `/carrier/exotel/calls/${row.id}/${row.token}/status`, { json: failed })).status, 403);
    t.equal((await system.request('GET', `/carrier/exotel/gather?CallSid=${sid}`)).status, 403);
    t.equal((await post(row.token, { CallSid: sid, Status: 'dancing' })).status, 400);
    t.equal((await post(row.token, { CallSid: sid, Status: 'x'.repeat(70_000) })).status, 413);
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    const response = await fetch(`${system.url}/carrier/exotel/calls/1/${row.token}/status?secret=${SECRET}`, {
      ...{ method: 'POST', headers: broken, body: 'no form' },
    });
    t.equal(response.status, 400);
    const metrics = await system.request('GET', '/metrics');
    t.match(String(metrics.body), /callbacks_refused\w*\{carrier="exotel"\} [1-9]/);
  });

  await t.test('a Greeting is read as plain text and nothing else', async (t) => {
    const waiting = await call(system, who, '+919800010006');
    const { sid } = await eventually(async () => (await rows(system, { id: waiting })).find((row) => row.status === 'in_progress'), 20_000);
    const path = `/carrier/exotel/greeting?secret=${SECRET}&CallSid=${sid ?? ''}`;
    const { status, headers, body } = await system.request('GET', path);
    t.equal(status, 200);
    t.equal(headers.get('content-type'), 'text/plain');
    t.match(body, /Tea Agent|still there|Goodbye/);
    const head = await system.request('HEAD', path);
    t.equal(head.status, 200);
    t.equal(head.headers.get('content-type'), 'text/plain');
    await ended(system, { id: waiting });
  });

  await t.test('somebody calls a number: its agent answers', async (t) => {
    const number = '+918012345600';
    await system.request('POST', '/api/v1/phones', { token: who.token, json: { phoneNumber: number, agentId: who.agentId } });
    // anybody may enter any number, later
    const curious = await newCaller(system);
    await system.request('POST', '/api/v1/phones', { token: curious.token, json: { phoneNumber: number, agentId: curious.agentId } });
    const sid = await ring(system, '+919811100011', number);
    const row = await ended(system, { sid });
    t.match(row, {
      direction: 'inbound',
      status: 'completed',
      tenantId: who.tenantId,
      agentId: Number(who.agentId.replace('agent_', '')),
      from: '+919811100011',
      to: number,
      answeredAt: Date,
    });
    t.ok((row.duration ?? 0) > 0, 'its length is known from the details');
    t.match(await turnsOf(system, row.id), [{ role: 'assistant', content: /Tea Agent/ }, { content: 'Pressed 9' }, { role: 'assistant' }]);
    t.strictSame(await eventsOf(system, row.id), ['arrive', 'answer', 'end']);
    t.match(
      await sql`select phone from suppressions where call_id = ${row.id}`,
      [{ phone: '+919811100011' }],
      'who called, not who was called',
    );
    const stats = await system.request('GET', '/api/v1/stats', { token: who.token });
    t.match(JSON.stringify(stats.body), /"inbound":1/);
    const list = await system.request('GET', '/api/v1/calls/outbound', { token: curious.token });
    t.notMatch(JSON.stringify(list.body), number, 'nobody else sees it');

    const nobodys = await ring(system, '+919811100006', '+918012345699');
    await eventually(() => system.sandbox?.rings().some((one) => one.sid === nobodys && one.endedAt));
    t.strictSame([...(await rows(system, { sid: nobodys }))], [], 'a number that nobody has');
  });

  await t.test('the documented webhook, as JSON, as a form and as a Passthru', async (t) => {
    const number = '+919876543211';
    await system.request('POST', '/api/v1/phones', { token: who.token, json: { phoneNumber: number, agentId: who.agentId } });
    const json = { CallSid: 'exotel_call_sid', From: '+919876543210', To: number, CallStatus: 'in-progress', Direction: 'inbound' };
    const post = (fields: Record<string, string>, query = `?secret=${SECRET}`) =>
      system.request('POST', INCOMING + query, { json: fields });
    for (const query of ['', '?secret=', '?secret=wrong']) {
      t.match(await post(json, query), { status: 401, body: { success: false, error: { code: 'UNAUTHORIZED' } } });
      t.equal((await system.request('GET', `${INCOMING}${query || '?'}&CallSid=x`)).status, 401);
    }
    t.strictSame([...(await rows(system, { sid: json.CallSid }))], []);
    // at the same time and again: one row
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(json)));
    for (const { status, body } of answers)
      t.strictSame({ status, body }, { status: 200, body: { success: true, message: 'Webhook received' } });
    const [row, ...others] = await rows(system, { sid: json.CallSid });
    t.match(row, { direction: 'inbound', status: 'in_progress', tenantId: who.tenantId, from: json.From, to: number, answeredAt: Date });
    t.strictSame(others, []);
    t.equal((await turnsOf(system, row?.id ?? 0)).filter(({ role }) => role === 'user').length, 0);

    const passthru = (query: Record<string, string>) =>
      fetch(`${system.url}${INCOMING}?${new URLSearchParams({ secret: SECRET, CallSid: json.CallSid, ...query }).toString()}`, {
        redirect: 'manual',
      });
    t.equal((await passthru({ Direction: 'incoming', CallFrom: json.From, CallTo: number, digits: '"1"' })).status, 200);
    const said = await turnsOf(system, row?.id ?? 0);
    t.match(said, [{ role: 'assistant', content: /Tea Agent/ }]);
    for (let n = 0; n < 3; n++) t.equal((await passthru({ Direction: 'incoming' })).status, 200);
    t.strictSame(await turnsOf(system, row?.id ?? 0), said, 'asked again before anything was spoken, nothing is taken for silence');
    const unknown = { Direction: 'incoming', CallSid: 'other', CallFrom: json.From, CallTo: '+918012345699' };
    t.equal((await passthru(unknown)).status, 302, 'a number of nobody');
    t.equal((await passthru({ CallSid: '' })).status, 400);

    const form = new FormData();
    for (const [name, value] of Object.entries({ ...json, CallStatus: 'completed' })) form.set(name, value);
    const tellsOver = () => system.request('POST', `${INCOMING}?secret=${SECRET}`, { form });
    t.equal((await tellsOver()).status, 200);
    t.match(
      await rows(system, { sid: json.CallSid }),
      [{ status: 'in_progress', duration: null }],
      'over, but nobody said how long it was',
    );
    form.set('Duration', '12');
    t.equal((await tellsOver()).status, 200);
    const over = await ended(system, { sid: json.CallSid });
    t.match(over, { status: 'completed', duration: 12 });
    const encoded = await fetch(`${system.url}${INCOMING}?secret=${SECRET}`, {
      method: 'POST',
      body: new URLSearchParams({ ...json, CallStatus: 'busy' }),
    });
    t.equal(encoded.status, 200);
    t.strictSame((await rows(system, { sid: json.CallSid }))[0], over, 'late words change nothing');
    t.match(await post({ ...json, CallSid: 'ended', CallStatus: 'no-answer' }), { status: 200 });
    t.strictSame([...(await rows(system, { sid: 'ended' }))], [], 'a call that was over before we heard of it');
    t.match(await post({ CallSid: 'x' }), { status: 422, body: { error: { code: 'VALIDATION_ERROR' } } });
  });

  const told = (sid: string, to: string, CallStatus?: string, Duration?: string) =>
    system.request('POST', `${INCOMING}?secret=${SECRET}`, {
      json: {
        CallSid: sid,
        From: '+919876543210',
        To: to,
        Direction: 'inbound',
        ...(CallStatus && { CallStatus }),
        ...(Duration && { Duration }),
      },
    });
  const root = await system.login();
  await sql`update users set platform_role = 'admin' where email = ${root.email}`;
  const { body: asAdmin } = await system.request('POST', '/api/v1/auth/login', { json: { email: root.email, password: root.password } });
  /** A platform administrator says whose number it is. */
  const give = async (number: string, agentId: string | null) => {
    const path = `/api/v1/admin/phones/${number}/set_agent`;
    const { status, body } = await system.request('POST', path, { token: asAdmin.data.token, json: { agentId } });
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
  };
  const enter = async (caller: Caller, number: string) => {
    const json = { phoneNumber: number, agentId: caller.agentId };
    const { status, body } = await system.request('POST', '/api/v1/phones', { token: caller.token, json });
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  };

  await t.test('whose number it is', async (t) => {
    const other = await newCaller(system);
    const number = '+918012345620';
    await enter(who, number);
    await enter(other, number);
    await sql`update phone_numbers set is_active = false where tenant_id = ${who.tenantId} and number = ${number}`;
    await told('set-inactive', number, 'in-progress');
    t.strictSame([...(await rows(system, { sid: 'set-inactive' }))], [], 'not the next one’s because the first takes no calls');
    await give(number, other.agentId);
    await told('proven', number, 'in-progress');
    t.match(await rows(system, { sid: 'proven' }), [{ tenantId: other.tenantId }], 'who has it from an administrator comes first');
    await give(number, who.agentId);
    await give(number, other.agentId);
    const marks = await sql`select tenant_id as "tenantId" from phone_numbers where number = ${number} and carrier = 'exotel'`;
    t.strictSame([...marks], [{ tenantId: other.tenantId }], 'one account has it, the last that it was given to');
    await sql`update phone_numbers set is_active = not is_active where number = ${number}`;
    await told('proven-inactive', number, 'in-progress');
    t.strictSame([...(await rows(system, { sid: 'proven-inactive' }))], []);

    await enter(other, FROM);
    await told('squatted', FROM, 'in-progress');
    t.strictSame([...(await rows(system, { sid: 'squatted' }))], [], 'the platform’s own number is nobody’s by being entered');
    await give(FROM, other.agentId);
    await told('given', FROM, 'in-progress');
    t.match(await rows(system, { sid: 'given' }), [{ tenantId: other.tenantId }]);
    for (const sid of ['proven', 'given']) await told(sid, number, 'completed', '9');
  });

  await t.test('a call rings until it is answered, and is over when its length is known', async (t) => {
    const number = '+918012345621';
    await enter(who, number);
    const statusOf = async (sid: string) => (await rows(system, { sid }))[0]?.status;
    for (const word of ['queued', 'ringing', undefined]) {
      await told('rings', number, word);
      t.match(await rows(system, { sid: 'rings' }), [{ status: 'ringing', answeredAt: null }], String(word));
    }
    await told('rings', number, 'in-progress');
    t.equal(await statusOf('rings'), 'in_progress');
    await told('rings', number, 'completed');
    t.match(await rows(system, { sid: 'rings' }), [{ status: 'in_progress', duration: null }], 'over, and not priced by a guess');
    await told('rings', number, 'completed', '300');
    t.match(await rows(system, { sid: 'rings' }), [{ status: 'completed', duration: 300 }]);
    await told('unheard-of', number, 'completed');
    t.strictSame([...(await rows(system, { sid: 'unheard-of' }))], [], 'a call that was over before we heard of it');
    // its answer was never told
    await told('unheard', number, 'ringing');
    await told('unheard', number, 'completed');
    t.match(await rows(system, { sid: 'unheard' }), [{ status: 'in_progress', duration: null }], 'left to its details');
    await told('unheard', number, 'failed');

    await told('measured', number, 'in-progress');
    const [row] = await rows(system, { sid: 'measured' });
    const post = (more: Record<string, string>) =>
      system.request('POST', `/carrier/exotel/calls/${row?.id ?? 0}/${row?.token ?? ''}/status?secret=${SECRET}`, {
        json: { CallSid: 'measured', DateUpdated: '2026-01-01 05:30:00', Status: 'completed', RecordingUrl: '', ...more },
      });
    t.equal((await post({})).status, 200);
    t.equal(await statusOf('measured'), 'in_progress', 'not over at no cost');
    t.equal((await post({ 'Legs[0][OnCallDuration]': '300' })).status, 200);
    const [paid] = await sql<Array<{ cost: string; duration: number }>>`
      select cost, duration_seconds as duration from calls where carrier_call_id = 'measured'`;
    t.equal(paid?.duration, 300);
    t.ok(Number(paid?.cost) > 0);
  });

  await t.test('the way asked for again is no second key, and who withholds a number may press any', async (t) => {
    const number = '+918012345622';
    await enter(who, number);
    const passthru = async (sid: string, digits?: string) => {
      const query = { secret: SECRET, CallSid: sid, Direction: 'incoming', CallFrom: 'anonymous', CallTo: number };
      const path = `${system.url}/carrier/exotel/passthru?${new URLSearchParams({ ...query, ...(digits && { digits: `"${digits}"` }) }).toString()}`;
      return (await fetch(path, { redirect: 'manual' })).status;
    };
    const gather = (sid: string) => system.request('GET', `/carrier/exotel/gather?secret=${SECRET}&CallSid=${sid}`);
    t.equal(await passthru('keys'), 200);
    await gather('keys');
    for (let n = 0; n < 3; n++) t.equal(await passthru('keys', '1'), 200);
    const { id = 0 } = (await rows(system, { sid: 'keys' }))[0] ?? {};
    t.match(await turnsOf(system, id), [{ role: 'assistant' }, { role: 'user', content: 'Pressed 1' }, { role: 'assistant' }]);
    t.equal((await turnsOf(system, id)).length, 3);
    // before the words are spoken, and repeated
    for (let n = 0; n < 3; n++) t.equal(await passthru('keys', '9'), 200, 'nobody to list, but the call goes on');
    t.equal((await turnsOf(system, id)).filter(({ content }) => content === 'Pressed 9').length, 1);
    t.match((await turnsOf(system, id)).at(-1), { content: /not be called again/ });
    await gather('keys');
    t.equal(await passthru('keys', '9'), 302, 'over');
    t.strictSame([...(await sql`select from suppressions where call_id = ${id}`)], []);
    await told('keys', number, 'completed', '9');
  });

  await t.test('people and withheld numbers', async (t) => {
    const [first] = await sql<Array<{ userId: number }>>`select id as "userId" from users where tenant_id = ${who.tenantId}`;
    await sql`insert into agents (tenant_id, kind, name, user_id) values (${who.tenantId}, 'human', 'Pia', ${first?.userId ?? 0})`;
    await sql`
      insert into phone_numbers (tenant_id, number, agent_id, carrier)
      select tenant_id, '+918012345601', id, 'exotel' from agents where tenant_id = ${who.tenantId} and kind = 'human'`;
    const query = new URLSearchParams({
      secret: SECRET,
      CallSid: 'withheld',
      Direction: 'incoming',
      CallFrom: 'anonymous',
      CallTo: '08012345601',
    });
    const response = await fetch(`${system.url}/carrier/exotel/passthru?${query.toString()}`, { redirect: 'manual' });
    t.equal(response.status, 302, 'the flow has another way for people');
    t.match(await rows(system, { sid: 'withheld' }), [{ direction: 'inbound', status: 'in_progress', from: null, to: '+918012345601' }]);
    query.set('CallType', 'client-hangup');
    t.equal((await fetch(`${system.url}/carrier/exotel/passthru?${query.toString()}`, { redirect: 'manual' })).status, 200);
    t.match(await rows(system, { sid: 'withheld' }), [{ status: 'in_progress', duration: null }], 'the details say how long it was');
    query.set('Duration', '9');
    await fetch(`${system.url}/carrier/exotel/passthru?${query.toString()}`, { redirect: 'manual' });
    t.match(await ended(system, { sid: 'withheld' }), { status: 'abandoned', duration: 9 }, 'nobody took it');
    t.strictSame(await turnsOf(system, (await rows(system, { sid: 'withheld' }))[0]?.id ?? 0), []);
  });
  await checkSums(t, system);
});

t.test('where no callback arrives, the details tell all of it', async (t) => {
  const PUBLIC_URL = `http://127.0.0.1:${await freePort()}`;
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true, env: { ...ENV, PUBLIC_URL } });
  const who = await newCaller(system);
  const busy = await call(system, who, '+919800000001');
  const talked = await call(system, who, '+919800000006');
  const lost = await call(system, who, '+919800000007');
  t.match(await ended(system, { id: busy }, 60_000), { status: 'busy' });
  const row = await ended(system, { id: talked }, 60_000);
  t.equal(row.status, 'completed');
  t.ok((row.duration ?? 0) > 0, 'its length came late, and was waited for');
  const found = await ended(system, { id: lost }, 60_000);
  t.match(found, { status: 'completed', sid: /^[0-9a-f]{32}$/ }, 'found in the list by number and time');
  const steps = (await eventsOf(system, lost)).filter((type) => type !== 'enqueue' && type !== 'answer');
  t.strictSame(steps, ['claim', 'lose', 'end']);
  for (const last of ['1', '6', '7']) t.equal(ringsOf(system, `+91980000000${last}`), 1);
  await checkSums(t, system);
});

t.test('what Exotel never measures is priced by what we saw of it', async (t) => {
  const system = await startSystem(t, { env: ENV });
  const { sql } = system.runtime.db;
  const who = await newCaller(system);
  const number = '+918012345630';
  await system.request('POST', '/api/v1/phones', { token: who.token, json: { phoneNumber: number, agentId: who.agentId } });
  const post = (path: string, json: Record<string, string>) => system.request('POST', `${path}?secret=${SECRET}`, { json });
  /** A call of which the details never tell a length: its words come as they do, then the watchdog asks. */
  const unmeasured = async (sid: string, details: Record<string, string>, answered: string | null) => {
    await post(INCOMING, { CallSid: sid, From: '+919876543210', To: number, CallStatus: answered ? 'in-progress' : 'ringing' });
    await sql`
      update calls set claimed_at = '2026-01-01T00:00:00Z', ringing_at = '2026-01-01T00:00:00Z', answered_at = ${answered}::timestamptz, check_at = now() - interval '1 second' where carrier_call_id = ${sid}`;
    const told = flatten({ Sid: sid, Status: 'completed', Duration: null, StartTime: '2026-01-01 05:30:00', ...details });
    await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, fetch: async () => callOf(told, new Date()) } });
    const [row] = await sql<Array<{ status: string; duration: number; cost: string; reason: string | null; why: string | null }>>`
      select c.status, c.duration_seconds as duration, c.cost, c.failure_reason as why,
             (select detail ->> 'reason' from call_events e where e.call_id = c.id and type = 'end') as reason
        from calls c where carrier_call_id = ${sid}`;
    return row;
  };
  const answered = '2026-01-01T00:00:12Z';
  const talked = await unmeasured('u1', { DateUpdated: '2026-01-01 05:32:12' }, answered);
  t.match(talked, { status: 'completed', duration: 120, reason: /estimate/, why: null }, 'without the twelve seconds that it rang');
  t.ok(Number(talked?.cost) > 0);
  t.match(await unmeasured('u2', { DateUpdated: '2026-01-01 05:30:05' }, answered), { duration: 0, reason: /estimate/ });
  t.match(await unmeasured('u3', { DateUpdated: '2026-01-01 11:30:05' }, answered), {
    duration: system.config.CALL_TIME_LIMIT_SECONDS,
    reason: /estimate/,
  });
  t.match(await unmeasured('u4', { DateUpdated: '2026-01-01 05:32:12' }, null), { duration: 132 }, 'of no answer we heard: since it rang');
  t.match(await unmeasured('u5', { Duration: '33' }, answered), { duration: 33, reason: null }, 'measured');

  /** Told as over by a word without a length, `seconds` after its answer; then its details are not there, or can't be had. */
  const vanished = async (sid: string, seconds: number, more: Record<string, string>, fetch: () => Promise<CarrierCall | undefined>) => {
    const word = { CallSid: sid, From: '+919876543210', To: number };
    await post(INCOMING, { ...word, CallStatus: 'in-progress' });
    await sql`
      update calls set claimed_at = now() - interval '12 hours', answered_at = now() - ${seconds} * interval '1 second' where carrier_call_id = ${sid}`;
    for (let n = 0; n < 2; n++) await post(INCOMING, { ...word, CallStatus: 'completed', ...more });
    await sql`
      update calls set check_at = now() - interval '1 second', checks = 19, denials = 1, answered_at = answered_at - interval '1 hour', over_at = over_at - interval '1 hour'
       where carrier_call_id = ${sid}`;
    await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, fetch } });
    const [row] = await sql<Array<{ status: string; duration: number; cost: string; reason: string | null }>>`
      select c.status, c.duration_seconds as duration, c.cost,
             (select detail ->> 'reason' from call_events e where e.call_id = c.id and type = 'end') as reason
        from calls c where carrier_call_id = ${sid}`;
    return row;
  };
  const none = () => Promise.resolve(undefined);
  const seen = await vanished('v1', 400, {}, none);
  t.match(seen, { status: 'completed', duration: 400, reason: /estimate/ }, 'from its answer until we heard that it was over');
  t.ok(Number(seen?.cost) > 0);
  const limit = { status: 'completed', duration: system.config.CALL_TIME_LIMIT_SECONDS, reason: /estimate/ };
  t.match(await vanished('v2', 36_000, {}, none), limit, 'no call is longer');
  t.match(await vanished('v3', 400, {}, () => Promise.reject(new Error('down'))), { status: 'completed', duration: 400 });
  /** a moment so many seconds ago, as Exotel writes it */
  const istOf = (seconds: number) => new Date(Date.now() + 5.5 * 3_600_000 - seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const late = await vanished('v4', 36_000, { EndTime: istOf(36_000 - 120) }, none);
  t.ok(late && Math.abs(late.duration - 120) < 10, 'by the word’s own moment');
  t.match(await vanished('v6', 400, { EndTime: '2025-01-01 10:30:00' }, none), { duration: 400 }, 'but not by one before its answer');

  const since = (sid: string, seconds: number) =>
    Promise.resolve(callOf(flatten({ ...booked, Sid: sid, StartTime: istOf(seconds) }), later));
  const booked = { Status: 'completed', Duration: null, EndTime: null, DateUpdated: istOf(0) };
  const later = new Date(Date.now() + 3_600_000);
  t.match(await vanished('v5', 400, {}, () => since('v5', 800)), { duration: 400, reason: /estimate/ }, 'not until the books were written');
  await checkSums(t, system);

  await t.test('the books of a talk that is over are waited for ten minutes', async (t) => {
    const word = { CallSid: 'y1', From: '+919876543210', To: number };
    for (const CallStatus of ['in-progress', 'completed']) await post(INCOMING, { ...word, CallStatus });
    for (const [minutes, status] of [
      [9, 'in_progress'],
      [11, 'completed'],
    ] as const) {
      await sql`
        update calls set over_at = now() - ${minutes} * interval '1 minute', answered_at = now() - ${minutes + 1} * interval '1 minute',
               check_at = now() - interval '1 second', denials = 5 where carrier_call_id = 'y1'`;
      await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, fetch: none } });
      t.match(await rows(system, { sid: 'y1' }), [{ status, duration: status === 'completed' ? 60 : null }]);
    }
  });

  await t.test('a talk of which only the end was told began when it rang, and holds no place any more', async (t) => {
    const word = { CallSid: 'w1', From: '+919876543210', To: number };
    await post(INCOMING, { ...word, CallStatus: 'ringing' });
    await sql`update calls set claimed_at = claimed_at - interval '10 minutes', ringing_at = ringing_at - interval '10 minutes' where carrier_call_id = 'w1'`;
    const places = () =>
      sql<
        Array<{ n: number }>
      >`select count(*)::int as n from capacity_leases l join calls c on c.id = l.call_id where carrier_call_id = 'w1'`;
    t.match(await places(), [{ n: 1 }]);
    await post(INCOMING, { ...word, CallStatus: 'completed' });
    t.match(await rows(system, { sid: 'w1' }), [{ status: 'in_progress' }], 'the details say how long it was');
    t.match(await places(), [{ n: 0 }]);
    await sql`update calls set check_at = now() - interval '1 second' where carrier_call_id = 'w1'`;
    await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, fetch: () => since('w1', 600) } });
    const [row] = await rows(system, { sid: 'w1' });
    t.match(row, { status: 'completed' });
    t.ok(row?.duration && Math.abs(row.duration - 600) < 10, 'ten minutes');
    await checkSums(t, system);
  });
});

t.test('with another carrier nothing of Exotel’s is taken, and somebody notices', async (t) => {
  const system = await startSystem(t);
  const who = await newCaller(system);
  const number = '+919876543211';
  await system.request('POST', '/api/v1/phones', { token: who.token, json: { phoneNumber: number, agentId: who.agentId } });
  const { EXOTEL_WEBHOOK_SECRET: secret } = system.config;
  const json = { CallSid: 'x', From: '+919876543210', To: number };
  const warned: unknown[] = [];
  const { log } = system.runtime;
  const warn = log.warn.bind(log);
  log.warn = (...words: unknown[]) => void warned.push(words);
  const taken = await system.request('POST', `${INCOMING}?secret=${secret}`, { json });
  t.match(taken, { status: 200, body: { success: true, message: 'Webhook received' } }, 'as documented');
  t.equal((await system.request('GET', `${INCOMING}?secret=${secret}&CallSid=x`)).status, 302, 'the flow goes its other way');
  t.equal((await system.request('POST', INCOMING, { json })).status, 401);
  log.warn = warn;
  t.match(warned, [[{ carrier: 'null' }, /CARRIER=exotel/], []]);
  t.equal(warned.length, 2);
  t.equal((await system.request('GET', `/carrier/exotel/passthru?secret=${secret}&CallSid=x`)).status, 404);
  t.strictSame([...(await rows(system, { sid: 'x' }))], []);
});

t.test('who knows the secret is not counted', async (t) => {
  const system = await startSystem(t, { env: { ...ENV, RATE_LIMIT_FACTOR: '0.003' } });
  const ask = (secret: string) => system.request('POST', `${INCOMING}?secret=${secret}`, { json: { CallSid: 'x', From: FROM, To: FROM } });
  for (let n = 0; n < 3; n++) t.equal((await ask('wrong')).status, 401);
  t.equal((await ask('wrong')).status, 429);
  for (let n = 0; n < 5; n++) t.equal((await ask(SECRET)).status, 200);
});

t.test('a carrier that cannot be asked, or cannot be read, is given up some day', async (t) => {
  const system = await startSystem(t, { env: { CARRIER: 'null', RING_TIMEOUT_SECONDS: '30', CALL_TIME_LIMIT_SECONDS: '600' } });
  const who = await newCaller(system);
  const { sql } = system.runtime.db;
  const broken = () => Promise.reject(new Error('Exotel sent a list of calls that cannot be read'));
  const unreadable = {
    carrierCallId: 's1',
    to: '',
    from: '',
    startedAt: undefined,
    progress: { type: 'queued' },
    unreadable: true,
  } as const;
  const watched = async (checks: number, minutes: number, sid: string | null, find: () => Promise<CarrierCall[]> = broken) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, from_number, status, carrier, carrier_call_id, claim_token, claimed_at, scheduled_for,
                         check_at, checks)
      values (${who.tenantId}, ${Number(who.agentId.replace('agent_', ''))}, '+14155550006', '+15005550006', 'unknown', 'null', ${sid},
              gen_random_uuid(), now() - ${minutes} * interval '1 minute', now(), now() - interval '1 second', ${checks}) returning id`;
    await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, find, fetch: broken } });
    const [found] = await sql<Array<{ status: string; checks: number; why: string | null; sid: string | null; isOpen: boolean }>>`
      select status, checks, failure_reason as why, carrier_call_id as sid, retry_open as "isOpen" from calls where id = ${row?.id ?? 0}`;
    return found;
  };
  const why = 'The carrier cannot tell what became of this call';
  t.match(await watched(19, 10, null), { status: 'unknown', checks: 19 }, 'it may be back soon, and an error proves nothing');
  t.match(await watched(5, 200, null), { status: 'unknown', checks: 6 });
  t.match(await watched(19, 200, null), { status: 'failed', why });
  t.match(await watched(19, 200, 'CAlost'), { status: 'failed', why, isOpen: false }, 'nobody is rung twice because nobody could tell');
  t.match(await watched(5, 200, null, async () => [unreadable]), { status: 'unknown', checks: 6, sid: null }, 'it may be ours, or not');
  t.match(await watched(19, 200, null, async () => [unreadable]), { status: 'failed', why });
});

t.test('only what the carrier answers, twice in a row, proves that a call was never placed', async (t) => {
  const system = await startSystem(t, { env: { CARRIER: 'null', RING_TIMEOUT_SECONDS: '30', CALL_TIME_LIMIT_SECONDS: '600' } });
  const who = await newCaller(system);
  const { sql } = system.runtime.db;
  const broken = () => Promise.reject(new Error('down'));
  const nothing = () => Promise.resolve([]);
  const doubtful = () =>
    Promise.resolve([
      { carrierCallId: 's1', to: '', from: '', startedAt: undefined, progress: { type: 'queued' }, unreadable: true } as const,
    ]);
  const after = async (minutes: number, finds: Array<() => Promise<CarrierCall[]>>) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, from_number, status, carrier, claim_token, claimed_at, scheduled_for)
      values (${who.tenantId}, ${Number(who.agentId.replace('agent_', ''))}, '+14155550006', '+15005550006', 'unknown', 'null', gen_random_uuid(),
              now() - ${minutes} * interval '1 minute', now()) returning id`;
    for (const find of finds) {
      await sql`update calls set check_at = now() - interval '1 second' where id = ${row?.id ?? 0}`;
      await watchSilentCalls({ ...system.runtime, carrier: { ...system.runtime.carrier, find } });
    }
    const [found] = await sql<Array<{ status: string }>>`
      update calls set check_at = null where id = ${row?.id ?? 0} returning status`;
    return found?.status;
  };
  for (const minutes of [10, 200]) {
    t.equal(await after(minutes, [nothing, nothing]), 'scheduled');
    t.equal(await after(minutes, [broken, nothing]), 'unknown', 'a question that failed is no answer');
    t.equal(await after(minutes, [nothing, broken, nothing]), 'unknown');
    t.equal(await after(minutes, [nothing, doubtful, nothing]), 'unknown');
    t.equal(await after(minutes, [broken, nothing, nothing]), 'scheduled');
  }
});
