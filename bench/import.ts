/**
 * Import of a CSV end to end (performance §d, P5 and P6): our `runImport`, which checks every row, reports, commits its
 * position and can be resumed, against the plain way on one thread in the same run: csv-parse → libphonenumber-js → COPY
 * into a table like ours, with its columns, indexes and foreign keys, and into one without the foreign keys, which take
 * the most time of all. Peak memory is compared with the streaming floor, csv-parse → COPY with nothing checked.
 *
 *   DATABASE_URL=postgres://… tsx bench/import.ts [rows …]     default: 100000 1000000
 *
 * Each measurement is a process of its own. The database it makes is dropped at the end.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { pino } from 'pino';
import { parseConfig } from '../core/config.ts';
import { openDb } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { runImport } from '../service/import-run.ts';

type Way = 'ours' | 'bound' | 'bare' | 'floor';

const TABLE: Record<Way, string> = { ours: 'calls', bound: 'plain_calls', bare: 'bare_calls', floor: 'bare_calls' };

interface Task {
  way: Way;
  url: string;
  dataDir: string;
  importId: number;
  tenantId: number;
  userId: number;
  key: string;
}

interface Result {
  rowsPerSecond: number;
  peakMiB: number;
}

const log = pino({ level: 'warn' });
const KEY_NAME = '00000000-0000-4000-8000-000000000000';
/** small files are noisy */
const roundsOf = (rows: number) => (rows <= 100_000 ? 3 : 1);

/** 75 bytes a row, every number valid and different, in no order. */
function* csv(rows: number, agentId: number, userId: number): Generator<string> {
  yield 'phoneNumber,agentId,userId,scheduledFor,timezone,priority\n';
  const priorities = ['high', 'normal', 'low'];
  let lines = '';
  for (let i = 0; i < rows; i++) {
    const phone = String((i * 2_654_435_761) % 100_000_000).padStart(8, '0');
    const minute = String(i % 60).padStart(2, '0');
    lines += `+9198${phone},agent_${agentId},user_${userId},2099-11-02T10:${minute}:00Z,Asia/Kolkata,${priorities[i % 3]}\n`;
    if (i % 1000 === 999) {
      yield lines;
      lines = '';
    }
  }
  yield lines;
}

