/** What omnivox offers beside its document: a look at a campaign from above, and the upload of contacts. */
import t from 'tap';
import { ask, PASSWORD, type Server, signUp, startServer } from './helper.ts';

type Headers = Record<string, string>;

interface Account {
  headers: Headers;
  campaignId: string;
}

async function openAccount({ app, runtime }: Server): Promise<Account> {
  const { headers, email } = await signUp(app);
  await runtime.db.sql`insert into agents (tenant_id, kind, name) select tenant_id, 'ai', 'Robin' from users where email = ${email}`;
  const allDay = { timezone: 'UTC', workingHours: { start: '00:00', end: '24:00' } };
  const payload = { name: 'Q4', status: 'ACTIVE', settings: { maxRetries: 1, callTimeout: 30 }, scheduleConfig: allDay };
  const { status, body } = await ask(app, 'POST /api/v1/campaigns', { headers, payload });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { headers, campaignId: body.data.id };
}

const NAMES = ['firstName', 'lastName', 'phone'];
const CONTACTS = [
  ['Ann', 'Lee', '+14155550101'],
  ['Bob', 'Ray', '+14155550102'],
  ['Cyd', 'Foe', '+14155550103'],
];

t.test('preflight and progress: from the same facts as everywhere, never from before', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { headers, campaignId } = await openAccount(server);
  for (const contact of CONTACTS) {
    const payload = { ...Object.fromEntries(NAMES.map((name, at) => [name, contact[at]])), campaignId };
    t.equal((await ask(app, 'POST /api/v1/contacts', { headers, payload })).status, 201);
  }
  await runtime.db.sql`insert into suppressions (tenant_id, phone, source) select tenant_id, '+14155550102', 'api' from users`;
  const look = (what: string) => ask(app, `GET /api/v1/campaigns/${campaignId}/${what}`, { headers });

  const ahead = await look('preflight');
  t.match(ahead, { status: 200, headers: { 'x-cache': undefined } });
  t.match(ahead.body.data, {
    waiting: 3,
    looked: 3,
    skipped: { suppressed: 1, refused: 0, neverOpen: 0, duplicate: 0, outsideHours: 0 },
    forecast: { dials: Number, basis: { measured: false, answerRate: 40, averageTalk: 60 } },
  });
  t.hasProp(ahead.body.data.forecast, 'coveredContacts');
  t.notOk('coveredLeads' in ahead.body.data.forecast);

  const before = await look('progress');
  const campaign = (await ask(app, `GET /api/v1/campaigns/${campaignId}`, { headers })).body.data;
  t.match(before.body.data, campaign, 'a campaign as it is shown elsewhere, and more');
  t.match(before.body.data, {
    status: 'ACTIVE',
    contacts: { waiting: 3, inLine: 0, completed: 0 },
    calls: { live: 0, due: 0, later: 0 },
    dials: { total: 0, answered: 0, abandoned: 0, completed: 0, averageTalk: 0 },
    agents: { signedIn: 0, available: 0 },
    obstacles: Array,
  });
  await runtime.db.sql`update contacts set dial_state = 'done', result = 'completed' where phone = '+14155550101'`;
  await runtime.db.sql`update campaigns set completed_contacts = 1, successful_contacts = 1`;
  t.match((await look('progress')).body.data, { contacts: { waiting: 2, completed: 1 }, successRate: 100 }, 'what nobody has noted, too');

  const stranger = await openAccount(server);
  for (const path of [`${campaignId}/preflight`, `${campaignId}/progress`, 'campaign_x/preflight', 'campaign_x/progress']) {
    const answer = await ask(app, `GET /api/v1/campaigns/${path}`, { headers: stranger.headers });
    t.match(answer, { status: 404, body: { success: false, error: { code: 'RESOURCE_NOT_FOUND' } } }, path);
  }
});

const FILE = `Mobile,First name,Last name,Company
+14155550101,Ann,Lee,Acme
12,Bob,Ray,"=cmd()"
+14155550101,Ann,Lee,Acme
+14155550103,Cyd,Foe,
`;

