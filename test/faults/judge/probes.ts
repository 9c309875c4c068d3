import type { Case } from './case.ts';
import type { Violation } from './violation.ts';

/** A secret or a whole number of a callee in what a process wrote. */
const SECRET = /development-only-secret|SecurePassword123!|\+1[2-9]\d{9}/;

/** Promises 7 and 8, I17, I18: what had to be refused was, and left no row; logs keep what is secret. A fault may leave any request unanswered. */
export function judgeProbes({ evidence, calls }: Case): Violation[] {
  const { probes, refusedTags } = evidence.promised;
  const refused = new Set(refusedTags);
  const wrong = probes.filter(({ expected, status }) => status !== undefined && status < 500 && !expected.includes(status));
  const leak = SECRET.exec(evidence.logs ?? '');
  return [
    ...wrong.map(({ promise, what, status }): Violation => ({
      rule: promise === 7 ? 'I17' : 'input',
      promise,
      detail: `${what}: ${status}`,
    })),
    ...[...calls.values()]
      .filter(({ row }) => refused.has(row.context ?? ''))
      .map(({ row }): Violation => ({ rule: 'input', promise: 8, callId: row.id, detail: `nonsense became a call (${row.context})` })),
    ...(leak ? [{ rule: 'I18' as const, promise: 7 as const, detail: `a log says ${leak[0].slice(0, 6)}…` }] : []),
  ];
}
