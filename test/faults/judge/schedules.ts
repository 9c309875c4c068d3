import type { Case } from './case.ts';
import type { Violation } from './violation.ts';

/** Promise 1: a run that came due is one call, however many schedulers there were and however long none was; the next one lies ahead. */
export function judgeSchedules({ evidence, calls }: Case): Violation[] {
  return evidence.promised.schedules.flatMap(({ scheduleId, runs }): Violation[] => {
    const fail = (detail: string): Violation[] => [{ rule: 'schedule', promise: 1, detail: `schedule ${scheduleId} ${detail}` }];
    const schedule = evidence.schedules.find(({ id }) => id === scheduleId);
    if (!schedule) return fail('is gone');
    const made = [...calls.values()].filter(({ row }) => row.scheduleId === scheduleId && row.originalCallId === null).length;
    if (made > runs) return fail(`fired ${made} times instead of ${runs}`);
    if (!evidence.quiet) return [];
    if (made < runs) return fail(`fired ${made} times instead of ${runs}`);
    return schedule.isActive && (schedule.nextRunAtMs ?? 0) <= evidence.atMs ? fail('does not know when it runs next') : [];
  });
}
