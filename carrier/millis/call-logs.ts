import { AppError } from '../../core/errors.ts';
import type { CallLog, CallLogQuery } from '../directory.ts';
import type { Attempt, CarrierCall } from '../port.ts';
import { historyOf } from './history.ts';
import { accepted, ask, type MillisOptions } from './http.ts';
import { field, numberIn } from './json.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/**
 * One page of the books: https://docs.millis.ai/api-reference/call-logs/list-call-histories. A line that can't be read is left out.
 * @throws AppError carrier_failure
 */
export async function listCallLogs(
  options: MillisOptions,
  query: CallLogQuery,
  now: Date,
): Promise<{ logs: CallLog[]; next: number | undefined }> {
  const { from, to, number, cursor, limit = PAGE_SIZE } = query;
  const asked = new URLSearchParams({ limit: String(limit) });
  if (from) asked.set('start_time', String(Math.floor(from.getTime() / 1000)));
  if (to) asked.set('end_time', String(Math.floor(to.getTime() / 1000)));
  if (number !== undefined) asked.set('phone_number', number);
  if (cursor !== undefined) asked.set('start_after_ts', String(cursor));
  const { body } = accepted(await ask(options, 'GET', `/call-logs?${asked.toString()}`));
  const histories = field(body, 'histories');
  if (!Array.isArray(histories)) throw new AppError('carrier_failure', 'Millis sent call logs that cannot be read');
  const next = numberIn(body, 'next_cursor');
  return {
    logs: histories.flatMap((history: unknown) => read(history, now)),
    // a cursor that stands still, or an empty page, is the end
    next: histories.length === 0 || next === cursor || !next ? undefined : next,
  };
}

function read(history: unknown, now: Date): CallLog[] {
  try {
    return [historyOf(history, now)];
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

/**
 * The call that has our ids; if none has, the calls to the number that have none of ours: their marks may have been lost. Newest first.
 * @throws AppError carrier_failure
 */
export async function findCalls(
  options: MillisOptions,
  { to, since, callId, token }: { to: string; since: Date } & Partial<Attempt>,
  now: Date,
): Promise<CarrierCall[]> {
  const found: CallLog[] = [];
  let cursor: number | undefined;
  for (let page = 0; page === 0 || cursor !== undefined; page++) {
    // half a list would prove that a call is not there which stands in the other half
    if (page === MAX_PAGES) throw new AppError('carrier_failure', `Millis lists more than ${MAX_PAGES * PAGE_SIZE} calls to one number`);
    const { logs, next } = await listCallLogs(options, { from: since, number: to, cursor }, now);
    const ours = logs.find(({ attempt }) => attempt?.callId === callId && attempt?.token === token && token !== undefined);
    if (ours) return [callOf(ours)];
    found.push(...logs.filter((log) => !log.attempt && (log.to === '' || log.to === to)));
    cursor = next;
  }
  return found.sort((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0)).map(callOf);
}

export function callOf({ carrierCallId, to, from, startedAt, progress, story }: CallLog): CarrierCall {
  return { carrierCallId, to, from, startedAt, progress, ...(story && { story }) };
}
