import { isTerminal } from '../../../core/call.ts';
import { scriptOf } from '../../../sandbox/script.ts';
import type { PersonRow } from '../campaign-evidence.ts';
import { mostAtOnce } from './caps.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import type { Violation } from './violation.ts';

/** The clocks of database and carrier are one machine's; an event bears the start of its statement. */
const CLOCK_SLACK_MS = 50;
/** Who hangs up before a person has to be there is not abandoned: 47 CFR 64.1200(a)(7). */
const CONNECT_WITHIN_MS = 2000;
/** The scheduler's own bound for putting such things right is a second. */
const STUCK_MS = 5000;

/**
 * C4: nobody is in two calls at once, by their history and by the ring log. C5: nobody stays on a call that is over. C6: who answers
 * is put through in time, or counts as abandoned. I6: no more lines than people.
 */
export function judgePeople(found: Case): Violation[] {
  const { evidence } = found;
  const campaigns = new Set(evidence.promised.campaigns.filter(({ kind }) => kind === 'people').map(({ campaignId }) => campaignId));
  const calls = [...found.calls.values()].filter(({ row }) => row.campaignId !== null && campaigns.has(row.campaignId));
  return [
    ...judgeHistories(found),
    ...judgeTalks(found, calls),
    ...evidence.people.flatMap((person) => judgeStuck(found, person)),
    ...calls.flatMap(judgeAnswered),
    ...judgeLines(found, calls),
  ];
}

function judgeHistories({ evidence }: Case): Violation[] {
  const histories = groupBy(evidence.states, ({ agentId }) => agentId);
  return [...histories].flatMap(([agentId, states]) =>
    states.flatMap((state, index): Violation[] => {
      const before = states[index - 1];
      if (state.state !== 'on_call' || before?.state !== 'on_call') return [];
      const detail = `person ${agentId} came from call ${before.callId} to another without leaving it`;
      return [{ rule: 'C4', promise: 6, detail, callId: state.callId ?? undefined }];
    }),
  );
}

/** When a callee was connected to somebody, the ring log says; from when on, the row. */
function judgeTalks({ evidence }: Case, calls: readonly Facts[]): Violation[] {
  const connected = new Map(evidence.rings.map(({ sid, connectedTo }) => [sid, connectedTo]));
  const talks = calls.flatMap(({ row, rings }) =>
    rings.flatMap((ring) => {
      const with_ = connected.get(ring.sid);
      return with_ === undefined || row.bridgedAtMs === null ? [] : [{ callId: row.id, with_, fromMs: row.bridgedAtMs, endMs: ring.endMs }];
    }),
  );
  return [...groupBy(talks, (talk) => talk.with_).values()].flatMap((same) => {
    const sorted = [...same].sort((a, b) => a.fromMs - b.fromMs);
    return sorted.flatMap((talk, index): Violation[] => {
      const next = sorted[index + 1];
      if (!next || next.fromMs >= talk.endMs - CLOCK_SLACK_MS) return [];
      return [{ rule: 'C4', promise: 6, callId: next.callId, detail: `${next.with_} was still talking in call ${talk.callId}` }];
    });
  });
}

function judgeStuck({ evidence, calls }: Case, person: PersonRow): Violation[] {
  const { id, state, currentCallId, wrapUpUntilMs, stateSinceMs } = person;
  const fail = (detail: string): Violation[] => [
    { rule: 'C5', promise: 6, detail: `person ${id} ${detail}`, callId: currentCallId ?? undefined },
  ];
  const call = currentCallId === null ? undefined : calls.get(currentCallId)?.row;
  const isLong = evidence.atMs - stateSinceMs > STUCK_MS;
  if (state === 'on_call' && currentCallId === null) return fail('is on call without a call');
  if (state !== 'on_call' && currentCallId !== null) return fail(`is ${state} and bound to a call`);
  if (call && isTerminal(call.status) && isLong) return fail(`is bound to a call that is ${call.status}`);
  if (state === 'wrap_up' && (wrapUpUntilMs ?? Infinity) < evidence.atMs - STUCK_MS) return fail('is not done with a wrap-up that is over');
  return [];
}

/** By the row: what the carrier makes of its instructions when it gets none, nobody hears of. */
function judgeAnswered({ row, rings }: Facts): Violation[] {
  const fail = (detail: string): Violation[] => [{ rule: 'C6', promise: 3, detail, callId: row.id }];
  const { answeredAtMs, bridgedAtMs, connectByMs, abandonedAtMs, status } = row;
  if (bridgedAtMs !== null && connectByMs !== null && bridgedAtMs > connectByMs + CLOCK_SLACK_MS) {
    return fail(`was put through ${Math.round(bridgedAtMs - connectByMs)} ms too late`);
  }
  if (bridgedAtMs !== null && abandonedAtMs !== null) return fail('was put through and given up');
  if (status === 'abandoned' && bridgedAtMs !== null) return fail('counts as abandoned and was put through');
  const byPerson = scriptOf(row.to).answeredBy === 'person' && rings.some((ring) => ring.answered);
  if (!byPerson || !isTerminal(status) || status === 'abandoned') return [];
  if (status === 'completed' && bridgedAtMs === null && (row.durationSeconds ?? 0) * 1000 > CONNECT_WITHIN_MS) {
    return fail(`was answered at ${answeredAtMs}, met nobody for ${row.durationSeconds} s, and is not counted as abandoned`);
  }
  return [];
}

/** Nobody is counted on twice: a line for each of them, whether it still rings or is talked on. */
function judgeLines({ evidence }: Case, calls: readonly Facts[]): Violation[] {
  const spans = calls.flatMap(({ row, rings }) =>
    rings.map((ring) => [ring.atMs, Math.min(ring.endMs, row.abandonedAtMs ?? Infinity)] as const),
  );
  const most = mostAtOnce(spans);
  const people = evidence.promised.people.length;
  if (most <= people) return [];
  return [{ rule: 'I6', promise: 3, detail: `${most} lines at once for ${people} people` }];
}
