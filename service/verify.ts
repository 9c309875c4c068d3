import { openDb, type Sql } from '../db/client.ts';
import { atMost, tookTooLong } from '../db/query/patience.ts';
import { ACCOUNT_INVARIANTS } from '../db/query/verify-accounts.ts';
import { CALL_INVARIANTS } from '../db/query/verify-calls.ts';
import { type Breach, callIds, type IdRange, type Invariant, readBreaches } from '../db/query/verify.ts';
import { verifyRollUps } from './roll-ups.ts';
import type { Runtime } from './runtime.ts';

export type { Breach } from '../db/query/verify.ts';

/** What became of one invariant. */
export interface Verdict {
  /** as the fault harness's judge names it: I11, C4, … */
  rule: string;
  /** the promise of DESIGN §7 that it belongs to */
  promise: number;
  says: string;
  /** how many breaches there are */
  count: number;
  /** and the first of them */
  first: Breach[];
  /** why it was not looked at to the end */
  unfinished?: string;
}

export interface VerifyOptions {
  /** calls that were made before it are left out; accounts, campaigns, people and files are looked at whole */
  since?: Date;
  /** what one statement may take */
  statementTimeoutMs: number;
  /** what all of them may take together; what is not looked at by then is said to be unfinished */
  patienceMs: number;
  /** ends it between two statements, with its reason */
  signal?: AbortSignal;
  /** told as soon as an invariant is done with */
  onVerdict?: (verdict: Verdict) => void;
}

const INVARIANTS: readonly Invariant[] = [...CALL_INVARIANTS, ...ACCOUNT_INVARIANTS];
/** Calls in one statement: their events are sorted in memory. */
const CALLS_AT_ONCE = 50_000;
/** Named of each invariant; the others are counted. */
const NAMED = 20;

/** Holds all that must be true against a live database, the roll-ups too, over a connection of its own that cannot write. */
export async function verifyDatabase({ config }: Pick<Runtime, 'config'>, options: VerifyOptions): Promise<Verdict[]> {
  const deadline = performance.now() + options.patienceMs;
  const { statementTimeoutMs } = options;
  const db = openDb(config.DATABASE_URL, { max: 1, name: 'dialfleet verify', readOnly: { statementTimeoutMs } });
  try {
    const verdicts = await verifyRows({ db }, options);
    const rollUps = await judgeRollUps({ db }, deadline, options.signal);
    options.onVerdict?.(rollUps);
    return [...verdicts, rollUps];
  } finally {
    await db.close();
  }
}

class OutOfTime extends Error {}

async function judgeRollUps(runtime: Pick<Runtime, 'db'>, deadline: number, signal?: AbortSignal): Promise<Verdict> {
  const says = 'the roll-ups that statistics are read from are what counting the calls gives';
  const verdict: Verdict = { rule: 'I15', promise: 6, says, count: 0, first: [] };
  let last = 'the first day';
  try {
    const { differences } = await verifyRollUps(runtime, {
      onDay: ({ tenantId, day }) => {
        last = `tenant_${tenantId}, ${day}`;
        signal?.throwIfAborted();
        if (performance.now() > deadline) throw new OutOfTime();
      },
    });
    verdict.count = differences.length;
    verdict.first = differences
      .slice(0, NAMED)
      .map(({ tenantId, day, rollUp, rows }) => ({ subject: `tenant_${tenantId}`, detail: `${rollUp} of ${day}: ${rows} rows are wrong` }));
  } catch (error) {
    if (!(error instanceof OutOfTime) && !tookTooLong(error)) throw error;
    verdict.unfinished = `not in time: looked at up to ${last}`;
  }
  return verdict;
}

/**
 * Holds what is true of the rows at any moment against the rows as they are, calls going on or not: each statement sees one
 * moment. Reads only, in transactions that refuse to write, and never longer than it is given.
 */
export async function verifyRows({ db: { sql } }: Pick<Runtime, 'db'>, options: VerifyOptions): Promise<Verdict[]> {
  const deadline = performance.now() + options.patienceMs;
  /** one statement; undefined: not in time */
  const look = async <T>(read: (tx: Sql) => Promise<T>): Promise<{ found: T } | undefined> => {
    options.signal?.throwIfAborted();
    const leftMs = Math.ceil(Math.min(options.statementTimeoutMs, Math.max(1, deadline - performance.now())));
    try {
      return { found: await atMost(sql, leftMs, read) };
    } catch (error) {
      if (!tookTooLong(error)) throw error;
      return undefined;
    }
  };
  const calls = await look((tx) => callIds(tx, options.since));
  const verdicts: Verdict[] = [];
  for (const invariant of INVARIANTS) {
    const { rule, promise, says } = invariant;
    const verdict: Verdict = { rule, promise, says, count: 0, first: [] };
    if (!calls && invariant.byCalls) verdict.unfinished = 'not in time';
    for (const range of rangesOf(invariant, calls?.found)) {
      const looked = await look((tx) => readBreaches(tx, invariant, range, NAMED));
      if (!looked) {
        verdict.unfinished = invariant.byCalls ? `not in time: looked at up to call_${range.from - 1}` : 'not in time';
        break;
      }
      const { found } = looked;
      verdict.count += found.count;
      verdict.first.push(...found.first.slice(0, NAMED - verdict.first.length));
    }
    verdicts.push(verdict);
    options.onVerdict?.(verdict);
  }
  return verdicts;
}

function rangesOf({ byCalls }: Invariant, calls: IdRange | undefined): IdRange[] {
  if (!byCalls) return [{ from: 0, to: 0 }];
  if (!calls) return [];
  const count = Math.ceil((calls.to - calls.from) / CALLS_AT_ONCE);
  return Array.from({ length: count }, (_, index) => {
    const from = calls.from + index * CALLS_AT_ONCE;
    return { from, to: Math.min(from + CALLS_AT_ONCE, calls.to) };
  });
}
