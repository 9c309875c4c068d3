import { type Static, Type } from '@sinclair/typebox';
import { CAMPAIGN_STATUSES } from '../../core/campaign.ts';
import type { CampaignRow } from '../../db/query/campaigns.ts';
import { successRate } from '../../service/campaign-progress.ts';
import { presentSchedule } from '../../service/campaign-schedule.ts';
import { AnsweredSchedule, AnsweredSettings, presentSettings } from '../plugin/campaign-fields.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

export const ListedCampaign = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  status: OneOf(CAMPAIGN_STATUSES),
  agentId: Nullable(Type.Integer(), 'null: none yet'),
  agentName: Nullable(Type.String()),
  totalLeads: Type.Integer(),
  completedLeads: Type.Integer({ description: 'Whose dialing is over' }),
  successRate: Type.Number({ description: 'Percent of these that ended in a completed call' }),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});

export const Campaign = Type.Object({
  ...ListedCampaign.properties,
  description: Nullable(Type.String()),
  targetAudience: Nullable(Type.String()),
  approval: OneOf(['pending', 'approved', 'rejected'], { description: 'The platform administrator’s word' }),
  settings: Type.Object({
    ...AnsweredSettings,
    maxAttempts: Type.Integer({ description: 'Dials of one lead in all' }),
    dialRatio: Type.Number({ description: 'Predictive: the most lines for one free person' }),
    abandonMessage: Nullable(Type.String(), 'Said to who answers when nobody is free; null: the general one'),
  }),
  schedule: Type.Optional(Type.Object(AnsweredSchedule)),
  flowId: Nullable(Type.Integer()),
  startedAt: Nullable(Timestamp()),
  completedAt: Nullable(Timestamp()),
});

export function presentListedCampaign(row: CampaignRow): Static<typeof ListedCampaign> {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    agentId: row.agentId,
    agentName: row.agentName,
    totalLeads: row.totalContacts,
    completedLeads: row.completedContacts,
    successRate: successRate(row),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function presentCampaign(row: CampaignRow): Static<typeof Campaign> {
  const schedule = presentSchedule(row);
  return {
    ...presentListedCampaign(row),
    description: row.description,
    targetAudience: row.targetAudience,
    approval: row.approval,
    settings: { ...presentSettings(row), maxAttempts: row.maxAttempts, abandonMessage: row.abandonMessage },
    ...(schedule && { schedule }),
    flowId: row.flowId,
    startedAt: row.startedAt?.toISOString() ?? null,
    completedAt: row.completedAt?.toISOString() ?? null,
  };
}
