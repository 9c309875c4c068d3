/** Calls one by one, run together. */
export interface Batcher<T, R> {
  (item: T): Promise<R>;
  /** Resolves when everything asked for so far has been answered. */
  idle(): Promise<void>;
}

/**
 * Runs single requests together: while one batch is on its way the next one gathers, so a lone request waits for
 * nothing and a busy process pays one round trip for many (performance §c, grouped claims and finishes).
 * `run` answers in the order of its items; when it throws, every request of that batch throws.
 */
export function batcher<T, R>(run: (items: T[]) => Promise<R[]>, maxSize: number): Batcher<T, R> {
  interface Waiting {
    item: T;
    resolve: (result: R) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxSize);
      waiting = waiting.slice(maxSize);
      try {
        const results = await run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => resolve(results[index] as R));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    draining = undefined;
  }

  const ask = (item: T): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // requests of the same turn of the event loop travel together
      draining ??= Promise.resolve().then(drain);
    });
  return Object.assign(ask, { idle: async () => draining });
}