async function upload({ app }: Server, headers: Headers, fields: Record<string, string>, file: string | undefined = FILE) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (file !== '') form.append('file', new Blob([file]), 'contacts.csv');
  const packed = new Response(form);
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/contacts/bulk-upload',
    headers: { ...headers, 'content-type': packed.headers.get('content-type') ?? '' },
    payload: Buffer.from(await packed.arrayBuffer()),
  });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

t.test('an upload: counted by row, its bad rows to be read and sent again', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const { headers, campaignId } = await openAccount(server);
  const get = (path: string, who: Headers = headers) => ask(app, `GET /api/v1/${path}`, { headers: who });
  t.same((await get('contacts')).body.data, []);
  t.same((await get('contacts/imports')).body.data, []);

  const done = await upload(server, headers, { campaignId });
  t.match(done.headers, { 'x-ratelimit-limit': /^\d+$/ });
  const { importId, errorFile } = done.body.data as { importId: string; errorFile: string };
  t.same(
    [done.status, done.body],
    [200, { success: true, data: { importId, campaignId, imported: 2, duplicates: 1, errors: 1, errorFile, error: null } }],
  );
  t.match([importId, errorFile], [/^import_\d+$/, `/api/v1/contacts/imports/${importId}/errors.csv`]);
  t.match((await get(`contacts?campaignId=${campaignId}`)).body.data, [
    { firstName: 'Cyd', lastName: 'Foe', phone: '+14155550103' },
    { firstName: 'Ann', phone: '+14155550101', customFields: { Company: 'Acme' } },
  ]);
  t.match((await get(`campaigns/${campaignId}`)).body.data, { totalContacts: 2 });

  const found = await get(`contacts/imports/${importId}`);
  t.match(found.body.data, {
    ...{ importId, campaignId, fileName: 'contacts.csv', status: 'completed', processedRows: 4, imported: 2, duplicates: 1, errors: 1 },
    ...{ error: null, errorFile, createdAt: /Z$/, completedAt: /Z$/ },
  });
  t.match((await get('contacts/imports')).body, { data: [found.body.data], pagination: { total: 1, hasNext: false } });
  const bad = await get(errorFile.slice('/api/v1/'.length));
  t.match(bad.headers, { 'content-type': /^text\/csv/, 'content-disposition': `attachment; filename="${importId}_errors.csv"` });
  const lines = String(bad.body).trim().split('\r\n');
  t.equal(lines.length, 2, 'a header and the one bad row');
  t.match(lines[1], /^12,Bob,Ray,'=cmd\(\),3,/);
  t.equal(
    String((await get(`contacts/imports/${importId}/errors.csv?all=true`)).body)
      .trim()
      .split('\r\n').length,
    3,
    'with the duplicate',
  );

  for (const [fields, file, field] of [
    [{}, FILE, 'campaignId'],
    [{ campaignId: 'campaign_999' }, FILE, 'campaignId'],
    [{ campaignId, countryCodeIncluded: 'maybe' }, FILE, 'countryCodeIncluded'],
    [{ campaignId }, '', 'file'],
  ] as const) {
    const refused = await upload(server, headers, fields, file);
    t.match(refused, { status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { [field]: String } } } }, field);
  }
  const json = await ask(app, 'POST /api/v1/contacts/bulk-upload', { headers, payload: { campaignId } });
  t.match(json, { status: 415, body: { success: false, error: { code: 'UNSUPPORTED_MEDIA_TYPE' } } });

  const stranger = await openAccount(server);
  t.equal((await upload(server, stranger.headers, { campaignId })).status, 422);
  for (const path of [importId, `${importId}/errors.csv`, 'import_x', 'import_x/errors.csv']) {
    t.equal((await get(`contacts/imports/${path}`, stranger.headers)).status, 404, path);
  }
  const newcomer = { email: 'talks@example.com', password: PASSWORD, name: 'Jane', role: 'agent' };
  await ask(app, 'POST /api/auth/register', { headers, payload: newcomer });
  const { accessToken } = (await ask(app, 'POST /auth/login', { payload: newcomer })).body.data;
  t.match(await upload(server, { authorization: `Bearer ${accessToken}` }, { campaignId }), {
    status: 403,
    body: { error: { code: 'FORBIDDEN' } },
  });
  t.equal((await get('contacts')).body.pagination.total, 2, 'nothing else was written');
});
