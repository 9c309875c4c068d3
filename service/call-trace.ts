import type { Placed } from '../carrier/port.ts';
import { keepTraceparent, readTraceparent } from '../db/query/trace-context.ts';
import type { Runtime } from './runtime.ts';
import type { SpanRequest } from './tracing.ts';

/**
 * Runs `work` as a step of a call, in the trace of the request that asked for it: the row remembers which that is, since a call
 * may be dialed days after, and carriers don't tell. What already runs within a step of the call goes on from there.
 */
export async function traceCall<T>(runtime: Runtime, callId: number, what: SpanRequest, work: () => Promise<T>): Promise<T> {
  const { tracing, db } = runtime;
  if (!tracing.on) return work();
  const traceparent = tracing.isWithin(callId) ? undefined : await readTraceparent(db.sql, callId);
  return tracing.span({ ...what, callId, traceparent }, work);
}

/** A call that no request asked for, of a campaign or a schedule, has its trace from its dial on. */
export async function joinTrace({ tracing, db }: Runtime, call: { callId: number; traceparent: string | null }): Promise<void> {
  const traceparent = call.traceparent === null ? tracing.traceparent() : undefined;
  if (traceparent !== undefined) await keepTraceparent(db.sql, call.callId, traceparent);
}

/** The request to the carrier, and the kind of its answer. */
export function tracePlacing({ tracing, carrier }: Runtime, callId: number, place: () => Promise<Placed>): Promise<Placed> {
  const what: SpanRequest = { name: `place ${carrier.name}`, kind: 'client', callId, attributes: { 'dialfleet.carrier': carrier.name } };
  return tracing.span(what, async (note) => {
    const placed = await place();
    const answer = placed.answer === 'rejected' ? placed.kind : placed.answer;
    note({
      'dialfleet.carrier.answer': answer,
      ...(placed.answer !== 'accepted' && placed.answer !== 'finished' && { 'error.type': answer }),
    });
    return placed;
  });
}
