/** What every part of a workload works with, and how its clients behave. */
import { setTimeout as pause } from 'node:timers/promises';
import type postgres from 'postgres';
import type { Client } from './accounts.ts';
import type { Fleet } from './fleet.ts';
import type { Plan } from './plan.ts';
import type { Account, Promised } from './promised.ts';

export interface Work {
  fleet: Fleet;
  sql: postgres.Sql;
  clients: Record<Account, Client>;
  plan: Plan;
  startMs: number;
  overMs: number;
  promised: Promised;
}

/** Acts at a moment of the plan. */
export async function at(work: Pick<Work, 'startMs'>, askMs: number, act: () => Promise<void>): Promise<void> {
  await pause(Math.max(0, work.startMs + askMs - Date.now()));
  await act();
}

const MOST_TIMES = 8;
const OVERTIME = 1.5;
const ASK_AGAIN_MS = 700;

/** Clients ask again when they were not answered, for a while. */
export async function insist<T>(
  { startMs, overMs }: Pick<Work, 'startMs' | 'overMs'>,
  act: (time: number) => Promise<T | undefined>,
  mostTimes = MOST_TIMES,
): Promise<T | undefined> {
  for (let time = 0; time < mostTimes; time++) {
    const answer = await act(time);
    if (answer !== undefined || Date.now() > startMs + overMs * OVERTIME) return answer;
    await pause(ASK_AGAIN_MS);
  }
  return undefined;
}

/** So often what must be heard in the end is asked, however long the faults go on. */
const TO_THE_END = 40;

/** What a run cannot end without: it is asked until it is answered. @throws Error when it never is */
export async function insistToTheEnd(act: () => Promise<true | undefined>): Promise<void> {
  const isDone = await insist({ startMs: Infinity, overMs: 0 }, act, TO_THE_END);
  if (!isDone) throw new Error('What the run needs in the end was never answered');
}
