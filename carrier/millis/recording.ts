import { AppError } from '../../core/errors.ts';
import type { RecordedAudio } from '../port.ts';
import { accepted, answered, ask, type MillisOptions } from './http.ts';
import { recordingUrlOf } from './unverified.ts';

/** An hour of audio at a slow pace; who reads stops earlier when it gets too large. */
const READ_TIMEOUT_MS = 60_000;

/**
 * The audio of a session, streamed from where its history says it lies; undefined when there is none, or not yet. The key of the
 * account does not travel there: such addresses are storage of somebody else.
 * @throws AppError carrier_failure
 */
export async function fetchRecording(options: MillisOptions, sessionId: string): Promise<RecordedAudio | undefined> {
  const answer = answered(await ask(options, 'GET', `/call-logs/${encodeURIComponent(sessionId)}`));
  if (answer.status === 404) return undefined;
  const url = recordingUrlOf(accepted(answer).body);
  if (url === undefined) return undefined;
  if (!mayFetch(url, options.baseUrl)) throw new AppError('carrier_failure', 'Millis keeps the recording at an address without https');
  const response = await fetch(url, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) }).catch((error: unknown) => {
    throw new AppError('carrier_failure', `The recording could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (response.status === 200 && response.body) {
    return { mimeType: response.headers.get('content-type')?.split(';', 1)[0] ?? 'audio/mpeg', bytes: response.body };
  }
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) return undefined;
  throw new AppError('carrier_failure', `The recording's address answered ${response.status}`);
}

/** Only the host that we speak plainly with anyway may keep audio without https. */
function mayFetch(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || origin === new URL(baseUrl).origin;
}
