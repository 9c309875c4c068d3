import { AppError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import type { Principal } from '../core/principal.ts';
import { type AgentFields, type AgentRow, deleteAgent, findAgent, updateAgent } from '../db/query/agents.ts';
import { noteChange } from './changes.ts';
import { removeDocumentFile } from './document-store.ts';
import type { Runtime } from './runtime.ts';

/** One AI agent of the caller's tenant. @throws AppError `not_found`, also for another tenant's */
export async function agentOf(rt: Runtime, who: Principal, id: string): Promise<AgentRow> {
  return orMissing(await findAgent(rt.db.sql, who.tenantId, numberOf(id)));
}

/**
 * Changes what is given. Switched off, an agent dials nothing more: calls of its campaigns wait until it is switched on again, the gate
 * drops its others. @throws AppError `not_found`
 */
export async function changeAgent(rt: Runtime, who: Principal, id: string, change: Partial<AgentFields>): Promise<AgentRow> {
  const row = orMissing(await updateAgent(rt.db.sql, who.tenantId, numberOf(id), change));
  // call records show it
  if (change.name !== undefined) await noteChange(rt, who.tenantId, 'calls');
  return row;
}

/**
 * Deletes an agent and its documents; its waiting calls are dropped by the gate, finished ones stay readable. Files that a crash leaves
 * are removed as orphans. @throws AppError `not_found`
 */
export async function removeAgent(rt: Runtime, who: Principal, id: string): Promise<void> {
  const files = await deleteAgent(rt.db.sql, who.tenantId, numberOf(id));
  if (!files) throw noAgent();
  for (const key of files) await removeDocumentFile(rt.config, key);
}

function numberOf(id: string): number {
  const number = parseId('agent', id);
  if (number === undefined) throw noAgent();
  return number;
}

function orMissing(row: AgentRow | undefined): AgentRow {
  if (!row) throw noAgent();
  return row;
}

function noAgent(): AppError {
  return new AppError('not_found', 'There is no such agent');
}
