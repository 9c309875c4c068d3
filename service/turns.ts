import { AppError } from '../core/errors.ts';

/** Runs work when there is a place for it. `signal` gives a place in the line up. */
export type Turns = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Lets `places` work at once; the others wait in the order they came, `waitingMax` of them.
 * @throws AppError `unavailable` with `busy` as its message when the line is full; the signal's reason
 */
export function openTurns(places: number, waitingMax: number, busy: string): Turns {
  const line: Array<() => void> = [];
  let atWork = 0;

  const place = async (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (atWork < places) {
      atWork++;
      return;
    }
    if (line.length >= waitingMax) throw new AppError('unavailable', busy, { retryAfterSeconds: 2 });
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.splice(line.indexOf(enter), 1);
        reject(signal?.reason as Error);
      };
      line.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  };

  return async (work, signal) => {
    await place(signal);
    try {
      return await work();
    } finally {
      // who leaves hands its place on, so the count stays
      const next = line.shift();
      if (next) next();
      else atWork--;
    }
  };
}
