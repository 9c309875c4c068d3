import type { System } from '../system.ts';

/** Somebody with an account and an agent that calls. */
export interface Caller {
  token: string;
  userId: number;
  tenantId: number;
  agentId: string;
}

export async function newCaller(system: System, agent: Readonly<Record<string, unknown>> = {}): Promise<Caller> {
  const { token, userId, tenantId } = await system.login();
  const { body } = await system.request('POST', '/api/v1/agents', {
    token,
    json: { name: 'Tea Agent', systemPrompt: 'You sell tea.', voice: 'Rachel', ...agent },
  });
  return { token, userId: Number(userId.replace('user_', '')), tenantId, agentId: body.data._id };
}

/** Asks for a call as its documents show; answers its number. */
export async function call(system: System, who: Caller, toPhone: string, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const { status, body } = await system.request('POST', '/api/v1/calls/outbound', {
    token: who.token,
    json: { toPhone, agentId: who.agentId, ...more },
  });
  if (status !== 201) throw new Error(`POST answered ${status}: ${JSON.stringify(body)}`);
  return Number(String(body.data._id).replace('call_', ''));
}

/** How often the sandbox rang a number. */
export function ringsOf(system: System, to: string): number | undefined {
  return system.sandbox?.rings().filter((ring) => ring.to === to).length;
}

/** What a call's status is while it may still change. */
export const OPEN: readonly string[] = ['unscheduled', 'scheduled', 'queued', 'dialing', 'unknown', 'ringing', 'in_progress'];
