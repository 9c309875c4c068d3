import { type Static, Type } from '@sinclair/typebox';
import { CAMPAIGN_BOUNDS, CAMPAIGN_STATUSES, DIALING_MODES } from '../../core/campaign.ts';
import type { CampaignFields } from '../../db/query/campaigns.ts';
import { scheduleOf } from '../../service/campaign-schedule.ts';
import { given, Schedule, Settings, settingsFields, Word } from '../plugin/campaign-fields.ts';
import { GivenId, readId } from '../plugin/given-id.ts';
import { NOT_BLANK, OneOf } from '../plugin/schema.ts';

const { dialRatio, maxAttempts } = CAMPAIGN_BOUNDS;

const OwnSettings = Type.Object({
  ...Settings,
  dialingMode: Type.Optional(OneOf(DIALING_MODES, { description: 'Default: auto' })),
  maxAttempts: Type.Optional(Type.Integer({ ...maxAttempts, description: 'Dials of one lead in all; default 3' })),
  dialRatio: Type.Optional(Type.Number({ ...dialRatio, description: 'Predictive: the most lines for one free person; default 1' })),
  abandonMessage: Word(1000, 'Said to who answers when nobody is free'),
});

const Fields = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: NOT_BLANK, examples: ['Q4 Sales Campaign'] }),
  description: Word(5000),
  targetAudience: Word(1000),
  agentId: Type.Optional(GivenId('agent')),
  flowId: Type.Optional(GivenId('flow')),
  status: Type.Optional(OneOf(CAMPAIGN_STATUSES)),
  settings: Type.Optional(OwnSettings),
  schedule: Type.Optional(Schedule('In the callee’s own time')),
};

export const NewCampaign = Type.Object({
  ...Fields,
  agentId: GivenId('agent'),
});
export const CampaignChange = Type.Object({ ...Fields, name: Type.Optional(Fields.name) });

/** What a body says, in our words; what it does not name is not there. */
export function campaignFields(body: Static<typeof CampaignChange>): Partial<CampaignFields> {
  const { settings = {}, schedule } = body;
  return given({
    name: body.name,
    description: body.description,
    targetAudience: body.targetAudience,
    agentId: readId('agent', body.agentId),
    flowId: readId('flow', body.flowId),
    status: body.status,
    dialingMode: settings.dialingMode,
    maxAttempts: settings.maxAttempts,
    dialRatio: settings.dialRatio,
    ...settingsFields(settings),
    abandonMessage: settings.abandonMessage,
    ...(schedule && scheduleOf(schedule, 'schedule')),
  });
}
