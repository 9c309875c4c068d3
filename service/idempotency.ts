import { createHmac } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { Sql } from '../db/client.ts';
import {
  claimKey,
  dropKey,
  endLease,
  type KeptAnswer,
  type KeyOwner,
  type KnownKey,
  type Once,
  readKey,
  writeAnswer,
  writeMade,
} from '../db/query/idempotency.ts';
import type { Runtime } from './runtime.ts';
import { seal, unseal } from './vault.ts';

export type { KeyOwner, Once } from '../db/query/idempotency.ts';

/** A request that is to be executed once under its key. */
export interface KeyedRequest extends KeyOwner {
  /** from `fingerprint` */
  requestHash: string;
  /** it may be executed again when nobody knows how far it came: what it makes is found by `Once.madeId`, or does no harm twice */
  repeatable: boolean;
}

/** An answer as it was sent, its body in the clear. */
export type Answer = KeptAnswer;

const HOUR_MS = 60 * 60 * 1000;
const KEPT_MS = 24 * HOUR_MS;
/** Whoever has not answered by then is believed to be dead, until they do: the next one who asks may find out. */
const LEASE_MS = 30_000;
/** Requests end within milliseconds, or else when the lease does. */
const RETRY_AFTER_SECONDS = 1;
/** A key that is let go between a claim and a look is claimed again. */
const MOST_TRIES = 5;

/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header, with Stripe's rules where it leaves room): a request is executed
 * once under its key, and who repeats it within 24 hours is told the same answer.
 *
 * The row of the key is claimed and committed before the request does anything; of all who claim at once one executes. What ends it:
 * - an answer, be it success or the refusal of a state of things (403, 404, 409): kept, and told again;
 * - a refusal of the request itself (a bad field): nothing is kept, and the key is free for the corrected request;
 * - a fault, or a process that dies: nobody knows what was done. Routes that make calls write the id of what they make into the key's
 *   row in the transaction that makes it (`noteMade`): the row and the thing are there together, or neither. So the next request under the
 *   key, at once after a fault and after the lease after a death, finds the thing, or executes in the knowledge that there is none. One
 *   that was only frozen meanwhile finds its attempt overtaken, and its transaction makes nothing. Routes that can't tell answer that
 *   the outcome is unknown, and never execute twice.
 *
 * @throws AppError `key_reused` for another request, `key_in_progress`, `key_outcome_unknown`. `now` for the rules of time: the
 * database's, unless given
 */
export async function claim(runtime: Runtime, request: KeyedRequest, now?: Date): Promise<{ once: Once } | { answer: Answer }> {
  const { sql } = runtime.db;
  const terms = { requestHash: request.requestHash, repeatable: request.repeatable, leaseMs: LEASE_MS, keptMs: KEPT_MS };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const once = await claimKey(sql, request, terms, now);
    if (once) return { once };
    const known = await readKey(sql, request, now);
    if (known) return { answer: answerOf(runtime, request, known) };
  }
  throw inProgress();
}

function answerOf({ config }: Runtime, request: KeyedRequest, known: KnownKey): Answer {
  if (known.requestHash !== request.requestHash)
    throw new AppError('key_reused', 'Idempotency-Key was used for another request: send a new one with each new request');
  const { answer } = known;
  if (answer) return { ...answer, body: unseal(config, placeOf(known), answer.body) };
  if (known.leaseMs > 0 || request.repeatable) throw inProgress();
  throw new AppError(
    'key_outcome_unknown',
    'The first request with this Idempotency-Key was cut off: look whether it has done its work, and send a new key if it has not',
  );
}

function inProgress(): AppError {
  return new AppError('key_in_progress', 'The first request with this Idempotency-Key is in progress', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/**
 * Call it in the transaction that makes what the request is for; without a key it does nothing.
 * @throws AppError `key_in_progress` when another execution has overtaken this one: let the transaction fail with it
 */
export async function noteMade(sql: Sql, once: Once | undefined, madeId: number): Promise<void> {
  if (once && !(await writeMade(sql, once, madeId))) throw inProgress();
}

/** What an earlier execution under the key made, of which no answer is known. */
export function madeBefore(once: Once | undefined): number | undefined {
  return once?.madeId ?? undefined;
}

/** How an execution ended: with an answer to be kept, without having done anything, or nobody knows. */
export type End = Answer | 'nothing done' | 'unknown';

/** Ends an execution. */
export async function settle({ db, config, log }: Runtime, once: Once, end: End): Promise<void> {
  if (end === 'nothing done') return dropKey(db.sql, once);
  if (end === 'unknown') return endLease(db.sql, once);
  const kept = await writeAnswer(db.sql, once, { ...end, body: seal(config, placeOf(once), end.body) });
  if (!kept) log.warn({ keyId: once.keyId }, 'an answer came after its Idempotency-Key was given to another execution');
}

/** What a request asks for, so that it can be compared and not be read: its parts are phone numbers, and may be passwords. */
export function fingerprint({ config }: Pick<Runtime, 'config'>, parts: readonly string[]): string {
  const hmac = createHmac('sha256', `idempotency:${config.SECRETS_KEY}`);
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  return hmac.digest('base64url');
}

/** A body without the order of its keys, which says nothing in JSON (RFC 8259 §1). */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function placeOf({ keyId, attempt }: Pick<Once, 'keyId' | 'attempt'>): string {
  return `idempotency_keys:${keyId}:${attempt}:response_body`;
}
