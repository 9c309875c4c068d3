import { type Static, Type } from '@sinclair/typebox';
import { CALL_STATUSES, type CallStatus, OUTCOMES } from '../../core/call.ts';
import type { CallRecord } from '../../db/query/call-records.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

/** The document calls a completed call answered; every other status goes by its own name. */
export type StatusWord = 'answered' | Exclude<CallStatus, 'completed'>;
export const STATUS_WORDS: readonly StatusWord[] = CALL_STATUSES.map(wordOf);
/** How a call can have ended, in the same words. */
export const ENDED_WORDS: readonly StatusWord[] = OUTCOMES.map(wordOf);

export function wordOf(status: CallStatus): StatusWord {
  return status === 'completed' ? 'answered' : status;
}

export function statusOf(word: StatusWord): CallStatus {
  return word === 'answered' ? 'completed' : word;
}

const core = {
  id: Type.Integer(),
  agentId: Type.Integer(),
  destination: Type.String({ description: 'E.164' }),
  direction: OneOf(['inbound', 'outbound']),
  status: OneOf(STATUS_WORDS),
  duration: Nullable(Type.Integer({ description: 'Seconds' }), 'null until it has ended; 0 when nobody was reached'),
  startTime: Nullable(Timestamp(), 'null: not dialed'),
  endTime: Nullable(Timestamp(), 'null: not ended'),
};

/** What `POST /calls` answers. */
export const NewCallAnswer = Type.Object(core);

export const CallAnswer = Type.Object({
  ...core,
  agentName: Type.String(),
  extension: Nullable(Type.String(), 'null: an AI agent has none'),
  recordingUrl: Nullable(Type.String({ examples: ['/api/recordings/1'] }), 'null: there is no recording'),
  metadata: Type.Object(
    {
      campaignId: Nullable(Type.Integer()),
      leadId: Nullable(Type.Integer()),
      disposition: Nullable(Type.String(), 'null: nobody has said what came of it'),
    },
    { additionalProperties: true, description: 'With what the call was asked for with' },
  ),
});

export function presentNewCall(call: CallRecord): Static<typeof NewCallAnswer> {
  return {
    id: call.id,
    agentId: call.agentId,
    destination: call.destination,
    direction: call.direction,
    status: wordOf(call.status),
    duration: call.durationSeconds ?? (call.endedAt ? 0 : null),
    startTime: call.startedAt?.toISOString() ?? null,
    endTime: call.endedAt?.toISOString() ?? null,
  };
}

export function presentCall(call: CallRecord): Static<typeof CallAnswer> {
  return {
    ...presentNewCall(call),
    agentName: call.agentName,
    extension: call.extension,
    recordingUrl: call.recordingId === null ? null : `/api/recordings/${call.recordingId}`,
    metadata: {
      ...call.metadata,
      campaignId: call.campaignId,
      leadId: call.contactId,
      disposition: call.disposition,
    },
  };
}
