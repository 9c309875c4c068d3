/** Numbers whose last digits say how a call to them ends (DESIGN §6), and what the telephone company saw of them. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../eventually.ts';

export interface Ring {
  to: string;
  at: string;
}

/** Status of a call to a number, by its ending. */
export const STATUS: Record<string, string> = {
  '0001': 'busy',
  '0002': 'no_answer',
  '0003': 'failed',
  '0004': 'voicemail',
  '0005': 'completed',
  '0006': 'completed',
  '0007': 'completed',
  '0008': 'completed',
  '0009': 'completed',
  '0010': 'completed',
};

/** A number of its own for every row below 800,000; without an ending, one of the sandbox's mix. */
export const numberOf = (row: number, ending = String(3000 + (row % 5000)).padStart(4, '0')) => `+1${200_000 + row}${ending}`;

export function countByNumber(rings: readonly Ring[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { to } of rings) counts.set(to, (counts.get(to) ?? 0) + 1);
  return counts;
}

/** Asks a few times a second, not as often as it answers: the machine has calls to make. */
export const patiently = (check: () => Promise<boolean>, patienceMs: number) =>
  eventually(async () => (await check()) || (await pause(200, false)), patienceMs);
