import { scriptOf } from '../../../sandbox/script.ts';
import { DOUBT } from './accepted.ts';
import { type Case, type Facts, groupBy, type Ring } from './case.ts';
import type { Violation } from './violation.ts';

/** Promise 2, I2, I3: a row rings at most once, every ring is some row's, one number rings once at a time; and the end is the phone's. */
export function judgeRings(found: Case): Violation[] {
  const violations: Violation[] = found.orphans.map((ring) => ({
    rule: 'I2',
    promise: 2,
    detail: `${ring.to} rang at ${new Date(ring.atMs).toISOString()} (${ring.sid}) and no row claimed it`,
  }));
  for (const facts of found.calls.values()) violations.push(...judgeRow(facts));
  violations.push(...judgeOverlap(found));
  return violations;
}

function judgeRow({ row, rings }: Facts): Violation[] {
  const fail = (detail: string): Violation => ({ rule: 'I2', promise: 2, detail, callId: row.id });
  if (rings.length > 1) return [fail(`rang ${rings.length} times: ${rings.map(({ sid }) => sid).join(', ')}`)];
  const [ring] = rings;
  if (!ring) return SAYS_IT_RANG.has(row.status) ? [fail(`is ${row.status} and never rang`)] : [];
  if (!ENDS.has(row.status)) return [];
  const { end, answeredBy } = scriptOf(row.to);
  const answered = answeredBy === 'machine' ? 'voicemail' : 'completed';
  const expected = end === 'answered' ? answered : end;
  const doubt = row.status === 'failed' && DOUBT.test(row.failureReason ?? '');
  // what people are for and nobody took; whether rightly so is C6
  const unmet = row.status === 'abandoned' && answeredBy === 'person' && end === 'answered' && row.campaignId !== null;
  if (row.status === expected || doubt || unmet) return [];
  return [{ rule: 'script', promise: 6, callId: row.id, detail: `is ${row.status}, but the phone's end is ${expected} (${ring.status})` }];
}

const SAYS_IT_RANG = new Set<string>(['ringing', 'in_progress', 'completed', 'no_answer', 'busy', 'voicemail', 'abandoned']);
const ENDS = new Set<string>(['completed', 'no_answer', 'busy', 'voicemail', 'abandoned', 'failed']);

function judgeOverlap({ calls, orphans }: Case): Violation[] {
  const rings = [...[...calls.values()].flatMap((facts) => facts.rings), ...orphans];
  return [...groupBy(rings, (ring) => ring.to).values()].flatMap((same) => {
    const sorted = [...same].sort((a, b) => a.atMs - b.atMs);
    return sorted.flatMap((ring, index): Violation[] => {
      const next: Ring | undefined = sorted[index + 1];
      if (!next || next.atMs >= ring.endMs) return [];
      return [{ rule: 'I3', promise: 2, detail: `${ring.to} rang twice at the same time: ${ring.sid}, ${next.sid}` }];
    });
  });
}
