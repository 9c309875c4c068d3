/** Time as the sandbox needs it; tests hand in one that they turn by hand. */
export interface Clock {
  nowMs(): number;
  /** Runs `task` once after `delayMs`; the answer takes it back. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
