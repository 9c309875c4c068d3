/** What was injected and what happened, with its moment: counts for the summary, lines for a replay. */
import { appendFileSync } from 'node:fs';

export interface Journal {
  /** A fault that really struck. */
  struck(kind: string, what: string, count?: number): void;
  /** A failpoint that did what it was armed for. */
  fired(name: string, what: string): void;
  /** Something else that a reader of the log wants to know. */
  note(text: string): void;
  /** how many faults, by kind; those of failpoints under `failpoint.<action>` */
  kinds: ReadonlyMap<string, number>;
  /** how often each failpoint did something */
  failpoints: ReadonlyMap<string, number>;
  injected(): number;
}

export function openJournal(file: string): Journal {
  const startedMs = Date.now();
  const kinds = new Map<string, number>();
  const failpoints = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count);
  const note = (text: string) => {
    const now = Date.now();
    appendFileSync(file, `${new Date(now).toISOString()} +${((now - startedMs) / 1000).toFixed(2)} ${text}\n`);
  };
  return {
    struck(kind, what, count = 1) {
      add(kinds, kind, count);
      note(`${kind}: ${what}`);
    },
    fired(name, what) {
      add(failpoints, name, 1);
      note(`failpoint ${name}: ${what}`);
    },
    note,
    kinds,
    failpoints,
    injected: () => [...kinds.values()].reduce((sum, count) => sum + count, 0),
  };
}
