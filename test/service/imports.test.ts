/** Imports on real PostgreSQL and a real queue: every good row exactly once, every bad row reported, whatever happens. */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { parseConfig } from '../../core/config.ts';
import { rowCounter } from '../../core/csv/count.ts';
import type { Principal } from '../../core/principal.ts';
import type { ImportFault } from '../../db/query/import-rows.ts';
import { insertImport } from '../../db/query/imports.ts';
import { MAX_FAULTS, runImport } from '../../service/import-run.ts';
import {
  getImport,
  importFaults,
  importJobId,
  listImportErrors,
  removeOrphanUploads,
  requeueOpenImports,
  scheduleImport,
  startImport,
} from '../../service/imports.ts';
import { MAX_ROWS, type ReceivedCsv } from '../../service/import-file.ts';
import { validateFile } from '../../service/import-validation.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { listUploads, storeUpload, uploadPath } from '../../service/storage.ts';
import { createTestDatabase } from '../database.ts';

interface Office {
  runtime: Runtime;
  who: Principal;
  agent: string;
  user: string;
}

async function open(t: Test): Promise<Office> {
  const { url } = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'imports-'));
  const config = parseConfig({
    NODE_ENV: 'test',
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    CARRIER: 'null',
    REDIS_URL: process.env.REDIS_URL,
    QUEUE_PREFIX: `{${dataDir}}`,
  });
  const runtime = openRuntime(config, pino({ level: 'silent' }), 'imports test');
  t.teardown(async () => {
    await runtime.close();
    await rm(dataDir, { recursive: true });
  });
  return newTenant(runtime);
}

/** The whole report, read in batches smaller than it is. */
async function allFaults(runtime: Runtime, found: { id: number }): Promise<ImportFault[]> {
  const faults: ImportFault[] = [];
  for await (const batch of importFaults(runtime, found, 999)) faults.push(...batch);
  return faults;
}

let tenants = 0;

async function newTenant(runtime: Runtime): Promise<Office> {
  const { sql } = runtime.db;
  const email = `owner${++tenants}@example.com`;
  const [row] = await sql<Array<{ tenantId: number; userId: number; agentId: number }>>`
    with made as (insert into tenants (name) values ('Acme') returning id),
         owner as (insert into users (tenant_id, email, name, password_hash, role) select id, ${email}, 'Olive', 'none', 'owner' from made returning id),
         helper as (insert into agents (tenant_id, kind, name) select id, 'ai', 'Helper' from made returning id)
    select made.id as "tenantId", owner.id as "userId", helper.id as "agentId" from made, owner, helper`;
  if (!row) throw new Error('no tenant');
  const who: Principal = {
    userId: row.userId,
    tenantId: row.tenantId,
    sessionId: 1,
    email,
    name: 'Olive',
    role: 'owner',
    platformRole: 'user',
  };
  return { runtime, who, agent: `agent_${row.agentId}`, user: `user_${row.userId}` };
}

async function put({ runtime, who }: Office, text: string): Promise<ReceivedCsv> {
  const counter = rowCounter();
  const stored = await storeUpload(runtime.config, who.tenantId, Readable.from([Buffer.from(text)]), async function* (chunks) {
    for await (const chunk of chunks) {
      counter.write(chunk);
      yield chunk;
    }
  });
  return { fileName: 'list.csv', storageKey: stored.key, sizeBytes: stored.sizeBytes, records: counter.end() };
}

async function start(office: Office, text: string, options: { skipHeader?: boolean; autoSchedule?: boolean } = {}): Promise<number> {
  const { importId } = await startImport(office.runtime, office.who, await put(office, text), {
    skipHeader: false,
    autoSchedule: true,
    ...options,
  });
  return importId;
}

const steady = { signal: new AbortController().signal, lastAttempt: false, progress: async () => undefined };

async function finish(office: Office, text: string, options: { skipHeader?: boolean; autoSchedule?: boolean } = {}) {
  const importId = await start(office, text, options);
  await runImport(office.runtime, importId, steady);
  return { importId, found: await getImport(office.runtime, office.who.tenantId, importId) };
}

