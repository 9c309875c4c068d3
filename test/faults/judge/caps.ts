import type { Case } from './case.ts';
import type { Violation } from './violation.ts';

/** A claim may be ahead of the carrier's pace by this much: the worker keeps the call until its turn (PACE_PATIENCE_MS). */
const PATIENCE_MS = 1000;
/** Claims of one batch read the clock together; commits and clocks differ by less than this. */
const PACE_SLACK_MS = 250;
/** Requests that a stalled process or proxy held back leave together: at most what was claimed ahead, and one second's own. */
const BUNCHED_SECONDS = 3;

/** Promise 3, I6: calls in flight by the company's own log, starts by claims (exactly) and by requests (as far as stalls allow). */
export function judgeCaps(found: Case): Violation[] {
  const { evidence, calls } = found;
  const all = [...calls.values()];
  const { carrierMaxCalls, tenantMaxCalls } = evidence.settings;
  const violations: Violation[] = [];
  const check = (who: string, spans: ReadonlyArray<readonly [number, number]>, max: number) => {
    const most = mostAtOnce(spans);
    if (most > max) violations.push({ rule: 'I6', promise: 3, detail: `${who}: ${most} calls at once, ${max} allowed` });
  };
  const spans = (facts: typeof all) => facts.flatMap(({ rings }) => rings.map((ring) => [ring.atMs, ring.endMs] as const));
  check('carrier', [...spans(all), ...found.orphans.map((ring) => [ring.atMs, ring.endMs] as const)], carrierMaxCalls);
  for (const tenant of evidence.tenants) {
    const own = all.filter(({ row }) => row.tenantId === tenant.id);
    check(`tenant ${tenant.id}`, spans(own), tenant.maxCalls ?? tenantMaxCalls);
  }
  if (evidence.quiet) {
    for (const callId of evidence.leases)
      violations.push({ rule: 'I6', promise: 6, callId, detail: 'nothing is in flight, and it holds its place' });
  }
  return [...violations, ...judgePace(found)];
}

function judgePace({ evidence }: Case): Violation[] {
  const { callsPerSecond } = evidence.settings;
  const violations: Violation[] = [];
  const claims = evidence.calls.flatMap(({ id, claimedAtMs }) => (claimedAtMs === null ? [] : [{ id, claimedAtMs }]));
  let nextMs = -Infinity;
  for (const { id, claimedAtMs } of claims.sort((a, b) => a.claimedAtMs - b.claimedAtMs)) {
    const startMs = Math.max(nextMs, claimedAtMs);
    nextMs = startMs + 1000 / callsPerSecond;
    if (startMs - claimedAtMs <= PATIENCE_MS + PACE_SLACK_MS) continue;
    const aheadMs = Math.round(startMs - claimedAtMs);
    violations.push({ rule: 'I6', promise: 3, callId: id, detail: `claimed ${aheadMs} ms ahead of the carrier's pace` });
    break;
  }
  const starts = evidence.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/Calls.json'));
  const most = mostAtOnce(starts.map(({ at }) => [Date.parse(at), Date.parse(at) + 1000] as const));
  const allowed = Math.ceil(callsPerSecond * BUNCHED_SECONDS) + 1;
  if (most > allowed) violations.push({ rule: 'I6', promise: 3, detail: `${most} requests in one second, ${allowed} allowed` });
  return violations;
}

/** The most spans that overlap at any moment; one that ends when another begins does not. */
export function mostAtOnce(spans: ReadonlyArray<readonly [number, number]>): number {
  const steps = spans.flatMap(([from, to]): Array<[number, number]> =>
    to > from
      ? [
          [from, 1],
          [to, -1],
        ]
      : [],
  );
  steps.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  let most = 0;
  for (const [, step] of steps) most = Math.max(most, (now += step));
  return most;
}
