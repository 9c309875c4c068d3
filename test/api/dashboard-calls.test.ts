/** The call log as an owner sees it: pages that stand still while calls come in, what was said, what it cost, what it sounded like. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { CALL_WORDS, statusesOf, wordOf } from '../../api/dashboard/call-status.ts';
import { callIdOf, sessionIdOf } from '../../api/dashboard/session-id.ts';
import { CALL_STATUSES } from '../../core/call.ts';
import { silentMp3 } from '../../sandbox/audio.ts';
import { AGENT, ask, NUMBER, signUp, startServer } from './helper.ts';

interface Item {
  session_id: string;
  ts: string;
  status: string;
}

/** An owner with an agent, and calls as rows. */
async function log(t: Test, environment: Record<string, string> = {}) {
  const { app, runtime } = await startServer(t, environment);
  const { sql } = runtime.db;
  const person = async () => {
    const { headers, cookies } = await signUp(app);
    const agent = (await ask(app, 'POST /api/v1/agents', { headers, payload: AGENT })).body.data._id as string;
    const agentId = Number(agent.slice('agent_'.length));
    const [row] = await sql<Array<{ tenantId: number }>>`select tenant_id as "tenantId" from agents where id = ${agentId}`;
    return { cookie: { cookie: `session=${cookies.session}` }, agentId, tenantId: row?.tenantId ?? 0 };
  };
  const me = await person();
  const get = (path: string, headers: Record<string, string> = me.cookie) => ask(app, `GET /api/v1/call-logs${path}`, { headers });
  const add = async (at: string, status = 'completed', who = me) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, created_at, duration_seconds, cost)
      values (${who.tenantId}, ${who.agentId}, ${NUMBER}, ${status}, ${at}, 180, 0.15) returning id`;
    return row?.id ?? 0;
  };
  return { app, runtime, sql, person, me, get, add };
}

t.test('six words cover every status, each once', async (t) => {
  t.same(CALL_WORDS.flatMap((word) => [...statusesOf(word)]).sort(), [...CALL_STATUSES].sort());
  for (const word of CALL_WORDS) for (const status of statusesOf(word)) t.equal(wordOf(status), word);
  t.equal(sessionIdOf(7), 'sess_7');
  for (const text of ['sess_7', 'session_7', 'call_7', '7']) t.equal(callIdOf(text), 7, text);
  for (const text of [
    '',
    'sess_',
    'sess_0',
    'sess_07',
    'sess_-1',
    'sess_1e3',
    'sess_0x10',
    'sess_ 7',
    'sess_call_7',
    'session_sess_7',
    'session_0',
    'sess_7.0',
    'agent_7',
  ])
    t.equal(callIdOf(text), undefined, text);
});

t.test('the list, by day, status and agent', async (t) => {
  const { sql, me, get, add, person } = await log(t);
  const first = await add('2024-01-15T14:30:00Z');
  const last = await add('2024-01-31T23:59:59.999Z', 'busy');
  await add('2024-02-01T00:00:00Z', 'scheduled');
  await add('2023-12-31T23:59:59.999Z', 'in_progress');
  const ids = (answer: { body: { items: Item[] } }) => answer.body.items.map(({ session_id: id }) => id);
  t.same((await get('?limit=25&from=2024-01-01&to=2024-01-31&status=completed')).body, {
    items: [
      {
        session_id: `sess_${first}`,
        ts: '2024-01-15T14:30:00.000Z',
        agent: { id: `agent_${me.agentId}`, name: AGENT.name },
        masked_phone: '+91*** **10',
        duration_sec: 180,
        status: 'completed',
        reason: null,
        cost: 0.15,
      },
    ],
    next_cursor: null,
    has_more: false,
  });
  t.same(ids(await get('?from=2024-01-01&to=2024-01-31')), [`sess_${last}`, `sess_${first}`], 'a day as the end is all of it');
  t.same(ids(await get('?from=2024-01-31&to=2024-01-31')), [`sess_${last}`]);
  t.equal(ids(await get('?from=2024-01-31T23:59:59.999Z')).length, 2, 'both ends belong to it');
  t.equal(ids(await get('?to=2024-01-31T23:59:59Z')).length, 2);
  t.same(ids(await get('?from=2024-02-01T05:29:59.999%2B05:30&to=2024-02-01T05:29:59.999%2B05:30')), [`sess_${last}`], 'with an offset');
  for (const [word, total] of [
    ['completed', 1],
    ['failed', 1],
    ['pending', 1],
    ['live', 1],
    ['queued', 0],
    ['abandoned', 0],
  ] as const) {
    const { items } = (await get(`?status=${word}`)).body as { items: Item[] };
    t.equal(items.length, total, word);
    t.ok(items.every(({ status }) => status === word));
  }
  t.equal(ids(await get(`?agent_id=agent_${me.agentId}`)).length, 4);
  t.equal(ids(await get(`?agent_id=${me.agentId}&status=failed`)).length, 1);
  const stranger = await person();
  t.equal(ids(await get(`?agent_id=${stranger.agentId}`)).length, 0);
  t.same((await get('', stranger.cookie)).body, { items: [], next_cursor: null, has_more: false });
  t.same(ids(await get(`?agent_id=${me.agentId}`, stranger.cookie)), []);
  await sql`update calls set cost = null, duration_seconds = null`;
  t.match((await get('?limit=2')).body, { items: [{ cost: 0, duration_sec: 0 }, {}], has_more: true, next_cursor: String });

  for (const [query, field] of [
    ['from=yesterday', 'from'],
    ['to=2024-02-30', 'to'],
    ['status=busy', 'status'],
    ['status=completed&status=failed', 'status'],
    ['agent_id=x', 'agent_id'],
    ['agent_id=call_1', 'agent_id'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1.5', 'limit'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${'x'.repeat(90)}`, 'cursor'],
  ] as const) {
    t.match(await get(`?${query}`), { status: 400, body: { error: new RegExp(`^${field} `), code: 'VALIDATION_ERROR' } }, query);
  }
  t.equal((await get('?from=2024-02-01&to=2024-01-01')).body.error, 'from must not be after to', 'said once');
});

