import type { Call } from './engine.ts';

/** The calls that the company remembers, to be asked for by id or by number. */
export interface CallBook {
  add(call: Call): void;
  get(id: string): Call | undefined;
  /** newest first; without a number, all */
  list(to: string | undefined): Call[];
}

/** Remembers the latest `capacity` calls. */
export function openCallBook(capacity: number): CallBook {
  const byId = new Map<string, Call>();
  const byNumber = new Map<string, Set<Call>>();
  const forgetOldest = () => {
    const [oldest] = byId.values();
    if (!oldest) return;
    byId.delete(oldest.id);
    const same = byNumber.get(oldest.to);
    same?.delete(oldest);
    if (same?.size === 0) byNumber.delete(oldest.to);
  };
  return {
    add: (call) => {
      byId.set(call.id, call);
      byNumber.set(call.to, (byNumber.get(call.to) ?? new Set()).add(call));
      if (byId.size > capacity) forgetOldest();
    },
    get: (id) => byId.get(id),
    list: (to) => [...(to === undefined ? byId.values() : (byNumber.get(to) ?? []))].reverse(),
  };
}
