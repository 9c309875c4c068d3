import t, { type Test } from 'tap';
import { openTokens } from '../../service/tokens.ts';
import { eventually } from '../eventually.ts';
import { type Answer, startSystem, type System } from '../system.ts';
import { calling, documentedCsv } from './calling.ts';
import { type BuiltEndpoint, builtEndpoints, type Example, nameOf, type World } from './endpoint.ts';
import { complaintsAbout } from './shape.ts';

const ROWS = builtEndpoints(calling);
/** A phone that answers, talks and hangs up in peace (DESIGN §6). */
const TALKS = '+15005550006';
/** A line that is always busy. */
const BUSY = '+15005550001';
const YEARS_AHEAD = '2099-01-01T00:00:00Z';

/** Sends an example; parts of the path and query that it does not give come from the row's own. */
function send({ request }: System, row: BuiltEndpoint, world: World, given: Example, token: string | undefined): Promise<Answer> {
  const { params } = { ...row.example(world), ...given };
  const path = row.path.replace(/:(\w+)/g, (_, name: string) => params?.[name] ?? name);
  const query = new URLSearchParams({ ...given.query }).toString();
  let form: FormData | undefined;
  if (given.form) {
    form = new FormData();
    for (const [name, value] of Object.entries(given.form)) form.set(name, value);
  }
  return request(row.method, `${calling.base}${path}${query && `?${query}`}`, { token, json: given.json, form });
}

function checkError(
  t: Test,
  row: BuiltEndpoint,
  { status, body }: Answer,
  expected: { status: number; code: string; field?: string },
): void {
  const code = row.shared ? body?.code : body?.error?.code;
  t.strictSame(
    { status, code, success: body?.success },
    { status: expected.status, code: expected.code, success: false },
    'status and code',
  );
  t.strictSame(complaintsAbout(body, row.shared?.errors ?? calling.errorFields), [], 'the form of an error');
  if (!row.shared) t.strictSame(Object.keys(body ?? {}).sort(), ['error', 'message', 'success']);
  if (expected.field) t.match(JSON.stringify(body), expected.field, 'the field is named');
}

/** Everything that a request could have written. */
async function rowCounts({ runtime: { db } }: System): Promise<unknown> {
  const [counts] = await db.sql`
    select (select count(*) from users) as users, (select count(*) from agents) as agents, (select count(*) from phone_numbers) as phones,
      (select count(*) from calls) as calls, (select count(*) from imports) as imports,
      (select count(*) from retry_rules) as "retryRules",
      (select count(*) from schedules where cancelled_at is null) as schedules`;
  return counts;
}

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
  await eventually(async () => (await ask('GET', `/calls/outbound/${talkedCallId}`)).status === 'completed', 20_000);
  await eventually(async () => (await ask('GET', `/bulk/import/${importId}/status`)).status === 'completed', 20_000);
  await eventually(async () => (await ask('GET', '/retry/pending')).length, 20_000);
  return {
    ...owner,
    ...{ agentId, otherAgentId, spareAgentId, phoneId, takenNumber },
    ...{ talkedCallId, waitingCallId, missedCallId, scheduleId, importId },
  };
}

/** What was sent and comes back under the same name is the same. */
function echoed(json: Example['json'], answer: Record<string, unknown> | undefined): string[] {
  return Object.entries(json ?? {}).flatMap(([name, sent]) => {
    const got = answer?.[name];
    const isSameMoment = name === 'scheduledFor' && typeof got === 'string' && Date.parse(got) === Date.parse(sent as string);
    if (got === undefined || got === sent || isSameMoment) return [];
    return [`${name}: sent ${JSON.stringify(sent)}, got ${JSON.stringify(got)}`];
  });
}

