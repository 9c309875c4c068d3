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

/** Adds turns; a position that is taken keeps what it has, so that a repeated callback changes nothing. */
export async function addTurns(sql: Sql, callId: number, turns: readonly NewTurn[]): Promise<void> {
  if (turns.length === 0) return;
  await sql`
    insert into transcript_turns (call_id, position, role, content, tokens, metadata, at)
    select ${callId}, position, role, content, tokens, metadata, clock_timestamp()
      from unnest(${turns.map((t) => t.position)}::int[], ${turns.map((t) => t.role)}::text[], ${turns.map((t) => t.content)}::text[],
                  ${turns.map((t) => t.tokens ?? null)}::int[], ${turns.map((t) => (t.metadata ? JSON.stringify(t.metadata) : null))}::jsonb[])
           as t(position, role, content, tokens, metadata)
    on conflict do nothing`;
}

export async function readTurns(sql: Sql, callId: number): Promise<Turn[]> {
  return sql<Turn[]>`select position, role, content, at, metadata from transcript_turns where call_id = ${callId} order by position`;
}

/** What an agent needs to hold a conversation. */
export interface TalkingCall {
  callId: number;
  status: string;
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
}

export async function findTalkingCall(sql: Sql, callId: number): Promise<TalkingCall | undefined> {
  const [row] = await sql<TalkingCall[]>`
    select c.id as "callId", c.status, c.context, a.id as "agentId", a.name as "agentName", a.system_prompt as "systemPrompt", a.greeting,
           a.voicemail_message as "voicemailMessage", a.voice, a.language, a.model, a.temperature, a.max_tokens as "maxTokens"
      from calls c join agents a on a.id = c.agent_id where c.id = ${callId}`;
  return row;
}
