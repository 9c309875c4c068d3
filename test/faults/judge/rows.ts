import type { Case } from './case.ts';
import type { Violation } from './violation.ts';

/** What `dialfleet verify` finds on a live database, where nobody knows what was promised, it finds here too. */
export function judgeRows({ evidence }: Case): Violation[] {
  return (evidence.verdicts ?? []).flatMap(({ rule, promise, first, unfinished }): Violation[] => [
    ...first.map(({ subject, detail }) => ({ rule, promise, detail: `verify: ${subject} ${detail}` })),
    ...(unfinished === undefined ? [] : [{ rule, promise, detail: `verify: ${unfinished}` }]),
  ]);
}
