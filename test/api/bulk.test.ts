/** Bulk operations over real HTTP: uploads of every kind, and what people then see of their import. */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import t from 'tap';
import { asCsvText } from '../../api/plugin/csv-text.ts';
import { eventually } from '../eventually.ts';
import { type Answer, startSystem, type System } from '../system.ts';

interface Caller {
  token: string;
  tenantId: number;
  agent: string;
}

const MAX_BYTES = 2 * 1024 * 1024;
const HEADER = 'phoneNumber,agentId,userId,scheduledFor,timezone,priority';
const FAR = '2099-11-02T10:00:00Z';
const IMPORT = '/api/v1/bulk/import';

/** All tests but one share it: each has tenants of its own. */
const system = await startSystem(t, { worker: true, env: { UPLOAD_MAX_BYTES: String(MAX_BYTES) } });

async function caller(at: System = system): Promise<Caller> {
  const { token, tenantId } = await at.login();
  const { body } = await at.request('POST', '/api/v1/agents', { token, json: { name: 'Helper', systemPrompt: 'You help.' } });
  return { token, tenantId, agent: body.data._id };
}

type Part = [name: string, value: string] | [name: string, value: string | Buffer, fileName: string];

function form(...parts: Part[]): FormData {
  const data = new FormData();
  for (const part of parts) {
    if (part.length === 2) data.append(...part);
    else data.append(part[0], new Blob([typeof part[1] === 'string' ? part[1] : new Uint8Array(part[1])]), part[2]);
  }
  return data;
}

const send = (who: Caller, path: string, ...parts: Part[]): Promise<Answer> =>
  system.request('POST', path, { token: who.token, form: form(...parts) });
const csv = (text: string | Buffer): Part => ['file', text, 'list.csv'];

interface Status {
  status: string;
  errors: Array<{ row: number; error: string }>;
  warnings: Array<{ row: number; warning: string }>;
}

async function finished(who: Caller, importId: string): Promise<Status> {
  return eventually(async () => {
    const { body } = await system.request('GET', `${IMPORT}/${importId}/status`, { token: who.token });
    const { data } = body as { data: Status };
    return data.status === 'processing' ? undefined : data;
  });
}

