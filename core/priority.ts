/** Smaller dials first. The numbers are also BullMQ's, where 1 is the most urgent. */
export const PRIORITY = { high: 1, normal: 2, low: 3 } as const;

export type PriorityName = keyof typeof PRIORITY;
export type Priority = (typeof PRIORITY)[PriorityName];

export const PRIORITY_NAMES = Object.keys(PRIORITY) as PriorityName[];

const NAMES: Record<Priority, PriorityName> = { 1: 'high', 2: 'normal', 3: 'low' };

/** 1 → `high`. */
export function priorityName(priority: Priority): PriorityName {
  return NAMES[priority];
}

/** So long a call waits, due, until it counts as one step more urgent: what is low comes last, not never (DESIGN §7.4). */
export const AGEING_MS = 10 * 60_000;

/** A call's urgency after it has been due for a while; high never changes. */
export function agedPriority(priority: Priority, waitedMs: number): Priority {
  const steps = Math.max(0, Math.floor(waitedMs / AGEING_MS));
  return Math.max(PRIORITY.high, priority - steps) as Priority;
}
