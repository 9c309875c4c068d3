/** A tenant with an agent that talks, and what tests of a conversation say and look for. */
import type { Test } from 'tap';
import type { Step } from '../../carrier/port.ts';
import type { Runtime } from '../../service/runtime.ts';
import { openTestRuntime } from '../runtime.ts';

/** Every call of such a test was claimed with it. */
export const TOKEN = '00000000-0000-4000-8000-000000000001';
export const leg = (callId: number) => ({ callId, token: TOKEN, carrierCallId: `CA${callId}` });
export const words = (steps: Step[]) => steps.flatMap((step) => (step.do === 'say' ? step.text : [])).join(' ');
export const last = (steps: Step[]) => steps.at(-1);
export const speech = (text: string) => ({ speech: text, digits: undefined });
export const pressed = (digits: string) => ({ speech: undefined, digits });
export const NOTHING = { speech: undefined, digits: undefined };

export async function openTalk(t: Test, env: Record<string, string> = {}, voicemail: string | null = null) {
  const runtime = await openTestRuntime(t, env);
  const { sql } = runtime.db;
  const [ids] = await sql<Array<{ agentId: number; tenantId: number }>>`
    with tenant as (insert into tenants (name) values ('T') returning id)
    insert into agents (tenant_id, kind, name, system_prompt, voicemail_message)
    select id, 'ai', 'Ada', 'You sell lamps.', ${voicemail} from tenant returning id as "agentId", tenant_id as "tenantId"`;
  return { runtime, sql, ...(ids ?? { agentId: 0, tenantId: 0 }) };
}

export async function transcript({ db: { sql } }: Runtime, callId: number) {
  return sql<Array<{ position: number; role: string; content: string; metadata: Record<string, unknown> | null }>>`
    select position, role, content, metadata from transcript_turns where call_id = ${callId} order by position`;
}
