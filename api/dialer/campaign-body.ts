import { type Static, Type } from '@sinclair/typebox';
import { CAMPAIGN_BOUNDS, CAMPAIGN_STATUSES, CONTACT_ORDERS, DIALING_MODES } from '../../core/campaign.ts';
import type { CampaignFields } from '../../db/query/campaigns.ts';
import { scheduleOf } from '../../service/campaign-schedule.ts';
import { NOT_BLANK, OneOf } from '../plugin/schema.ts';

const { dialRatio, callDelaySeconds, maxAttempts, retryIntervalMinutes, callTimeoutSeconds, maxCalls } = CAMPAIGN_BOUNDS;
const Word = (maxLength: number, description?: string) => Type.Optional(Type.String({ maxLength, description }));

const Settings = Type.Object({
  dialingMode: Type.Optional(OneOf(DIALING_MODES, { description: 'Default: auto' })),
  callDelay: Type.Optional(Type.Integer({ ...callDelaySeconds, description: 'Seconds between calls; default 0' })),
  maxAttempts: Type.Optional(Type.Integer({ ...maxAttempts, description: 'Dials of one lead in all; default 3' })),
  dialRatio: Type.Optional(Type.Number({ ...dialRatio, description: 'Predictive: the most lines for one free person; default 1' })),
  retryInterval: Type.Optional(Type.Integer({ ...retryIntervalMinutes, description: 'Minutes before each retry' })),
  callTimeout: Type.Optional(Type.Integer({ ...callTimeoutSeconds, description: 'Seconds a phone rings' })),
  maxCalls: Type.Optional(Type.Integer({ ...maxCalls, description: 'Calls at once' })),
  contactOrder: Type.Optional(OneOf(CONTACT_ORDERS, { description: 'Default: oldest_first' })),
  abandonMessage: Word(1000, 'Said to who answers when nobody is free'),
});

const Clock = Type.String({ pattern: '^\\d\\d:\\d\\d$', examples: ['09:00'] });
const Schedule = Type.Object(
  {
    startDate: Word(40, 'ISO 8601: nothing rings before'),
    endDate: Word(40, 'ISO 8601: completed then, whatever is left'),
    timezone: Word(64, 'IANA name'),
    workingHours: Type.Optional(Type.Object({ start: Clock, end: Clock }, { description: 'In the callee’s own time' })),
  },
  { description: 'Replaced as a whole; what it does not name is not limited' },
);

const Fields = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: NOT_BLANK, examples: ['Q4 Sales Campaign'] }),
  description: Word(5000),
  targetAudience: Word(1000),
  agentId: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'A person or an AI agent' })),
  flowId: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  status: Type.Optional(OneOf(CAMPAIGN_STATUSES)),
  settings: Type.Optional(Settings),
  schedule: Type.Optional(Schedule),
};

export const NewCampaign = Type.Object({
  ...Fields,
  agentId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'A person or an AI agent' }),
});
export const CampaignChange = Type.Object({ ...Fields, name: Type.Optional(Fields.name) });

/** What a body says, in our words; what it does not name is not there. */
export function campaignFields(body: Static<typeof CampaignChange>): Partial<CampaignFields> {
  const { settings = {}, schedule } = body;
  return given({
    name: body.name,
    description: body.description,
    targetAudience: body.targetAudience,
    agentId: body.agentId,
    flowId: body.flowId,
    status: body.status,
    dialingMode: settings.dialingMode,
    callDelaySeconds: settings.callDelay,
    maxAttempts: settings.maxAttempts,
    dialRatio: settings.dialRatio,
    retryIntervalMinutes: settings.retryInterval,
    callTimeoutSeconds: settings.callTimeout,
    maxCalls: settings.maxCalls,
    contactOrder: settings.contactOrder,
    abandonMessage: settings.abandonMessage,
    ...(schedule && scheduleOf(schedule, 'schedule')),
  });
}

function given(fields: { [K in keyof CampaignFields]?: CampaignFields[K] | undefined }): Partial<CampaignFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
