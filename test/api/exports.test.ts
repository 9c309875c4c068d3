/** The call log as a file (contract: dashboard §7). */
import t from 'tap';
import { AppError } from '../../core/errors.ts';
import { exportRange } from '../../core/time/export-range.ts';
import { rangeOf } from '../../core/time/range.ts';
import { planCallExport, openCallExport } from '../../service/call-export.ts';
import { ask, PASSWORD, type Server, signUp, startServer } from './helper.ts';

const HEADER = 'session_id,ts,agent_id,agent_name,masked_phone,duration_sec,status,cost';
const PATH = 'GET /api/v1/exports/calls.csv';
const DAY_MS = 86_400_000;

/** All tests share it: each has tenants of its own. */
const server = await startServer(t);
const { sql } = server.runtime.db;

async function owner({ app, runtime }: Server = server) {
  const { email, cookies } = await signUp(app);
  const [user] = await runtime.db.sql<Array<{ tenantId: number }>>`select tenant_id as "tenantId" from users where email = ${email}`;
  const tenantId = user?.tenantId ?? 0;
  const agentId = await agentOf(tenantId, 'Voice Agent Alpha', runtime);
  const headers = {
    cookie: Object.entries(cookies)
      .map((pair) => pair.join('='))
      .join('; '),
  };
  const get = (query = '') => ask(app, `${PATH}${query && `?${query}`}`, { headers });
  return { email, tenantId, agentId, headers, get };
}

async function agentOf(tenantId: number, name: string, { db } = server.runtime): Promise<number> {
  const [agent] = await db.sql<Array<{ id: number }>>`
    insert into agents (tenant_id, kind, name) values (${tenantId}, 'ai', ${name}) returning id`;
  return agent?.id ?? 0;
}

interface NewCall {
  at?: Date;
  status?: string;
  seconds?: number;
  cost?: number;
  to?: string;
}

