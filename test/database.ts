import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import tap, { type Test } from 'tap';
import { migrate } from '../db/migrate.ts';
import { migrateQueues } from '../queue/connection.ts';
import { joinServer, leaveServer, serverOf } from './postgres-server.ts';
import { PROJECT } from './project.ts';

const TEMPLATE_LOCK = 7_310_099;

/**
 * A database of this test's own, migrated and empty: a copy of a template that is made once. Dropped after the test when it
 * passed; kept until the end of the run, and named, when it failed. TEST_DATABASE_URL (somebody who may create databases)
 * replaces the embedded server.
 */
export async function createTestDatabase(t: Pick<Test, 'teardown' | 'passing' | 'comment'>): Promise<{ url: string }> {
  const base = await testDatabaseUrl();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = `template_${await schemaVersion()}`;
  await withAdmin(base, async (sql) => {
    await ensureTemplate(sql, base, template);
    await sql.unsafe(`create database ${name} template ${template} strategy file_copy`);
  });
  const url = onDatabase(base, name);
  t.teardown(async () => {
    if (t.passing()) await withAdmin(base, (sql) => sql.unsafe(`drop database if exists ${name} with (force)`));
    else t.comment(`the test's database is kept: ${url}`);
  });
  return { url };
}

let own: Promise<string> | undefined;

/** The server for tests: the given one, the run's, or, for a test file that is run by itself, one of its own. */
export async function testDatabaseUrl(): Promise<string> {
  const given = process.env.TEST_DATABASE_URL ?? (await serverOf(process.ppid));
  if (given) return given;
  own ??= joinAlone();
  return own;
}

function joinAlone(): Promise<string> {
  tap.teardown(() => leaveServer(process.pid));
  return joinServer(process.pid);
}

async function ensureTemplate(sql: postgres.Sql, base: string, template: string): Promise<void> {
  // held by the session, which ends with `withAdmin`
  await sql`select pg_advisory_lock(${TEMPLATE_LOCK})`;
  const [found] = await sql`select 1 from pg_database where datname = ${template}`;
  if (!found) {
    const draft = `${template}_draft`;
    await sql.unsafe(`drop database if exists ${draft} with (force)`);
    await sql.unsafe(`create database ${draft}`);
    await migrate(onDatabase(base, draft), pino({ level: 'warn' }));
    await migrateQueues(onDatabase(base, draft));
    await sql.unsafe(`alter database ${draft} rename to ${template}`);
  }
  await sql`select pg_advisory_unlock(${TEMPLATE_LOCK})`;
}

async function withAdmin(base: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(onDatabase(base, 'postgres'), { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Changes whenever the migrations or the packages that bring their own do. */
async function schemaVersion(): Promise<string> {
  const folder = join(PROJECT, 'db', 'migrations');
  const migrations = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const hash = createHash('sha256');
  for (const path of [...migrations.map((name) => join(folder, name)), join(PROJECT, 'db', 'migrate.ts'), join(PROJECT, 'package.json')]) {
    hash.update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 12);
}

function onDatabase(base: string, name: string): string {
  const url = new URL(base);
  url.pathname = `/${name}`;
  return url.href;
}
