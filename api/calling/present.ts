import { Type } from '@sinclair/typebox';
import type { CallStatus } from '../../core/call.ts';
import { WHY } from '../../core/gate.ts';
import { formatId } from '../../core/id.ts';
import { PRIORITY_NAMES, priorityName } from '../../core/priority.ts';
import type { AgentRow } from '../../db/query/agents.ts';
import type { CallDetail, ListedCall, Turn } from '../../db/query/call-list.ts';
import type { PhoneRow, PhoneWithAgent } from '../../db/query/phones.ts';
import type { AcceptedCall } from '../../service/calls.ts';
import type { NamedPassage } from '../../service/model.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

const Id = (kind: string) => Type.String({ examples: [`${kind}_123`] });

export const Agent = Type.Object({
  _id: Id('agent'),
  name: Type.String(),
  systemPrompt: Type.String(),
  voice: Nullable(Type.String(), 'null: the carrier’s own'),
  model: Nullable(Type.String(), 'null: the installation’s own'),
  temperature: Nullable(Type.Number()),
  maxTokens: Nullable(Type.Integer()),
  isActive: Type.Boolean(),
  userId: Nullable(Id('user')),
  createdAt: Timestamp(),
  greeting: Nullable(Type.String(), 'What it says first'),
  voicemailMessage: Nullable(Type.String(), 'What it leaves on an answering machine'),
  language: Type.String({ examples: ['en-US'] }),
});

export function presentAgent(row: AgentRow) {
  const { id, createdBy, createdAt, systemPrompt, ...rest } = row;
  return {
    _id: formatId('agent', id),
    ...rest,
    systemPrompt: systemPrompt ?? '',
    userId: userId(createdBy),
    createdAt: createdAt.toISOString(),
  };
}

export const ListedAgent = Type.Object({ _id: Id('agent'), name: Type.String(), isActive: Type.Boolean(), createdAt: Timestamp() });

export function presentListedAgent(row: AgentRow) {
  return { _id: formatId('agent', row.id), name: row.name, isActive: row.isActive, createdAt: row.createdAt.toISOString() };
}

export const Phone = Type.Object({
  _id: Id('phone'),
  phoneNumber: Type.String({ examples: ['+919876543210'] }),
  agentId: Nullable(Id('agent'), 'null: no agent answers it'),
  userId: Nullable(Id('user')),
  isActive: Type.Boolean(),
  createdAt: Timestamp(),
});

export function presentPhone(row: PhoneRow) {
  return {
    _id: formatId('phone', row.id),
    phoneNumber: row.number,
    agentId: row.agentId === null ? null : formatId('agent', row.agentId),
    userId: userId(row.createdBy),
    isActive: row.isActive,
    createdAt: row.createdAt.toISOString(),
  };
}

export const ListedPhone = Type.Object({
  _id: Id('phone'),
  phoneNumber: Type.String({ examples: ['+919876543210'] }),
  agentId: Nullable(Type.Object({ _id: Id('agent'), name: Type.String() }), 'null: no agent answers it'),
  isActive: Type.Boolean(),
});

export function presentListedPhone(row: PhoneWithAgent) {
  return {
    _id: formatId('phone', row.id),
    phoneNumber: row.number,
    agentId: row.agentId === null ? null : { _id: formatId('agent', row.agentId), name: row.agentName ?? '' },
    isActive: row.isActive,
  };
}