interface StoredCall {
  row: number;
  phone: string;
  status: string;
  priority: number;
  timezone: string | null;
  scheduledFor: Date | null;
  dueAt: Date | null;
  createdBy: number;
  context: string | null;
  metadata: Record<string, unknown>;
}

function callsOf({ runtime }: Office, importId: number): Promise<StoredCall[]> {
  return runtime.db.sql<StoredCall[]>`
    select import_row as row, to_number as phone, status, priority, timezone, scheduled_for as "scheduledFor", due_at as "dueAt",
           created_by as "createdBy", context, metadata
      from calls where import_id = ${importId} order by import_row`;
}

const HEADER = 'phoneNumber,agentId,userId,scheduledFor,timezone,priority';
const phoneOf = (n: number) => `+9198${String(10_000_000 + n)}`;

t.test('rows become calls, bad ones are reported by their line', async (t) => {
  const office = await open(t);
  const { agent, user, who, runtime } = office;
  const { importId, found } = await finish(
    office,
    `${HEADER},context,City\r\n` +
      `${phoneOf(1)},${agent},${user},2099-11-02T10:00:00Z,Asia/Kolkata,high,"order ""5"", \\ {late}",Pune\r\n` +
      `${phoneOf(2)},${agent}\r\n` +
      `12345,${agent},,,,\r\n` +
      `${phoneOf(3)},agent_999999,,,,\r\n` +
      `\r\n` +
      `"${phoneOf(4)}",${agent},,"2025-01-01",,low,"two\r\nlines"\r\n` +
      `${phoneOf(1)},${agent},,2099-11-02 15:30,Asia/Kolkata,low\r\n` +
      `=HYPERLINK("x"),${agent}\r\n`,
  );
  t.match(found, {
    status: 'completed',
    totalRows: 7,
    processedRows: 7,
    successfulRows: 3,
    failedRows: 4,
    duplicateRows: 1,
    warningRows: 1,
    error: null,
  });
  t.ok(found.completedAt);
  t.same(
    (await listImportErrors(runtime, found)).map(({ row, field, message }) => [row, field, message]),
    [
      [4, 'phoneNumber', 'Invalid phone number: E.164 is needed, such as +919876543210'],
      [5, 'agentId', 'agentId is no active agent of this account'],
      [9, 'phoneNumber', 'Duplicate of row 2'],
      [10, 'phoneNumber', 'Invalid phone number: E.164 is needed, such as +919876543210'],
    ],
  );
  t.match(
    (await allFaults(runtime, found)).filter((fault) => fault.severity === 'warning'),
    [{ row: 7, field: 'scheduledFor' }],
  );
  const [first, second, third] = await callsOf(office, importId);
  t.match(first, {
    row: 2,
    phone: phoneOf(1),
    status: 'scheduled',
    priority: 1,
    timezone: 'Asia/Kolkata',
    scheduledFor: new Date('2099-11-02T10:00:00Z'),
    dueAt: new Date('2099-11-02T10:00:00Z'),
    createdBy: who.userId,
    context: 'order "5", \\ {late}',
    metadata: { columns: { City: 'Pune' } },
  });
  t.match(second, { row: 3, priority: 2, timezone: null, context: null });
  t.same(second?.metadata, {});
  t.ok(Math.abs(Date.now() - Number(second?.dueAt)) < 60_000 && Number(second?.dueAt) === Number(second?.scheduledFor), 'no time: now');
  t.match(third, { row: 7, priority: 3, scheduledFor: new Date('2025-01-01T00:00:00Z'), context: 'two\r\nlines' });
  t.ok(Math.abs(Date.now() - Number(third?.dueAt)) < 60_000, 'a time that is over: due now, what was asked for is kept');
  const events = await runtime.db.sql`select from call_events`;
  t.equal(events.length, 0);
  await t.rejects(
    access(join(runtime.config.DATA_DIR, 'uploads', found.storageKey)),
    { code: 'ENOENT' },
    'a file that was read is removed',
  );
  await runImport(runtime, importId, steady);
  t.equal((await callsOf(office, importId)).length, 3, 'a job that comes again does nothing');
});

const ROWS = 23_000;

