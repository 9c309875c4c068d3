/** Files of contacts into a campaign: large ones, several at once, and what happens to them on the way. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { parseConfig } from '../../core/config.ts';
import type { Principal } from '../../core/principal.ts';
import { getContactFaults, getContactImport, importContacts } from '../../service/contact-import.ts';
import { createContact, removeContact } from '../../service/contacts.ts';
import { removeOrphanUploads } from '../../service/imports.ts';
import { decideRetry } from '../../service/retries.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { storeUpload, uploadPath } from '../../service/storage.ts';
import type { ReceivedTable } from '../../service/table-file.ts';
import { MAX_WORKBOOK_ROWS, readWorkbook } from '../../service/workbook.ts';
import { createTestDatabase } from '../database.ts';
import { LOADER, modulePath } from '../project.ts';
import { workbook } from '../xlsx.ts';

interface Office {
  runtime: Runtime;
  who: Principal;
  campaignId: number;
}

const NAMES = { phone: 'phone', customFields: 'customFields' };
const phoneOf = (n: number) => `+9198${String(n).padStart(8, '0')}`;

async function open(t: Test): Promise<Office> {
  const { url } = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'contacts-'));
  const config = parseConfig({ NODE_ENV: 'test', DATABASE_URL: url, DATABASE_POOL: '6', CARRIER: 'null', DATA_DIR: dataDir });
  const runtime = openRuntime(config, pino({ level: 'silent' }), 'test');
  t.teardown(async () => {
    await runtime.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const [row] = await runtime.db.sql<Array<{ tenantId: number; userId: number; campaignId: number }>>`
    with t as (insert into tenants (name) values ('T') returning id),
         u as (insert into users (tenant_id, email, name, password_hash, role) select id, 'o@example.com', 'O', '', 'owner' from t returning id, tenant_id),
         c as (insert into campaigns (tenant_id, name, status) select id, 'C', 'paused' from t returning id)
    select u.tenant_id as "tenantId", u.id as "userId", c.id as "campaignId" from u, c`;
  if (!row) throw new Error('no rows');
  const who: Principal = {
    ...{ userId: row.userId, tenantId: row.tenantId, sessionId: 1, email: 'o@example.com', name: 'O' },
    ...{ role: 'owner', platformRole: 'user' },
  };
  return { runtime, who, campaignId: row.campaignId };
}

async function received({ runtime, who }: Office, data: string | Buffer, kind: ReceivedTable['kind'] = 'csv'): Promise<ReceivedTable> {
  const { key, sizeBytes } = await storeUpload(runtime.config, who.tenantId, Readable.from([Buffer.from(data)]), async function* (chunks) {
    yield* chunks;
  });
  return { kind, fileName: `leads.${kind}`, storageKey: key, sizeBytes };
}

async function load(office: Office, data: string | Buffer, kind?: ReceivedTable['kind']) {
  const request = { campaignId: office.campaignId, countryCodeIncluded: false };
  return importContacts(office.runtime, office.who, await received(office, data, kind), request);
}

/** The campaign's counters, after a look that they are those of its rows. */
async function total(t: Test, { runtime, campaignId }: Office): Promise<number> {
  const [row] = await runtime.db.sql<Array<{ counted: number; rows: number }>>`
    select total_contacts as counted, (select count(*)::int from contacts where campaign_id = c.id and deleted_at is null) as rows
      from campaigns c where id = ${campaignId}`;
  t.equal(row?.counted, row?.rows, 'the counter equals a recount');
  return row?.rows ?? -1;
}

t.test('60,000 rows', async (t) => {
  const office = await open(t);
  const lines = ['City,Phone,Name,Email'];
  for (let n = 0; n < 60_000; n++)
    lines.push(n % 1000 === 0 ? `Berlin,bad ${n},X,` : `Berlin,${phoneOf(n % 50_000)},Name ${n},n${n}@example.com`);
  const began = Date.now();
  const done = await load(office, lines.join('\n'));
  const rowsPerSecond = Math.round(60_000 / ((Date.now() - began) / 1000));
  t.comment(`${rowsPerSecond} rows per second`);
  t.ok(rowsPerSecond > 1000, 'quickly');
  t.match(done, {
    status: 'completed',
    processedRows: 60_000,
    totalRows: 60_000,
    successfulRows: 49_950,
    duplicateRows: 9990,
    failedRows: 60,
  });
  t.equal(await total(t, office), 49_950);
  const [first] = await office.runtime.db.sql`select name, custom_fields from contacts where phone = ${phoneOf(1)}`;
  t.match(first, { name: 'Name 1', custom_fields: { City: 'Berlin' } }, 'the first of two rows with a number is kept');
  const faults = await getContactFaults(office.runtime, done, false);
  t.equal(faults.length, 60);
  t.match(faults[1], { row: 1002, field: 'phone', value: 'bad 1000', cells: ['Berlin', 'bad 1000', 'X', ''] });
  t.equal((await getContactFaults(office.runtime, done, true)).length, 1060, 'duplicates are reported up to a thousand');
});

