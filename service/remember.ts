const KEYS_MAX = 1000;

/**
 * Loads once for all who ask for a key within `forMs`, also while it is being loaded. A failure is not remembered.
 * `now` is in milliseconds.
 */
export function remember<K, T>(load: (key: K) => Promise<T>, forMs: number, now: () => number): (key: K) => Promise<T> {
  const known = new Map<K, { value: Promise<T>; untilMs: number }>();
  return (key) => {
    const found = known.get(key);
    if (found && found.untilMs > now()) return found.value;
    const entry = { value: load(key), untilMs: now() + forMs };
    if (known.size >= KEYS_MAX) known.clear();
    known.set(key, entry);
    entry.value.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return entry.value;
  };
}
