import type { BridgeEnd, Step } from '../carrier/port.ts';
import type { Action } from '../core/flow/action.ts';
import { parseId } from '../core/id.ts';
import { readStanding, takePerson, undoBridge, type WaitingLeg } from '../db/query/bridge.ts';
import type { FlowState } from '../db/query/flow-run.ts';
import { giveBack, releaseTalker, reservePerson } from '../db/query/flow-transfer.ts';
import type { TalkingCall } from '../db/query/transcript.ts';
import { NOT_CONNECTED, personStep } from './bridge.ts';
import type { Runtime } from './runtime.ts';

/** A connection that a flow has asked for, as the turn remembers it; without a number it is to a person. */
export interface Connection {
  bridge: number;
  timeoutSeconds: number;
  number?: string;
}

type Transfer = Extract<Action, { type: 'transfer' }>;

/** Finds whom an ACTION transfers to. Undefined: nobody is free, or there is no number of ours to call from. */
export async function findConnection(
  { db: { sql }, config }: Runtime,
  call: TalkingCall,
  leg: WaitingLeg,
  bridges: number,
  { number, agentId, timeoutSeconds }: Transfer,
): Promise<Connection | undefined> {
  if (number !== undefined) return call.fromNumber === null ? undefined : { bridge: bridges + 1, timeoutSeconds, number };
  await reservePerson(sql, leg, agentId === undefined ? undefined : parseId('agent', agentId));
  // nobody but the reserved one: the search that a call for people starts with is over before it begins
  await takePerson(sql, leg, { withinMs: 0, mostBridges: 0, checkSeconds: config.WATCHDOG_SECONDS });
  const standing = await readStanding(sql, leg);
  return standing?.isBridged && standing.personId !== null ? { bridge: standing.bridges, timeoutSeconds } : undefined;
}

/** The step of a connection; the secrets of a person's phone are read anew each time. Undefined when it is over. */
export async function connectionStep(
  runtime: Runtime,
  call: TalkingCall,
  leg: WaitingLeg,
  connection: Connection,
): Promise<Step | undefined> {
  const { bridge, timeoutSeconds, number } = connection;
  if (number !== undefined) {
    return { do: 'connect', to: { number, callerId: call.fromNumber ?? number }, bridge, timeoutSeconds };
  }
  const standing = await readStanding(runtime.db.sql, leg);
  return standing?.isBridged && standing.bridges === bridge ? personStep(runtime, standing, timeoutSeconds) : undefined;
}

/** What the end of a connection means for the person and for whose call it is. */
export async function settleConnection(
  { db: { sql } }: Runtime,
  leg: WaitingLeg,
  connection: Connection,
  { outcome }: BridgeEnd,
  state: FlowState,
  goesOn: boolean,
): Promise<void> {
  if (connection.number !== undefined) return;
  if (outcome === 'talked') {
    if (goesOn) await releaseTalker(sql, leg);
    return;
  }
  await undoBridge(sql, leg, connection.bridge, outcome === 'gone' ? undefined : NOT_CONNECTED[outcome]);
  await giveBack(sql, leg, state.agentId);
}
