import { AppError } from '../../core/errors.ts';
import { answered } from '../failure.ts';
import { placedOf } from '../http.ts';
import type { Carrier, CarrierCall, PlaceRequest } from '../port.ts';
import { bridgedUrl, callbackUrl, parseCallback, turnUrl } from './callback.ts';
import { ask, type TwilioOptions } from './http.ts';
import { fetchRecording } from './recording.ts';
import { callOf, pageOf, sidOf } from './resource.ts';
import { renderTwiml } from './twiml.ts';
import { errorOf, refusalOf } from './words.ts';

const PAGE_SIZE = 200;
const MAX_PAGES = 10;

/** Twilio's code for a wish that the call's state no longer allows. */
const INVALID_CALL_STATE = 21220;

/**
 * Twilio, or whoever speaks its protocol. Facts: https://www.twilio.com/docs/voice/api/call-resource. Holds nothing open:
 * connections are those of the process's own fetch.
 */
export function openTwilio(given: TwilioOptions): Carrier {
  const options = { ...given, publicUrl: given.publicUrl.replace(/\/+$/, '') };
  const calls = `/2010-04-01/Accounts/${encodeURIComponent(options.accountSid)}/Calls`;
  const callPath = (sid: string) => `${calls}/${encodeURIComponent(sid)}.json`;
  return {
    name: 'twilio',
    place: async (request) => {
      const answer = await ask(options, 'POST', `${calls}.json`, createForm(options.publicUrl, request));
      return placedOf(answer, ({ body }) => sidOf(body), refusalOf);
    },
    find: ({ to, from, since }) => find(options, `${calls}.json`, to, from, since),
    fetch: async (sid) => {
      const { status, body } = answered(await ask(options, 'GET', callPath(sid)));
      if (status === 404) return undefined;
      if (status !== 200) throw refused(status, body);
      return plain(callOf(body));
    },
    hangup: async (sid) => {
      // `completed` ends a call in any state; `canceled` would leave alone one that was answered in the meantime
      const { status, body } = answered(await ask(options, 'POST', callPath(sid), new URLSearchParams({ Status: 'completed' })));
      const ended = status === 200 || status === 404 || errorOf(body).code === INVALID_CALL_STATE;
      if (!ended) throw refused(status, body);
    },
    recording: (sid) => fetchRecording(options, sid),
    parseCallback: (raw) => parseCallback(options, raw),
    render: (attempt, steps) => ({
      contentType: 'text/xml',
      body: renderTwiml(steps, {
        turn: (turn) => turnUrl(options.publicUrl, attempt, turn),
        bridged: (bridge) => bridgedUrl(options.publicUrl, attempt, bridge),
      }),
    }),
  };
}

function createForm(publicUrl: string, request: PlaceRequest): URLSearchParams {
  const form = new URLSearchParams({
    To: request.to,
    From: request.from,
    Url: callbackUrl(publicUrl, request, 'answer'),
    Method: 'POST',
    StatusCallback: callbackUrl(publicUrl, request, 'status'),
    StatusCallbackMethod: 'POST',
    Timeout: String(request.ringTimeoutSeconds),
    TimeLimit: String(request.timeLimitSeconds),
  });
  for (const event of ['initiated', 'ringing', 'answered', 'completed']) form.append('StatusCallbackEvent', event);
  if (request.detectMachine) form.set('MachineDetection', 'Enable');
  if (request.record) {
    form.set('Record', 'true');
    form.set('RecordingStatusCallback', callbackUrl(publicUrl, request, 'recorded'));
    form.set('RecordingStatusCallbackMethod', 'POST');
    form.set('RecordingStatusCallbackEvent', 'completed');
  }
  return form;
}

/**
 * A call that waits in Twilio's queue has no start time yet and no filter by start time finds it. So the queued ones are
 * asked for first, then the started ones: a call that moves on in between is in the second answer.
 */
async function find(options: TwilioOptions, path: string, to: string, from: string, since: Date): Promise<CarrierCall[]> {
  const queued = await list(options, path, new URLSearchParams({ To: to, From: from, Status: 'queued', PageSize: String(PAGE_SIZE) }));
  const started = new URLSearchParams({ To: to, From: from, 'StartTime>': wholeSecond(since), PageSize: String(PAGE_SIZE) });
  const found = new Map([...queued, ...(await list(options, path, started))].map((call) => [call.carrierCallId, call]));
  // Twilio's times have whole seconds, and the filter is documented by the day only
  const earliestMs = Math.floor(since.getTime() / 1000) * 1000;
  const atMs = (call: (typeof queued)[number]) => (call.startedAt ?? call.createdAt ?? since).getTime();
  const recent = [...found.values()].filter((call) => atMs(call) >= earliestMs);
  return recent.sort((a, b) => atMs(b) - atMs(a)).map(plain);
}

async function list(options: TwilioOptions, path: string, query: URLSearchParams): Promise<ReturnType<typeof callOf>[]> {
  const found: ReturnType<typeof callOf>[] = [];
  let next: string | undefined = `${path}?${query.toString()}`;
  for (let page = 0; next !== undefined; page++) {
    // half a list would prove that a call is not there which stands in the other half
    if (page === MAX_PAGES) throw new AppError('carrier_failure', `Twilio lists more than ${MAX_PAGES * PAGE_SIZE} calls to one number`);
    const { status, body } = answered(await ask(options, 'GET', next));
    if (status !== 200) throw refused(status, body);
    const { calls, nextPath } = pageOf(body);
    found.push(...calls.map(callOf));
    next = nextPath;
  }
  return found;
}

function wholeSecond(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function plain({ carrierCallId, to, from, startedAt, progress }: CarrierCall): CarrierCall {
  return { carrierCallId, to, from, startedAt, progress };
}

function refused(status: number, body: unknown): AppError {
  return new AppError('carrier_failure', `Twilio answered ${status}: ${errorOf(body).message || 'no reason given'}`);
}
