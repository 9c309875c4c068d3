import { AppError } from '../core/errors.ts';
import { type Sql, sqlState } from '../db/client.ts';
import { allowRest } from '../db/query/rest.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';
import { openTurns } from './turns.ts';

/** Each holds a connection to the database for as long as the company takes: the rest of the pool stays everybody's. */
const AT_ONCE = 2;
/** Requests to the company that one decision may need, an undoing included. */
const MOST_REQUESTS = 4;
const OWN_WORK_MS = 5000;
const LOCK_TIMEOUT = '55P03';

const turns = ofRuntime(() => openTurns(AT_ONCE, 50, 'Too many administrators ask the phone company right now'));

/**
 * A transaction in which the phone company is asked: who waits for a lock of it waits as long as that takes, and what throws leaves
 * the rows as they were. @throws AppError `conflict` when somebody else's takes longer still; `unavailable` when too many wait
 */
export async function whileAsking<T>(runtime: Runtime, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { config, db } = runtime;
  const restMs = MOST_REQUESTS * config.CARRIER_TIMEOUT_MS + OWN_WORK_MS;
  const transaction = async (sql: Sql) => {
    await allowRest(sql, restMs);
    return { done: await work(sql) };
  };
  try {
    const { done } = await turns(runtime)(() => db.sql.begin(transaction));
    return done;
  } catch (error) {
    throw sqlState(error) === LOCK_TIMEOUT ? new AppError('conflict', 'Somebody else is changing this: try again') : error;
  }
}