/** 23,000 rows of which every 7th is bad and every 100th repeats the row before the last. */
function bigFile(agent: string): { text: string; good: number[]; bad: number[] } {
  const lines = [HEADER];
  const good: number[] = [];
  const bad: number[] = [];
  for (let n = 0; n < ROWS; n++) {
    const row = n + 2;
    if (n % 7 === 6) lines.push(`oops${n},${agent},,,,`);
    else if (n % 100 === 99 && n % 7 !== 1) lines.push(`${phoneOf(n - 2)},${agent},,2099-01-01,,`);
    else lines.push(`${phoneOf(n)},${agent},,2099-01-01,,`);
    (n % 7 === 6 || (n % 100 === 99 && n % 7 !== 1) ? bad : good).push(row);
  }
  return { text: lines.join('\n'), good, bad };
}

async function isWhole(t: Test, office: Office, importId: number, file: ReturnType<typeof bigFile>) {
  const found = await getImport(office.runtime, office.who.tenantId, importId);
  t.match(found, {
    status: 'completed',
    totalRows: ROWS,
    processedRows: ROWS,
    successfulRows: file.good.length,
    failedRows: file.bad.length,
    position: ROWS + 1,
  });
  t.same(
    (await callsOf(office, importId)).map((call) => call.row),
    file.good,
    'every good row exactly once',
  );
  t.same(
    (await allFaults(office.runtime, found)).map((fault) => fault.row),
    file.bad,
    'every bad row is reported',
  );
}

t.test('an import that is stopped goes on where it was', async (t) => {
  const office = await open(t);
  const { runtime, who } = office;
  const file = bigFile(office.agent);
  const importId = await start(office, file.text);
  const stopping = new AbortController();
  const percents: number[] = [];
  const progress = async (percent: number) => {
    percents.push(percent);
    if (percents.length === 2) stopping.abort(new Error('The process is stopping'));
  };
  await t.rejects(runImport(runtime, importId, { signal: stopping.signal, lastAttempt: true, progress }), {
    message: 'The process is stopping',
  });
  const half = await getImport(runtime, who.tenantId, importId);
  t.match(half, { status: 'processing', completedAt: null }, 'also on its last attempt');
  t.ok(half.position > 5000 && half.position < ROWS, `stopped after row ${half.position}`);
  t.equal(half.processedRows, half.position - 1);
  t.equal((await callsOf(office, importId)).length, half.successfulRows, 'what was counted is there, and nothing else');
  await runImport(runtime, importId, { ...steady, progress });
  t.same(
    percents,
    [...percents].sort((a, b) => a - b),
    'progress never goes back',
  );
  t.equal(percents.at(-1), 100);
  await isWhole(t, office, importId, file);
});

t.test('a batch that fails leaves nothing, the next try goes on before it', async (t) => {
  const office = await open(t);
  const { runtime, who } = office;
  const { sql } = runtime.db;
  const file = bigFile(office.agent);
  const importId = await start(office, file.text);
  await sql`alter table calls add constraint broken check (import_row <> 12001)`;
  await t.rejects(runImport(runtime, importId, steady), { code: '23514' });
  t.match(
    await getImport(runtime, who.tenantId, importId),
    { status: 'processing', position: 10_001 },
    'two batches of three; those beyond the broken one wait for it',
  );
  t.equal(
    (await callsOf(office, importId)).at(-1)?.row,
    file.good.findLast((row) => row <= 10_001),
  );
  await sql`alter table calls drop constraint broken`;
  await runImport(runtime, importId, steady);
  await isWhole(t, office, importId, file);

  const given = await start(office, file.text);
  await sql`alter table calls add constraint broken check (import_id <> ${sql.unsafe(String(given))} or import_row <> 12001)`;
  await t.rejects(runImport(runtime, given, { ...steady, lastAttempt: true }), { code: '23514' });
  t.match(
    await getImport(runtime, who.tenantId, given),
    { status: 'failed', error: /too many faults/, successfulRows: file.good.filter((row) => row <= 10_001).length },
    'after the last try it says so',
  );
});

