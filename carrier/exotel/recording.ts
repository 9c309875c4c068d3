import { AppError } from '../../core/errors.ts';
import type { RecordedAudio } from '../port.ts';
import { fetchDetails } from './details.ts';
import { credentials, type ExotelOptions } from './http.ts';
import { asksForCredentials } from './unverified.ts';

/** An hour of audio at a slow pace; who reads stops earlier when it gets too large. */
const READ_TIMEOUT_MS = 60_000;

/**
 * The audio of a call, streamed from where its details say it lies; undefined when there is none, or not yet. An address that carries its
 * own signature is preferred.
 * @throws AppError carrier_failure
 */
export async function fetchRecording(options: ExotelOptions, sid: string): Promise<RecordedAudio | undefined> {
  const call = await fetchDetails(options, sid);
  const signed = call?.get('PreSignedRecordingUrl');
  const address = signed || call?.get('RecordingUrl');
  if (!address) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'https:' && url.origin !== new URL(options.baseUrl).origin))
    throw new AppError('carrier_failure', 'Exotel keeps the recording at an address without https');
  const headers = !signed && asksForCredentials(url, options.baseUrl) ? { authorization: credentials(options) } : undefined;
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(READ_TIMEOUT_MS) }).catch((error: unknown) => {
    throw new AppError('carrier_failure', `The recording could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (response.status === 200 && response.body) {
    return { mimeType: response.headers.get('content-type')?.split(';', 1)[0] ?? 'audio/mpeg', bytes: response.body };
  }
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) return undefined;
  throw new AppError('carrier_failure', `The recording's address answered ${response.status}`);
}
