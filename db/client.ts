import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';
import { openTransactions } from './transactions.ts';

/** postgres.js, for statements that the query builder can't say: batches, CTEs, locks. Each text is prepared once. */
export type Sql = postgres.ISql<{ bigint: number }>;
export type Orm = PostgresJsDatabase<typeof schema>;

/** The database as every verb of `db/query` receives it. */
export interface Db {
  sql: postgres.Sql<{ bigint: number }>;
  orm: Orm;
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;
/** date[], timestamp[], timestamptz[], interval[], numeric[] */
const ARRAYS_DRIZZLE_LEAVES_RAW = [1182, 1115, 1185, 1187, 1231];

/** What a statement may take, wait for a lock, and a transaction rest: nothing of ours comes near, and nothing hangs for ever. */
const PATIENCE_MS = { statement_timeout: 60_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 10_000 };
/** A server that vanished without a word is noticed by TCP. */
const KEEP_ALIVE_SECONDS = 30;
/** How long statements and transactions under way may take to end when the pool closes. */
const CLOSE_SECONDS = 5;

export interface DbOptions {
  /** connections: half of them for transactions, the others for single statements, one of each at least */
  max: number;
  /** what the server calls them */
  name: string;
  /** no statement may write, and none may take longer */
  readOnly?: { statementTimeoutMs: number };
}

/**
 * Opens the pool. Nothing connects before the first statement.
 * bigint reads as number (ids are safe integers), timestamptz as Date, numeric as text.
 */
export function openDb(url: string, options: DbOptions): Db & { close(): Promise<void> } {
  const forSingles = Math.max(1, Math.floor(options.max / 2));
  const { sql, orm } = connect(url, options, forSingles);
  const transactions = openTransactions((onClose) => connect(url, options, 1, onClose).sql, Math.max(1, options.max - forSingles));
  return {
    sql: Object.assign(sql, { begin: transactions.begin }),
    orm,
    close: async () => {
      await Promise.all([sql.end({ timeout: CLOSE_SECONDS }), transactions.close(CLOSE_SECONDS)]);
    },
  };
}

/** A client of postgres.js with so many connections, and drizzle on it; it tells when one of them is closed. */
function connect(url: string, options: DbOptions, max: number, onClose?: () => void): Db {
  const sql = postgres(url, {
    max,
    onclose: onClose,
    types: { bigint: { to: INT8, from: [INT8], parse: Number, serialize: String } },
    keep_alive: KEEP_ALIVE_SECONDS,
    connection: {
      application_name: options.name,
      TimeZone: 'UTC',
      ...PATIENCE_MS,
      ...(options.readOnly && { default_transaction_read_only: true, statement_timeout: options.readOnly.statementTimeoutMs }),
    },
    onnotice: () => undefined,
  });
  const orm = drizzle(sql, { schema });
  // drizzle hands timestamps through as text for its own columns; it reads Dates just as well
  sql.options.parsers[TIMESTAMPTZ] = (text: string) => new Date(text);
  sql.options.serializers[TIMESTAMPTZ] = (value: Date | string) => (value instanceof Date ? value.toISOString() : value);
  // without an entry postgres.js learns these types from the server, as it does for all other arrays
  for (const type of ARRAYS_DRIZZLE_LEAVES_RAW) {
    delete sql.options.parsers[type];
    delete sql.options.serializers[type];
  }
  return { sql, orm };
}

/** SQLSTATE of an error of the database, if it is one (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
export function sqlState(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof postgres.PostgresError) return cause.code;
  }
  return undefined;
}

/** Connections that break (class 08) and servers that stop: nobody knows whether the statement, or the commit, came through. */
const MAYBE_DONE = /^(?:08|57P)/;

/** Whether a statement that failed has surely changed nothing: the database said why, and it was not that it went away. */
export function isSurelyUndone(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !MAYBE_DONE.test(state);
}

/** Which unique constraint an error broke, if it did. */
export function brokenUnique(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof postgres.PostgresError && cause.code === '23505') return cause.constraint_name;
  }
  return undefined;
}

const DEADLOCK = '40P01';

/** Runs one statement or transaction again when the database chose it as a deadlock's victim: nothing of it was kept. */
export async function withDeadlockRetry<T>(work: () => Promise<T>, tries = 3): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (tries <= 1 || sqlState(error) !== DEADLOCK) throw error;
    return withDeadlockRetry(work, tries - 1);
  }
}
