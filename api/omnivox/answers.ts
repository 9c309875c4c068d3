/** An answer as it was sent: JSON, and the tag that clients compare it by. */
export interface Answer {
  body: string;
  etag: string;
}

export interface Answers {
  /** What was kept under a key, if it was made of these versions and is not too old. */
  get(key: string, versions: string): Answer | undefined;
  keep(key: string, versions: string, answer: Answer): void;
}

interface Kept extends Answer {
  versions: string;
  untilMs: number;
}

export interface AnswerLimits {
  entries: number;
  /** of keys and bodies together, counted in characters */
  size: number;
  /** how long an answer is good, in milliseconds */
  forMs: number;
}

/**
 * Keeps answers in memory, the most recently used ones. `now` is in milliseconds. Each process keeps its own: whether an answer
 * is still true follows from versions that all processes read in one place, so another process' memory would only save work
 * once, at the price of a way over the network each time.
 */
export function openAnswers({ entries, size, forMs }: AnswerLimits, now: () => number): Answers {
  // a Map knows the order of insertion: what is used moves to the end
  const kept = new Map<string, Kept>();
  let used = 0;
  const sizeOf = (key: string, { body }: Answer) => key.length + body.length;

  function forget(key: string): void {
    const found = kept.get(key);
    if (!found) return;
    kept.delete(key);
    used -= sizeOf(key, found);
  }

  return {
    get(key, versions) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      if (found.versions !== versions || found.untilMs <= now()) {
        used -= sizeOf(key, found);
        return undefined;
      }
      kept.set(key, found);
      return found;
    },
    keep(key, versions, answer) {
      forget(key);
      // one that would push out most others is not worth it
      if (sizeOf(key, answer) > size / 8) return;
      kept.set(key, { ...answer, versions, untilMs: now() + forMs });
      used += sizeOf(key, answer);
      for (const oldest of kept.keys()) {
        if (kept.size <= entries && used <= size) break;
        forget(oldest);
      }
    },
  };
}
