import { fetchAudio } from '../audio.ts';
import type { RecordedAudio } from '../port.ts';
import type { TwilioOptions } from './http.ts';

/**
 * The audio of a recording as MP3, streamed; undefined when Twilio does not have it, or not yet. Source:
 * https://www.twilio.com/docs/voice/api/recording#fetch-a-recordings-media-file
 * @throws AppError carrier_failure
 */
export async function fetchRecording(options: TwilioOptions, sid: string): Promise<RecordedAudio | undefined> {
  const account = encodeURIComponent(options.accountSid);
  const url = `${options.baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${account}/Recordings/${encodeURIComponent(sid)}.mp3`;
  const credentials = Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64');
  return fetchAudio({
    url,
    headers: { authorization: `Basic ${credentials}`, accept: 'audio/mpeg' },
    refused: (status) => `Twilio answered ${status} for a recording`,
  });
}
