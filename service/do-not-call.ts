import { AppError, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal, TenantRole } from '../core/principal.ts';
import { type Sql, withDeadlockRetry } from '../db/client.ts';
import { enterTurnstile } from '../db/query/pace.ts';
import {
  findActiveSuppression,
  findSuppression,
  insertSuppressionOfCall,
  insertSuppressions,
  releaseSuppression,
  type Suppression,
  type SuppressionSource,
} from '../db/query/suppressions.ts';
import { failpoint } from './failpoint.ts';
import type { Runtime } from './runtime.ts';

/** Who may let a number be called again. */
const RELEASERS: readonly TenantRole[] = ['owner', 'admin', 'manager'];

/**
 * Puts a number on the tenant's do-not-call list. From the commit on no claim rings it: claims pass the same turnstile
 * (DESIGN §4 "Do not call"). On the list already: the entry that is there, and nothing is written.
 * @throws AppError invalid_phone_number
 */
export async function suppressNumber(
  runtime: Runtime,
  who: Principal,
  input: { phone: string; reason?: string },
): Promise<{ entry: Suppression; added: boolean }> {
  const phone = toE164(input.phone);
  if (phone === undefined) throw fieldError('invalid_phone_number', 'phone', 'must be an E.164 number such as +919876543210');
  const number = { tenantId: who.tenantId, phones: [phone], source: 'api', reason: input.reason, createdBy: who.userId } as const;
  for (;;) {
    const { added, entry } = await pastTurnstile(runtime, async (sql) => ({
      added: (await insertSuppressions(sql, number)) > 0,
      entry: await findActiveSuppression(sql, who.tenantId, phone),
    }));
    if (added) runtime.metrics.optOuts.inc({ source: 'api' });
    // released between the two statements: it is not on the list, so it is put there
    if (entry) return { entry, added };
  }
}

/** Puts E.164 numbers on the tenant's list, in one short transaction. Answers how many are new; the others were there. */
export async function suppressNumbers(
  runtime: Runtime,
  who: Principal,
  phones: readonly string[],
  reason: string | undefined,
): Promise<number> {
  const { tenantId, userId } = who;
  const added = await pastTurnstile(runtime, (sql) =>
    insertSuppressions(sql, { tenantId, phones, source: 'import', reason, createdBy: userId }),
  );
  runtime.metrics.optOuts.inc({ source: 'import' }, added);
  return added;
}

/**
 * Lists a number as part of a person's larger change: `change` answers whose number it is, and both are written or neither is.
 */
export async function suppressWith<T extends { phone: string }>(
  runtime: Runtime,
  who: Principal,
  source: Extract<SuppressionSource, 'agent' | 'api'>,
  change: (sql: Sql) => Promise<T>,
): Promise<T> {
  const { tenantId, userId } = who;
  const { changed, added } = await pastTurnstile(runtime, async (sql) => {
    const changed = await change(sql);
    const number = { tenantId, phones: [changed.phone], source, reason: undefined, createdBy: userId };
    return { changed, added: await insertSuppressions(sql, number) };
  });
  if (added > 0) runtime.metrics.optOuts.inc({ source });
  return changed;
}

/** Somebody asked in a call not to be called again, us or the person who talked with them. Asking twice is written once. */
export async function suppressCallee(
  runtime: Runtime,
  callId: number,
  source: Extract<SuppressionSource, 'keypress' | 'speech' | 'agent'>,
): Promise<void> {
  const added = await pastTurnstile(runtime, (sql) => insertSuppressionOfCall(sql, callId, source));
  if (!added) return;
  runtime.metrics.optOuts.inc({ source });
  runtime.log.info({ callId, source }, 'the callee opted out; the number is on the do-not-call list');
}

/**
 * Lets a number be called again. The entry stays, with who released it and why, and so does a line in the audit log. Calls
 * that failed because of it stay failed.
 * @throws AppError forbidden for an agent; not_found; conflict when it was released before
 */
export async function releaseNumber(
  runtime: Runtime,
  who: Principal,
  id: string,
  given: { reason: string; ip: string | undefined },
): Promise<Suppression> {
  if (!RELEASERS.includes(who.role)) throw new AppError('forbidden', 'Only an owner, an admin or a manager may release a number');
  const entry = await entryOf(runtime, who, id);
  const released = await releaseSuppression(runtime.db.sql, { ...given, tenantId: who.tenantId, id: entry.id, userId: who.userId });
  if (!released) throw new AppError('conflict', 'This entry was released already');
  return released;
}

/** One entry of the tenant's own list. @throws AppError not_found, also for another tenant's and for the platform's */
export async function entryOf(runtime: Runtime, { tenantId }: Principal, text: string): Promise<Suppression> {
  const id = parseId('dnc', text);
  const entry = id === undefined ? undefined : await findSuppression(runtime.db.sql, tenantId, id);
  if (!entry) throw new AppError('not_found', 'There is no such entry on the do-not-call list');
  return entry;
}

/** What forbids a claim is written past the turnstile, which is taken before any other row, as claims do. */
async function pastTurnstile<T>({ db, config }: Runtime, write: (sql: Sql) => Promise<T>): Promise<T> {
  const written = await withDeadlockRetry(() =>
    db.sql.begin(async (sql) => {
      await enterTurnstile(sql, config.CARRIER);
      return { value: await write(sql) };
    }),
  );
  failpoint('number_suppressed');
  return written.value;
}
