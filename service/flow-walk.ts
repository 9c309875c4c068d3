import { type Action, readAction } from '../core/flow/action.ts';
import type { FlowNode } from '../core/flow/graph.ts';
import { fill } from '../core/flow/template.ts';
import type { Facts, Scalar } from '../core/flow/variable.ts';
import { type Flow, listens, nextNode } from '../core/flow/walk.ts';
import { optOutFarewell } from '../core/opt-out.ts';
import type { WaitingLeg } from '../db/query/bridge.ts';
import type { FlowState } from '../db/query/flow-run.ts';
import type { TalkingCall } from '../db/query/transcript.ts';
import { suppressCallee } from './do-not-call.ts';
import { type Connection, findConnection } from './flow-transfer.ts';
import { postOfFlow } from './flow-webhook.ts';
import type { Runtime } from './runtime.ts';
import { FAREWELL } from './talk-step.ts';

/** More than any flow has nodes; it is a second wall, since a flow with a loop that nobody can leave is not saved. */
const MOST_STEPS = 1000;
/** A carrier takes 64 kB of instructions at once. */
const MOST_SPOKEN = 15_000;
const MOST_MISSES = 2;
const LONGEST_FIELD = 2000;
const WEBHOOK_MS = 2000;
/** For all webhooks of one turn; the carrier waits 15 s for an answer. */
const WEBHOOKS_MS = 5000;

/** One turn's way through a flow. */
export interface Walk {
  call: TalkingCall;
  leg: WaitingLeg;
  flow: Flow;
  /** the number of the words that this turn ends with */
  turn: number;
  /** connections of the call so far */
  bridges: number;
  facts: Facts;
  state: FlowState;
  said: string[];
  path: string[];
  tags: string[];
  fields: Record<string, Scalar>;
  webhooksUntilMs: number;
}

/** How a turn ends. */
export type Stop = { do: 'listen' } | { do: 'hangup' } | { do: 'connect'; connection: Connection };

export function openWalk(given: Omit<Walk, 'said' | 'path' | 'tags' | 'fields' | 'webhooksUntilMs'>): Walk {
  return { ...given, said: [], path: [], tags: [], fields: {}, webhooksUntilMs: Date.now() + WEBHOOKS_MS };
}

/** Goes from node to node until somebody is to speak, or the call is over. */
export async function walkOn(runtime: Runtime, walk: Walk, from: string | undefined): Promise<Stop> {
  let next = from;
  for (let step = 0; next !== undefined && step < MOST_STEPS; step++) {
    const node = walk.flow.nodes.get(next);
    if (!node) break;
    walk.path.push(node.id);
    const stop = await enter(runtime, walk, node);
    if (stop) return stop;
    next = nextNode(walk.flow, node, walk.facts);
  }
  return askAgain(walk) ?? sayGoodbye(walk);
}

/** An answer led nowhere: the message that asked is said again, a few times. */
export function askAgain(walk: Walk, before?: string): Stop | undefined {
  const { flow, state, facts } = walk;
  const asked = flow.nodes.get(state.nodeId ?? '');
  if (!asked || asked.type !== 'MESSAGE' || state.misses >= MOST_MISSES) return undefined;
  state.misses++;
  if (before !== undefined) walk.said.push(before);
  walk.said.push(fill(asked.config.message ?? '', facts));
  return { do: 'listen' };
}

export function sayGoodbye(walk: Walk, words = FAREWELL): Stop {
  walk.said.push(words);
  return { do: 'hangup' };
}

async function enter(runtime: Runtime, walk: Walk, node: FlowNode): Promise<Stop | undefined> {
  switch (node.type) {
    case 'START':
    case 'CONDITION':
      return undefined;
    case 'MESSAGE':
      if (!speak(walk, node)) return sayGoodbye(walk);
      if (!listens(walk.flow, node)) return undefined;
      Object.assign(walk.state, { nodeId: node.id, misses: 0 });
      return { do: 'listen' };
    case 'END':
      speak(walk, node);
      return { do: 'hangup' };
    case 'ACTION': {
      const read = readAction(node.config.action);
      return 'action' in read ? act(runtime, walk, node, read.action) : undefined;
    }
  }
}

/** False when it is too much to be said at once. */
function speak(walk: Walk, { config }: FlowNode): boolean {
  const text = fill(config.message ?? '', walk.facts).trim();
  if (text === '') return true;
  if (walk.said.reduce((sum, { length }) => sum + length, text.length) > MOST_SPOKEN) return false;
  walk.said.push(text);
  return true;
}

async function act(runtime: Runtime, walk: Walk, node: FlowNode, action: Action): Promise<Stop | undefined> {
  const { call, facts, state } = walk;
  switch (action.type) {
    case 'tag':
      walk.tags.push(...action.tags);
      facts.contact.tags = [...new Set([...facts.contact.tags, ...action.tags])];
      return undefined;
    case 'set_field':
      setField(walk, action);
      return undefined;
    case 'opt_out':
      await suppressCallee(runtime, call.callId, facts.digits === null ? 'speech' : 'keypress');
      return (walk.flow.exits.get(node.id) ?? []).length > 0 ? undefined : sayGoodbye(walk, optOutFarewell(call.language));
    case 'webhook': {
      const timeoutMs = Math.min(WEBHOOK_MS, walk.webhooksUntilMs - Date.now());
      facts.webhook =
        timeoutMs > 0 && (await postOfFlow(runtime, call, facts, { url: action.url, nodeId: node.id, turn: walk.turn, timeoutMs }));
      state.webhook = facts.webhook;
      return undefined;
    }
    case 'transfer': {
      const connection = await findConnection(runtime, call, walk.leg, walk.bridges, action);
      if (!connection) {
        state.transfer = facts.transfer = 'failed';
        return undefined;
      }
      Object.assign(state, { nodeId: node.id, misses: 0 });
      return { do: 'connect', connection };
    }
    case 'hang_up':
      return { do: 'hangup' };
  }
}

function setField({ facts, state, fields }: Walk, { of, field, value }: Extract<Action, { type: 'set_field' }>): void {
  const filled = typeof value === 'string' ? fill(value, facts).trim().slice(0, LONGEST_FIELD) : value;
  if (of === 'vars') {
    state.vars = facts.vars = { ...facts.vars, [field]: filled };
  } else {
    fields[field] = filled;
    facts.contact.customFields = { ...facts.contact.customFields, [field]: filled };
  }
}