async function measure(task: Task): Promise<Result> {
  const db = openDb(task.url, { max: 4, name: 'bench import' });
  const startedAt = performance.now();
  if (task.way === 'ours') {
    const config = parseConfig({ DATABASE_URL: task.url, DATA_DIR: task.dataDir });
    const context = { signal: new AbortController().signal, lastAttempt: true, progress: async () => undefined };
    await runImport({ config, db, log }, task.importId, context);
  } else {
    await copyAll(db.sql, task);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const [{ rows } = { rows: 0 }] = await db.sql.unsafe<Array<{ rows: number }>>(`select count(*) as rows from ${TABLE[task.way]}`);
  await db.close();
  return { rowsPerSecond: rows / seconds, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

async function copyAll(sql: ReturnType<typeof openDb>['sql'], task: Task): Promise<void> {
  const table = await sql`
    copy ${sql(TABLE[task.way])} (tenant_id, import_id, created_by, status, import_row, to_number, agent_id, priority, timezone, scheduled_for, due_at)
    from stdin`.writable();
  const rank: Record<string, number> = { high: 1, normal: 2, low: 3 };
  let row = 1;
  await pipeline(
    createReadStream(join(task.dataDir, 'uploads', task.key)),
    parse({ from_line: 2 }),
    async function* lines(records: AsyncIterable<string[]>) {
      let text = '';
      for await (const [phone = '', agent = '', , at = '', zone = '', priority = ''] of records) {
        row++;
        if (task.way !== 'floor' && !parsePhoneNumberFromString(phone)?.isValid()) continue;
        text += `${task.tenantId}\t${task.importId}\t${task.userId}\tscheduled\t${row}\t${phone}\t${agent.slice(6)}\t${rank[priority]}\t${zone}\t${at}\t${at}\n`;
        if (text.length < 65_536) continue;
        yield text;
        text = '';
      }
      if (text) yield text;
    },
    table,
  );
}

async function inChild(task: Task): Promise<Result> {
  const child = fork(fileURLToPath(import.meta.url), ['child'], { execArgv: process.execArgv });
  child.send(task);
  const [result] = (await once(child, 'message')) as [Result];
  await once(child, 'exit');
  return result;
}

async function main(serverUrl: string, sizes: number[]): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-import-'));
  const name = `bench_import_${process.pid}`;
  const server = openDb(serverUrl, { max: 1, name: 'bench import' });
  await server.sql.unsafe(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    await migrate(url.href, log);
    for (const rows of sizes) await compare(url.href, dataDir, rows);
  } finally {
    await server.sql.unsafe(`drop database ${name} with (force)`);
    await server.close();
    await rm(dataDir, { recursive: true });
  }
}

async function compare(url: string, dataDir: string, rows: number): Promise<void> {
  const { sql, close } = openDb(url, { max: 1, name: 'bench import' });
  for (const table of ['plain_calls', 'bare_calls']) {
    await sql.unsafe(`drop table if exists ${table}; create table ${table} (like calls including all)`);
  }
  const keys = await sql<Array<{ definition: string }>>`
    select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'calls'::regclass and contype = 'f'`;
  for (const { definition } of keys) await sql.unsafe(`alter table plain_calls add ${definition}`);
  const [tenant] = await sql<Array<{ id: number }>>`insert into tenants (name) values ('bench') returning id`;
  const tenantId = tenant?.id ?? 0;
  const [user] = await sql<Array<{ id: number }>>`
    insert into users (tenant_id, email, name, password_hash, role) values (${tenantId}, ${`${tenantId}@bench.test`}, 'Bench', 'none', 'owner') returning id`;
  const [agent] = await sql<
    Array<{ id: number }>
  >`insert into agents (tenant_id, kind, name) values (${tenantId}, 'ai', 'Bench') returning id`;
  const userId = user?.id ?? 0;
  const key = `${tenantId}/${KEY_NAME}`;
  const path = join(dataDir, 'uploads', key);
  await mkdir(dirname(path), { recursive: true });

  const results: Record<Way, Result[]> = { ours: [], bound: [], bare: [], floor: [] };
  for (let round = 0; round < roundsOf(rows); round++) {
    await pipeline(Readable.from(csv(rows, agent?.id ?? 0, userId)), createWriteStream(path));
    // an import removes its file
    for (const way of ['floor', 'bound', 'bare', 'ours'] as const) {
      await sql.unsafe('truncate calls, plain_calls, bare_calls cascade');
      await sql.unsafe('checkpoint');
      const [made] = await sql<Array<{ id: number }>>`
        insert into imports (tenant_id, kind, file_name, storage_key, size_bytes, total_rows, created_by)
        values (${tenantId}, 'calls', 'bench.csv', ${key}, 1, ${rows}, ${userId}) returning id`;
      results[way].push(await inChild({ way, url, dataDir, key, tenantId, userId, importId: made?.id ?? 0 }));
    }
  }
  await close();
  report(rows, results);
}

function report(rows: number, results: Record<Way, Result[]>): void {
  const median = (way: Way, of: keyof Result) => results[way].map((result) => result[of]).sort((a, b) => a - b)[roundsOf(rows) >> 1] ?? 0;
  const speed = (way: Way) => median(way, 'rowsPerSecond');
  const [ours, bound, bare, floor] = [speed('ours'), speed('bound'), speed('bare'), speed('floor')];
  const [memory, least] = [median('ours', 'peakMiB'), median('floor', 'peakMiB')];
  const lines = [
    `${rows} rows, median of ${roundsOf(rows)}`,
    `  ours                                                   ${ours.toFixed(0)} rows/s`,
    `  csv-parse → libphonenumber → COPY                      ${bound.toFixed(0)} rows/s    ratio ${(ours / bound).toFixed(2)} (goal > 1)`,
    `  the same into a table without its foreign keys         ${bare.toFixed(0)} rows/s    ratio ${(ours / bare).toFixed(2)}`,
    `  csv-parse → COPY, no foreign keys, nothing checked     ${floor.toFixed(0)} rows/s    ratio ${(ours / floor).toFixed(2)}`,
    `  peak memory ${memory.toFixed(0)} MiB, floor ${least.toFixed(0)} MiB    ratio ${(memory / least).toFixed(2)} (goal ≤ 1.5)`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (process.argv[2] === 'child') {
  const [task] = (await once(process, 'message')) as [Task];
  process.send?.(await measure(task));
  process.disconnect();
} else {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL names a PostgreSQL server to make a database on');
  const sizes = process.argv.slice(2).map(Number);
  await main(url, sizes.length > 0 ? sizes : [100_000, 1_000_000]);
}