t.test('when a call was dialed, and why it was not', async (t) => {
  const { app, sql, me, get, add } = await log(t);
  const created = (minute: number) => `2024-01-15T10:0${minute}:00.000Z`;
  const [asked, dialed] = ['2024-01-15T12:00:00.000Z', '2024-01-15T12:00:07.000Z'];
  const DROPPED = 'Not dialed: the number is on the do-not-call list';
  const rows: Array<[status: string, facts: Record<string, unknown>, ts: string, reason: string | null]> = [
    ['scheduled', {}, created(0), null],
    ['scheduled', { scheduled_for: asked }, asked, null],
    // the carrier refused it for now
    ['queued', { scheduled_for: asked, claimed_at: '2024-01-15T11:00:00Z' }, asked, null],
    ['completed', { scheduled_for: asked, claimed_at: dialed }, dialed, null],
    [
      'failed',
      { scheduled_for: asked, claimed_at: dialed, failure_reason: 'No line to +14155550123' },
      dialed,
      'No line to [phone number]',
    ],
    ['failed', { failure_reason: DROPPED }, created(5), DROPPED],
    ['cancelled', { scheduled_for: asked }, asked, 'Cancelled before it was dialed'],
    ['busy', { claimed_at: dialed }, dialed, 'The line was busy'],
    ['no_answer', { claimed_at: dialed }, dialed, 'Nobody answered'],
    ['voicemail', { claimed_at: dialed }, dialed, 'An answering machine took it'],
  ];
  const ids: number[] = [];
  for (const [n, [status, facts]] of rows.entries()) {
    const id = await add(created(n), status);
    if (Object.keys(facts).length > 0) await sql`update calls set ${sql(facts)} where id = ${id}`;
    ids.push(id);
  }
  const { items } = (await get('')).body as { items: Array<Item & { reason: string | null }> };
  t.same(
    items.map(({ session_id: id, ts, reason }) => [id, ts, reason]),
    rows.map(([, , ts, reason], n) => [`sess_${ids[n]}`, ts, reason]).reverse(),
    'in the order in which they were asked for',
  );
  for (const [n, [, , ts, reason]] of rows.entries()) t.match((await get(`/${ids[n]}`)).body, { ts, reason }, `${n}`);
  const csv = (await ask(app, 'GET /api/v1/exports/calls.csv?from=2024-01-01&to=2024-01-31', { headers: me.cookie })).body as string;
  t.same(
    csv
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[1]),
    rows.map(([, , ts]) => ts).reverse(),
  );
});

