import type { BridgeEnd, Heard, Step } from '../carrier/port.ts';
import type { Facts } from '../core/flow/variable.ts';
import { asksWhatWasHeard, knowsSilence, nextNode, openFlow } from '../core/flow/walk.ts';
import { withDeadlockRetry } from '../db/client.ts';
import type { WaitingLeg } from '../db/query/bridge.ts';
import { findContact } from '../db/query/contacts.ts';
import { beginFlow, type FlowRun, type FlowState, type FlowTurn, keepFlowTurn, readFlowRun } from '../db/query/flow-run.ts';
import { readTurns, type TalkingCall, type Turn } from '../db/query/transcript.ts';
import { noteCallsChanged, noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { type Connection, connectionStep, settleConnection } from './flow-transfer.ts';
import { askAgain, openWalk, sayGoodbye, type Stop, type Walk, walkOn } from './flow-walk.ts';
import { leadUpdated } from './lead-event.ts';
import type { Runtime } from './runtime.ts';
import { listen, say } from './talk-step.ts';
import { emit } from './webhooks.ts';

const MOST_TURNS = 40;
const NOT_HEARD = 'Sorry, I did not hear you.';
const NOTHING: Heard = { speech: undefined, digits: undefined };

type Said = Pick<Turn, 'role' | 'content' | 'metadata'>;

/** Whether a call is in a flow, or is to go through one: flows are run by agents that are programs. */
export function isFlowCall({ flowId, flowVersion, agentKind }: TalkingCall): boolean {
  return flowVersion !== null || (flowId !== null && agentKind === 'ai');
}

/**
 * Somebody has answered: the first words of their flow, in the version that is current now, which the call keeps. Undefined when the
 * flow may not be used any more. A repeated callback gets the same.
 */
export async function startFlow(runtime: Runtime, call: TalkingCall, leg: WaitingLeg): Promise<Step[] | undefined> {
  const { sql } = runtime.db;
  if (call.flowVersion === null && !(await beginFlow(sql, leg))) return undefined;
  const said = (await readTurns(sql, call.callId)).find(({ position }) => position === 0);
  if (said) return flowSteps(runtime, call, leg, 0, said);
  const walk = await openTurn(runtime, call, leg, 0, NOTHING);
  if (!walk) return undefined;
  const start = [...walk.flow.nodes.values()].find(({ type }) => type === 'START');
  return finish(runtime, walk, await walkOn(runtime, walk, start?.id));
}

/** The callee has answered words number `turn` − 1 of a flow, or said nothing: what comes next. */
export async function continueFlow(runtime: Runtime, call: TalkingCall, leg: WaitingLeg, turn: number, heard: Heard): Promise<Step[]> {
  const walk = await openTurn(runtime, call, leg, turn, heard);
  if (!walk) return [{ do: 'hangup' }];
  const asked = walk.flow.nodes.get(walk.state.nodeId ?? '');
  if (!asked || turn >= MOST_TURNS) return finish(runtime, walk, sayGoodbye(walk));
  const isLost = walk.facts.silence && asksWhatWasHeard(walk.flow, asked) && !knowsSilence(walk.flow, asked);
  if (!isLost) return finish(runtime, walk, await walkOn(runtime, walk, nextNode(walk.flow, asked, walk.facts)));
  const again = walk.state.misses === 0 ? askAgain(walk, NOT_HEARD) : undefined;
  return finish(runtime, walk, again ?? sayGoodbye(walk));
}

/**
 * A transfer is over and the callee still on the line. After a talk only a connection whose condition holds leads on, else the call
 * is over; after a failure any does.
 */
export async function leaveTransfer(runtime: Runtime, call: TalkingCall, leg: WaitingLeg, end: BridgeEnd): Promise<Step[]> {
  const turns = await readTurns(runtime.db.sql, call.callId);
  const answered = turns.find(({ metadata }) => metadata?.['after'] === end.bridge);
  if (answered) return flowSteps(runtime, call, leg, answered.position / 2, answered);
  const connection = turns.map(connectionOf).find((found) => found?.bridge === end.bridge);
  const asked = turns.findLast(({ role }) => role !== 'user');
  const walk = connection && asked && (await openTurn(runtime, call, leg, asked.position / 2 + 1, NOTHING));
  const node = walk?.flow.nodes.get(walk.state.nodeId ?? '');
  if (!walk || !node || !connection) return [{ do: 'hangup' }];
  const { outcome } = end;
  if (outcome !== 'gone') walk.state.transfer = walk.facts.transfer = outcome;
  walk.facts.silence = false;
  const next = outcome === 'gone' ? undefined : nextNode(walk.flow, node, walk.facts, { onlyIf: outcome === 'talked' });
  await settleConnection(runtime, leg, connection, end, walk.state, next !== undefined);
  if (next === undefined && (outcome === 'talked' || outcome === 'gone')) return [{ do: 'hangup' }];
  return finish(runtime, walk, await walkOn(runtime, walk, next), end.bridge);
}

/** The steps of a turn that was kept: the same each time. */
export async function flowSteps(runtime: Runtime, call: TalkingCall, leg: WaitingLeg, turn: number, said: Said): Promise<Step[]> {
  const words = said.role === 'assistant' ? [say(call, said.content)] : [];
  if (said.metadata?.['ends'] === true) return [...words, { do: 'hangup' }];
  const connection = connectionOf(said);
  if (!connection) return [...words, listen(call, turn + 1)];
  const step = await connectionStep(runtime, call, leg, connection);
  if (step) return [...words, step];
  // the phone of this person can't be called: on with the flow, as after a call that failed
  return leaveTransfer(runtime, call, leg, { bridge: connection.bridge, outcome: 'failed', talkSeconds: 0 });
}

async function openTurn(
  { db: { sql } }: Runtime,
  call: TalkingCall,
  leg: WaitingLeg,
  turn: number,
  heard: Heard,
): Promise<Walk | undefined> {
  const run = await readFlowRun(sql, call.callId);
  if (!run) return undefined;
  const state = run.state ?? newState(call);
  return openWalk({ call, leg, flow: openFlow(run), turn, bridges: run.bridges, facts: factsOf(call, run, state, heard), state });
}

function newState({ agentId }: TalkingCall): FlowState {
  return { nodeId: null, vars: {}, transfer: null, webhook: null, counted: [], misses: 0, agentId };
}

function factsOf(call: TalkingCall, run: FlowRun, { vars, transfer, webhook }: FlowState, heard: Heard): Facts {
  const { firstName, lastName, name, email, status, attempt } = run;
  return {
    input: heard.speech ?? null,
    digits: heard.digits ?? null,
    silence: heard.speech === undefined && heard.digits === undefined,
    transfer,
    webhook,
    contact: { firstName, lastName, name, email, phone: call.toNumber, status, tags: run.tags ?? [], customFields: run.customFields ?? {} },
    call: { attempt, context: call.context, to: call.toNumber, from: call.fromNumber },
    vars,
  };
}

/** Writes the turn down with all that it changes; when a repeated callback was quicker, its turn is the one that counts. */
async function finish(runtime: Runtime, walk: Walk, stop: Stop, after?: number): Promise<Step[]> {
  const { call, leg, turn, path, state, tags, fields } = walk;
  const said: Said = {
    ...wordsOf(walk, stop),
    metadata: {
      flow: path,
      ...(stop.do === 'hangup' && { ends: true }),
      ...(stop.do === 'connect' && { connect: stop.connection }),
      ...(after !== undefined && { after }),
    },
  };
  const entered = [...new Set(path)].filter((id) => !state.counted.includes(id));
  const kept = await keep(runtime, walk, {
    turn: { position: 2 * turn, role: said.role, content: said.content, metadata: said.metadata ?? {} },
    state: { ...state, counted: [...state.counted, ...entered] },
    bridges: stop.do === 'connect' ? stop.connection.bridge : 0,
    entered,
    tags,
    fields,
    checkSeconds: runtime.config.WATCHDOG_SECONDS,
  });
  failpoint('turn_kept');
  if (!kept) {
    const first = (await readTurns(runtime.db.sql, call.callId)).find(({ position }) => position === 2 * turn);
    return flowSteps(runtime, call, leg, turn, first ?? said);
  }
  noteCallsChanged(runtime, [call.tenantId]);
  return flowSteps(runtime, call, leg, turn, said);
}

/** Writes a turn; what it makes of the contact is told of with it. */
async function keep(runtime: Runtime, { call }: Walk, turn: FlowTurn): Promise<boolean> {
  const { callId, tenantId, contactId } = call;
  const marks = contactId !== null && (turn.tags.length > 0 || Object.keys(turn.fields).length > 0);
  if (!marks) return withDeadlockRetry(() => keepFlowTurn(runtime.db.sql, callId, turn));
  const kept = await withDeadlockRetry(() =>
    runtime.db.sql.begin(async (sql) => {
      if (!(await keepFlowTurn(sql, callId, turn))) return false;
      const contact = await findContact(sql, tenantId, contactId);
      if (contact) await emit(sql, leadUpdated(tenantId, contact));
      return true;
    }),
  );
  if (kept) await noteChange(runtime, tenantId, 'contacts');
  return kept;
}

/** A turn without words reads as what it does instead. */
function wordsOf({ said }: Walk, stop: Stop): Pick<Said, 'role' | 'content'> {
  if (said.length > 0) return { role: 'assistant', content: said.join(' ') };
  const deeds = { listen: 'Listens', hangup: 'Hangs up', connect: 'Connects the call' };
  return { role: 'system', content: deeds[stop.do] };
}

function connectionOf({ metadata }: Said): Connection | undefined {
  const found = metadata?.['connect'];
  return typeof found === 'object' && found !== null ? (found as Connection) : undefined;
}