t.test('the calling document, endpoint by endpoint', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const owner = await system.login();
  const stranger = await system.login();
  const world = await prepare(system, owner.token, owner);
  const tokenFor = (row: BuiltEndpoint) => (row.auth === 'bearer' ? owner.token : undefined);

  // wrong requests first: they find everything in place and must leave it so
  const before = await rowCounts(system);
  for (const row of ROWS) {
    await t.test(`${nameOf(row)}, asked wrongly`, async (t) => {
      for (const { what, example, ...expected } of [...(row.wrong ?? []), ...wrongBodies(row, world)]) {
        await t.test(what, async (t) => checkError(t, row, await send(system, row, world, example(world), tokenFor(row)), expected));
      }
      if (row.auth === 'bearer') await checkGuard(t, system, row, world);
      if (row.path.includes(':')) await checkIds(t, system, row, world, { owner: owner.token, stranger: stranger.token });
      if (row.example(world).json) await checkBrokenJson(t, system, row, world, tokenFor(row));
    });
  }
  t.strictSame(await rowCounts(system), before, 'nothing was written');

  for (const row of ROWS) {
    await t.test(`${nameOf(row)} as documented`, async (t) => {
      const example = row.example(world);
      const { status, headers, body } = await send(system, row, world, example, tokenFor(row));
      t.equal(status, row.status, 'status');
      t.match(headers.get('content-type'), /^application\/json/);
      t.equal(body?.success, true);
      if (row.message) t.equal(body?.message, row.message);
      t.strictSame(complaintsAbout(body, row.fields), [], 'every documented field, with its type');
      const documented = ['success', ...(row.message ? ['message'] : []), ...(Object.keys(row.fields).length > 0 ? ['data'] : [])];
      t.strictSame(
        Object.keys(body ?? {}).sort(),
        [...documented, ...(row.beside ?? []), ...(row.shared?.topLevel ?? [])].sort(),
        'nothing else around it',
      );
      t.strictSame(echoed(example.json, body?.data), [], 'what was sent comes back');
      for (const header of calling.limitHeaders) t.match(headers.get(header), /^\d+$/, header);
    });
  }

  const path = `${calling.base}/no/such/path`;
  const unknown = await system.request('GET', path, { token: owner.token });
  t.equal(unknown.status, 404);
  t.strictSame(complaintsAbout(unknown.body, calling.errorFields), [], 'an unknown path answers in the same form');
});

/** A stranger's request names no agent of theirs; what is left is about the path alone. */
function withoutIds({ json, ...rest }: Example): Example {
  return json
    ? { ...rest, json: Object.fromEntries(Object.entries(json).filter(([, value]) => !/^[a-z]+_\d+$/.test(String(value)))) }
    : rest;
}

/** Each required field left out, and each field as something that no field is. */
function wrongBodies(row: BuiltEndpoint, world: World): NonNullable<BuiltEndpoint['wrong']> {
  const { json } = row.example(world);
  if (!json) return [];
  const status = row.shared?.validationStatus ?? calling.validationStatus;
  const wrong = (what: string, field: string, body: Record<string, unknown>) => ({
    what,
    field,
    status,
    code: 'VALIDATION_ERROR',
    example: () => ({ json: body }),
  });
  const without = (field: string) => Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));
  return [
    ...(row.required ?? []).map((field) => wrong(`without ${field}`, field, without(field))),
    ...Object.keys(json).map((field) => wrong(`an object for ${field}`, field, { ...json, [field]: { in: 'an object' } })),
    ...Object.keys(json).map((field) => wrong(`a NUL in ${field}`, field, { ...json, [field]: 'a\u0000b' })),
  ];
}

async function checkGuard(t: Test, system: System, row: BuiltEndpoint, world: World): Promise<void> {
  const example = row.example(world);
  const expired = openTokens(system.config.JWT_SECRET).signAccess({ sessionId: 1, userId: 1, tenantId: 1 }, -60);
  const forged = openTokens('x'.repeat(32)).signAccess({ sessionId: 1, userId: 1, tenantId: 1 }, 60);
  for (const [what, token, code] of [
    ['no token', undefined, 'UNAUTHORIZED'],
    ['no token at all', 'nonsense', 'UNAUTHORIZED'],
    ['a forged token', forged, 'UNAUTHORIZED'],
    ['an expired token', expired, 'TOKEN_EXPIRED'],
  ] as const) {
    await t.test(what, async (t) => checkError(t, row, await send(system, row, world, example, token), { status: 401, code }));
  }
}

/** Ids of somebody else, of nothing, of another kind, and texts that are none. */
async function checkIds(
  t: Test,
  system: System,
  row: BuiltEndpoint,
  world: World,
  tokens: { owner: string; stranger: string },
): Promise<void> {
  const example = row.example(world);
  checkError(t, row, await send(system, row, world, withoutIds(example), tokens.stranger), { status: 404, code: 'NOT_FOUND' });
  for (const [id, status, code] of [
    ['999999999', 404, 'NOT_FOUND'],
    ['campaign_1', 404, 'NOT_FOUND'],
    ['nonsense', 404, 'NOT_FOUND'],
    ['0', 404, 'NOT_FOUND'],
    ['%00', 400, 'VALIDATION_ERROR'],
    ['9'.repeat(41), 400, 'VALIDATION_ERROR'],
  ] as const) {
    const params = { id, importId: id, agentId: id, callId: id };
    checkError(t, row, await send(system, row, world, { ...example, params }, tokens.owner), { status, code });
  }
}

async function checkBrokenJson(t: Test, system: System, row: BuiltEndpoint, world: World, token: string | undefined): Promise<void> {
  const { params } = row.example(world);
  const path = row.path.replace(/:(\w+)/g, (_, name: string) => params?.[name] ?? name);
  const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${system.url}${calling.base}${path}`, { method: row.method, headers, body: '{"name": ' });
  const answer = { status: response.status, headers: response.headers, body: await response.json() };
  checkError(t, row, answer, { status: 400, code: 'VALIDATION_ERROR' });
}

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
