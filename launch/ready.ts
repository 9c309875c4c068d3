import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a GET of the address answers 2xx. False when `patienceMs` pass or `signal` fires first. */
export async function untilReady(url: string, patienceMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && !signal.aborted) {
    if (await answersWell(url)) return true;
    await pause(100);
  }
  return false;
}

async function answersWell(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    // nobody listens yet
    return false;
  }
}