t.test('a second process takes an import over, and the first writes nothing more', async (t) => {
  const office = await open(t);
  const { runtime } = office;
  const file = bigFile(office.agent);
  const shared = await start(office, file.text);
  let second: Promise<void> | undefined;
  const join = async () => {
    second ??= runImport(runtime, shared, steady);
    await second;
  };
  await t.rejects(runImport(runtime, shared, { ...steady, progress: join }), { message: /read by another process/ });
  t.ok(second);
  await isWhole(t, office, shared, file);

  // both at once, all the way
  const raced = await start(office, file.text);
  const ends = await Promise.allSettled([runImport(runtime, raced, steady), runImport(runtime, raced, steady)]);
  t.equal(ends.filter((end) => end.status === 'fulfilled').length, 1);
  await isWhole(t, office, raced, file);
});

t.test('files that break, vanish, or hold nothing', async (t) => {
  const office = await open(t);
  const { agent, runtime, who } = office;
  const { importId, found } = await finish(office, `${HEADER}\n${phoneOf(1)},${agent}\n"${phoneOf(2)},${agent}\n${phoneOf(3)},${agent}\n`);
  t.match(found, { status: 'failed', successfulRows: 1, failedRows: 1, error: /^Row 3: a quote is opened and never closed/ });
  t.match(await listImportErrors(runtime, found), [{ row: 3, message: /never closed/ }]);
  t.equal((await callsOf(office, importId)).length, 1, 'the rows before it count');

  const poison = await finish(office, `${HEADER}\n${phoneOf(1)},${agent}\n${'x'.repeat(3 * 1024 * 1024)}\n${phoneOf(2)},${agent}\n`);
  t.match(poison.found, { status: 'failed', successfulRows: 1, failedRows: 1, error: /^Row 3: too long/ });

  t.match(
    (await finish(office, `${HEADER}\n`)).found,
    { status: 'completed', totalRows: 0, successfulRows: 0, failedRows: 0 },
    'a header alone',
  );
  t.match(
    (await finish(office, `${phoneOf(8)},${agent}\n${phoneOf(9)},${agent}\n`)).found,
    { totalRows: 2, successfulRows: 2 },
    'no header: documented order',
  );
  t.match(
    (await finish(office, `Nummer,Wer\n${phoneOf(9)},${agent}\n`, { skipHeader: true })).found,
    { totalRows: 1, successfulRows: 1 },
    'a header in other words',
  );
  t.match(
    (await finish(office, `\ufeffagent;priority;phone\r${agent};high;${phoneOf(9)}\r${agent};;${phoneOf(7)}`)).found,
    { totalRows: 2, successfulRows: 2 },
    'BOM, semicolons, CR, other order',
  );

  const wide = await finish(office, `phone,agent,${'c,'.repeat(9_998)}c\n${phoneOf(1)},${agent},${'v,'.repeat(9_998)}v\n`);
  t.match(wide.found, { status: 'completed', successfulRows: 1 });

  for (const empty of ['', '\n\n', '\ufeff']) {
    const file = await put(office, empty);
    await t.rejects(startImport(runtime, who, file, { skipHeader: false, autoSchedule: true }), {
      code: 'validation',
      fields: [{ field: 'file' }],
    });
    await t.rejects(access(join(runtime.config.DATA_DIR, 'uploads', file.storageKey)), { code: 'ENOENT' });
  }
  const many = await put(office, `${HEADER}\n`);
  await t.rejects(startImport(runtime, who, { ...many, records: MAX_ROWS + 2 }, { skipHeader: false, autoSchedule: true }), {
    code: 'payload_too_large',
  });

  const lost = await start(office, `${HEADER}\n${phoneOf(1)},${agent}\n`);
  await rm(join(runtime.config.DATA_DIR, 'uploads', (await getImport(runtime, who.tenantId, lost)).storageKey));
  await runImport(runtime, lost, steady);
  t.match(await getImport(runtime, who.tenantId, lost), { status: 'failed', error: /no longer there/ });
});

