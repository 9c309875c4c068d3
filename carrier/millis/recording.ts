import { audioUrl, fetchAudio } from '../audio.ts';
import { answered } from '../failure.ts';
import type { RecordedAudio } from '../port.ts';
import { accepted, ask, type MillisOptions } from './http.ts';
import { recordingUrlOf } from './unverified.ts';

/**
 * The audio of a session, streamed from where its history says it lies; undefined when there is none, or not yet. The key of the
 * account does not travel there: such addresses are storage of somebody else.
 * @throws AppError carrier_failure
 */
export async function fetchRecording(options: MillisOptions, sessionId: string): Promise<RecordedAudio | undefined> {
  const answer = answered(await ask(options, 'GET', `/call-logs/${encodeURIComponent(sessionId)}`));
  if (answer.status === 404) return undefined;
  const address = recordingUrlOf(accepted(answer).body);
  return address === undefined ? undefined : fetchAudio({ url: audioUrl('Millis', address, options.baseUrl) });
}
