import { AppError } from '../core/errors.ts';
import type { RecordedAudio } from './port.ts';

/** An hour of audio at a slow pace; who reads stops earlier when it gets too large. */
const READ_TIMEOUT_MS = 60_000;

export interface AudioRequest {
  url: string | URL;
  headers?: Readonly<Record<string, string>> | undefined;
  /** what a person reads when it is refused, before the status */
  refused?: (status: number) => string;
}

/**
 * Audio from where it lies, streamed; undefined when there is none, or not yet. Whoever does not read it to its end breaks the loop, which
 * ends the connection. Redirects are followed: companies may keep recordings elsewhere, and no credentials travel there.
 * @throws AppError carrier_failure
 */
export async function fetchAudio({ url, headers, refused }: AudioRequest): Promise<RecordedAudio | undefined> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(READ_TIMEOUT_MS) }).catch((error: unknown) => {
    throw new AppError('carrier_failure', `The recording could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { status } = response;
  if (status === 200 && response.body) {
    return { mimeType: response.headers.get('content-type')?.split(';', 1)[0] ?? 'audio/mpeg', bytes: response.body };
  }
  await response.body?.cancel();
  if (status === 404 || status === 410) return undefined;
  throw new AppError('carrier_failure', refused?.(status) ?? `The recording's address answered ${status}`);
}

/** An address that a company gave, if it may be fetched: only the host that we speak plainly with anyway may keep audio without https. */
export function audioUrl(company: string, address: string, baseUrl: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'https:' && url.origin !== new URL(baseUrl).origin))
    throw new AppError('carrier_failure', `${company} keeps the recording at an address without https`);
  return url;
}