async function storedFiles(): Promise<string[]> {
  const names = await readdir(join(system.config.DATA_DIR, 'uploads'), { recursive: true, withFileTypes: true }).catch(() => []);
  return names.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

t.test('validate, import, follow: as documented', async (t) => {
  const who = await caller();
  const rows = [`+919876543210,${who.agent},,${FAR},Asia/Kolkata,high`, `+919876543211,${who.agent},,${FAR},Asia/Kolkata,normal`];
  const good = `${HEADER}\n${rows.join('\n')}\n`;

  const validated = await send(who, `${IMPORT}/validate`, csv(good), ['skipHeader', 'true']);
  t.equal(validated.status, 200);
  t.same(validated.body, {
    success: true,
    message: 'CSV validation successful',
    data: {
      totalRows: 2,
      validRows: 2,
      invalidRows: 0,
      errors: [],
      warningRows: 0,
      warnings: [],
      preview: rows.map((_, n) => ({ phoneNumber: `+91987654321${n}`, agentId: who.agent, scheduledFor: FAR })),
    },
  });
  const flawed = await send(who, `${IMPORT}/validate`, csv(`${good}12,${who.agent}\n`));
  t.match(flawed.body, {
    message: /1 invalid row/,
    data: { totalRows: 3, validRows: 2, invalidRows: 1, errors: [{ row: 4, error: /Invalid phone number/ }] },
  });
  const past = `${HEADER}\n+919876543210,${who.agent},,2020-01-01T00:00:00Z\n`;
  t.match((await send(who, `${IMPORT}/validate`, csv(past))).body, {
    message: 'CSV validation successful; 1 row has a warning',
    data: { validRows: 1, invalidRows: 0, errors: [], warningRows: 1, warnings: [{ row: 2, warning: /time is over/ }] },
  });
  t.match((await send(who, `${IMPORT}/validate`, csv(`${past}+911,${who.agent},,2020-01-01\n+919876543210,,\n7`))).body, {
    message: 'CSV validation found 3 invalid rows; 1 row has a warning',
    data: { invalidRows: 3, warningRows: 1 },
  });
  const gone = `${HEADER}\n${Array.from({ length: 101 }, (_, n) => `+9198765430${String(n).padStart(2, '0')},${who.agent},,2020-01-01\n`).join('')}`;
  t.match((await send(who, `${IMPORT}/validate`, csv(gone))).body, {
    message: 'CSV validation successful; 101 rows have warnings',
    data: { warningRows: 101, warnings: { length: 100 } },
  });
  t.same(await storedFiles(), [], 'validation leaves no file');
  const { body: imported } = await send(who, IMPORT, csv(past), ['autoSchedule', 'false']);
  const read = await finished(who, imported.data.importId);
  t.match(read, { warningRows: 1, errors: [], warnings: [{ row: 2, warning: /time is over/ }] });
  t.same(Object.keys(read.warnings[0] ?? {}), ['row', 'warning']);

  const started = await send(who, IMPORT, ['autoSchedule', 'true'], csv(`${good}=1+1,${who.agent}\n`), ['skipHeader', 'true']);
  t.equal(started.status, 202);
  t.match(started.body, {
    success: true,
    message: 'CSV import started',
    data: { importId: /^import_\d+$/, totalRows: 3, status: 'processing' },
  });
  const { importId } = started.body.data;
  const done = await finished(who, importId);
  t.match(done, {
    importId,
    status: 'completed',
    totalRows: 3,
    successfulRows: 2,
    failedRows: 1,
    errors: [{ row: 4, error: /Invalid phone number/ }],
    createdAt: /^\d{4}-\d\d-\d\dT.*Z$/,
    completedAt: /^\d{4}-\d\d-\d\dT.*Z$/,
    processedRows: 3,
    error: null,
  });
  t.same(Object.keys(done.errors[0] ?? {}), ['row', 'error']);
  const calls = await system.request('GET', '/api/v1/calls/outbound?status=scheduled', { token: who.token });
  t.equal(calls.body.data.pagination.total, 2);

  const report = await system.request('GET', `${IMPORT}/${importId}/errors.csv`, { token: who.token });
  t.match(report.headers.get('content-type'), /^text\/csv/);
  t.match(report.headers.get('content-disposition'), /attachment; filename="import_\d+_errors.csv"/);
  t.match(
    report.body,
    /^row,severity,field,error,value\r\n4,error,phoneNumber,"?Invalid phone number.*,'=1\+1\r\n$/,
    'cells are no formulas',
  );
  t.same(await storedFiles(), [], 'nothing is kept of a file that was read');
});

t.test('autoSchedule false, and the release', async (t) => {
  const who = await caller();
  const { body } = await send(who, IMPORT, csv(`+919876543210,${who.agent},,${FAR}\n+919876543211,${who.agent},,${FAR}`), [
    'autoSchedule',
    'false',
  ]);
  t.equal(body.data.totalRows, 2, 'without a header');
  await finished(who, body.data.importId);
  const { sql } = system.runtime.db;
  t.same(await sql`select distinct status from calls where tenant_id = ${who.tenantId}`, [{ status: 'unscheduled' }]);
  const release = await system.request('POST', `${IMPORT}/${body.data.importId}/schedule`, { token: who.token });
  t.equal(release.status, 200);
  t.match(release.body, { success: true, data: { importId: body.data.importId, scheduledRows: 2 } });
  t.same(await sql`select distinct status from calls where tenant_id = ${who.tenantId}`, [{ status: 'scheduled' }]);
  const at = await send(who, IMPORT, csv(`+919876543210,${who.agent},,${FAR}`));
  await finished(who, at.body.data.importId);
  const twice = await system.request('POST', `${IMPORT}/${at.body.data.importId}/schedule`, { token: who.token });
  t.match(twice, { status: 409, body: { error: { code: 'CONFLICT', details: 'The calls of this import are scheduled already' } } });
});

t.test('what is no CSV form, or no CSV, is refused by name and leaves nothing', async (t) => {
  const who = await caller();
  const good = `${HEADER}\n+919876543210,${who.agent}\n`;
  const WINDOWS = /^file is not UTF-8.*save it as "CSV UTF-8"/;
  const zip = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(40)]);
  const cases: Array<[why: string, status: number, details: RegExp, ...parts: Part[]]> = [
    ['no file', 422, /^file is required$/, ['skipHeader', 'true']],
    ['a field instead of a file', 422, /file is required/, ['file', good]],
    ['another name', 422, /file .*not document/, ['document', good, 'a.csv']],
    ['two files', 422, /file must be given once/, csv(good), csv(good)],
    ['empty', 422, /^file is empty$/, csv('')],
    ['blank', 422, /^file is empty$/, csv('\r\n\r\n,,\r\n')],
    ['a header without agents', 422, /^file has no column agentId in its header$/, csv('phone,name\n+919876543210,Olive\n')],
    ['skipHeader before', 422, /skipHeader must be true or false/, ['skipHeader', 'yes'], csv(good)],
    ['autoSchedule after', 422, /autoSchedule must be true or false/, csv(good), ['autoSchedule', '']],
    ['a workbook', 415, /Excel/, csv(zip)],
    ['a PDF', 415, /^file is a PDF$/, csv('%PDF-1.7 ...')],
    ['a picture', 415, /PNG/, csv(Buffer.from('89504e470d0a1a0a0000', 'hex'))],
    ['NUL far inside', 415, /NUL/, csv(`${good}${'x\n'.repeat(100_000)}\0`)],
    ['UTF-16 without a mark', 415, /NUL/, csv(Buffer.from(good, 'utf16le'))],
    ['Windows-1252', 415, WINDOWS, csv(Buffer.from(`${good.trim()},,,,,M\u00fcller\n`, 'latin1'))],
    ['Windows-1252 far inside', 415, WINDOWS, csv(Buffer.from(`${good}${'x\n'.repeat(100_000)}\u00dc`, 'latin1'))],
    ['a character cut off at the end', 415, WINDOWS, csv(Buffer.from(`${good}M\u00fc`).subarray(0, -1))],
    ['too large', 413, /^file must have at most 2097152 bytes$/, csv(`${good}${'x'.repeat(MAX_BYTES)}`)],
  ];
  for (const [why, status, details, ...parts] of cases) {
    for (const path of [IMPORT, `${IMPORT}/validate`]) {
      if (why === 'autoSchedule after' && path.endsWith('validate')) continue;
      const answer = await send(who, path, ...parts);
      t.equal(answer.status, status, `${why}: ${path}`);
      t.match(answer.body, { success: false, message: String, error: { code: String, details } }, why);
    }
  }
  const json = await system.request('POST', IMPORT, { token: who.token, json: { file: good } });
  t.equal(json.status, 415);
  t.match(json.body.error, { code: 'UNSUPPORTED_MEDIA_TYPE', details: /file/ });
  for (const [type, body] of [
    ['text/csv', good],
    ['multipart/form-data', good],
    ['multipart/form-data; boundary=x', 'no form'],
    ['multipart/form-data; boundary=x', '--x\r\nbroken'],
  ] as const) {
    const answer = await fetch(new URL(IMPORT, system.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${who.token}`, 'content-type': type },
      body,
    });
    t.ok([400, 415, 422].includes(answer.status), `${type} ${body.slice(0, 8)}: ${answer.status}`);
    const refusal = (await answer.json()) as { error: { details: string } };
    t.match(refusal, { success: false });
    if (answer.status === 415) t.match(refusal.error.details, /multipart\/form-data/);
  }
  t.equal(
    (await fetch(new URL(IMPORT, system.url), { method: 'POST', headers: { authorization: `Bearer ${who.token}` } })).status,
    415,
    'nothing at all',
  );
  t.equal((await system.request('POST', IMPORT, { form: form(csv(good)) })).status, 401);
  t.same(await storedFiles(), []);
  t.same(await system.runtime.db.sql`select from imports where tenant_id = ${who.tenantId}`, []);
});

t.test('files as programs write them', async (t) => {
  const who = await caller();
  const table = `phone;agent\r\n+919876543210;${who.agent}\r\n+919876543211;${who.agent}\r\n`;
  const utf16be = Buffer.from(`\ufeff${table}`, 'utf16le').swap16();
  const files: Array<[string, string | Buffer]> = [
    ['semicolons and CRLF', table],
    ['byte order mark', `\ufeff${table}`],
    ['UTF-16 LE', Buffer.from(`\ufeff${table}`, 'utf16le')],
    ['UTF-16 BE', utf16be],
    ['tabs', table.replaceAll(';', '\t')],
    ['old line ends', table.replaceAll('\r\n', '\r')],
    ['letters of several bytes', `context;${table.replaceAll('\r\n+', '\r\nMüller € 😀;+')}`],
    ['quotes', `"phone","agent"\n"+919876543210","${who.agent}"\n"+919876543211","${who.agent}"\n`],
    ['no last line end, blank lines between', table.trimEnd().replaceAll('\r\n', '\n\n')],
    ['a quoted line end', `phone,context,agent\n+919876543210,"a\nb",${who.agent}\n+919876543211,,${who.agent}\n`],
  ];
  for (const [what, text] of files) {
    const { status, body } = await send(who, IMPORT, csv(text));
    t.equal(status, 202, what);
    t.equal(body.data.totalRows, 2, what);
    t.match(await finished(who, body.data.importId), { status: 'completed', totalRows: 2, successfulRows: 2, failedRows: 0 }, what);
  }
  const alone = await send(who, IMPORT, csv(HEADER));
  t.equal(alone.status, 202);
  t.match(await finished(who, alone.body.data.importId), {
    status: 'completed',
    totalRows: 0,
    successfulRows: 0,
    completedAt: String,
  });
  const named = await send(who, IMPORT, ['file', table, '../../etc/pass\u0000wd.csv']);
  t.equal(named.status, 202, 'a name is no path');
  const [row] = await system.runtime.db.sql`select file_name, storage_key from imports order by id desc limit 1`;
  t.notMatch(row?.file_name, /[/\\]/);
  t.match(row?.storage_key, /^\d+\/[0-9a-f-]{36}$/);
});

t.test('a letter of several bytes may be cut by a chunk, but by nothing else', async (t) => {
  async function passed(bytes: Buffer, size: number): Promise<string> {
    const parts: Buffer[] = [];
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    for await (const part of asCsvText(chunks(), { onBytes: () => undefined, onText: () => undefined })) parts.push(part);
    return Buffer.concat(parts).toString();
  }
  const text = 'phone;name\n+4915123450001;aü€😀ß😀€ü';
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    t.equal(await passed(bytes, size), text);
    for (const broken of [
      Buffer.from('phone;name\n+4915123450001;Müller', 'latin1'),
      bytes.subarray(0, -1),
      Buffer.from('phone\n12345\xf0', 'latin1'),
    ])
      await t.rejects(passed(broken, size), { code: 'unsupported_media_type', message: /^file is not UTF-8/, fields: [{ field: 'file' }] });
  }
});

t.test('an upload that is cut off leaves no file and no import', async (t) => {
  const who = await caller();
  const request = httpRequest(new URL(IMPORT, system.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'multipart/form-data; boundary=x', 'transfer-encoding': 'chunked' },
  });
  const failed = once(request, 'error');
  request.write(
    `--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${HEADER}\n${`+919876543210,${who.agent}\n`.repeat(2000)}`,
  );
  await eventually(async () => (await storedFiles()).length === 1);
  request.destroy(new Error('cut'));
  await failed;
  await eventually(async () => (await storedFiles()).length === 0);
  t.same(await system.runtime.db.sql`select from imports where tenant_id = ${who.tenantId}`, []);

  const cut = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${HEADER}\n`;
  const answer = await fetch(new URL(IMPORT, system.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'multipart/form-data; boundary=x' },
    body: cut,
  });
  t.equal(answer.status, 422, 'a form without its end');
  t.match(await answer.json(), { error: { details: /file/ } });
  t.same(await storedFiles(), []);
});

t.test('a file beyond the limit is refused before it has come', async (t) => {
  const who = await caller();
  for (const headers of [{ 'content-length': String(1024 ** 3) }, { 'transfer-encoding': 'chunked' }]) {
    const request = httpRequest(new URL(IMPORT, system.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${who.token}`, 'content-type': 'multipart/form-data; boundary=x', ...headers },
    });
    request.on('error', () => undefined);
    const answered = once(request, 'response');
    request.write(`--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`);
    if ('transfer-encoding' in headers) request.write(Buffer.alloc(MAX_BYTES + 1, 'x'));
    const [response] = (await answered) as [IncomingMessage];
    t.equal(response.statusCode, 413, JSON.stringify(headers));
    response.resume();
    request.destroy();
  }
  await eventually(async () => (await storedFiles()).length === 0);
});

t.test('an import is its tenant’s', async (t) => {
  const who = await caller();
  const other = await caller();
  const { body } = await send(who, IMPORT, csv(`+919876543210,${who.agent}\n+919876543211,${other.agent}\n`), ['autoSchedule', 'false']);
  t.match(await finished(who, body.data.importId), { successfulRows: 1, failedRows: 1, errors: [{ row: 2, error: /agentId/ }] });
  for (const [method, path] of [
    ['GET', 'status'],
    ['GET', 'errors.csv'],
    ['POST', 'schedule'],
  ] as const) {
    for (const id of [body.data.importId, 'import_999999', 'call_1', 'x']) {
      const { status, body: refusal } = await system.request(method, `${IMPORT}/${id}/${path}`, { token: other.token });
      t.equal(status, 404, `${method} ${id}/${path}`);
      t.match(refusal, { success: false, error: { code: 'NOT_FOUND' } });
    }
  }
});

t.test('ten uploads an hour; looking is free', async (t) => {
  const limited = await startSystem(t, { env: { RATE_LIMIT_FACTOR: '1' } });
  const who = await caller(limited);
  const answers: number[] = [];
  let last: Answer | undefined;
  for (let n = 0; n < 11; n++) {
    const upload = form(csv(`+919876543210,${who.agent}\n`));
    last = await limited.request('POST', `${IMPORT}/validate`, { token: who.token, form: upload });
    answers.push(last.status);
  }
  t.same(answers, [...Array.from({ length: 10 }, () => 200), 429]);
  t.equal(last?.headers.get('x-ratelimit-limit'), '10');
  t.equal(last?.headers.get('x-ratelimit-remaining'), '0');
  t.ok(Number(last?.headers.get('retry-after')) > 3000);
  t.equal((await limited.request('GET', `${IMPORT}/import_1/status`, { token: who.token })).status, 404, 'not limited');
});
