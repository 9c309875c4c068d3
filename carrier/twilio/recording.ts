import { AppError } from '../../core/errors.ts';
import type { RecordedAudio } from '../port.ts';
import type { TwilioOptions } from './http.ts';

/** An hour of MP3 at a slow pace; who reads stops earlier when it gets too large. */
const READ_TIMEOUT_MS = 60_000;

/**
 * The audio of a recording as MP3, streamed; undefined when Twilio does not have it, or not yet. Whoever does not read it to its end
 * breaks the loop, which ends the connection. Redirects are followed: accounts may keep recordings elsewhere, and no credentials
 * travel there. Source: https://www.twilio.com/docs/voice/api/recording#fetch-a-recordings-media-file
 * @throws AppError carrier_failure
 */
export async function fetchRecording(options: TwilioOptions, sid: string): Promise<RecordedAudio | undefined> {
  const account = encodeURIComponent(options.accountSid);
  const url = `${options.baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${account}/Recordings/${encodeURIComponent(sid)}.mp3`;
  const credentials = Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64');
  const response = await fetch(url, {
    headers: { authorization: `Basic ${credentials}`, accept: 'audio/mpeg' },
    signal: AbortSignal.timeout(READ_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new AppError('carrier_failure', `The recording could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (response.status === 200 && response.body) {
    return { mimeType: response.headers.get('content-type')?.split(';', 1)[0] ?? 'audio/mpeg', bytes: response.body };
  }
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) return undefined;
  throw new AppError('carrier_failure', `Twilio answered ${response.status} for a recording`);
}
