import { audioUrl, fetchAudio } from '../audio.ts';
import type { RecordedAudio } from '../port.ts';
import { fetchDetails } from './details.ts';
import { credentials, type ExotelOptions } from './http.ts';
import { asksForCredentials } from './unverified.ts';

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
  const url = audioUrl('Exotel', address, options.baseUrl);
  const headers = !signed && asksForCredentials(url, options.baseUrl) ? { authorization: credentials(options) } : undefined;
  return fetchAudio({ url, headers });
}