t.test('a page is kept for thirty seconds, for its tenant and query', async (t) => {
  const { get, add, person, me } = await log(t);
  await add('2024-01-15T14:30:00Z');
  t.match(await get('?limit=5'), { headers: { 'x-cache': 'MISS', 'cache-control': /^private, max-age=(29|30)$/, vary: /Cookie/ } });
  await add('2024-01-16T14:30:00Z');
  t.match(await get('?limit=5'), { headers: { 'x-cache': 'HIT' }, body: { items: { length: 1 } } });
  t.match(await get('?limit=6'), { headers: { 'x-cache': 'MISS' }, body: { items: { length: 2 } } });
  const stranger = await person();
  await add('2024-01-17T14:30:00Z', 'completed', stranger);
  t.match(await get('?limit=5', stranger.cookie), { headers: { 'x-cache': 'MISS' }, body: { items: { length: 1 } } });
  t.match(await get('?limit=5', me.cookie), { headers: { 'x-cache': 'HIT' } });
});

t.test('a walk while calls come in: none twice, none missed', async (t) => {
  const { sql, me, get, person } = await log(t);
  const stranger = await person();
  // five of a millisecond, so that places in the order need the id too; every third is somebody else's
  await sql`
    insert into calls (tenant_id, agent_id, to_number, status, created_at)
    select case when n % 3 = 0 then ${stranger.tenantId}::bigint else ${me.tenantId} end,
           case when n % 3 = 0 then ${stranger.agentId}::bigint else ${me.agentId} end, '+14155550100',
           (array['completed', 'busy', 'no_answer', 'failed', 'voicemail', 'scheduled'])[1 + n % 6],
           timestamptz '2024-01-01' + n / 5 * interval '1 second'
      from generate_series(1, 9000) n`;
  for (const [query, statuses] of [
    ['', undefined],
    ['&status=failed', ['busy', 'no_answer', 'failed', 'voicemail', 'cancelled']],
    [`&agent_id=${me.agentId}&from=2024-01-01T00:10:00Z`, undefined],
  ] as const) {
    const there = await sql<Array<{ id: number }>>`
      select id from calls where tenant_id = ${me.tenantId} and (${statuses ?? null}::text[] is null or status = any(${statuses ?? null}::text[]))
        and created_at >= ${query.includes('from') ? '2024-01-01T00:10:00Z' : '2000-01-01'}`;
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 200; pages++) {
      const { status, body } = await get(`?limit=100${query}${cursor && `&cursor=${cursor}`}`);
      if (status !== 200) throw new Error(JSON.stringify(body));
      seen.push(...(body.items as Item[]).map((item) => item.session_id));
      // newer than all; of the very moment of the newest; and one that was there is finished meanwhile
      await sql`
        insert into calls (tenant_id, agent_id, to_number, status, created_at)
        select ${me.tenantId}, ${me.agentId}, '+14155550100', 'busy', case when n = 1 then now() else max(created_at) end
          from calls, generate_series(1, 2) n where tenant_id = ${me.tenantId} group by n`;
      t.equal(body.has_more, body.next_cursor !== null);
      if (!body.has_more) break;
      cursor = body.next_cursor as string;
    }
    t.equal(new Set(seen).size, seen.length, `none twice (${query})`);
    t.same([...seen].sort(), there.map(({ id }) => `sess_${id}`).sort(), `all that were there when it began, ${seen.length} (${query})`);
  }
});

