/** Call logs and sessions of all accounts: what is in them, in which order, and what the filters find. */
import t from 'tap';
import { ask, settle, signUp, startServer } from './helper.ts';

interface Page {
  items: Array<{ id: string }>;
  total: number;
}

const TALKED = '+14155550100';
const ASKER = '+14155550199';

t.test('call logs and sessions of all accounts', async (t) => {
  const { app, runtime } = await startServer(t);
  const { sql } = runtime.db;
  const root = await signUp(app);
  await sql`update users set platform_role = 'admin' where email = ${root.email}`;
  const [ann, ben] = [await settle(app), await settle(app)];
  const bare = (id: string) => Number(id.split('_')[1]);
  const tenantOf = async (agentId: string) => (await sql`select tenant_id as id from agents where id = ${bare(agentId)}`)[0]?.id as number;
  const made = new Map<string, string>();
  /** A dial, so many minutes after the first. */
  const dial = async (name: string, agentId: string, minute: number, status: string, more: Record<string, unknown> = {}) => {
    const at = new Date(Date.UTC(2026, 0, 1, 10, minute));
    const isOver = !['dialing', 'in_progress', 'scheduled'].includes(status);
    const row = {
      ...{ tenant_id: await tenantOf(agentId), agent_id: bare(agentId), status, to_number: TALKED, from_number: ASKER, claimed_at: at },
      ...{ answered_at: ['completed', 'in_progress', 'voicemail'].includes(status) ? at : null, ended_at: isOver ? at : null },
      ...{ duration_seconds: status === 'completed' ? 330 : null, created_at: new Date(at.getTime() - 60_000), ...more },
    };
    const [call] = await sql<Array<{ id: number }>>`insert into calls ${sql(row)} returning id`;
    made.set(`call_${call?.id}`, name);
  };
  await dial('first', ann.agentId, 0, 'completed');
  await dial('busy', ben.agentId, 1, 'busy', { answered_at: null });
  await dial('put back', ann.agentId, 2, 'scheduled');
  await dial('machine', ann.agentId, 3, 'voicemail');
  await dial('they called', ben.agentId, 4, 'completed', { direction: 'inbound', to_number: ASKER, from_number: '+14155550122' });
  await dial('same moment', ben.agentId, 4, 'no_answer');
  await dial('talking', ann.agentId, 5, 'in_progress');
  await dial('ringing first', ann.agentId, 6, 'dialing');

  const read = async (path: string): Promise<Page> => {
    const { status, body } = await ask(app, `GET /api/v1/admin/${path}`, { headers: root.headers });
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body as Page;
  };
  const names = (page: Page) => page.items.map(({ id }) => made.get(id.replace('session_', 'call_')));
  const log = async (query = '') => names(await read(`call_logs${query}`));
  const talks = async (query = '') => names(await read(`sessions${query}`));
  const ALL = ['ringing first', 'talking', 'same moment', 'they called', 'machine', 'busy', 'first'];

  await t.test('the log holds what was dialed, the newest first', async (t) => {
    t.same(await log(), ALL);
    const pages = [
      await read('call_logs?pageSize=3'),
      await read('call_logs?pageSize=3&page=2'),
      await read('call_logs?pageSize=3&page=3'),
    ];
    t.same(pages.flatMap(names), ALL);
    t.match(pages[2], { page: 3, pageSize: 3, total: 7 });
    t.match((await read('call_logs?page=9')).items, []);
    const [under, , , , , busy, first] = (await read('call_logs')).items;
    t.match(first, {
      ...{ from: ASKER, to: TALKED, startedAt: '2026-01-01T10:00:00.000Z', endedAt: '2026-01-01T10:00:00.000Z', durationSec: 330 },
      ...{
        status: 'completed',
        createdAt: '2026-01-01T09:59:00.000Z',
        meta: { agentId: ann.agentId, campaignId: null, direction: 'outbound' },
      },
    });
    t.match(busy, { durationSec: 0, meta: { agentId: ben.agentId, tenantId: `tenant_${await tenantOf(ben.agentId)}` } }, 'nobody talked');
    t.match(under, { endedAt: null, durationSec: null }, 'it is under way');
  });

  await t.test('by status and by date', async (t) => {
    t.same(await log('?status=completed'), ['they called', 'first']);
    t.same(await log('?status=No-Answer'), ['same moment']);
    for (const status of ['scheduled', 'cancelled', 'initiated'])
      t.match(await read(`call_logs?status=${status}`), { items: [], total: 0 }, status);
    t.same(
      await log('?from=2026-01-01T10:04:00Z&to=2026-01-01T10:05:00Z'),
      ['talking', 'same moment', 'they called'],
      'both ends belong to it',
    );
    t.same(await log('?from=2026-01-01T15:34:00%2B05:30'), ['ringing first', 'talking', 'same moment', 'they called']);
    t.same(await log('?from=2026-01-01T15:34:00+05:30&status=in-progress'), ['talking'], 'a plus sign that reads as a space');
    t.same(await log('?to=2026-01-01'), ALL, 'a day is all of that day');
    t.same(await log('?from=2026-01-02&to='), []);
    t.match(await read('call_logs?status=completed&from=2026-01-01T10:01:00Z&pageSize=1'), { total: 1 });
  });

  await t.test('a session is a talk', async (t) => {
    t.same(await talks(), ['talking', 'they called', 'first']);
    t.same(await talks('?pageSize=2&page=2'), ['first']);
    t.same(await talks(`?agentId=${ben.agentId}`), ['they called']);
    t.same(await talks(`?agentId=${bare(ann.agentId)}`), ['talking', 'first']);
    t.same(await talks(`?phone=${TALKED}`), ['talking', 'first'], 'a plus sign as people write it');
    t.same(await talks('?phone=%2B1%20415%20555%200122'), ['they called'], 'who called us');
    t.same(await talks('?phone=14155550100&agentId='), ['talking', 'first']);
    t.same(await talks(`?phone=%2B14155550100&agentId=${ben.agentId}`), []);
    for (const query of ['phone=415', 'phone=nobody', 'agentId=call_1', 'agentId=agent_999999']) {
      t.match(await read(`sessions?${query}`), { items: [], total: 0 }, query);
    }
    const [talking, called] = (await read('sessions')).items;
    t.match(talking, { userPhone: TALKED, endedAt: null, meta: { duration: null, callId: /^call_/ } });
    t.match(called, { userPhone: '+14155550122', agentId: ben.agentId, meta: { duration: 330, direction: 'inbound', campaignId: null } });
  });
});

