import { scriptOf } from './script.ts';

export const FAULTS = ['drop', 'drop_after', 'error', 'slow'] as const;
/** `drop` closes the connection and calls nobody, `drop_after` closes it and does call, `error` is a 500, `slow` answers late. */
export type Fault = (typeof FAULTS)[number];

/** What becomes of one request for a call. */
export type Admission =
  | { does: 'accept' }
  /** the call goes on, its answer never comes */
  | { does: 'stall' }
  | { does: 'throttle' }
  | { does: Fault; delayMs: number };

/** Requests for calls, or all that an administrator asks for. */
export const DESKS = ['calls', 'directory'] as const;
export type DeskName = (typeof DESKS)[number];

export interface PlannedFault {
  does: Fault;
  delayMs: number;
}

export interface Desk {
  /** Decides about a request for a call to a number. */
  admit(to: string): Admission;
  /** Decides about any other request of an administrator; undefined: nothing is wrong with it. */
  fault(): PlannedFault | undefined;
  /** The next `count` requests at a desk get this fault. */
  plan(fault: Fault, count: number, delayMs: number, desk: DeskName): void;
}

/** Planned faults come first; then what the number itself asks for. */
export function openDesk(): Desk {
  const planned: Record<DeskName, PlannedFault[]> = { calls: [], directory: [] };
  const throttled = new Set<string>();
  return {
    admit: (to) => {
      const fault = planned.calls.shift();
      if (fault) return fault;
      const { request } = scriptOf(to);
      if (request === 'stall') return { does: 'stall' };
      if (request === 'accept' || throttled.has(to)) return { does: 'accept' };
      throttled.add(to);
      return { does: 'throttle' };
    },
    fault: () => planned.directory.shift(),
    plan: (fault, count, delayMs, desk) => {
      for (let n = 0; n < count; n++) planned[desk].push({ does: fault, delayMs });
    },
  };
}
