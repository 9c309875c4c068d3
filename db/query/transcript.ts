import type { Sql } from '../client.ts';

export interface Turn {
  position: number;
  role: 'assistant' | 'user' | 'system';
  content: string;
  at: Date;
  metadata: Record<string, unknown> | null;
}

export interface NewTurn {
  position: number;
  role: Turn['role'];
  content: string;
  tokens?: number;
  metadata?: Record<string, unknown>;
}

/**
 * Adds a turn; a position that is taken keeps what it has, so that a repeated callback changes nothing. Somebody talks, so
 * the watchdog has no need to ask.
 */
export async function addTurn(sql: Sql, callId: number, turn: NewTurn, checkSeconds: number): Promise<boolean> {
  const rows = await sql`
    with alive as (
      update calls set check_at = now() + ${checkSeconds} * interval '1 second' where id = ${callId} and status = 'in_progress'
    )
    insert into transcript_turns (call_id, position, role, content, tokens, metadata, at)
    values (${callId}, ${turn.position}, ${turn.role}, ${turn.content}, ${turn.tokens ?? null},
            ${turn.metadata ? JSON.stringify(turn.metadata) : null}::jsonb, clock_timestamp())
    on conflict do nothing returning position`;
  return rows.length > 0;
}

/** Words were handed over to be spoken. */
export async function markSpoken(sql: Sql, callId: number, position: number): Promise<void> {
  await sql`
    update transcript_turns set metadata = coalesce(metadata, '{}') || '{"spoken": true}'
     where call_id = ${callId} and position = ${position} and metadata->'spoken' is null`;
}

/** One dial of a row, as the carrier that made it names it. */
export interface Dial {
  callId: number;
  token: string;
  carrierCallId: string;
}

/** Whether a row still belongs to that dial and nothing is known of what was said in it. */
export async function isUntold(sql: Sql, dial: Dial): Promise<boolean> {
  const rows = await sql`select from calls c where ${untold(sql, dial)}`;
  return rows.length > 0;
}

/** The whole conversation of one dial, told when it was over: kept if the row has none yet. */
export async function keepTurns(
  sql: Sql,
  dial: Dial,
  turns: ReadonlyArray<{ role: 'assistant' | 'user'; content: string; at: Date | undefined }>,
): Promise<void> {
  await sql`
    insert into transcript_turns (call_id, position, role, content, at)
    select c.id, t.place - 1, t.role, t.content, coalesce(t.at, clock_timestamp())
      from calls c,
           unnest(${turns.map((turn) => turn.role)}::text[], ${turns.map((turn) => turn.content)}::text[],
                  ${turns.map((turn) => turn.at?.toISOString() ?? null)}::timestamptz[]) with ordinality as t(role, content, at, place)
     where ${untold(sql, dial)}
    on conflict do nothing`;
}

function untold(sql: Sql, { callId, token, carrierCallId }: Dial) {
  return sql`c.id = ${callId} and c.claim_token = ${token}::uuid and coalesce(c.carrier_call_id, ${carrierCallId}) = ${carrierCallId}
    and not exists (select from transcript_turns known where known.call_id = c.id)`;
}

export async function readTurns(sql: Sql, callId: number): Promise<Turn[]> {
  return sql<Turn[]>`select position, role, content, at, metadata from transcript_turns where call_id = ${callId} order by position`;
}

/** What an agent needs to hold a conversation. */
export interface TalkingCall {
  callId: number;
  status: string;
  token: string | null;
  carrierCallId: string | null;
  context: string | null;
  agentId: number;
  agentName: string;
  systemPrompt: string | null;
  greeting: string | null;
  voicemailMessage: string | null;
  voice: string | null;
  language: string;
  model: string | null;
  temperature: number | null;
  maxTokens: number | null;
  tenantId: number;
  campaignId: number | null;
  contactId: number | null;
  toNumber: string;
  fromNumber: string | null;
  agentKind: 'ai' | 'human';
  /** the agent of a carrier that the agent stands for, and which carrier's */
  carrierAgentId: string | null;
  carrierAgentCarrier: string | null;
  bridgedAt: Date | null;
  abandonedAt: Date | null;
  /** the flow that it goes through: its own, else its campaign's, else its agent's */
  flowId: number | null;
  flowVersion: number | null;
  flowState: Record<string, unknown> | null;
}

/** Of a call that goes through a flow, the agent is the flow's, whoever has talked meanwhile. */
export async function findTalkingCall(sql: Sql, callId: number): Promise<TalkingCall | undefined> {
  const [row] = await sql<TalkingCall[]>`
    select c.id as "callId", c.status, c.claim_token::text as token, c.carrier_call_id as "carrierCallId", c.context, a.id as "agentId", a.name as "agentName", a.system_prompt as "systemPrompt", a.greeting,
           a.voicemail_message as "voicemailMessage", a.voice, a.language, a.model, a.temperature, a.max_tokens as "maxTokens",
           c.tenant_id as "tenantId", c.campaign_id as "campaignId", c.contact_id as "contactId", c.to_number as "toNumber",
           c.from_number as "fromNumber", a.kind as "agentKind", a.carrier_agent_id as "carrierAgentId",
           a.carrier as "carrierAgentCarrier", c.bridged_at as "bridgedAt", c.abandoned_at as "abandonedAt",
           coalesce(c.flow_id, campaign.flow_id, a.flow_id) as "flowId", c.flow_version as "flowVersion", c.flow_state as "flowState"
      from calls c join agents a on a.id = coalesce((c.flow_state->>'agentId')::bigint, c.agent_id) left join campaigns campaign on campaign.id = c.campaign_id where c.id = ${callId}`;
  return row;
}
