import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { type Answer, startSystem, type System } from '../system.ts';
import { calling, documentedCsv, type World } from './calling.ts';
import { askAsDocumented, askWrongly } from './drive.ts';
import { builtEndpoints } from './endpoint.ts';
import { manual } from './knowledge.ts';
import { rowCounts } from './row-counts.ts';
import { complaintsAbout } from './shape.ts';

const ROWS = builtEndpoints(calling);
/** A phone that answers, talks and hangs up in peace (DESIGN §6). */
const TALKS = '+15005550006';
/** A line that is always busy. */
const BUSY = '+15005550001';
const YEARS_AHEAD = '2099-01-01T00:00:00Z';

async function prepare(system: System, token: string, owner: Pick<World, 'email' | 'password' | 'userId'>): Promise<World> {
  const ask = async (method: string, path: string, what?: Parameters<System['request']>[2]): Promise<Record<string, string>> => {
    const { status, body } = await system.request(method, `${calling.base}${path}`, { token, ...what });
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body.data as Record<string, string>;
  };
  const make = async (path: string, json: object): Promise<string> => (await ask('POST', path, { json }))._id ?? '';
  const newAgent = (name: string) => make('/agents', { name, systemPrompt: 'Be brief.' });
  const [agentId, otherAgentId, spareAgentId] = [await newAgent('Asha'), await newAgent('Bela'), await newAgent('Cleo')];
  const takenNumber = '+919876543200';
  const phoneId = await make('/phones', { phoneNumber: takenNumber, agentId });
  const talkedCallId = await make('/calls/outbound', { toPhone: TALKS, agentId });
  const missedCallId = await make('/calls/outbound', { toPhone: BUSY, agentId });
  const waitingCallId = await make('/calls/outbound', { toPhone: TALKS, agentId, scheduledFor: YEARS_AHEAD });
  const daily = { pattern: 'daily', time: '10:00', startDate: YEARS_AHEAD.slice(0, 10) };
  const scheduleId = await make('/scheduling/recurring', { toPhone: TALKS, agentId, ...daily });
  const form = new FormData();
  form.set('autoSchedule', 'false');
  form.set('file', documentedCsv({ agentId, userId: owner.userId }, ['12345,agent_1,user_1,never,Nowhere,high']));
  const { importId = '' } = await ask('POST', '/bulk/import', { form });
  const document = new FormData();
  document.set('agentId', agentId);
  document.set('file', manual());
  const uploads = [
    await ask('POST', '/knowledge-base/upload', { form: document }),
    await ask('POST', '/knowledge-base/upload', { form: document }),
  ];
  const spareDocumentId = uploads[0]?._id ?? '';
  for (const { _id } of uploads) await eventually(async () => (await ask('GET', `/knowledge-base/${_id}`)).status === 'ready', 20_000);
  await eventually(async () => (await ask('GET', `/calls/outbound/${talkedCallId}`)).status === 'completed', 20_000);
  await eventually(async () => (await ask('GET', `/bulk/import/${importId}/status`)).status === 'completed', 20_000);
  await eventually(async () => (await ask('GET', '/retry/pending')).length, 20_000);
  return {
    ...owner,
    ...{ agentId, otherAgentId, spareAgentId, phoneId, takenNumber },
    ...{ talkedCallId, waitingCallId, missedCallId, scheduleId, importId, spareDocumentId },
  };
}

t.test('the calling document, endpoint by endpoint', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const owner = await system.login();
  const stranger = await system.login();
  const world = await prepare(system, owner.token, owner);
  const stage = { system, contract: calling, world, tokens: { owner: owner.token, stranger: stranger.token } };

  // wrong requests first: they find everything in place and must leave it so
  const before = await rowCounts(system);
  await askWrongly(t, stage);
  t.strictSame(await rowCounts(system), before, 'nothing was written');
  await askAsDocumented(t, stage);

  const path = `${calling.base}/no/such/path`;
  const unknown = await system.request('GET', path, { token: owner.token });
  t.equal(unknown.status, 404);
  t.strictSame(complaintsAbout(unknown.body, calling.errorFields), [], 'an unknown path answers in the same form');
});