t.test('a cursor is good for its tenant and its filters alone', async (t) => {
  const { get, add, person, me } = await log(t);
  const stranger = await person();
  for (const who of [me, stranger]) for (let day = 10; day < 14; day++) await add(`2024-01-${day}T10:00:00Z`, 'completed', who);
  const filters = '&status=completed&from=2024-01-01&to=2024-02-01';
  const { next_cursor: cursor } = (await get(`?limit=2${filters}`)).body as { next_cursor: string };
  t.match(
    await get(`?limit=1${filters}&cursor=${cursor}`),
    { status: 200, body: { items: { length: 1 } } },
    'another size of the page will do',
  );
  const refused = { status: 400, body: { error: /^cursor /, code: 'VALIDATION_ERROR' } };
  t.match(await get(`?limit=2${filters}&cursor=${cursor}`, stranger.cookie), refused, 'somebody else’s');
  for (const other of [
    '',
    '&status=failed&from=2024-01-01&to=2024-02-01',
    '&status=completed&from=2024-01-02&to=2024-02-01',
    `${filters}&agent_id=${me.agentId}`,
  ])
    t.match(await get(`?limit=2${other}&cursor=${cursor}`), refused, other);
  for (const forged of [`${cursor}A`, cursor.slice(1), cursor.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')), cursor.slice(0, -3)])
    t.match(await get(`?limit=2${filters}&cursor=${forged}`), refused, forged);
});

t.test('what was said, without what is private; what it cost', async (t) => {
  const { sql, me, get, add, person } = await log(t);
  const id = await add('2024-01-15T14:30:00Z');
  await sql`
    insert into transcript_turns (call_id, position, role, content, at) values
      (${id}, 0, 'assistant', 'Hello, how can I help you today?', '2024-01-15T14:30:15Z'),
      (${id}, 1, 'system', 'Passages about 4111 1111 1111 1111', '2024-01-15T14:30:16Z'),
      (${id}, 2, 'user', 'I am at +1 (415) 555-0123 or joe@example.com, card 4111 1111 1111 1111, order 4155550123', '2024-01-15T14:30:20Z')`;
  await sql`
    insert into ledger_entries (tenant_id, call_id, kind, component, amount, quantity, unit_price, description) values
      (${me.tenantId}, ${id}, 'charge', 'carrier', -0.099, 3, 0.033, '3 × min at $0.033'),
      (${me.tenantId}, ${id}, 'charge', 'llm', -0.0024, 1.2, 0.002, '1.2 × 1,000 tokens at $0.002')`;
  const { status, body, headers } = await get(`/sess_${id}`);
  t.equal(status, 200);
  t.equal(headers['cache-control'], 'private, no-store');
  t.same(body, {
    session_id: `sess_${id}`,
    ts: '2024-01-15T14:30:00.000Z',
    agent: { id: `agent_${me.agentId}`, name: AGENT.name },
    masked_phone: '+91*** **10',
    duration_sec: 180,
    status: 'completed',
    reason: null,
    cost: 0.15,
    chat: [
      { timestamp: '2024-01-15T14:30:15.000Z', speaker: 'agent', message: 'Hello, how can I help you today?' },
      {
        timestamp: '2024-01-15T14:30:20.000Z',
        speaker: 'customer',
        message: 'I am at [phone number] or [email], card [card number], order 4155550123',
      },
    ],
    cost_breakdown: [
      { type: 'call_duration', amount: 0.099, description: '3 minutes at $0.033/min' },
      { type: 'language_model', amount: 0.0024, description: '1.2 × 1,000 tokens at $0.002 each' },
    ],
    recording: { available: false },
  });
  for (const same of [`call_${id}`, `session_${id}`, String(id)]) t.same((await get(`/${same}`)).body, body, same);
  const stranger = (await person()).cookie;
  for (const path of [`/sess_${id}`, `/sess_${id}/recording`])
    t.match(await get(path, stranger), { status: 404, body: { code: 'NOT_FOUND' } });
  for (const none of ['sess_999999999', 'agent_1', 'nonsense', 'sess_sess_1', '0']) {
    for (const path of [`/${none}`, `/${none}/recording`]) t.match(await get(path), { status: 404, body: { code: 'NOT_FOUND' } }, path);
  }
  t.match(await get('/%00'), { status: 400, body: { code: 'VALIDATION_ERROR' } });
  t.match(await get(`/sess_${id}/recording`), { status: 404, body: { error: /no recording/ } });
});

t.test('the recording, whole and in parts', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-dashboard-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const { app, sql, me, get, add } = await log(t, { DATA_DIR: dataDir });
  const id = await add('2024-01-15T14:30:00Z');
  const audio = silentMp3(2);
  const key = `${me.tenantId}/${randomUUID()}`;
  await mkdir(join(dataDir, 'recordings', String(me.tenantId)), { recursive: true });
  await writeFile(join(dataDir, 'recordings', key), audio);
  await sql`
    insert into recordings (tenant_id, call_id, source, storage_key, file_name, mime_type, size_bytes)
    values (${me.tenantId}, ${id}, 'carrier', ${key}, 'recording_1_20240115_143000.mp3', 'audio/mpeg', ${audio.length})`;
  t.same((await get(`/sess_${id}`)).body.recording, { available: true });
  const fetchAudio = (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ method, url: `/api/v1/call-logs/sess_${id}/recording`, headers: { ...me.cookie, ...headers } });
  const size = audio.length;
  const common = { 'content-type': 'audio/mpeg', 'accept-ranges': 'bytes', 'cache-control': 'private, no-store' };

  const whole = await fetchAudio();
  t.equal(whole.statusCode, 200);
  t.match(whole.headers, {
    ...common,
    'content-length': size,
    'content-disposition': 'inline; filename="recording_1_20240115_143000.mp3"',
  });
  t.same(whole.rawPayload, audio);
  for (const [range, first, last] of [
    ['bytes=0-1023', 0, 1023],
    ['bytes=0-0', 0, 0],
    ['bytes=100-', 100, size - 1],
    ['bytes=-10', size - 10, size - 1],
    [`bytes=-${size + 5}`, 0, size - 1],
    [`bytes=5-${size + 100}`, 5, size - 1],
    [`bytes=${size - 1}-${size - 1}`, size - 1, size - 1],
  ] as const) {
    for (const method of ['GET', 'HEAD'] as const) {
      const part = await fetchAudio({ range }, method);
      t.equal(part.statusCode, 206, `${method} ${range}`);
      t.match(part.headers, { ...common, 'content-range': `bytes ${first}-${last}/${size}`, 'content-length': last - first + 1 });
      t.same(part.rawPayload, method === 'HEAD' ? Buffer.alloc(0) : audio.subarray(first, last + 1));
    }
  }
  for (const range of [`bytes=${size}-`, `bytes=${size + 1}-${size + 2}`, 'bytes=-0']) {
    const none = await fetchAudio({ range });
    t.equal(none.statusCode, 416, range);
    t.equal(none.headers['content-range'], `bytes */${size}`);
    t.match(none.json(), { error: String, code: 'RANGE_NOT_SATISFIABLE' });
    const head = await fetchAudio({ range }, 'HEAD');
    t.match([head.statusCode, head.rawPayload.length], [416, 0], `HEAD ${range}`);
  }
  for (const range of ['bytes=0-1,4-5', 'bytes=5-2', 'bytes=x-y', 'bytes=-', 'chunks=0-1', '0-1'])
    t.equal((await fetchAudio({ range })).statusCode, 200, `${range}: the whole file`);
  const tag = String(whole.headers.etag);
  t.equal((await fetchAudio({ range: 'bytes=0-1', 'if-range': tag })).statusCode, 206);
  t.equal((await fetchAudio({ range: 'bytes=0-1', 'if-range': '"other"' })).statusCode, 200);
  t.equal((await fetchAudio({ range: `bytes=${size}-`, 'if-range': '"other"' })).statusCode, 200);
  const head = await fetchAudio({}, 'HEAD');
  t.match([head.statusCode, head.headers['content-length'], head.rawPayload.length], [200, size, 0]);

  await sql`update recordings set deleted_at = now()`;
  t.equal((await fetchAudio()).statusCode, 404);
  t.same((await get(`/sess_${id}`)).body.recording, { available: false });
  await sql`update recordings set deleted_at = null, status = 'pending', storage_key = null`;
  t.equal((await fetchAudio()).statusCode, 404, 'not fetched yet');
});
