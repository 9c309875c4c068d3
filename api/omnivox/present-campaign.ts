import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import type { CampaignKind, CampaignRow, CampaignStatus } from '../../db/query/campaigns.ts';
import { successRate } from '../../service/campaign-progress.ts';
import { presentSchedule } from '../../service/campaign-schedule.ts';
import { AnsweredSchedule, AnsweredSettings, presentSettings } from '../plugin/campaign-fields.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

export const STATUSES = ['DRAFT', 'ACTIVE', 'PAUSED', 'COMPLETED'] as const;
export const TYPES = ['OUTBOUND', 'INBOUND', 'PREDICTIVE'] as const;

/** Our words are the document's in small letters. */
export const statusOf = (word: (typeof STATUSES)[number]) => word.toLowerCase() as CampaignStatus;
export const kindOf = (word: (typeof TYPES)[number]) => word.toLowerCase() as CampaignKind;

export const Campaign = Type.Object({
  id: Type.String({ examples: ['campaign_1'] }),
  name: Type.String(),
  description: Nullable(Type.String()),
  type: OneOf(TYPES),
  status: OneOf(STATUSES),
  settings: Type.Object({
    dialRatio: Type.Number({ description: 'The most lines for one free person' }),
    maxRetries: Type.Integer({ description: 'Dials of one contact after the first' }),
    ...AnsweredSettings,
  }),
  scheduleConfig: Type.Object(AnsweredSchedule, { description: 'What it does not name is not limited' }),
  approval: OneOf(['PENDING', 'APPROVED', 'REJECTED'], { description: 'The platform administrator’s word' }),
  agentId: Nullable(Type.String({ examples: ['agent_1'] }), 'null: chosen when it starts'),
  flowId: Nullable(Type.String({ examples: ['flow_1'] })),
  totalContacts: Type.Integer(),
  completedContacts: Type.Integer({ description: 'Whose dialing is over' }),
  successRate: Type.Number({ description: 'Percent of these that ended in a completed call' }),
  startedAt: Nullable(Timestamp()),
  completedAt: Nullable(Timestamp()),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});

export function presentCampaign(row: CampaignRow): Static<typeof Campaign> {
  return {
    id: formatId('campaign', row.id),
    name: row.name,
    description: row.description,
    type: row.kind.toUpperCase() as (typeof TYPES)[number],
    status: row.status.toUpperCase() as (typeof STATUSES)[number],
    settings: { ...presentSettings(row), maxRetries: row.maxAttempts - 1 },
    scheduleConfig: presentSchedule(row) ?? {},
    approval: row.approval.toUpperCase() as 'PENDING' | 'APPROVED' | 'REJECTED',
    agentId: row.agentId === null ? null : formatId('agent', row.agentId),
    flowId: row.flowId === null ? null : formatId('flow', row.flowId),
    totalContacts: row.totalContacts,
    completedContacts: row.completedContacts,
    successRate: successRate(row),
    startedAt: row.startedAt?.toISOString() ?? null,
    completedAt: row.completedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