t.test('limits', async (t) => {
  const system = await startSystem(t, { env: { RATE_LIMIT_FACTOR: '1' } });
  const { request } = system;
  const { 'Authentication endpoints': logins = 0, 'API endpoints': requests = 0, 'Bulk operations': uploads = 0 } = calling.limits;

  /** Sends until the limit is used up, and once more. */
  async function exhaust(t: Test, max: number, ask: () => Promise<Answer>, used = 0): Promise<void> {
    for (let nth = used + 1; nth <= max + 1; nth++) {
      const { status, headers, body } = await ask();
      if (nth === max + 1) {
        t.match({ status, code: body.error.code ?? body.code }, { status: 429, code: 'RATE_LIMIT_EXCEEDED' }, 'one too many');
        t.match(headers.get('retry-after'), /^[1-9]\d*$/);
      } else if (status === 429) t.fail(`request ${nth} of ${max} was refused`);
      const [limit, remaining, reset] = calling.limitHeaders.map((header) => Number(headers.get(header)));
      if (limit !== max || remaining !== Math.max(0, max - nth)) t.fail(`request ${nth}: limit ${limit}, remaining ${remaining}`);
      const soon = Date.now() / 1000;
      if (!reset || reset < soon - 1 || reset > soon + 3602) t.fail(`request ${nth}: reset ${reset} is no time within the hour`);
    }
  }

  const owner = await system.login();
  const { token } = owner;
  await t.test('log-ins', async (t) => {
    const json = { email: owner.email, password: owner.password };
    await exhaust(t, logins, () => request('POST', `${calling.base}/auth/login`, { json }));
  });
  await t.test('sign-ups', async (t) => {
    // one was needed to log in
    await exhaust(t, logins, () => request('POST', `${calling.base}/auth/register`, { json: {} }), 1);
  });
  await t.test('uploads', async (t) => {
    const form = () => {
      const data = new FormData();
      data.set('file', documentedCsv({ agentId: 'agent_1', userId: owner.userId }));
      return data;
    };
    await exhaust(t, uploads, () => request('POST', `${calling.base}/bulk/import/validate`, { token, form: form() }));
  });
  await t.test('requests', async (t) => {
    await exhaust(t, requests, () => request('GET', `${calling.base}/agents`, { token }), (await usedBy(token)) + 1);
  });
  async function usedBy(someone: string): Promise<number> {
    const { headers } = await request('GET', `${calling.base}/stats`, { token: someone });
    return requests - Number(headers.get('X-RateLimit-Remaining')) - 1;
  }
});

t.test('the table tries every documented code but those of faults', async (t) => {
  const tried = new Set(ROWS.flatMap(({ wrong = [] }) => wrong.map(({ code }) => code)));
  const elsewhere = ['UNAUTHORIZED', 'TOKEN_EXPIRED', 'NOT_FOUND', 'RATE_LIMIT_EXCEEDED'];
  const untried = calling.errorCodes.filter((code) => !tried.has(code) && !elsewhere.includes(code));
  t.strictSame(untried, ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);
});

t.test('an answer that is not as documented is seen', async (t) => {
  const fields = { 'data._id': 'agent id', 'data.list[].at': 'time', 'data.rate': 'number|null', 'data.word': ['a', 'b'] } as const;
  const sound = { data: { _id: 'agent_1', list: [{ at: '2025-11-01T10:00:00.000Z' }], rate: null, word: 'b' } };
  t.strictSame(complaintsAbout(sound, fields), []);
  const wrong: Array<[data: object, path: string]> = [
    [{ _id: 'phone_1' }, 'data._id'],
    [{ _id: null }, 'data._id'],
    [{ _id: undefined }, 'data._id'],
    [{ list: [] }, 'data.list[].at'],
    [{ list: {} }, 'data.list[].at'],
    [{ list: [{ at: 'today' }] }, 'data.list[].at'],
    [{ list: [...sound.data.list, {}] }, 'data.list[].at'],
    [{ rate: '72' }, 'data.rate'],
    [{ word: 'c' }, 'data.word'],
  ];
  for (const [data, path] of wrong) {
    const complaints = complaintsAbout({ data: { ...sound.data, ...data } }, fields);
    t.equal(complaints.length, 1);
    t.match(complaints[0], `${path}: `);
  }
});
