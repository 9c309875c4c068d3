import { type Static, Type } from '@sinclair/typebox';
import { CAMPAIGN_BOUNDS, DIALING_MODES } from '../../core/campaign.ts';
import type { CampaignFields } from '../../db/query/campaigns.ts';
import { scheduleOf } from '../../service/campaign-schedule.ts';
import { given, Schedule, Settings, settingsFields, Word } from '../plugin/campaign-fields.ts';
import { readId } from '../plugin/given-id.ts';
import { NOT_BLANK, OneOf } from '../plugin/schema.ts';
import { kindOf, STATUSES, statusOf, TYPES } from './present-campaign.ts';

const { dialRatio, maxAttempts } = CAMPAIGN_BOUNDS;

const OwnSettings = Type.Object({
  ...Settings,
  dialRatio: Type.Optional(Type.Number({ ...dialRatio, description: 'PREDICTIVE: the most lines for one free person; default 1' })),
  maxRetries: Type.Optional(
    Type.Integer({ minimum: 0, maximum: maxAttempts.maximum - 1, description: 'Dials of one contact after the first; default 2' }),
  ),
  dialingMode: Type.Optional(OneOf(DIALING_MODES, { description: 'Default: auto, of PREDICTIVE predictive' })),
});

export const NewCampaign = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200, pattern: NOT_BLANK }),
  description: Word(5000),
  type: Type.Optional(OneOf(TYPES, { description: 'Default: OUTBOUND. INBOUND dials nobody' })),
  status: Type.Optional(OneOf(STATUSES, { description: 'Default: DRAFT' })),
  settings: Type.Optional(OwnSettings),
  scheduleConfig: Type.Optional(Schedule('In the callee’s own time, on every day')),
  agentId: Word(40, 'Who talks; default: the account’s oldest active AI agent when the campaign starts'),
  flowId: Word(40, 'The conversation'),
});
export const CampaignChange = Type.Partial(NewCampaign, { additionalProperties: false });

/** What a body says, in our words; what it does not name is not there. */
export function campaignFields(body: Static<typeof CampaignChange>): Partial<CampaignFields> {
  const { settings = {}, scheduleConfig, type, status } = body;
  const kind = type && kindOf(type);
  return given({
    name: body.name,
    description: body.description,
    kind,
    status: status && statusOf(status),
    agentId: readId('agent', body.agentId),
    flowId: readId('flow', body.flowId),
    dialingMode: settings.dialingMode ?? (kind && (kind === 'predictive' ? 'predictive' : 'auto')),
    dialRatio: settings.dialRatio,
    maxAttempts: settings.maxRetries === undefined ? undefined : settings.maxRetries + 1,
    ...settingsFields(settings),
    ...(scheduleConfig && scheduleOf(scheduleConfig, 'scheduleConfig')),
  });
}
