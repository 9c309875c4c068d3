import type { Applet, FlowCall, Step } from '../carrier/port.ts';
import { isOptOut } from '../core/opt-out.ts';
import { findLine, insertArrival } from '../db/query/arrivals.ts';
import { findTalkingCall, markSpoken, readTurns, type TalkingCall, type Turn } from '../db/query/transcript.ts';
import { noteCalls } from './changes.ts';
import { continueTalk, type Leg, startTalk } from './conversation.ts';
import { isFlowCall } from './flow-talk.ts';
import { applyProgress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import { listen, say } from './talk-step.ts';

/** Beyond the longest possible call a lease is of no use. */
const LEASE_GRACE_SECONDS = 300;

/**
 * A carrier whose own flow leads the call asks what comes next. The first step that asks starts the talk; what is heard comes with the way
 * that is asked for (`passthru`), and words are given as often as they are asked for. A call to one of our numbers gets its row here. No
 * steps: the flow is to go its other way, or to hang up; undefined: there is nothing for us to decide.
 * @throws when it can't be written down, so that the carrier asks again
 */
export async function answerApplet(runtime: Runtime, applet: Applet, asked: FlowCall): Promise<Step[] | undefined> {
  const leg = await legOf(runtime, asked);
  if (!leg) {
    runtime.log.info({ carrierCallId: asked.carrierCallId, applet }, 'a call that is nobody’s of ours was not taken');
    return [];
  }
  try {
    return await lead(runtime, applet, asked, leg);
  } finally {
    noteCalls(runtime, [leg.callId]);
  }
}

async function lead(runtime: Runtime, applet: Applet, asked: FlowCall, leg: Leg): Promise<Step[] | undefined> {
  const { progress, carrierAt } = asked;
  await applyProgress(runtime, { ...leg, progress, ...(carrierAt && { carrierAt }) });
  if (asked.onlyTells || isOver(asked)) return undefined;
  const call = await findTalkingCall(runtime.db.sql, leg.callId);
  // people and flows of ours need what such a carrier cannot do: its flow has another way for them
  if (!call || call.agentKind === 'human' || isFlowCall(call)) return [];
  const { sql } = runtime.db;
  const { digits } = asked;
  const optsOut = isOptOut({ digits }, runtime.config.OPT_OUT_KEY);
  const talks = call.status === 'in_progress' && call.token === leg.token && call.carrierCallId === leg.carrierCallId;
  // a key may opt out, however late it is heard of
  if (!talks && !optsOut) return [];
  const last = (await readTurns(sql, call.callId)).findLast(({ role }) => role === 'assistant');
  const steps = last ? await goOn(runtime, applet, leg, call, last, { digits, optsOut }) : await startTalk(runtime, leg, undefined);
  if (applet !== 'passthru') await markSpoken(sql, call.callId, last?.position ?? 0);
  return steps;
}

function isOver({ progress }: FlowCall): boolean {
  return progress.type === 'over' || progress.type === 'ended';
}

/** Words again for who asks for words; for who asks for the way, an answer to what was heard after them. */
async function goOn(
  runtime: Runtime,
  applet: Applet,
  leg: Leg,
  call: TalkingCall,
  last: Turn,
  { digits, optsOut }: { digits: string | undefined; optsOut: boolean },
): Promise<Step[]> {
  const isOver = last.metadata?.['ends'] === true;
  const turn = last.position / 2 + 1;
  const words = isOver ? [say(call, last.content)] : [say(call, last.content), listen(call, turn)];
  const isSpoken = last.metadata?.['spoken'] === true;
  const isNew = optsOut && last.metadata?.['optOut'] === undefined;
  // nobody can have answered words that were not spoken: the way is asked for again, with the keys that led to them. But a key may opt out
  if (applet !== 'passthru' || (!isSpoken && !isNew)) return words;
  return isOver && !isNew ? [] : continueTalk(runtime, leg, turn, { speech: undefined, digits });
}

/** The dial that the call is, by the carrier's word, else by the row that has its id, which a call to one of our numbers gets. */
async function legOf(runtime: Runtime, asked: FlowCall): Promise<Leg | undefined> {
  const { carrier, config, db } = runtime;
  const { carrierCallId, attempt, direction, from, to } = asked;
  const known = await findLine(db.sql, carrier.name, carrierCallId);
  if (known) return { ...known, carrierCallId };
  if (attempt) return { ...attempt, carrierCallId };
  if (direction === 'outbound' || to === undefined || isOver(asked)) return undefined;
  const arrived = await insertArrival(db.sql, {
    carrier: carrier.name,
    carrierCallId,
    from,
    to,
    platformNumber: config.callerId,
    checkSeconds: config.WATCHDOG_SECONDS,
    leaseSeconds: config.CALL_TIME_LIMIT_SECONDS + LEASE_GRACE_SECONDS,
  });
  // two words about one call at the same time: the other one made the row
  const line = arrived ?? (await findLine(db.sql, carrier.name, carrierCallId));
  return line && { ...line, carrierCallId };
}
