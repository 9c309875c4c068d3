import { setTimeout as pause } from 'node:timers/promises';

/** Repeats `check` until it gives something true, which it resolves to, or throws after `patienceMs`. */
export async function eventually<T>(check: () => T | Promise<T>, patienceMs = 10_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${check.toString()}`);
    await pause(20);
  }
}
