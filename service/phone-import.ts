import { randomUUID } from 'node:crypto';
import type { Directory } from '../carrier/directory.ts';
import { CarrierFailure } from '../carrier/failure.ts';
import { AppError } from '../core/errors.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import {
  beginPhoneImport,
  failPhoneImport,
  findPhoneImport,
  insertPhoneImport,
  type PhoneBatch,
  type PhoneImport,
  savePhoneBatch,
  SHOWN,
} from '../db/query/admin-imports.ts';
import { type ImportFault, listFaults } from '../db/query/import-rows.ts';
import { completeImport } from '../db/query/imports.ts';
import type { JobContext } from '../queue/catalog.ts';
import { failpoint } from './failpoint.ts';
import { GIVEN_UP } from './import-run.ts';
import { importJobId } from './imports.ts';
import type { Runtime } from './runtime.ts';

/** Numbers one request may bring; the body's size allows hardly more. */
export const MAX_NUMBERS = 50_000;
/** Numbers a transaction takes. What a phone company is asked about one by one is kept soon. */
const BATCH = { own: 1000, carrier: 10 };
const LISTED_FAULTS = 1000;

/** Accepts a list of numbers for the administrator's account: they are imported in the background. Answers the import's id. */
export async function startPhoneImport(runtime: Runtime, who: Principal, numbers: readonly string[]): Promise<number> {
  const importId = await insertPhoneImport(runtime.db.sql, { ...who, numbers });
  failpoint('import_stored');
  try {
    await runtime.producer.enqueue('imports', { importId }, { jobId: importJobId(importId), fresh: true });
  } catch (error) {
    // the row is its own outbox
    runtime.log.warn({ err: error, importId }, 'queue not reached; the scheduler will queue the import');
  }
  return importId;
}

/** How far an import of numbers is, and what could not be imported. @throws AppError `not_found` */
export async function readPhoneImport({ db }: Runtime, id: number | undefined): Promise<{ found: PhoneImport; faults: ImportFault[] }> {
  const found = id === undefined ? undefined : await findPhoneImport(db.sql, id);
  if (!found) throw new AppError('not_found', 'There is no such import');
  return { found, faults: await listFaults(db.sql, found.id, { severity: 'error', limit: LISTED_FAULTS }) };
}

/**
 * Imports a list of numbers, or goes on where it stopped: every good one becomes a number of the account once, every bad one a line
 * of the report. Where a phone company is configured a number comes to us when the company has it. After the last try whatever was not
 * reached is a line of the report too, with the reason.
 * @throws when it is stopped, or the company or the database is away or busy: to be tried again, and nothing of the list is to blame
 */
export async function runPhoneImport(
  runtime: Pick<Runtime, 'db' | 'directory' | 'log'>,
  importId: number,
  context: Pick<JobContext, 'signal' | 'progress' | 'lastAttempt'>,
): Promise<void> {
  const { db, log } = runtime;
  const reader = randomUUID();
  const found = await beginPhoneImport(db.sql, importId, reader);
  if (!found) return;
  try {
    await importNumbers(runtime, found, reader, context);
    if (!(await completeImport(db.sql, importId, reader))) throw new Error(`Import ${importId} is worked on by another process`);
  } catch (error) {
    if (!context.signal.aborted && context.lastAttempt) {
      log.warn({ err: error, importId }, 'import of numbers failed');
      await failPhoneImport(db.sql, importId, error instanceof AppError ? error.message : GIVEN_UP, reader);
    }
    throw error;
  }
  await context.progress(100);
}

async function importNumbers(
  { db, directory }: Pick<Runtime, 'db' | 'directory'>,
  { id: importId, tenantId, createdBy, position, numbers }: PhoneImport & { numbers: string[] },
  reader: string,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<void> {
  const seen = new Set(numbers.slice(0, position).map(toE164));
  const books = directory && (await openBooks(directory));
  const size = directory ? BATCH.carrier : BATCH.own;
  for (let from = position; from < numbers.length; from += size) {
    context.signal.throwIfAborted();
    const { batch, stoppedBy } = await judge(numbers.slice(from, from + size), from, seen, books);
    if (batch.to > from) {
      await savePhoneBatch(db, { importId, reader, tenantId, createdBy, carrier: directory?.carrier }, batch);
      failpoint('import_batch_written');
      await context.progress(Math.min(99, Math.floor((batch.to / numbers.length) * 100)));
    }
    if (stoppedBy) throw stoppedBy;
  }
}

/** Up to the first number that the company does not take now: `stoppedBy` says why, and what came before it is in the batch. */
async function judge(
  texts: readonly string[],
  from: number,
  seen: Set<string | undefined>,
  books: Books | undefined,
): Promise<{ batch: PhoneBatch; stoppedBy?: CarrierFailure }> {
  const numbers: Array<PhoneBatch['numbers'][number]> = [];
  const faults: Array<PhoneBatch['faults'][number]> = [];
  let repeated = 0;
  for (const [index, text] of texts.entries()) {
    const number = toE164(text);
    const report = (message: string) => faults.push({ row: from + index + 1, message, value: text.slice(0, SHOWN) });
    if (number === undefined) {
      report('must be an E.164 number such as +14155550100');
    } else if (seen.has(number)) {
      repeated++;
    } else {
      const brought = await books?.bring(number);
      if (brought && 'stoppedBy' in brought) return { ...brought, batch: { from, to: from + index, numbers, faults, repeated } };
      seen.add(number);
      if (brought && 'refused' in brought) report(brought.refused);
      else numbers.push({ number, carrierNumberId: brought?.carrierNumberId });
    }
  }
  return { batch: { from, to: from + texts.length, numbers, faults, repeated } };
}

interface Books {
  /** Makes sure that the company has a number. */
  bring(number: string): Promise<{ carrierNumberId: string } | { refused: string } | { stoppedBy: CarrierFailure }>;
}

/**
 * What the company has, so that nothing is brought twice. After an answer that tells nothing it is asked what it has now: the number
 * may have come all the same. Only what it refuses for good is the number's fault. @throws CarrierFailure when it can't be asked at all
 */
async function openBooks(directory: Directory): Promise<Books> {
  const list = async () => new Map((await directory.listPhones()).map(({ number, carrierNumberId }) => [number, carrierNumberId]));
  let known = await list();
  return {
    async bring(number) {
      const there = known.get(number);
      if (there !== undefined) return { carrierNumberId: there };
      try {
        await directory.importPhone(number);
        // the id of a number is the number itself, unless the company says otherwise later
        return { carrierNumberId: number };
      } catch (error) {
        if (!(error instanceof CarrierFailure)) throw error;
        if (error.kind === 'refused') return { refused: error.message };
        if (error.kind === 'unclear') known = await list().catch(() => known);
        const come = known.get(number);
        return come === undefined ? { stoppedBy: error } : { carrierNumberId: come };
      }
    },
  };
}
