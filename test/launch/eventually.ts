import { setTimeout as pause } from 'node:timers/promises';

/** Repeats `check` until it returns something true, or fails after `patienceMs`. */
export async function eventually(check: () => unknown, patienceMs = 10_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${check.toString()}`);
    await pause(20);
  }
}