/** The document's words for where a call is. */
const WIRE = {
  unscheduled: 'unscheduled',
  scheduled: 'scheduled',
  queued: 'scheduled',
  dialing: 'in-progress',
  unknown: 'in-progress',
  ringing: 'in-progress',
  in_progress: 'in-progress',
  completed: 'completed',
  no_answer: 'failed',
  busy: 'failed',
  failed: 'failed',
  voicemail: 'failed',
  abandoned: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<CallStatus, string>;

export const WIRE_STATUSES = ['scheduled', 'in-progress', 'completed', 'failed', 'cancelled', 'unscheduled'] as const;

/** What `?status=` may be: the document's words, or our exact ones. */
export const STATUS_FILTERS = [...new Set([...WIRE_STATUSES, ...(Object.keys(WIRE) as CallStatus[])])];
export type StatusFilter = (typeof STATUS_FILTERS)[number];

/** The statuses a filter means. `scheduled` and `failed`, which are both, mean the document's. */
export function statusesOf(filter: StatusFilter): CallStatus[] {
  const documented = (Object.keys(WIRE) as CallStatus[]).filter((status) => WIRE[status] === filter);
  return documented.length > 0 ? documented : [filter as CallStatus];
}

const Status = OneOf(WIRE_STATUSES);
const FailureReason = Nullable(Type.String(), 'no_answer, busy, failed, voicemail or abandoned; null unless the status is failed');
const Priority = OneOf(PRIORITY_NAMES);

export const AcceptedCallAnswer = Type.Object({
  _id: Id('call'),
  toPhone: Type.String({ examples: ['+919876543210'] }),
  agentId: Id('agent'),
  status: Status,
  scheduledFor: Timestamp('The moment that was asked for; without one, that of the request'),
  timezone: Type.String({ examples: ['Asia/Kolkata'] }),
  priority: Priority,
  createdAt: Timestamp(),
});

export function presentAccepted(call: AcceptedCall) {
  return {
    _id: formatId('call', call.id),
    toPhone: call.to,
    agentId: formatId('agent', call.agentId),
    status: WIRE[call.status],
    scheduledFor: call.scheduledFor.toISOString(),
    timezone: call.timezone ?? 'UTC',
    priority: call.priority,
    createdAt: call.createdAt.toISOString(),
  };
}

export const ListedCallAnswer = Type.Object({
  _id: Id('call'),
  toPhone: Type.String({ examples: ['+919876543210'] }),
  agentId: Id('agent'),
  status: Status,
  duration: Nullable(Type.Integer(), 'Seconds; null until the call is over'),
  createdAt: Timestamp(),
  failureReason: FailureReason,
  direction: OneOf(['outbound', 'inbound']),
  fromPhone: Nullable(Type.String(), 'The number that it is dialed from, or of an inbound call who calls; null: none yet, or withheld'),
});

export function presentListedCall(row: ListedCall) {
  const status = WIRE[row.status];
  return {
    _id: formatId('call', row.id),
    toPhone: row.toNumber,
    agentId: formatId('agent', row.agentId),
    status,
    duration: row.durationSeconds,
    createdAt: row.createdAt.toISOString(),
    failureReason: status === 'failed' ? row.status : null,
    direction: row.direction,
    fromPhone: row.fromNumber,
  };
}

const Source = Type.Object({
  documentId: Id('doc'),
  documentTitle: Type.String(),
  page: Nullable(Type.Integer(), 'Of a PDF, from 1'),
  score: Type.Number({ description: 'How well the passage fits what was said, from 0 to 1' }),
});

export const CallAnswer = Type.Object({
  ...ListedCallAnswer.properties,
  transcript: Type.Array(
    Type.Object({
      role: OneOf(['assistant', 'user', 'system']),
      content: Type.String(),
      timestamp: Timestamp(),
      metadata: Type.Optional(Type.Object({ passages: Type.Array(Source) }, { description: 'Only where the knowledge base was used' })),
    }),
  ),
  metadata: Type.Object({
    voicemailDetected: Type.Boolean(),
    callQuality: Nullable(Type.String(), 'null: the carrier did not measure it'),
  }),
  context: Nullable(Type.String()),
  scheduledFor: Nullable(Timestamp()),
  timezone: Type.String(),
  priority: Priority,
  cost: Nullable(Type.Number(), 'In the account’s money; null until the call is priced'),
  answeredAt: Nullable(Timestamp()),
  endedAt: Nullable(Timestamp()),
  failureDetail: Nullable(Type.String(), 'Why it failed, in words'),
  originalCallId: Nullable(Id('call'), 'The first call of the chain, for a retry; null for that call itself'),
  retryAttempt: Type.Integer({ description: '0: the first dial' }),
  scheduleId: Nullable(Id('schedule'), 'The recurring schedule that it is a run of'),
  waitingFor: Nullable(
    Type.Object({ reason: Type.String(), message: Type.String(), until: Nullable(Timestamp()) }),
    'Why the call is not dialed yet; null when nothing holds it',
  ),
});

function presentTurn({ role, content, at, metadata }: Turn) {
  const named = Array.isArray(metadata?.passages) ? metadata.passages : [];
  const passages = named.filter(isNamedPassage).map(({ documentId, documentTitle, page, score }) => ({
    ...{ documentId: formatId('doc', documentId), documentTitle, page, score },
  }));
  return { role, content, timestamp: at.toISOString(), ...(passages.length > 0 && { metadata: { passages } }) };
}

/** Turns from before documents had names keep their passages' ids alone. */
function isNamedPassage(passage: unknown): passage is NamedPassage {
  return typeof passage === 'object' && passage !== null && 'documentId' in passage;
}

export function presentCall({ call, turns }: { call: CallDetail; turns: readonly Turn[] }) {
  return {
    ...presentListedCall(call),
    transcript: turns.map(presentTurn),
    metadata: { voicemailDetected: call.status === 'voicemail' || call.answeredBy === 'machine', callQuality: null },
    context: call.context,
    scheduledFor: call.scheduledFor?.toISOString() ?? null,
    timezone: call.timezone ?? 'UTC',
    priority: priorityName(call.priority),
    cost: call.cost === null ? null : Number(call.cost),
    answeredAt: call.answeredAt?.toISOString() ?? null,
    endedAt: call.endedAt?.toISOString() ?? null,
    failureDetail: call.failureReason,
    originalCallId: call.originalCallId === null ? null : formatId('call', call.originalCallId),
    retryAttempt: call.retryAttempt,
    scheduleId: call.scheduleId === null ? null : formatId('schedule', call.scheduleId),
    waitingFor: waitingFor(call),
  };
}

function waitingFor({ status, verdict }: CallDetail) {
  if (WIRE[status] !== 'scheduled' || verdict?.answer !== 'wait' || !verdict.why) return null;
  const message = verdict.why === 'carrier_refused' ? 'the carrier refused it for now' : WHY[verdict.why];
  return { reason: verdict.why, message, until: verdict.until ?? null };
}

function userId(id: number | null) {
  return id === null ? null : formatId('user', id);
}
