import { badField } from '../../core/errors.ts';
import type { Callback, RawCallback } from '../port.ts';
import { isSameSecret } from '../same-secret.ts';
import { historyOf } from './history.ts';
import type { MillisOptions } from './http.ts';
import { textIn } from './json.ts';

/** Where Millis posts a session when it has concluded. */
export const SESSION_PATH = '/carrier/millis/session';
/** Millis signs nothing, but sends the headers that it was told: one of them is a secret. */
export const SECRET_HEADER = 'x-dialfleet-secret';

/**
 * The end-of-call webhook, https://docs.millis.ai/core-concepts/webhooks. Verifies first, reads then. A session without our ids,
 * such as somebody's call to a number of the account, is `foreign`.
 * @throws AppError validation for what is no session
 */
export function parseCallback({ webhookSecret }: MillisOptions, raw: RawCallback, now: Date): Callback {
  const secret = raw.headers[SECRET_HEADER];
  if (typeof secret !== 'string' || !isSameSecret(secret, webhookSecret)) return { kind: 'forged' };
  if (!textIn(raw.json, 'session_id')) throw badField('session_id', 'session_id is missing');
  const { carrierCallId, attempt, progress, story = { turns: [], recording: undefined } } = historyOf(raw.json, now, true);
  if (!attempt) return { kind: 'foreign', carrierCallId };
  return { kind: 'session', event: { ...attempt, carrierCallId, progress, carrierAt: undefined }, story };
}
