import { AppError, badFields } from '../core/errors.ts';
import type { FlowGraph } from '../core/flow/graph.ts';
import { readAction } from '../core/flow/action.ts';
import { findProblems, type Problem } from '../core/flow/validate.ts';
import { parseId } from '../core/id.ts';
import type { Principal } from '../core/principal.ts';
import { findAgentKind } from '../db/query/agents.ts';
import {
  campaignsWith,
  deleteFlow,
  findFlow,
  type FlowChange,
  type FlowRow,
  type FlowWithGraph,
  insertFlow,
  type NewFlow,
  updateFlow,
} from '../db/query/flows.ts';
import { noteChange } from './changes.ts';
import { readTarget, RefusedTarget } from './outbound-address.ts';
import type { Runtime } from './runtime.ts';

/** So many problems are told at once. */
const MOST_TOLD = 100;

/** All that keeps a flow from being used: by itself, and because of what it refers to. Nothing is saved. */
export async function problemsOf({ db: { sql }, config }: Runtime, who: Principal, graph: FlowGraph): Promise<Problem[]> {
  const problems = findProblems(graph);
  const agents = new Map<string, Promise<string | undefined>>();
  for (const [index, { id, type, config: settings }] of graph.nodes.entries()) {
    const read = type === 'ACTION' ? readAction(settings.action) : undefined;
    if (!read || !('action' in read)) continue;
    const blame = (message: string) => problems.push({ field: `nodes.${index} (${id})`, nodeId: id, message });
    const { action } = read;
    if (action.type === 'webhook') {
      const fault = addressFault(config, action.url);
      if (fault !== undefined) blame(`config.action.url ${fault}`);
    } else if (action.type === 'transfer' && action.agentId !== undefined) {
      const agentId = parseId('agent', action.agentId);
      if (!agents.has(action.agentId)) agents.set(action.agentId, findAgentKind(sql, who.tenantId, agentId ?? 0));
      if ((await agents.get(action.agentId)) !== 'human') blame('config.action.agentId is no person of yours');
    }
  }
  return problems;
}

function addressFault(config: Runtime['config'], url: string): string | undefined {
  try {
    readTarget(config, url);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedTarget)) throw error;
    return error.message;
  }
}

/** Saves a flow that has no problems. @throws AppError validation that names each node to blame */
export async function createFlow(runtime: Runtime, who: Principal, flow: NewFlow): Promise<FlowWithGraph> {
  await refuseProblems(runtime, who, flow);
  const row = await insertFlow(runtime.db.sql, who, flow);
  await noteChange(runtime, who.tenantId, 'flows');
  return { ...row, graphVersion: row.version, nodes: [...flow.nodes], connections: [...flow.connections] };
}

/**
 * Changes what is given; nodes or connections make a new version, which calls that are answered from now on go through.
 * @throws AppError not_found; validation; conflict when it was changed since `version`, or meanwhile
 */
export async function changeFlow(
  runtime: Runtime,
  who: Principal,
  id: string,
  { nodes, connections, ...change }: Omit<FlowChange, 'graph'> & Partial<FlowGraph>,
): Promise<FlowWithGraph> {
  const before = await flowOf(runtime, who, id);
  const graph = nodes || connections ? { nodes: nodes ?? before.nodes, connections: connections ?? before.connections } : undefined;
  if (graph) await refuseProblems(runtime, who, graph);
  // one half given: the other is as it was read
  const version = change.version ?? (graph && !(nodes && connections) ? before.version : undefined);
  const row = await updateFlow(runtime.db.sql, who.tenantId, before.id, { ...change, graph, version });
  if (!row) {
    const { version: now } = await flowOf(runtime, who, id);
    throw new AppError('conflict', `This flow was changed meanwhile: its version is ${now}`);
  }
  await noteChange(runtime, who.tenantId, 'flows');
  return after(row, before, graph);
}

function after(row: FlowRow, before: FlowWithGraph, graph: FlowGraph | undefined): FlowWithGraph {
  const { nodes, connections } = graph ?? before;
  return { ...row, graphVersion: row.version, nodes: [...nodes], connections: [...connections] };
}

/** Deletes a flow; calls that are in it go on, waiting ones are talked by their agent. @throws AppError not_found; conflict while a campaign uses it */
export async function removeFlow(runtime: Runtime, who: Principal, id: string): Promise<void> {
  const flow = await flowOf(runtime, who, id);
  const { sql } = runtime.db;
  if (!(await deleteFlow(sql, who.tenantId, flow.id))) {
    const names = await campaignsWith(sql, who.tenantId, flow.id);
    if (names.length > 0) throw new AppError('conflict', `This flow is used by ${names.join(', ')}`);
  }
  await noteChange(runtime, who.tenantId, 'flows');
}

/** One flow of the caller's tenant, in a version or as it is now. @throws AppError not_found, also for another tenant's */
export async function flowOf({ db: { sql } }: Runtime, { tenantId }: Principal, text: string, version?: number): Promise<FlowWithGraph> {
  const id = parseId('flow', text);
  const flow = id === undefined ? undefined : await findFlow(sql, tenantId, id, version);
  if (!flow) throw new AppError('not_found', version === undefined ? 'There is no such flow' : 'There is no such version of a flow');
  return flow;
}

async function refuseProblems(runtime: Runtime, who: Principal, graph: FlowGraph): Promise<void> {
  const problems = await problemsOf(runtime, who, graph);
  if (problems.length === 0) return;
  const byField = new Map<string, string>();
  for (const { field, message } of problems) byField.set(field, [byField.get(field), message].filter(Boolean).join('; '));
  throw badFields([...byField].slice(0, MOST_TOLD).map(([field, message]) => ({ field, message, in: 'body' })));
}
