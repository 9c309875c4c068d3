import { AppError } from '../../core/errors.ts';
import { placedOf } from '../http.ts';
import type { Carrier } from '../port.ts';
import { renderApplet } from './applet.ts';
import { parseCallback } from './callback.ts';
import { callOf, fetchDetails, findCalls } from './details.ts';
import { callIn } from './fields.ts';
import { ask, callsPath, type ExotelOptions } from './http.ts';
import { orderOf } from './order.ts';
import { fetchRecording } from './recording.ts';
import { APPLET_PATIENCE_MS } from './unverified.ts';
import { refusalOf } from './words.ts';

/** Of that patience: the way to us and back, and what is read and written for an answer. */
const REST_MS = 1000;

/**
 * Exotel, or whoever speaks its protocol (https://developer.exotel.com/docs/voice-v1/overview): a flow of the account leads every call and
 * asks us for words and ways. There is no idempotency, and its list shows no call that is under way, so one whose answer was lost is known by
 * its callbacks, or by the list when it is over. Holds nothing open. What no document says is in `unverified.ts`. `clock` is for tests.
 */
export function openExotel(given: ExotelOptions, clock: () => Date = () => new Date()): Carrier {
  const options = { ...given, publicUrl: given.publicUrl.replace(/\/+$/, '') };
  return {
    name: 'exotel',
    holdsTalk: true,
    booksLate: true,
    answersWithinMs: APPLET_PATIENCE_MS - REST_MS,
    place: async (request) => {
      const answer = await ask(options, 'POST', `${callsPath(options)}/connect.json`, orderOf(options, request));
      return placedOf(answer, (given) => callIn(given)?.get('Sid'), refusalOf);
    },
    find: (query) => findCalls(options, query, clock()),
    fetch: async (sid) => {
      const call = await fetchDetails(options, sid);
      return call && callOf(call, clock());
    },
    // no document of this API has a request that ends a call; its length is limited when it is placed
    hangup: () => Promise.reject(new AppError('carrier_failure', 'Exotel offers no way to end a call')),
    recording: (sid) => fetchRecording(options, sid),
    parseCallback: (raw) => parseCallback(options, raw),
    // Exotel's applets ask what to say, and are answered below
    render: () => ({ contentType: 'text/plain', body: '' }),
    renderApplet,
  };
}
