/** Leads and contacts, which are the same rows in two dresses, over HTTP. */
import { readdir } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { type Answer, startSystem } from '../system.ts';
import { workbook, workbookParts, zip } from '../xlsx.ts';

const MAX_BYTES = 1024 * 1024;

interface Row {
  id: string;
  name: string;
}

interface Owner {
  token: string;
  tenantId: number;
  campaignId: number;
}

/** All tests share it: each has tenants of its own. */
const system = await startSystem(t, { env: { UPLOAD_MAX_BYTES: String(MAX_BYTES) } });

async function campaignOf(tenantId: number, name = 'Q4'): Promise<number> {
  const [row] = await system.runtime.db.sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name, status) values (${tenantId}, ${name}, 'paused') returning id`;
  return row?.id ?? 0;
}

async function owner(): Promise<Owner> {
  const { token, tenantId } = await system.login();
  return { token, tenantId, campaignId: await campaignOf(tenantId) };
}

/** Another person of the same tenant. */
async function colleague({ tenantId }: Owner, role: string): Promise<string> {
  const { token, userId } = await system.login();
  await system.runtime.db.sql`update users set tenant_id = ${tenantId}, role = ${role} where id = ${Number(userId.replace('user_', ''))}`;
  return token;
}

const as = (token: string) => (what: string, json?: unknown) => {
  const [method = '', path = ''] = what.split(' ');
  return system.request(method, path, { token, json });
};

/** Every campaign's counters are those of its rows. */
async function countsAgree(t: Test): Promise<void> {
  const wrong = await system.runtime.db.sql`
    select c.id, c.total_contacts, c.completed_contacts, c.successful_contacts, k.* from campaigns c, lateral (
      select count(*)::int as total, count(*) filter (where dial_state = 'done')::int as completed,
             count(*) filter (where dial_state = 'done' and result = 'completed')::int as successful
        from contacts where campaign_id = c.id and deleted_at is null) k
     where (c.total_contacts, c.completed_contacts, c.successful_contacts) <> (k.total, k.completed, k.successful)`;
  t.same([...wrong], [], 'counters equal a recount');
}

function form(fields: Record<string, string>, file?: string | Buffer, name = 'leads.csv'): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.append(field, value);
  if (file !== undefined) data.append('file', new Blob([typeof file === 'string' ? file : new Uint8Array(file)]), name);
  return data;
}

const upload = (who: Owner, file: string | Buffer, fields: Record<string, string> = {}): Promise<Answer> =>
  system.request('POST', '/api/leads/bulk-upload', {
    token: who.token,
    form: form({ campaignId: String(who.campaignId), ...fields }, file),
  });

async function storedFiles(): Promise<string[]> {
  const names = await readdir(join(system.config.DATA_DIR, 'uploads'), { recursive: true, withFileTypes: true }).catch(() => []);
  return names.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

t.test('leads, as documented', async (t) => {
  const who = await owner();
  const ask = as(who.token);
  const { campaignId } = who;

  const made = await ask('POST /api/leads', {
    ...{ campaignId, phoneNumber: '+1234567890', name: 'Jane Customer', email: 'jane@example.com' },
    metadata: { company: 'Acme Corp' },
    somethingElse: 1,
  });
  t.match(made, {
    status: 201,
    body: {
      success: true,
      data: { id: Number, campaignId, phoneNumber: '+1234567890', name: 'Jane Customer', status: 'new' },
      message: 'Lead created successfully',
    },
  });
  const { id } = made.body.data;
  const changed = await ask(`PUT /api/leads/${id}`, { status: 'interested', metadata: { notes: 'Scheduled demo for next week' } });
  t.match(changed, {
    status: 200,
    body: { success: true, data: { id, status: 'interested', updatedAt: /Z$/ }, message: 'Lead updated successfully' },
  });
  t.same(changed.body.data.metadata, { company: 'Acme Corp', notes: 'Scheduled demo for next week' }, 'merged');
  t.same((await ask(`PUT /api/leads/${id}`, { metadata: { company: null } })).body.data.metadata, {
    notes: 'Scheduled demo for next week',
  });
  const { sql } = system.runtime.db;
  await sql`insert into webhook_endpoints (tenant_id, url, secret_encrypted, events) values (${who.tenantId}, 'https://example.com', '', '{lead.updated}')`;
  const whole = (await ask(`GET /api/leads/contact_${id}`)).body.data;
  t.match((await ask(`PUT /api/leads/${id}`, whole)).body.data, { ...whole, updatedAt: String }, 'what is read can be sent back');
  t.equal((await ask(`PUT /api/leads/${id}`, { campaignId: 999, name: 'X' })).status, 422);
  t.match(
    [...(await sql`select event_type, payload -> 'data' as data from webhook_deliveries where tenant_id = ${who.tenantId}`)],
    [{ event_type: 'lead.updated', data: { id, phoneNumber: '+1234567890', status: 'interested' } }],
    'every change that was made is told, and no other',
  );

  const list = await ask(`GET /api/leads?campaignId=${campaignId}&status=interested&page=1&limit=20`);
  t.match(list, {
    status: 200,
    body: {
      success: true,
      data: [
        {
          ...{ id, campaignId, phoneNumber: '+1234567890', name: 'Jane Customer', email: 'jane@example.com', status: 'interested' },
          lastContactedAt: null,
          attempts: 0,
          metadata: { notes: String },
        },
      ],
      pagination: { page: 1, limit: 20, total: 1, totalPages: 1, hasNext: false, hasPrev: false },
    },
  });
  await countsAgree(t);

  t.match(await ask('POST /api/leads', { campaignId, phoneNumber: '+1 (234) 567-890' }), {
    status: 409,
    body: { success: false, error: { code: 'DUPLICATE_ENTRY', details: { phoneNumber: /already/ } } },
  });
  for (const [body, field] of [
    [{ campaignId, phoneNumber: '12' }, 'phoneNumber'],
    [{ campaignId }, 'phoneNumber'],
    [{ phoneNumber: '+1234567891' }, 'campaignId'],
    [{ phoneNumber: '+1234567891', campaignId: 999 }, 'campaignId'],
    [{ phoneNumber: '+1234567891', campaignId: 'x' }, 'campaignId'],
    [{ phoneNumber: '+1234567891', campaignId, email: 'no' }, 'email'],
    [{ phoneNumber: '+1234567891', campaignId, timezone: 'Mars' }, 'timezone'],
    [{ phoneNumber: '+1234567891', campaignId, status: 'sold' }, 'status'],
    [{ phoneNumber: '+1234567891', campaignId, metadata: [] }, 'metadata'],
    [{ phoneNumber: '+1234567891', campaignId, metadata: { a: 'x'.repeat(100_001) } }, 'metadata'],
    [{ phoneNumber: '+1234567891', campaignId, name: 5 }, 'name'],
    [{ phoneNumber: '+1234567891', campaignId, tags: [''] }, 'tags.0'],
  ] as const) {
    const answer = await ask('POST /api/leads', body);
    t.match(answer, { status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { [field]: String } } } }, field);
  }
  t.equal((await ask(`PUT /api/leads/${id}`, { phoneNumber: 'no' })).status, 422);
  for (const query of ['campaignId=x', 'status=sold', 'page=0', 'limit=101', 'sortBy=phone;drop', 'order=up', 'page=999999']) {
    t.match(await ask(`GET /api/leads?${query}`), { status: 400, body: { error: { code: 'VALIDATION_ERROR' } } }, query);
  }
  for (const path of [
    'GET /api/leads/999',
    'GET /api/leads/x',
    'DELETE /api/leads/999',
    'GET /api/leads/imports/999',
    'GET /api/leads/imports/x/errors.csv',
  ]) {
    t.match(await ask(path), { status: 404, body: { error: { code: 'NOT_FOUND' } } }, path);
  }
  t.equal((await ask(`DELETE /api/leads/${id}`)).status, 204);
  t.equal((await ask(`GET /api/leads/${id}`)).status, 404);
  t.equal((await ask('POST /api/leads', { campaignId, phoneNumber: '+1234567890' })).status, 201, 'a deleted number is free again');
  await countsAgree(t);
});

t.test('contacts, as documented; one row in two dresses', async (t) => {
  const who = await owner();
  const ask = as(who.token);
  const body = {
    firstName: 'Jane',
    lastName: 'van Dyck',
    phone: '+12025550123',
    email: 'jane@example.com',
    customFields: { plan: 'gold', n: 1 },
    tags: ['vip', 'berlin'],
  };
  const made = await ask('POST /api/v1/contacts', { ...body, campaignId: `campaign_${who.campaignId}`, name: 5 });
  t.match(made, { status: 201, body: { success: true, data: { ...body, id: /^contact_\d+$/, campaignId: `campaign_${who.campaignId}` } } });
  const { id } = made.body.data;
  t.match((await ask(`GET /api/leads/${id}`)).body.data, {
    name: 'Jane van Dyck',
    phoneNumber: '+12025550123',
    metadata: { plan: 'gold' },
  });
  t.match((await ask('POST /api/v1/contacts', { ...body, campaignId: String(who.campaignId) })).body.error, {
    code: 'RESOURCE_CONFLICT',
    details: { phone: String },
  });
  const free = await ask('POST /api/v1/contacts', { firstName: 'Bob', lastName: '100%_\\', phone: '+12025550124', tags: ['vip'] });
  t.match(free, { status: 201, body: { data: { campaignId: null, dialState: 'idle' } } });
  for (const missing of ['firstName', 'lastName', 'phone'] as const) {
    t.match(await ask('POST /api/v1/contacts', { ...body, [missing]: undefined }), {
      status: 422,
      body: { error: { details: { [missing]: 'is required' } } },
    });
    t.equal((await ask('POST /api/v1/contacts', { ...body, [missing]: 7 })).status, 422);
  }
  t.match(await ask('POST /api/v1/contacts', { ...body, phone: '+12025550199', campaignId: 'campaign_999' }), {
    status: 422,
    body: { error: { details: { campaignId: String } } },
  });

  const total = async (query: string) => (await ask(`GET /api/v1/contacts?${query}`)).body.pagination.total as number;
  t.equal(await total('tags=vip'), 2);
  t.equal(await total('tags=vip,berlin'), 1, 'all of them');
  t.equal(await total('search=van%20dyc'), 1);
  t.equal(await total('search=%25'), 1, 'a wildcard is a letter');
  t.equal(await total('search=0%25_%5C'), 1);
  t.equal(await total('search=%2B12025550124'), 1);
  t.equal(await total('search=+12025550124'), 1, 'a plus that was read as a space');
  t.equal(await total('search=JANE@example'), 1);
  t.equal(await total(`campaignId=campaign_${who.campaignId}`), 1);
  t.equal(await total('status=interested'), 0);
  t.equal((await ask('GET /api/v1/contacts?campaignId=x')).status, 400);
  t.match((await ask('GET /api/v1/contacts')).body.pagination, {
    page: 1,
    limit: 50,
    total: 2,
    totalPages: 1,
    hasNext: false,
    hasPrev: false,
  });

  const named = await ask(`PUT /api/v1/contacts/${id}`, { lastName: 'Doe', customFields: { plan: null }, tags: ['x', 'x '] });
  t.match(named.body.data, { firstName: 'Jane', lastName: 'Doe', customFields: { n: 1 }, tags: ['x'] });
  t.notOk('plan' in named.body.data.customFields);
  t.equal((await ask(`GET /api/leads/${id}`)).body.data.name, 'Jane Doe', 'not what was cached before');
  t.equal((await ask(`DELETE /api/v1/contacts/${id}`)).status, 204);
  t.equal((await ask(`GET /api/v1/contacts/${id}`)).status, 404);
  await countsAgree(t);
});

t.test('pages, cursors and orders', async (t) => {
  const who = await owner();
  const ask = as(who.token);
  const rows = Array.from({ length: 25 }, (_, n) => `+120255501${String(n).padStart(2, '0')},Name ${String.fromCharCode(65 + n)}`);
  t.match((await upload(who, `phone,name\n${rows.join('\n')}`)).body.data, { imported: 25 });
  const ids = async (path: string) => ((await ask(path)).body.data as Row[]).map((row) => row.id);
  const all = await ids('GET /api/v1/contacts');
  t.equal(all.length, 25);
  const byCursor: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await ask(`GET /api/v1/contacts?limit=10${cursor ? `&cursor=${cursor}` : ''}`);
    byCursor.push(...(body.data as Row[]).map((row) => row.id));
    t.equal(body.pagination.total, 25);
    t.equal(body.pagination.hasNext, body.pagination.nextCursor !== undefined);
    cursor = body.pagination.nextCursor;
  } while (cursor);
  t.same(byCursor, all, 'the cursor reads every row once, in the order of the pages');
  t.equal((await ask('GET /api/v1/contacts?cursor=abc')).status, 400);
  t.same([...(await ids('GET /api/v1/contacts?limit=10&page=3'))], all.slice(20));
  const names = async (query: string) => ((await ask(`GET /api/leads?limit=2&${query}`)).body.data as Row[]).map((row) => row.name);
  t.same(await names('sortBy=name&order=asc'), ['Name A', 'Name B']);
  t.same(await names('sortBy=name&order=desc'), ['Name Y', 'Name X']);
  t.equal((await names('sortBy=createdAt&order=asc&page=2')).length, 2);
  for (const sort of ['updatedAt', 'status', 'attempts', 'lastContactedAt']) t.equal((await names(`sortBy=${sort}`)).length, 2, sort);
  t.same(await names('query=name%20q'), ['Name Q']);
});

t.test('who may what, and whose they are', async (t) => {
  const who = await owner();
  const other = await owner();
  const { id } = (await as(who.token)('POST /api/leads', { campaignId: who.campaignId, phoneNumber: '+12025550100' })).body.data;
  const uploaded = (await upload(who, 'phone\nbad\n')).body.data;

  const ask = as(await colleague(who, 'agent'));
  t.equal((await ask('POST /api/leads', { campaignId: who.campaignId, phoneNumber: '+12025550101' })).status, 403);
  t.equal((await ask(`DELETE /api/leads/${id}`)).status, 403);
  t.match(await ask(`PUT /api/leads/${id}`, { status: 'do_not_call' }), { status: 200, body: { data: { status: 'do_not_call' } } });
  const suppressed = await system.runtime.db
    .sql`select source from suppressions where phone = '+12025550100' and tenant_id = ${who.tenantId}`;
  t.same([...suppressed], [{ source: 'agent' }], 'an opt-out is on the list');
  t.equal((await as(who.token)(`PUT /api/leads/${id}`, { status: 'do_not_call' })).status, 200, 'twice does no harm');

  const stranger = as(other.token);
  for (const path of [
    `GET /api/leads/${id}`,
    `PUT /api/leads/${id}`,
    `DELETE /api/leads/${id}`,
    `GET /api/leads/imports/${uploaded.importId}`,
    `GET /api/leads/imports/${uploaded.importId}/errors.csv`,
    `GET /api/v1/contacts/${id}`,
    `DELETE /api/v1/contacts/${id}`,
  ]) {
    t.equal((await stranger(path, path.startsWith('PUT') ? { name: 'Mine' } : undefined)).status, 404, path);
  }
  t.match((await stranger(`GET /api/leads?campaignId=${who.campaignId}`)).body, { data: { length: 0 }, pagination: { total: 0 } });
  t.match((await stranger('GET /api/leads/imports')).body.data, { length: 0 });
  t.match(await stranger('POST /api/leads', { campaignId: who.campaignId, phoneNumber: '+12025550101' }), {
    status: 422,
    body: { error: { details: { campaignId: String } } },
  });
  const own = (await stranger('POST /api/leads', { campaignId: other.campaignId, phoneNumber: '+12025550101' })).body.data;
  t.equal((await stranger(`PUT /api/leads/${own.id}`, { campaignId: who.campaignId })).status, 422);
  t.match(await upload({ ...other, campaignId: who.campaignId }, 'phone\n+12025550109\n'), {
    status: 422,
    body: { error: { details: { campaignId: String } } },
  });
  t.same(await storedFiles(), []);
  await countsAgree(t);
});

t.test('a campaign counts its contacts, whatever becomes of them', async (t) => {
  const who = await owner();
  const ask = as(who.token);
  const { sql } = system.runtime.db;
  const second = await campaignOf(who.tenantId, 'Second');
  const add = async (phoneNumber: string) =>
    (await ask('POST /api/leads', { campaignId: who.campaignId, phoneNumber })).body.data.id as number;
  const [waiting, done, lined, moved] = [
    await add('+12025550101'),
    await add('+12025550102'),
    await add('+12025550103'),
    await add('+12025550104'),
  ];
  await sql`update contacts set dial_state = 'done', result = 'completed' where id in (${done}, ${moved})`;
  await sql`update campaigns set completed_contacts = 2, successful_contacts = 2 where id = ${who.campaignId}`;
  await countsAgree(t);

  // a contact behind a call that waits
  const { body: agent } = await ask('POST /api/v1/agents', { name: 'Helper', systemPrompt: 'You help.' });
  const { body: call } = await ask('POST /api/v1/calls/outbound', {
    toPhone: '+12025550103',
    agentId: agent.data._id,
    scheduledFor: '2099-01-01T00:00:00Z',
  });
  const callId = Number((call.data._id as string).replace('call_', ''));
  await sql`update calls set campaign_id = ${who.campaignId}, contact_id = ${lined} where id = ${callId}`;
  await sql`update contacts set dial_state = 'in_line', root_call_id = ${callId} where id = ${lined}`;
  t.match(await ask(`PUT /api/leads/${lined}`, { phoneNumber: '+12025550199' }), { status: 409, body: { error: { code: 'CONFLICT' } } });
  t.equal((await ask(`PUT /api/leads/${lined}`, { campaignId: second })).status, 409);
  t.equal((await ask(`PUT /api/leads/${lined}`, { name: 'Still fine' })).status, 200);

  t.match((await ask(`PUT /api/leads/${moved}`, { campaignId: second })).body.data, {
    campaignId: second,
    dialState: 'waiting',
    result: null,
  });
  await countsAgree(t);
  t.match((await ask(`PUT /api/leads/${moved}`, { campaignId: null })).body.data, { campaignId: null, dialState: 'idle' });
  await countsAgree(t);
  t.equal((await ask(`PUT /api/leads/${moved}`, { campaignId: who.campaignId, phoneNumber: '+12025550101' })).status, 409);
  await countsAgree(t);

  t.equal((await ask(`DELETE /api/leads/${lined}`)).status, 204);
  t.match(
    [
      ...(await sql`select c.status, e.type from calls c join call_events e on e.call_id = c.id where c.id = ${callId} order by e.id desc limit 1`),
    ],
    [{ status: 'cancelled', type: 'cancel' }],
  );
  for (const id of [waiting, done]) t.equal((await ask(`DELETE /api/leads/${id}`)).status, 204);
  t.match(
    [...(await sql`select total_contacts, completed_contacts, successful_contacts from campaigns where id = ${who.campaignId}`)],
    [{ total_contacts: 0, completed_contacts: 0, successful_contacts: 0 }],
  );
  await countsAgree(t);
});

t.test('bulk upload, as documented', async (t) => {
  const who = await owner();
  const { token, campaignId } = who;
  const rows = [
    '"+91 98765-43210",Ada,ada@example.com,Berlin,"vip;new"',
    '+919876543211,Bob,,Paris,',
    '+919876543211,Bob again,,,',
    "'+919876543212,Eve,nonsense,=1+1,",
    '=cmd,Mallory,,"a ""quoted"" town",',
  ];
  const text = `Phone Number;X`.replace(';X', '') + `,Full Name,E-Mail,City,Tags\n${rows.join('\n')}\n`;
  const done = await upload(who, text);
  t.match(done, {
    status: 200,
    body: {
      success: true,
      data: { imported: 3, duplicates: 1, errors: 1, campaignId, importId: Number, errorFile: String },
      message: 'Leads imported successfully',
    },
  });
  const { importId, errorFile } = done.body.data;
  const report = await system.request('GET', errorFile, { token });
  t.match(report.headers.get('content-type'), /^text\/csv/);
  t.equal(
    report.body,
    'Phone Number,Full Name,E-Mail,City,Tags,import_row,import_error\r\n' +
      '\'=cmd,Mallory,,"a ""quoted"" town",,6,"Invalid phone number: E.164 is needed, such as +919876543210"\r\n',
  );
  const all = await system.request('GET', `${errorFile}?all=true`, { token });
  t.match(all.body, /Bob again,,,,4,Duplicate: /);
  t.match(all.body, /'\+919876543212,Eve,nonsense,'=1\+1,,5,Not an e-mail address/);
  t.match((await system.request('GET', `/api/leads/imports/${importId}`, { token })).body.data, {
    ...{
      importId,
      campaignId,
      status: 'completed',
      fileName: 'leads.csv',
      processedRows: 5,
      imported: 3,
      duplicates: 1,
      errors: 1,
      warnings: 1,
    },
    ...{ error: null, errorFile, completedAt: /Z$/ },
  });
  t.match((await system.request('GET', '/api/leads/imports', { token })).body, { data: [{ importId }], pagination: { total: 1 } });
  const lead = (await system.request('GET', '/api/leads?query=%2B919876543210', { token })).body.data[0];
  t.match(lead, {
    name: 'Ada',
    email: 'ada@example.com',
    metadata: { City: 'Berlin' },
    tags: ['vip', 'new'],
    dialState: 'waiting',
    status: 'new',
  });
  const again = await upload(who, text);
  t.match(again.body.data, { imported: 0, duplicates: 4, errors: 1 }, 'sent again, all are duplicates');
  const fixed = (report.body as string).replace("'=cmd", '+919876543219');
  t.match((await upload(who, fixed)).body.data, { imported: 1, errors: 0 }, 'the report can be corrected and sent back');
  const back = (await system.request('GET', '/api/leads?query=Mallory', { token })).body.data[0];
  t.same(back.metadata, { City: 'a "quoted" town' });
  t.notOk('errorFile' in (await upload(who, 'tel\n+919876543213\n')).body.data);

  const sheet = workbook([
    ['Mobile', 'First Name', 'Last Name', 'Since', 'Score'],
    ['+919876543300', 'Jane', 'Doe', { date: 45000 }, 1.5],
    [919876543301, 'Num', 'Ber', null, null],
    [{ inline: '+91 98765 43302' }, 'In', 'Line', null, null],
  ]);
  const strict = await upload(who, sheet);
  t.match(strict.body.data, { imported: 2, duplicates: 0, errors: 1 }, 'a number without its plus is of no country');
  t.match((await system.request('GET', strict.body.data.errorFile, { token })).body, /919876543301,Num,Ber,,,3,.*countryCodeIncluded=true/);
  t.match((await upload(who, sheet, { countryCodeIncluded: 'true' })).body.data, { imported: 1, duplicates: 2, errors: 0 });
  t.match((await system.request('GET', '/api/leads?query=%2B919876543300', { token })).body.data[0], {
    name: 'Jane Doe',
    metadata: { Since: '2023-03-15', Score: '1.5' },
  });
  t.same(await storedFiles(), [], 'nothing is left behind');
  await countsAgree(t);
});

t.test('uploads that are not what they should be', async (t) => {
  const who = await owner();
  const parts = workbookParts([['phone'], ['+919876543210']]);
  const sheet = 'xl/worksheets/sheet1.xml';
  const bomb = [...parts.filter(({ name }) => name !== sheet), { name: sheet, data: Buffer.alloc(120 * 1024 * 1024, 32) }];
  const good = zip(parts);
  const cases: Array<[what: string, file: string | Buffer, status: number, message: RegExp, fields?: Record<string, string>]> = [
    ['no phone column', 'name,company\nJane,Acme\n', 422, /needs a column phone.*name, company/],
    ['empty', '', 422, /is empty/],
    ['blank', ',,\n\n', 422, /is empty/],
    ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), 415, /PNG/],
    ['too large', Buffer.alloc(MAX_BYTES + 1, 97), 413, /at most 1048576 bytes/],
    ['a bomb', zip(bomb), 422, /unpacks to more/],
    ['a bomb that lies', zip(bomb, ({ name }, bytes) => (name === sheet ? 5000 : bytes)), 422, /unpacks to more/],
    ['cut off', good.subarray(0, good.length - 40), 422, /damaged/],
    ['another archive', zip([{ name: 'readme.xml', data: 'hello' }]), 422, /damaged/],
    [
      'a workbook without phones',
      workbook([
        ['a', 'b'],
        ['c', 'd'],
      ]),
      422,
      /needs a column phone.*a, b/,
    ],
    ['an empty workbook', workbook([]), 422, /is empty/],
    ['no such campaign', 'phone\n+919876543210\n', 422, /campaignId/, { campaignId: '999' }],
    ['no campaign at all', 'phone\n+919876543210\n', 422, /campaignId/, { campaignId: '' }],
    ['an odd switch', 'phone\n+919876543210\n', 422, /countryCodeIncluded/, { countryCodeIncluded: 'maybe' }],
  ];
  for (const [what, file, status, message, fields] of cases) {
    const answer = await upload(who, file, fields);
    t.match(
      answer,
      { status, body: { success: false, error: { code: status === 422 ? 'VALIDATION_ERROR' : 'FILE_UPLOAD_ERROR', message } } },
      what,
    );
  }
  const send = (data: FormData) => system.request('POST', '/api/leads/bulk-upload', { token: who.token, form: data });
  t.match(await send(form({ campaignId: String(who.campaignId) })), { status: 422, body: { error: { details: { file: 'is required' } } } });
  t.match(await send(form({}, 'phone\n+919876543210\n')), { status: 422, body: { error: { details: { campaignId: 'is required' } } } });
  t.equal((await as(who.token)('POST /api/leads/bulk-upload', { campaignId: 1 })).status, 415);
  t.same([...(await system.runtime.db.sql`select id from imports where tenant_id = ${who.tenantId}`)], [], 'nothing was begun');

  const broken = await upload(who, 'phone,name\n+919876543210,Ada\n+919876543211,"never closed\n+919876543212,Bob\n');
  t.match(broken, { status: 200, body: { data: { imported: 1, errors: 1 }, message: /in part only.*never closed/ } });
  t.match((await as(who.token)(`GET /api/leads/imports/${broken.body.data.importId}`)).body.data, {
    status: 'failed',
    error: /never closed/,
  });

  const file = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nphone\r\n${'+919876500000\r\n'.repeat(3000)}`;
  const request: ClientRequest = httpRequest(new URL('/api/leads/bulk-upload', system.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'multipart/form-data; boundary=b', 'transfer-encoding': 'chunked' },
  });
  request.write(file);
  await eventually(async () => (await storedFiles()).length === 1);
  request.destroy();
  await once(request, 'error');
  await eventually(async () => (await storedFiles()).length === 0);
  t.pass('a cut connection leaves no file');
  await countsAgree(t);
});
