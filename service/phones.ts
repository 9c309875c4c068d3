import { AppError, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { brokenUnique } from '../db/client.ts';
import { findAgent } from '../db/query/agents.ts';
import { insertPhone, type PhoneRow, updatePhone } from '../db/query/phones.ts';
import type { Runtime } from './runtime.ts';

/**
 * Gives a tenant a number, answered by one of its agents.
 * @throws AppError `invalid_phone_number`, `invalid_agent`, `duplicate`
 */
export async function registerPhone(rt: Runtime, who: Principal, input: { phoneNumber: string; agentId?: string }): Promise<PhoneRow> {
  const number = toE164(input.phoneNumber);
  if (number === undefined) throw fieldError('invalid_phone_number', 'phoneNumber', 'must be an E.164 number such as +919876543210');
  const agentId = input.agentId === undefined ? undefined : await ownAgentId(rt, who, input.agentId);
  return insertPhone(rt.db.sql, { tenantId: who.tenantId, number, agentId, createdBy: who.userId }).catch((error: unknown) => {
    throw brokenUnique(error) === 'phone_numbers_tenant_number'
      ? new AppError('duplicate', 'This phone number is registered already')
      : error;
  });
}

/** Changes a number's agent or switches it on or off. @throws AppError `not_found`, `invalid_agent` */
export async function changePhone(
  rt: Runtime,
  who: Principal,
  id: string,
  change: { agentId?: string | null; isActive?: boolean },
): Promise<PhoneRow> {
  const number = parseId('phone', id);
  const agentId = typeof change.agentId === 'string' ? await ownAgentId(rt, who, change.agentId) : change.agentId;
  const row = number === undefined ? undefined : await updatePhone(rt.db.sql, who.tenantId, number, { agentId, isActive: change.isActive });
  if (!row) throw new AppError('not_found', 'There is no such phone number');
  return row;
}

async function ownAgentId(rt: Runtime, who: Principal, text: string): Promise<number> {
  const id = parseId('agent', text);
  const agent = id === undefined ? undefined : await findAgent(rt.db.sql, who.tenantId, id);
  if (!agent) throw fieldError('invalid_agent', 'agentId', 'names no agent of yours');
  return agent.id;
}
