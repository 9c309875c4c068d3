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