t.test('the same file by two people at once', async (t) => {
  const office = await open(t);
  const text = `phone\n${Array.from({ length: 8000 }, (_, n) => phoneOf(n)).join('\n')}\n`;
  const backwards = `phone\n${Array.from({ length: 8000 }, (_, n) => phoneOf(7999 - n)).join('\n')}\n`;
  const both = await Promise.all([load(office, text), load(office, backwards)]);
  t.equal(
    both.reduce((sum, done) => sum + done.successfulRows, 0),
    8000,
    'each number once',
  );
  t.equal(
    both.reduce((sum, done) => sum + done.duplicateRows, 0),
    8000,
  );
  t.equal(await total(t, office), 8000);
});

t.test('opt-outs in a file are on the list before anybody could dial them', async (t) => {
  const office = await open(t);
  const done = await load(office, `phone,status\n${phoneOf(1)},Do Not Call\n${phoneOf(2)},interested\n`);
  t.match(done, { successfulRows: 2 });
  t.same([...(await office.runtime.db.sql`select phone, source from suppressions`)], [{ phone: phoneOf(1), source: 'import' }]);
});

t.test('workbooks', async (t) => {
  const office = await open(t);
  const rows = Array.from({ length: 3000 }, (_, n) => [phoneOf(n), `Name ${n}`, n]);
  t.match(await load(office, workbook([['Phone', 'Name', 'Score'], ...rows]), 'xlsx'), {
    processedRows: 3000,
    successfulRows: 3000,
    status: 'completed',
  });
  t.equal(await total(t, office), 3000);
  await t.rejects(load(office, Buffer.from('PK\x03\x04 and nothing else'), 'xlsx'), { code: 'validation', fields: [{ field: 'file' }] });

  const path = join(office.runtime.config.DATA_DIR, 'large.xlsx');
  await writeFile(path, workbook(Array.from({ length: MAX_WORKBOOK_ROWS + 1 }, () => ['x'])));
  const before = process.memoryUsage().rss;
  await t.rejects(readWorkbook(path).next(), { code: 'validation', message: /has 200001 rows, and a workbook may have at most 200000/ });
  t.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024, 'its rows are not in this process');

  const half = readWorkbook(path.replace('large', 'small'));
  await writeFile(path.replace('large', 'small'), workbook(rows));
  t.equal((await half.next()).value?.length, 1000);
  await half.return(undefined);
  t.pass('who stops reading waits for no more, and the process is gone');
});

t.test('an import whose process died', async (t) => {
  const office = await open(t);
  const { runtime, who } = office;
  const file = await received(office, 'phone\n');
  const [lost] = await runtime.db.sql<Array<{ id: number }>>`
    insert into imports (tenant_id, kind, status, file_name, storage_key, size_bytes, options, started_at)
    values (${who.tenantId}, 'contacts', 'processing', 'a.csv', ${file.storageKey}, 6, ${JSON.stringify({ campaignId: office.campaignId, columns: [] })}::text::jsonb, now())
    returning id`;
  await removeOrphanUploads(runtime, new Date());
  t.match(await getContactImport(runtime, who.tenantId, lost?.id ?? 0), { status: 'processing' }, 'it may still be at work');
  t.equal(await removeOrphanUploads(runtime, new Date(Date.now() + 25 * 60 * 60 * 1000)), 1);
  t.match(await getContactImport(runtime, who.tenantId, lost?.id ?? 0), { status: 'failed', error: /interrupted/ });
  await t.rejects(access(uploadPath(runtime.config, file.storageKey)), { code: 'ENOENT' });
});

t.test('no retry follows for a contact that was removed while it was on the line', async (t) => {
  const office = await open(t);
  const { runtime, who, campaignId } = office;
  const { sql } = runtime.db;
  const contact = await createContact(runtime, who, { phone: phoneOf(1), campaignId }, NAMES);
  const [call] = await sql<Array<{ id: number }>>`
    with a as (insert into agents (tenant_id, kind, name) values (${who.tenantId}, 'ai', 'A') returning id)
    insert into calls (tenant_id, agent_id, to_number, campaign_id, contact_id, status, scheduled_for, claimed_at)
    select ${who.tenantId}, id, ${phoneOf(1)}, ${campaignId}, ${contact.id}, 'ringing', now(), now() from a returning id`;
  await sql`update contacts set dial_state = 'in_line', root_call_id = ${call?.id ?? 0} where id = ${contact.id}`;
  await sql`update campaigns set status = 'active', approval = 'approved', max_attempts = 5 where id = ${campaignId}`;
  await removeContact(runtime, who, contact.id);
  t.match([...(await sql`select status from calls where id = ${call?.id ?? 0}`)], [{ status: 'ringing' }], 'a ring can not be taken back');
  await sql`update calls set status = 'no_answer', ended_at = now(), retry_open = true where id = ${call?.id ?? 0}`;
  t.equal(await decideRetry(runtime, call?.id ?? 0), 'cancelled');
  t.equal(await total(t, office), 0);
});

t.test('a workbook is read in processes that npm start has made, too', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'leads.xlsx');
  await writeFile(path, workbook(Array.from({ length: 3000 }, (_, n) => [`+1415555${1000 + n}`])));
  const execArgv = [...LOADER, '--import', modulePath('launch/follow-parent')];
  const child = fork(modulePath('test/service/workbook-reader'), [path], { execArgv });
  const [told] = (await once(child, 'message')) as [unknown];
  t.same(told, { rows: 3000 });
});
