/** The do-not-call list over HTTP. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { startSystem, type System } from '../system.ts';

const LIST = '/api/v1/do-not-call';
const ID = /^dnc_[1-9][0-9]*$/;

interface Entry {
  _id: string;
  phone: string;
}

/** A new tenant's owner. */
async function as(system: System) {
  const { token, userId, email, password } = await system.login();
  /** the same person in another role, with a token of their own */
  const inRole = async (role: string) => {
    await system.runtime.db.sql`update users set role = ${role} where id = ${Number(userId.replace('user_', ''))}`;
    const { body } = await system.request('POST', '/api/v1/auth/login', { json: { email, password } });
    return asking(system, body.data.token);
  };
  return { ...asking(system, token), userId, inRole };
}

function asking(system: System, token: string) {
  return {
    get: (path: string) => system.request('GET', path, { token }),
    post: (path: string, json?: unknown) => system.request('POST', path, { token, json }),
    upload: (text: string, fields: Record<string, string> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('file', new Blob([text]), 'numbers.csv');
      return system.request('POST', `${LIST}/bulk`, { token, form });
    },
  };
}

async function filesLeft(system: System): Promise<string[]> {
  const entries = await readdir(join(system.config.DATA_DIR, 'uploads'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

const phones = (body: { data: { entries: Entry[] } }) => body.data.entries.map((entry) => entry.phone);

t.test('the list', async (t) => {
  const system = await startSystem(t);
  const who = await as(system);

  await t.test('a number is added once, and shown', async (t) => {
    const added = await who.post(LIST, { phone: '+91 98765-43210', reason: 'Asked by e-mail' });
    t.equal(added.status, 201);
    t.match(added.body, { success: true, message: /added/ });
    t.match(added.body.data, {
      _id: ID,
      phone: '+919876543210',
      source: 'api',
      reason: 'Asked by e-mail',
      callId: null,
      createdBy: who.userId,
      active: true,
      releasedAt: null,
      releasedBy: null,
      releaseReason: null,
    });
    const again = await who.post(LIST, { phone: '+919876543210', reason: 'Another' });
    t.equal(again.status, 200);
    t.same(again.body.data, added.body.data, 'the entry that is there');
    t.same((await who.get(`${LIST}/${added.body.data._id}`)).body.data, added.body.data);
    t.equal((await who.get(`${LIST}/${String(added.body.data._id).slice(4)}`)).status, 200, 'a bare number will do');
    const [count] = await system.runtime.db.sql<Array<{ n: number }>>`select count(*) as n from suppressions`;
    t.equal(count?.n, 1);
  });

  await t.test('what is wrong is named', async (t) => {
    for (const [json, code, field] of [
      [{ phone: '12345' }, 'INVALID_PHONE_NUMBER', 'phone'],
      [{}, 'VALIDATION_ERROR', 'phone'],
      [{ phone: 919876543210 }, 'VALIDATION_ERROR', 'phone'],
      [{ phone: '+919876543210', reason: '  ' }, 'VALIDATION_ERROR', 'reason'],
      [{ phone: '+919876543210', reason: 'a\0b' }, 'VALIDATION_ERROR', 'reason'],
    ] as const) {
      const { status, body } = await who.post(LIST, json);
      t.match({ status, code: body.error.code, details: body.error.details }, { status: 422, code, details: new RegExp(`^${field} `) });
    }
    for (const query of ['phone=12', 'source=magic', 'active=perhaps', 'limit=101', 'page=0', 'page=99999'])
      t.equal((await who.get(`${LIST}?${query}`)).status, 400, query);
    for (const id of ['dnc_999999', 'call_1', 'nonsense']) t.equal((await who.get(`${LIST}/${id}`)).status, 404, id);
    t.equal((await system.request('GET', LIST)).status, 401);
  });

  await t.test('release: with a reason, by whom it may be, once; the entry stays', async (t) => {
    const { body } = await who.post(LIST, { phone: '+14155550100' });
    const id = body.data._id as string;
    t.equal((await who.post(`${LIST}/${id}/release`, {})).status, 422, 'a reason is required');
    t.equal((await who.post(`${LIST}/${id}/release`)).status, 422);
    const refused = await (await who.inRole('agent')).post(`${LIST}/${id}/release`, { reason: 'They called us' });
    t.match(refused, { status: 403, body: { success: false, error: { code: 'FORBIDDEN' } } });
    const manager = await who.inRole('manager');
    const released = await manager.post(`${LIST}/${id}/release`, { reason: 'They called us' });
    t.match(released, {
      status: 200,
      body: { data: { _id: id, active: false, releasedAt: String, releasedBy: who.userId, releaseReason: 'They called us' } },
    });
    t.match(await manager.post(`${LIST}/${id}/release`, { reason: 'Again' }), { status: 409, body: { error: { code: 'CONFLICT' } } });
    const audit = await system.runtime.db.sql`
      select action, subject, detail, host(ip) as ip, 'user_' || actor_id as actor from audit_log where subject = ${id}`;
    t.match(audit, [
      { action: 'do_not_call.release', detail: { phone: '+14155550100', reason: 'They called us' }, actor: who.userId, ip: '127.0.0.1' },
    ]);
    t.notMatch(phones((await who.get(LIST)).body), ['+14155550100']);
    t.same(phones((await who.get(`${LIST}?active=false`)).body), ['+14155550100']);
    t.match(await who.get(`${LIST}/${id}`), { status: 200, body: { data: { active: false } } });

    const anew = await who.post(LIST, { phone: '+14155550100' });
    t.equal(anew.status, 201, 'it may be listed anew');
    t.not(anew.body.data._id, id);
  });

  await t.test('pages, newest first; filters', async (t) => {
    const other = await as(system);
    const numbers = Array.from({ length: 12 }, (_, n) => `+1415555${2000 + n}`);
    for (const phone of numbers) await other.post(LIST, { phone });
    await other.post(`${LIST}/bulk`, { phones: ['+14155553000'] });
    const first = (await other.get(LIST)).body;
    t.match(first.data.pagination, { total: 13, page: 1, limit: 10, pages: 2 });
    t.same(phones(first), ['+14155553000', ...numbers.slice(3).reverse()]);
    const second = (await other.get(`${LIST}?page=2`)).body;
    t.match(second.data.pagination, { total: 13, page: 2 });
    t.same(phones(second), numbers.slice(0, 3).reverse());
    t.match((await other.get(`${LIST}?page=3`)).body.data, { entries: { length: 0 }, pagination: { total: 13 } });
    t.same(phones((await other.get(`${LIST}?source=import`)).body), ['+14155553000']);
    t.same(phones((await other.get(`${LIST}?source=speech`)).body), []);
    for (const query of ['phone=%2B14155552003', 'phone=+14155552003', 'phone=%2B1-415-555-2003'])
      t.same(phones((await other.get(`${LIST}?${query}`)).body), ['+14155552003'], query);
    t.same(phones((await other.get(`${LIST}?phone=%2B14155552003&active=false`)).body), []);
  });

  await t.test('an entry is its tenant’s', async (t) => {
    const other = await as(system);
    const { body } = await who.post(LIST, { phone: '+14155550200' });
    const id = body.data._id as string;
    t.equal((await other.get(`${LIST}/${id}`)).status, 404);
    t.equal((await other.post(`${LIST}/${id}/release`, { reason: 'Mine' })).status, 404);
    t.match((await other.get(LIST)).body.data, { entries: { length: 0 }, pagination: { total: 0 } });
    t.equal((await other.post(LIST, { phone: '+14155550200' })).status, 201, 'each has a list of their own');
    t.match((await who.get(`${LIST}/${id}`)).body.data, { active: true });
    const [platform] = await system.runtime.db.sql<Array<{ id: number }>>`
      insert into suppressions (phone, source) values ('+14155550201', 'api') returning id`;
    t.equal((await who.get(`${LIST}/dnc_${platform?.id}`)).status, 404, 'the installation’s list is nobody’s');
    t.equal((await who.post(`${LIST}/dnc_${platform?.id}/release`, { reason: 'Mine' })).status, 404);
  });
});

t.test('many numbers at once', async (t) => {
  const system = await startSystem(t);
  const who = await as(system);

  await t.test('JSON: good ones are listed, bad ones reported', async (t) => {
    await who.post(LIST, { phone: '+14155551001' });
    const { status, body } = await who.post(`${LIST}/bulk`, {
      phones: ['+14155551001', '+14155551002', '12345', '', '+1 (415) 555-1003', '+14155551002', 'x'.repeat(500)],
      reason: 'Old list',
    });
    t.equal(status, 200);
    t.match(body.data, { added: 2, alreadyListed: 2, rejectedCount: 3 });
    t.match(body.data.rejected, [
      { row: 3, phone: '12345', reason: /E\.164/ },
      { row: 4, phone: '', reason: /missing/ },
      { row: 7, phone: 'x'.repeat(40), reason: /E\.164/ },
    ]);
    t.same(phones((await who.get(`${LIST}?source=import`)).body).sort(), ['+14155551002', '+14155551003']);
    t.match((await who.get(`${LIST}?phone=%2B14155551002`)).body.data.entries, [{ reason: 'Old list', createdBy: who.userId }]);
  });

  await t.test('what is no list is refused, and nothing of it is written', async (t) => {
    const many = Array.from({ length: 10_001 }, (_, n) => `+1415${5_000_000 + n}`);
    for (const [what, json, field] of [
      ['too many', { phones: many }, 'phones'],
      ['none', { phones: [] }, 'phones'],
      ['no list', { phones: '+14155551009' }, 'phones'],
      ['a number that is no text', { phones: ['+14155551009', 14155551008] }, 'phones'],
      ['a reason too long', { phones: ['+14155551009'], reason: 'x'.repeat(301) }, 'reason'],
      ['nothing', undefined, 'phones'],
    ] as const) {
      const { status, body } = await who.post(`${LIST}/bulk`, json);
      t.match({ status, details: body.error.details }, { status: 422, details: new RegExp(`^${field}`) }, what);
    }
    t.match((await who.get(`${LIST}?phone=%2B14155551009`)).body.data.pagination, { total: 0 });
  });

  await t.test('10,000 in a few seconds, and again, half of them new', async (t) => {
    const list = (from: number) => Array.from({ length: 10_000 }, (_, n) => `+4930${1_000_000 + from + n}`);
    const started = performance.now();
    t.match((await who.post(`${LIST}/bulk`, { phones: list(0) })).body.data, { added: 10_000, alreadyListed: 0, rejectedCount: 0 });
    const tookMs = performance.now() - started;
    t.ok(tookMs < 5000, `${Math.round(tookMs)} ms`);
    t.match((await who.post(`${LIST}/bulk`, { phones: list(5000) })).body.data, { added: 5000, alreadyListed: 5000 });
    const bad = await who.post(`${LIST}/bulk`, { phones: Array.from({ length: 250 }, () => 'nobody') });
    t.match((await who.get(`${LIST}?source=import`)).body.data.pagination, { total: 15_002, pages: 1501 }, 'and counted');
    t.match(bad.body.data, { added: 0, rejected: { length: 100 }, rejectedCount: 250 }, 'a report has an end, its count has none');
  });

  await t.test('a CSV file', async (t) => {
    const files: Array<[what: string, text: string, expected: Record<string, unknown>]> = [
      [
        'with a header and other columns',
        'name;Phone Number\nAda;+14155554001\nBob;none\n;\nCy;+14155554002\nDee;+14155554001\n',
        { added: 2, alreadyListed: 1, rejectedCount: 1, rejected: [{ row: 3, phone: 'none' }] },
      ],
      ['one column, a header', 'phone\n+14155554003\n', { added: 1, rejectedCount: 0 }],
      ['one column, no header', '+14155554004\r\n+14155554005\r\n', { added: 2, rejectedCount: 0 }],
      ['one column, a header nobody knows', 'blocked\n+14155554006\n', { added: 1, rejected: [{ row: 1, phone: 'blocked' }] }],
      ['a quote that is never closed', '+14155554007\n"+14155554008\n+1', { added: 1, rejectedCount: 1, rejected: [{ row: 2 }] }],
      ['a header alone', 'phone\n', { added: 0, alreadyListed: 0, rejectedCount: 0 }],
    ];
    for (const [what, text, expected] of files) t.match(await who.upload(text), { status: 200, body: { data: expected } }, what);
    const large = Array.from({ length: 12_000 }, (_, n) => `+4940${1_000_000 + n}`);
    large[7_000] = 'nobody';
    const { body } = await who.upload(`phone\n${large.join('\n')}\n`, { reason: 'Old list' });
    t.match(body.data, { added: 11_999, rejected: [{ row: 7_002, phone: 'nobody' }], rejectedCount: 1 });
    t.match((await who.get(`${LIST}?phone=%2B49401000000`)).body.data.entries, [{ source: 'import', reason: 'Old list' }]);
  });

  await t.test('a file that is no list of numbers is refused by name', async (t) => {
    const refused: Array<[what: string, text: string, fields: Record<string, string>, status: number, field: string]> = [
      ['empty', '', {}, 422, 'file'],
      ['several columns, no name', 'Ada,+14155554009\n', {}, 422, 'file'],
      ['too many', '+14155554009\n'.repeat(100_002), {}, 413, 'file'],
      ['a workbook', 'PK\x03\x04 and so on', {}, 415, 'file'],
      ['a blank reason', '+14155554009\n', { reason: ' ' }, 422, 'reason'],
      ['a reason too long', '+14155554009\n', { reason: 'ä'.repeat(2000) }, 422, 'reason'],
    ];
    for (const [what, text, fields, status, field] of refused) {
      const answer = await who.upload(text, fields);
      t.match({ status: answer.status, details: answer.body.error.details }, { status, details: new RegExp(`^${field} `) }, what);
    }
    t.match((await who.get(`${LIST}?phone=%2B14155554009`)).body.data.pagination, { total: 0 });
    t.same(await filesLeft(system), [], 'no file is left');
  });

  await t.test('the document shows both ways', async (t) => {
    const { body } = await system.request('GET', '/docs/calling/json');
    const { content } = body.paths['/api/v1/do-not-call/bulk'].post.requestBody;
    t.match(content['application/json'].schema, { required: ['phones'], properties: { phones: { type: 'array', maxItems: 10_000 } } });
    t.match(content['multipart/form-data'].schema, { required: ['file'], properties: { file: { format: 'binary' } } });
    t.match(body.paths['/api/v1/do-not-call'].get, { tags: ['Do Not Call'], description: /pressing 9/ });
  });
});

t.test('sixty lists an hour', async (t) => {
  const system = await startSystem(t, { env: { RATE_LIMIT_FACTOR: '0.05' } });
  const who = await as(system);
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await who.post(`${LIST}/bulk`, { phones: [`+1415555700${n}`] })).status);
  t.same(statuses, [200, 200, 200, 429]);
});