t.test('the report is capped, the counts are not', async (t) => {
  const office = await open(t);
  const bad = MAX_FAULTS.error + 2500;
  const { found } = await finish(office, `${HEADER}\n${Array.from({ length: bad }, (_, n) => `x${n},${office.agent}`).join('\n')}`);
  t.match(found, { status: 'completed', failedRows: bad, successfulRows: 0 });
  t.equal((await allFaults(office.runtime, found)).length, MAX_FAULTS.error);
  t.equal((await listImportErrors(office.runtime, found)).length, 100);
});

t.test('a file names only what is its tenant’s own', async (t) => {
  const office = await open(t);
  const other = await newTenant(office.runtime);
  const { runtime, who } = office;
  const { sql } = runtime.db;
  const [off] = await sql<
    Array<{ id: number }>
  >`insert into agents (tenant_id, kind, name, is_active) values (${who.tenantId}, 'ai', 'Off', false) returning id`;
  const [gone] = await sql<
    Array<{ id: number }>
  >`insert into agents (tenant_id, kind, name, deleted_at) values (${who.tenantId}, 'ai', 'Gone', now()) returning id`;
  const { found } = await finish(
    office,
    `${HEADER}\n${phoneOf(1)},${other.agent}\n${phoneOf(2)},${office.agent},${other.user}\n${phoneOf(3)},${off?.id}\n${phoneOf(4)},${gone?.id}\n${phoneOf(5)},${office.agent},${office.user}\n`,
  );
  t.match(found, { successfulRows: 1, failedRows: 4 });
  t.same(
    (await listImportErrors(runtime, found)).map(({ row, field }) => [row, field]),
    [
      [2, 'agentId'],
      [3, 'userId'],
      [4, 'agentId'],
      [5, 'agentId'],
    ],
  );
  await t.rejects(getImport(runtime, other.who.tenantId, found.id), { code: 'not_found' });
  await t.rejects(scheduleImport(runtime, other.who.tenantId, found.id), { code: 'not_found' });
});

t.test('the same file twice is two requests', async (t) => {
  const office = await open(t);
  const text = `${HEADER}\n${phoneOf(1)},${office.agent}\n${phoneOf(2)},${office.agent}\n`;
  const first = await finish(office, text);
  const second = await finish(office, text);
  t.match([first.found.successfulRows, second.found.successfulRows, second.found.duplicateRows], [2, 2, 0]);
  t.not(first.importId, second.importId);
});

t.test('autoSchedule false keeps the calls until they are released, once', async (t) => {
  const office = await open(t);
  const { runtime, who, agent } = office;
  const rows = 2500;
  const text = `${HEADER}\n${phoneOf(0)},${agent},,2099-01-01\n${Array.from({ length: rows - 1 }, (_, n) => `${phoneOf(n + 1)},${agent}`).join('\n')}`;
  const waiting = await start(office, text, { autoSchedule: false });
  await t.rejects(scheduleImport(runtime, who.tenantId, waiting), { code: 'conflict' }, 'not while it is read');
  await runImport(runtime, waiting, steady);
  const kept = await callsOf(office, waiting);
  t.equal(kept.length, rows);
  t.ok(kept.every((call) => call.status === 'unscheduled' && call.dueAt === null));
  t.same([kept[0]?.scheduledFor, kept[1]?.scheduledFor], [new Date('2099-01-01'), null]);
  await runtime.db.sql`update calls set status = 'cancelled' where import_id = ${waiting} and import_row = 4`;
  t.equal(await scheduleImport(runtime, who.tenantId, waiting), rows - 1);
  t.equal(await scheduleImport(runtime, who.tenantId, waiting), 0, 'once');
  const released = await callsOf(office, waiting);
  t.match(
    [released[0], released[1], released[2]],
    [
      { status: 'scheduled', dueAt: new Date('2099-01-01') },
      { status: 'scheduled', dueAt: Date, scheduledFor: Date },
      { status: 'cancelled' },
    ],
  );
  const [events] = await runtime.db
    .sql`select count(*)::int as n from call_events where type = 'release' and from_status = 'unscheduled' and to_status = 'scheduled'`;
  t.equal(events?.n, rows - 1);
  const { found } = await finish(office, `${HEADER}\n`);
  await t.rejects(scheduleImport(runtime, who.tenantId, found.id), { code: 'conflict' }, 'an import that scheduled its calls itself');
});

