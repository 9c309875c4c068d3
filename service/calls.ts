import { isTerminal } from '../core/call.ts';
import { AppError, badField, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { PRIORITY, type PriorityName } from '../core/priority.ts';
import { MUST_BE_TIME, parseInstant } from '../core/time/parse.ts';
import { isZone } from '../core/time/zone.ts';
import { sqlState } from '../db/client.ts';
import {
  cancelCall as cancelRow,
  type Cancellation,
  findRequested,
  insertCalls,
  type NewCall,
  type RequestedCall,
} from '../db/query/call-request.ts';
import { lockChain } from '../db/query/retries.ts';
import { batcher } from './batch.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { madeBefore, noteMade, type Once } from './idempotency.ts';
import { ofRuntime } from './of-runtime.ts';
import { hintQueue } from './queue-hints.ts';
import { straightPlaces } from './queue-depth.ts';
import { decideRetry } from './retries.ts';
import type { Runtime } from './runtime.ts';
import { CALL_ID } from './tracing.ts';

export interface CallRequest {
  /** E.164, or with the spaces and dashes that people write */
  toPhone: string;
  /** `agent_123` or `123` */
  agentId: string;
  context?: string;
  /** ISO 8601; without an offset it is local time in `timezone`; default now */
  scheduledFor?: string;
  /** IANA name */
  timezone?: string;
  priority?: PriorityName;
}

/** What was asked for, as it was understood. */
export interface AcceptedCall extends RequestedCall {
  to: string;
  agentId: number;
  timezone: string | undefined;
  priority: PriorityName;
}

const MAX_BATCH = 100;

/** undefined: no such active agent; a promise when it was written by itself */
type Inserted = RequestedCall | undefined | Promise<RequestedCall | undefined>;

/** Requests of the same moment are written together: one commit for all of them (performance §c). */
const inserts = ofRuntime((runtime) => batcher((calls: NewCall[]) => insertTogether(runtime, calls), MAX_BATCH));

/**
 * Accepts a call: from here on it is dialed, or its row says why not. One that is due is on its way to a worker before
 * this answers; should that hint be lost, the scheduler repeats it. `once`: of a request that is executed once under its key.
 * @throws AppError invalid_phone_number, invalid_agent, validation, key_in_progress
 */
export async function requestCall(runtime: Runtime, who: Principal, request: CallRequest, once?: Once): Promise<AcceptedCall> {
  const { timezone, priority = 'normal' } = request;
  const toPhone = toE164(request.toPhone);
  if (toPhone === undefined) throw fieldError('invalid_phone_number', 'toPhone', 'must be an E.164 number such as +919876543210');
  if (timezone !== undefined && !isZone(timezone)) throw badField('timezone', 'must be an IANA name such as Asia/Kolkata');
  const scheduledFor = request.scheduledFor === undefined ? undefined : parseInstant(request.scheduledFor, timezone);
  if (request.scheduledFor !== undefined && !scheduledFor) throw badField('scheduledFor', MUST_BE_TIME);
  const agentId = parseId('agent', request.agentId);
  const call =
    agentId !== undefined &&
    (await accept(runtime, once, {
      tenantId: who.tenantId,
      agentId,
      to: toPhone,
      context: request.context,
      scheduledFor,
      timezone,
      priority: PRIORITY[priority],
      createdBy: who.userId,
    }));
  if (!call) throw fieldError('invalid_agent', 'agentId', 'does not name an active agent of this account');
  await noteChange(runtime, who.tenantId, 'calls');
  return { ...call, to: toPhone, agentId, timezone, priority };
}

/**
 * Cancels a call that nobody has begun to dial, or the retry that follows one that has ended: nothing of the chain rings any
 * more. Cancelling it twice is no error.
 * @throws AppError not_found; conflict when the carrier has it already or it is over
 */
export async function cancelCall(runtime: Runtime, tenantId: number, callId: number): Promise<void> {
  let found = await cancelLast(runtime, tenantId, callId);
  if (found?.isOpen) {
    // decided first, there is a retry to cancel, or there will be none
    await decideRetry(runtime, found.callId);
    found = await cancelLast(runtime, tenantId, callId);
  }
  if (!found) throw new AppError('not_found', 'Call not found');
  if (found.cancelled || found.before === 'cancelled') return;
  const what = found.callId === callId ? 'Call' : 'The retry of this call';
  const state = isTerminal(found.before) ? `over (${found.before})` : 'in-progress';
  throw new AppError('conflict', `${what} is ${state} and can no longer be cancelled`);
}

async function cancelLast(runtime: Runtime, tenantId: number, callId: number): Promise<Cancellation | undefined> {
  const found = await runtime.db.sql.begin(async (sql) => {
    const rootId = await lockChain(sql, tenantId, callId);
    return rootId === undefined ? undefined : cancelRow(sql, rootId);
  });
  if (!found?.cancelled) return found;
  failpoint('call_cancelled');
  await noteChange(runtime, tenantId, 'calls');
  return found;
}

/** Writes the call and tells the workers: the step that everything which happens to it later belongs to, for those who trace. */
function accept(runtime: Runtime, once: Once | undefined, call: NewCall): Promise<RequestedCall | undefined> {
  const { tracing } = runtime;
  return tracing.span({ name: 'accept call' }, async (note) => {
    const made = await insertOnce(runtime, once, { ...call, traceparent: tracing.traceparent() });
    if (made) note({ [CALL_ID]: made.id });
    if (made?.status === 'queued') hintQueue(runtime, { callId: made.id, queueRound: made.queueRound, priority: call.priority });
    return made;
  });
}

/** With a key by itself, in one transaction with what tells a repetition of the request that the call is there. */
async function insertOnce(runtime: Runtime, once: Once | undefined, call: NewCall): Promise<RequestedCall | undefined> {
  if (!once) return inserts(runtime)(call);
  const madeId = madeBefore(once);
  if (madeId !== undefined) return findRequested(runtime.db.sql, call.tenantId, madeId);
  const inserted = await runtime.db.sql.begin(async (sql) => {
    const [made] = await insertCalls(sql, [call], straightPlaces(runtime.config));
    if (made) await noteMade(sql, once, made.id);
    return made;
  });
  failpoint('call_inserted');
  return inserted;
}

async function insertTogether({ db, config }: Runtime, calls: readonly NewCall[]): Promise<Inserted[]> {
  const insert = (some: readonly NewCall[]) => insertCalls(db.sql, some, straightPlaces(config));
  try {
    const inserted = await insert(calls);
    failpoint('call_inserted');
    return inserted;
  } catch (error) {
    if (calls.length === 1 || !isRefused(error)) throw error;
    // nothing was written; one's fault must not become the others'
    return calls.map(async (call) => (await insert([call]))[0]);
  }
}

/** The database refused a value (classes 22 and 23), as opposed to: nobody knows what became of the statement. */
function isRefused(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (state.startsWith('22') || state.startsWith('23'));
}
