import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { maskPhone } from '../../core/mask.ts';
import type { Component } from '../../core/money.ts';
import { redact } from '../../core/redact.ts';
import type { CallLogDetail, LoggedCall } from '../../db/query/call-log.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { CALL_WORDS, endingOf, wordOf } from './call-status.ts';
import { sessionIdOf } from './session-id.ts';

const ITEM = {
  session_id: Type.String({ examples: ['sess_123456'] }),
  ts: Timestamp('When it was dialed; until then for when it was asked, or when it was asked for'),
  agent: Type.Object({ id: Type.String({ examples: ['agent_123'] }), name: Type.String() }),
  masked_phone: Type.String({ examples: ['+1*** **45'] }),
  duration_sec: Type.Integer({ description: '0 until the call has ended' }),
  status: OneOf(CALL_WORDS),
  reason: Nullable(
    Type.String({ examples: ['Nobody answered'] }),
    'Why it was not dialed, or how it ended; null: it was completed, or is not over',
  ),
  cost: Type.Number({ description: '0 while nothing has been charged' }),
};

export const CallItem = Type.Object(ITEM);

export const CallDetail = Type.Object(
  {
    ...ITEM,
    chat: Type.Array(
      Type.Object({
        timestamp: Timestamp(),
        speaker: OneOf(['agent', 'customer']),
        message: Type.String({ description: 'Phone numbers, e-mail addresses and payment cards are replaced' }),
      }),
    ),
    cost_breakdown: Type.Array(
      Type.Object({
        type: Type.String({ examples: ['call_duration'] }),
        amount: Type.Number(),
        description: Type.String({ examples: ['3 minutes at $0.033/min'] }),
      }),
    ),
    recording: Type.Object({ available: Type.Boolean() }),
  },
  { description: 'The call' },
);

export function presentItem(call: LoggedCall): Static<typeof CallItem> {
  return {
    session_id: sessionIdOf(call.id),
    ts: call.startsAt.toISOString(),
    agent: { id: formatId('agent', call.agentId), name: call.agentName },
    masked_phone: maskPhone(call.theirNumber),
    duration_sec: call.durationSeconds ?? 0,
    status: wordOf(call.status),
    reason: reasonOf(call),
    cost: Number(call.cost ?? 0),
  };
}

/** A reason of the carrier's may name a number. */
function reasonOf({ status, failureReason }: LoggedCall): string | null {
  return status === 'failed' && failureReason !== null ? redact(failureReason) : endingOf(status);
}

const TYPES: Record<Component, string> = {
  carrier: 'call_duration',
  stt: 'transcription',
  llm: 'language_model',
  tts: 'speech',
};

export function presentDetail(call: CallLogDetail): Static<typeof CallDetail> {
  return {
    ...presentItem(call),
    chat: call.turns.map(({ role, content, at }) => ({
      timestamp: at.toISOString(),
      speaker: role === 'assistant' ? ('agent' as const) : ('customer' as const),
      message: redact(content),
    })),
    cost_breakdown: call.charges.map(({ component, amount, description }) => ({
      type: TYPES[component],
      amount: Number(amount),
      description: inWords(description),
    })),
    recording: { available: call.recordingId !== null },
  };
}

/** `3 × min at $0.033`, as the ledger has it, → `3 minutes at $0.033/min`. */
function inWords(description: string): string {
  const [, quantity = '', unit = '', price = ''] = /^([\d.]+) × (min|1,000 \w+) at (\$[\d.e-]+)$/.exec(description) ?? [];
  if (unit === '') return description;
  if (unit === 'min') return `${quantity} ${quantity === '1' ? 'minute' : 'minutes'} at ${price}/min`;
  return `${quantity} × ${unit} at ${price} each`;
}
