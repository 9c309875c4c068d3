import { AppError } from '../../core/errors.ts';
import { answered } from '../failure.ts';
import { placedOf } from '../http.ts';
import type { Carrier } from '../port.ts';
import { parseCallback } from './callback.ts';
import { callOf, findCalls } from './call-logs.ts';
import { historyOf } from './history.ts';
import { accepted, ask, type MillisOptions } from './http.ts';
import { orderOf } from './order.ts';
import { fetchRecording } from './recording.ts';
import { startedSessionOf } from './unverified.ts';
import { refusalOf } from './words.ts';

/**
 * Millis, or whoever speaks its protocol: it calls and holds the conversation itself, and tells of a call when that is over. Whether
 * it tells of calls that nobody answered is not documented, so calls it is silent about are asked back from its books. Holds nothing
 * open. Facts: https://docs.millis.ai; what no document says is in `unverified.ts`. `clock` is for tests.
 */
export function openMillis(given: MillisOptions, clock: () => Date = () => new Date()): Carrier {
  const options = { ...given, publicUrl: given.publicUrl.replace(/\/+$/, '') };
  return {
    name: 'millis',
    holdsTalk: true,
    booksLate: true,
    place: async (request) => {
      const answer = await ask(options, 'POST', '/start_outbound_call', orderOf(options, request));
      return placedOf(answer, ({ body }) => startedSessionOf(body), refusalOf);
    },
    find: (query) => findCalls(options, query, clock()),
    fetch: async (sessionId) => {
      const answer = answered(await ask(options, 'GET', `/call-logs/${encodeURIComponent(sessionId)}`));
      return answer.status === 404 ? undefined : callOf(historyOf(accepted(answer).body, clock()));
    },
    // no document and no client of Millis's has a request that ends a call; its length is limited when it is placed
    hangup: () => Promise.reject(new AppError('carrier_failure', 'Millis offers no way to end a call')),
    recording: (sessionId) => fetchRecording(options, sessionId),
    parseCallback: (raw) => parseCallback(options, raw, clock()),
    // Millis never asks what to say
    render: () => ({ contentType: 'text/plain', body: '' }),
  };
}
