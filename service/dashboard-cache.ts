export interface Kept<T> {
  value: T;
  /** how much longer it may be shown */
  leftMs: number;
  /** it was there already, or on its way */
  isHit: boolean;
}

/** What was loaded under a key within its lifetime, else what `load` brings now. Equal questions of one moment load once. */
export type Keep<T> = (key: string, load: () => Promise<T>) => Promise<Kept<T>>;

const ENTRIES_MAX = 500;

/**
 * Opens a memory of answers that are good for `forMs` from when they were asked for, whatever changes meanwhile: the dashboard
 * document says how old its figures may be. The oldest make room. A failure is not kept. `now` is in milliseconds.
 */
export function openKeep<T>(forMs: number, now: () => number): Keep<T> {
  // all live equally long, so the order of insertion is that of their ends
  const kept = new Map<string, { value: Promise<T>; untilMs: number }>();
  return async (key, load) => {
    const known = kept.get(key);
    if (known && known.untilMs > now()) return { value: await known.value, leftMs: Math.max(0, known.untilMs - now()), isHit: true };
    kept.delete(key);
    const oldest = kept.size >= ENTRIES_MAX ? kept.keys().next() : undefined;
    if (oldest?.value !== undefined) kept.delete(oldest.value);
    const entry = { value: load(), untilMs: now() + forMs };
    kept.set(key, entry);
    try {
      return { value: await entry.value, leftMs: Math.max(0, entry.untilMs - now()), isHit: false };
    } catch (error) {
      if (kept.get(key) === entry) kept.delete(key);
      throw error;
    }
  };
}