t.test('validation is the same judge and leaves nothing behind', async (t) => {
  const office = await open(t);
  const { runtime, who, agent } = office;
  const lines = [
    `${phoneOf(0)},${agent},,2099-01-01T00:00:00Z`,
    `nope,${agent}`,
    ...Array.from({ length: 8 }, (_, n) => `${phoneOf(n)},${agent}`),
    `${phoneOf(3)},${agent}`,
  ];
  const file = await put(office, `${HEADER}\n${lines.join('\n')}`);
  const found = await validateFile(runtime, who.tenantId, file, false);
  t.match(found, {
    totalRows: 11,
    validRows: 9,
    invalidRows: 2,
    errors: [
      { row: 3, error: /Invalid phone/ },
      { row: 12, error: 'Duplicate of row 7' },
    ],
  });
  t.same(found.preview.slice(0, 2), [
    { phoneNumber: phoneOf(0), agentId: agent, scheduledFor: '2099-01-01T00:00:00Z' },
    { phoneNumber: 'nope', agentId: agent, scheduledFor: null },
  ]);
  t.equal(found.preview.length, 5);
  await t.rejects(access(join(runtime.config.DATA_DIR, 'uploads', file.storageKey)), { code: 'ENOENT' });
  const broken = await validateFile(runtime, who.tenantId, await put(office, `${HEADER}\n${lines[0]}\n"x`), false);
  t.match(broken, { totalRows: 2, validRows: 1, invalidRows: 1, errors: [{ row: 3, error: /never closed/ }] });
  const [left] = await runtime.db.sql`select (select count(*)::int from calls) as calls, (select count(*)::int from imports) as imports`;
  t.same(left, { calls: 0, imports: 0 });
});

t.test('an open import without a job gets one', async (t) => {
  const office = await open(t);
  const { runtime, who } = office;
  const file = await put(office, `${HEADER}\n${phoneOf(1)},${office.agent}\n`);
  const lost = await insertImport(runtime.db.sql, {
    tenantId: who.tenantId,
    ...file,
    totalRows: 1,
    options: { skipHeader: false, autoSchedule: true },
    createdBy: who.userId,
  });
  const state = async (importId: number) =>
    (await runtime.producer.jobState('imports', [importJobId(importId)])).get(importJobId(importId));
  t.equal(await state(lost), 'missing');
  t.equal(await requeueOpenImports(runtime), 1);
  t.equal(await state(lost), 'present');
  t.equal(await requeueOpenImports(runtime), 0);
  t.equal(await state(await start(office, `${HEADER}\n`)), 'present', 'an accepted import has its job at once');
  await runImport(runtime, lost, steady);
  t.equal((await callsOf(office, lost)).length, 1);
});

t.test('a file that no import wants any more is removed a day later', async (t) => {
  const { runtime, who } = await open(t);
  const asIs = async function* (chunks: AsyncIterable<Buffer>) {
    yield* chunks;
  };
  const store = () => storeUpload(runtime.config, who.tenantId, Readable.from([Buffer.from('phoneNumber,agentId')]), asIs);
  const [orphan, wanted] = [await store(), await store()];
  await insertImport(runtime.db.sql, {
    tenantId: who.tenantId,
    fileName: 'calls.csv',
    storageKey: wanted.key,
    sizeBytes: wanted.sizeBytes,
    totalRows: 0,
    options: { skipHeader: false, autoSchedule: true },
    createdBy: who.userId,
  });
  const cutOff = uploadPath(runtime.config, wanted.key.replace(/[0-9a-f]{12}$/, '000000000000'));
  await writeFile(`${cutOff}.part`, 'phoneNum');
  const tomorrow = new Date(Date.now() + 25 * 60 * 60 * 1000);
  t.equal(await removeOrphanUploads(runtime, new Date()), 0, 'not today');
  t.equal(await removeOrphanUploads(runtime, tomorrow), 2, 'one whole, and one whose server was killed');
  t.same(await listUploads(runtime.config, tomorrow), [wanted.key], `${orphan.key} is gone`);
});
