import { type Static, Type } from '@sinclair/typebox';
import { CALL_STATUSES, type CallStatus } from '../../core/call.ts';
import { formatId } from '../../core/id.ts';
import type { CallRecord } from '../../db/query/call-records.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

export const STATUSES = CALL_STATUSES.map((status) => status.toUpperCase()) as Array<Uppercase<CallStatus>>;

export const Call = Type.Object({
  id: Type.String({ examples: ['call_123'] }),
  status: OneOf(STATUSES),
  direction: OneOf(['INBOUND', 'OUTBOUND']),
  phone: Type.String({ description: 'E.164' }),
  contactId: Nullable(Type.String(), 'null: not a contact’s'),
  campaignId: Nullable(Type.String(), 'null: not a campaign’s'),
  flowId: Nullable(Type.String(), 'null: the agent talks without a flow, or it has not begun'),
  agentId: Type.String(),
  agentName: Type.String(),
  scheduledAt: Nullable(Timestamp(), 'null while nobody has scheduled it'),
  startedAt: Nullable(Timestamp(), 'null: not dialed'),
  endedAt: Nullable(Timestamp(), 'null: not over'),
  duration: Nullable(Type.Integer(), 'Seconds; null until it is over'),
  createdAt: Timestamp(),
});

export function presentCall(call: CallRecord): Static<typeof Call> {
  return {
    id: formatId('call', call.id),
    status: call.status.toUpperCase() as Uppercase<CallStatus>,
    direction: call.direction === 'inbound' ? 'INBOUND' : 'OUTBOUND',
    phone: call.destination,
    contactId: call.contactId === null ? null : formatId('contact', call.contactId),
    campaignId: call.campaignId === null ? null : formatId('campaign', call.campaignId),
    flowId: call.flowId === null ? null : formatId('flow', call.flowId),
    agentId: formatId('agent', call.agentId),
    agentName: call.agentName,
    scheduledAt: call.scheduledFor?.toISOString() ?? null,
    startedAt: call.startedAt?.toISOString() ?? null,
    endedAt: call.endedAt?.toISOString() ?? null,
    duration: call.durationSeconds ?? (call.endedAt ? 0 : null),
    createdAt: call.createdAt.toISOString(),
  };
}