t.test('refusals in the words of the document', async (t) => {
  const { app, runtime } = await startServer(t);
  const root = await signUp(app);
  await runtime.db.sql`update users set platform_role = 'admin' where email = ${root.email}`;
  const told = async (what: string, payload?: unknown) => {
    const { status, body } = await ask(app, `${what.replace(' /', ' /api/v1/admin/')}`, { headers: root.headers, payload });
    return {
      status,
      errors: (body.errors as Array<{ msg: string; param: string; location: string }>).map((e) => `${e.location} ${e.param}: ${e.msg}`),
    };
  };
  for (const page of ['0', '-1', '1.5', 'two']) {
    t.same(await told(`GET /phones?page=${page}`), { status: 400, errors: ['query page: Page must be a positive integer'] }, page);
  }
  t.same((await told('GET /sessions?pageSize=101&phone=123456789012345678901')).errors, [
    'query pageSize: Page size must be at most 100',
    'query phone: Phone must have at most 20 characters',
  ]);
  t.same((await told('GET /call_logs?from=2026-01-02&to=2026-01-01')).errors, ['query from: From must not be after to']);
  t.same((await told('GET /call_logs?page=2002')).errors, [
    'query page: Page lies beyond the 100000 rows that can be paged through; narrow the filter',
  ]);
  t.same((await told(`POST /phones/${'1'.repeat(21)}/set_agent`, { agentId: 'agent_1' })).errors, [
    'params phone: Phone must have at most 20 characters',
  ]);
  t.same((await told('POST /phones/import', {})).errors, ['body phones: Phones is required']);
  t.same((await told('POST /campaigns/1/approve', {})).errors, ['body approve: Approve is required']);
});