async function callOf(tenantId: number, agentId: number, { at = new Date(), status = 'completed', seconds, cost, to }: NewCall = {}) {
  const [call] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, duration_seconds, cost, created_at)
    values (${tenantId}, ${agentId}, ${to ?? '+14155550145'}, ${status}, ${seconds ?? null}, ${cost ?? null}, ${at}) returning id`;
  return call?.id ?? 0;
}

const linesOf = (body: unknown) => (body as string).split('\r\n').slice(1, -1);
const idsOf = (body: unknown) => linesOf(body).map((line) => Number(/^sess_(\d+),/.exec(line)?.[1]));
const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

t.test('the file of the document', async (t) => {
  const { tenantId, agentId, get } = await owner();
  const hostile = await agentOf(tenantId, '=cmd|"/c calc"!A1');
  const at = (minute: number) => new Date(Date.UTC(2024, 0, 15, 14, minute));
  const first = await callOf(tenantId, agentId, { at: at(30), seconds: 180, cost: 0.15 });
  const second = await callOf(tenantId, hostile, { at: at(31), status: 'in_progress', to: '+919876543221' });
  const third = await callOf(tenantId, agentId, { at: at(31), status: 'no_answer' });
  const { status, headers, body } = await get('from=2024-01-01&to=2024-01-31');
  t.equal(status, 200);
  t.equal(headers['content-type'], 'text/csv; charset=utf-8');
  t.equal(headers['content-disposition'], 'attachment; filename="call-logs.csv"');
  t.equal(headers['cache-control'], 'private, no-store');
  t.equal(headers['x-next-cursor'], undefined);
  t.same((body as string).split('\r\n'), [
    HEADER,
    `sess_${third},2024-01-15T14:31:00.000Z,agent_${agentId},Voice Agent Alpha,+1*** **45,0,failed,0`,
    `sess_${second},2024-01-15T14:31:00.000Z,agent_${hostile},"'=cmd|""/c calc""!A1",+91*** **21,0,live,0`,
    `sess_${first},2024-01-15T14:30:00.000Z,agent_${agentId},Voice Agent Alpha,+1*** **45,180,completed,0.15`,
    '',
  ]);
  t.same(idsOf((await get('from=2024-01-01&to=2024-01-31&status=failed')).body), [third]);
  t.same(idsOf((await get(`from=2024-01-01&to=2024-01-31&agent_id=agent_${hostile}`)).body), [second]);
  t.same(idsOf((await get('from=2024-01-15T14:31:00Z&to=2024-01-15T14:31:00Z')).body), [third, second], 'both ends are in it');
  t.equal((await get()).body, `${HEADER}\r\n`, 'none of the last 30 days');
});

t.test('the last 30 days, unless it is said otherwise', async (t) => {
  const { tenantId, agentId, get } = await owner();
  await callOf(tenantId, agentId, { at: ago(31) });
  const month = await callOf(tenantId, agentId, { at: ago(29.9) });
  const today = await callOf(tenantId, agentId);
  const stranger = await owner();
  await callOf(stranger.tenantId, stranger.agentId);
  t.same(idsOf((await get()).body), [today, month]);
  t.same(idsOf((await get(`from=${ago(2).toISOString()}`)).body), [today]);
  t.same(idsOf((await get(`to=${ago(2).toISOString()}`)).body).length, 2, 'and the one of the day before these');
  for (const [query, field] of [
    ['from=2024-01-01&to=2024-02-01', 'from'],
    ['from=2024-01-01T00:00:00Z&to=2024-01-31T00:00:00.001Z', 'from'],
    [`from=${ago(30.1).toISOString()}`, 'from'],
    ['from=2024-01-02&to=2024-01-01', 'from'],
    ['from=2099-01-01', 'from'],
    ['to=soon', 'to'],
    ['status=ringing', 'status'],
    ['agent_id=x', 'agent_id'],
    ['cursor=x', 'cursor'],
    ['cursor=1.2.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'cursor'],
  ] as const) {
    const { status, body } = await get(query);
    t.match({ status, body }, { status: 400, body: { code: 'VALIDATION_ERROR', error: new RegExp(`\\b${field}\\b`) } }, query);
  }
});

t.test('ranges', async (t) => {
  const now = Date.parse('2025-06-30T12:00:00Z');
  const range = (from?: string, to?: string) => {
    const found = exportRange(rangeOf(['from', 'to'], [from, to], 'UTC'), now);
    return [found.from.toISOString(), found.to.toISOString()];
  };
  t.same(range(), ['2025-05-31T12:00:00.000Z', '2025-06-30T12:00:00.000Z']);
  t.same(range(undefined, '2025-01-31'), ['2025-01-01T00:00:00.000Z', '2025-01-31T23:59:59.999Z']);
  t.same(range('2025-01-01', '2025-01-31'), ['2025-01-01T00:00:00.000Z', '2025-01-31T23:59:59.999Z']);
  t.throws(() => range('2024-12-31', '2025-01-31'), AppError);
  t.throws(() => range('2025-01-01'), AppError);
  t.throws(() => range('2025-07-01'), AppError);
});

t.test('10,000 a file, and a cursor to the next: none twice, none missed', async (t) => {
  const { tenantId, agentId, get } = await owner();
  await sql`
    insert into calls (tenant_id, agent_id, to_number, status, created_at)
    select ${tenantId}, ${agentId}, '+14155550145', case when n % 3 = 0 then 'busy' else 'completed' end, now() - n / 4 * interval '1 second'
      from generate_series(1, 10003) n`;
  const first = await get();
  t.equal(linesOf(first.body).length, 10_000);
  const cursor = first.headers['x-next-cursor'] as string;
  t.match(cursor, /^[\w.-]{30,80}$/);
  const late = await callOf(tenantId, agentId);
  const second = await get(`cursor=${cursor}`);
  t.equal(linesOf(second.body).length, 3);
  t.equal(second.headers['x-next-cursor'], undefined);
  const ids = [...idsOf(first.body), ...idsOf(second.body)];
  t.equal(new Set(ids).size, 10_003);
  t.notOk(ids.includes(late));
  for (const query of ['status=failed', `agent_id=${agentId}`, `from=${ago(1).toISOString()}`, `to=${new Date().toISOString()}`]) {
    t.match(await get(`cursor=${cursor}&${query}`), { status: 400, body: { error: /cursor/ } }, `not with ${query}`);
  }
  const [from = '', to = '', signed] = cursor.split('.');
  const earlier = (parseInt(from, 36) - DAY_MS).toString(36);
  t.equal((await get(`cursor=${earlier}.${to}.${signed}`)).status, 400, 'nor with another range in it');
  t.equal((await (await owner()).get(`cursor=${cursor}`)).status, 400, 'nor with another tenant');

  const { config } = server.runtime;
  const asked = { tenantId, statuses: ['busy'] as const, agentId: undefined, from: undefined, to: undefined };
  const nowMs = Date.now() + 60_000;
  const walked: number[] = [];
  let next: string | undefined;
  do {
    // days later, its range is still the first file's
    const plan = planCallExport(config, asked, next, nowMs + walked.length * DAY_MS);
    const file = await openCallExport(server.runtime, plan, 700);
    for await (const calls of file.batches) walked.push(...calls.map(({ id }) => id));
    next = file.nextCursor;
  } while (next !== undefined);
  t.equal(walked.length, 3334);
  t.equal(new Set(walked).size, 3334);
});

t.test('for owners and admins, with the session cookie', async (t) => {
  const { get, email } = await owner();
  t.match(await ask(server.app, PATH), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.equal((await ask(server.app, PATH, { headers: { authorization: `Bearer ${(await signUp(server.app)).access}` } })).status, 401);
  for (const [role, status] of [
    ['agent', 403],
    ['manager', 403],
    ['admin', 200],
  ] as const) {
    await sql`update users set role = ${role} where email = ${email}`;
    const login = await server.app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { email, password: PASSWORD } });
    const cookie = login.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    t.equal((await ask(server.app, PATH, { headers: { cookie } })).status, status, role);
  }
  t.ok(await get());
});

t.test('five files an hour and user; what is refused is none', async (t) => {
  const limited = await startServer(t, { RATE_LIMIT_FACTOR: '1', DATABASE_URL: server.databaseUrl });
  const { get, headers: mine } = await owner(limited);
  t.equal((await get('from=2024-01-01&to=2024-12-31')).status, 400);
  const head = (query = '', headers: Record<string, string> = mine) => ask(limited.app, `HEAD ${PATH.slice(4)}${query}`, { headers });
  for (let n = 1; n <= 5; n++) {
    t.match(await head(), {
      status: 200,
      body: '',
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="call-logs.csv"',
        'cache-control': 'private, no-store',
        'x-ratelimit-limit': '100',
      },
    });
    t.equal((await get()).status, 200, `file ${n}: asking for its headers was none`);
  }
  t.equal((await head('?from=2024-01-01&to=2024-12-31')).status, 400, 'what GET would refuse');
  t.equal((await head('', {})).status, 401);
  t.equal((await head()).status, 200);
  const { status, body, headers } = await get();
  t.match({ status, body }, { status: 429, body: { code: 'RATE_LIMITED', error: String, retryAfter: Number } });
  t.ok(body.retryAfter > 3000 && body.retryAfter <= 3600);
  t.equal(Number(headers['retry-after']), body.retryAfter);
  t.equal(headers['x-ratelimit-limit'], '5');
  const other = await owner(limited);
  t.equal((await other.get()).status, 200, 'somebody else has their own five');
});
