import { AppError } from '../../core/errors.ts';
import { answered } from '../failure.ts';
import type { CallStory, CarrierCall, Progress } from '../port.ts';
import { callIn, type Fields, flatten, inner } from './fields.ts';
import { accepted, ask, callsPath, type ExotelOptions } from './http.ts';
import { durationOf, momentOf, nextPageOf, numberOf, wordOf } from './unverified.ts';
import { progressOf } from './words.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;
/** Duration, price and end come some five minutes after the call; what is not there after this never will be. */
const BOOKED_AFTER_MS = 20 * 60_000;
/** Clocks differ: a filter that ends now may miss what began now. */
const AHEAD_MS = 60 * 60_000;

/** One call of the account: https://developer.exotel.com/api/call-details . Undefined: there is none. @throws AppError carrier_failure */
export async function fetchDetails(options: ExotelOptions, sid: string): Promise<Fields | undefined> {
  const answer = answered(await ask(options, 'GET', `${callsPath(options)}/${encodeURIComponent(sid)}.json?details=true`));
  if (answer.status === 404) return undefined;
  const call = callIn(accepted(answer));
  if (!call) throw new AppError('carrier_failure', 'Exotel sent a call that cannot be read');
  return call;
}

/**
 * A call's details in our words. One that is over is not told as such before its length is known, or never will be: an end counts once,
 * and is priced by its length. For one that never will be its beginning and its end stand, by the same clock. @throws AppError carrier_failure
 */
export function callOf(fields: Fields, now: Date): CarrierCall {
  const carrierCallId = fields.get('Sid') ?? '';
  const told = progressOf(fields.get('Status') ?? '', durationOf(fields));
  if (!carrierCallId || !told) throw new AppError('carrier_failure', 'Exotel sent a call that cannot be read');
  const startedAt = momentOf(fields.get('StartTime')) ?? momentOf(fields.get('DateCreated'));
  const lastAt = momentOf(fields.get('DateUpdated')) ?? startedAt;
  const mayBeBooked = lastAt !== undefined && now.getTime() - lastAt.getTime() < BOOKED_AFTER_MS;
  const spanMs = (momentOf(fields.get('EndTime')) ?? lastAt ?? now).getTime() - (startedAt ?? lastAt ?? now).getTime();
  const progress: Progress =
    told.type === 'over' && !mayBeBooked
      ? { type: 'ended', outcome: 'completed', durationSeconds: Math.max(0, Math.round(spanMs / 1000)), estimate: 'span' }
      : told;
  const story = progress.type === 'ended' ? storyOf(fields, carrierCallId, told.type === 'ended' ? told.durationSeconds : 0) : undefined;
  return {
    carrierCallId,
    // who was rung: of an outgoing call to a flow, `From`
    to: numberOf(fields.get('From')) ?? '',
    from: numberOf(fields.get('PhoneNumberSid')) ?? numberOf(fields.get('To')) ?? '',
    startedAt,
    progress,
    ...(story && { story }),
  };
}

/** One that a list shows: a row that can't be read must not hide the others, nor prove that a call is not there. */
function listedOf(fields: Fields, now: Date): CarrierCall {
  if (fields.get('Sid') && progressOf(fields.get('Status') ?? '', 0)) return callOf(fields, now);
  return { carrierCallId: fields.get('Sid') ?? '', to: '', from: '', startedAt: undefined, progress: { type: 'queued' }, unreadable: true };
}

/** What can be had of a call when it is over. A recording is fetched by the call it is of: its address may be one that expires. */
export function storyOf(fields: Fields, carrierCallId: string, durationSeconds: number): CallStory {
  return { turns: [], recording: fields.get('RecordingUrl') ? { recordingId: carrierCallId, durationSeconds } : undefined };
}

/**
 * Our calls to a number since a time that are over, newest first: https://developer.exotel.com/api/call-details-bulk , which shows
 * none under way. Whether it shows `CustomField` is not known. @throws AppError carrier_failure
 */
export async function findCalls(options: ExotelOptions, { to, since }: { to: string; since: Date }, now: Date): Promise<CarrierCall[]> {
  const filter = new URLSearchParams({
    From: to,
    Direction: 'outbound-api',
    DateCreated: `gte:${wordOf(since)};lte:${wordOf(new Date(now.getTime() + AHEAD_MS))}`,
    PageSize: String(PAGE_SIZE),
  });
  const found: CarrierCall[] = [];
  let next: string | undefined = `${callsPath(options)}.json?${filter.toString()}`;
  for (let page = 0; next !== undefined; page++) {
    // half a list would prove that a call is not there which stands in the other half
    if (page === MAX_PAGES) throw new AppError('carrier_failure', `Exotel lists more than ${MAX_PAGES * PAGE_SIZE} calls to one number`);
    const { body } = accepted(await ask(options, 'GET', next));
    const calls = inner(body, 'Calls');
    if (!Array.isArray(calls)) throw new AppError('carrier_failure', 'Exotel sent a list of calls that cannot be read');
    found.push(...calls.map((call: unknown) => listedOf(flatten(call), now)));
    next = calls.length === 0 ? undefined : nextPageOf(body);
  }
  return found.sort((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0));
}
