import { type Static, Type } from '@sinclair/typebox';
import { CAMPAIGN_BOUNDS, CONTACT_ORDERS, DIALING_MODES } from '../../core/campaign.ts';
import { badField } from '../../core/errors.ts';
import { type IdKind, parseId } from '../../core/id.ts';
import type { CampaignFields } from '../../db/query/campaigns.ts';
import { scheduleOf } from '../../service/campaign-schedule.ts';
import { NOT_BLANK, OneOf } from '../plugin/schema.ts';
import { kindOf, STATUSES, statusOf, TYPES } from './present-campaign.ts';

const { dialRatio, callDelaySeconds, maxAttempts, retryIntervalMinutes, callTimeoutSeconds, maxCalls } = CAMPAIGN_BOUNDS;
const Word = (maxLength: number, description?: string) => Type.Optional(Type.String({ maxLength, description }));

const Settings = Type.Object({
  dialRatio: Type.Optional(Type.Number({ ...dialRatio, description: 'PREDICTIVE: the most lines for one free person; default 1' })),
  maxRetries: Type.Optional(
    Type.Integer({ minimum: 0, maximum: maxAttempts.maximum - 1, description: 'Dials of one contact after the first; default 2' }),
  ),
  retryInterval: Type.Optional(Type.Integer({ ...retryIntervalMinutes, description: 'Minutes before each retry' })),
  dialingMode: Type.Optional(OneOf(DIALING_MODES, { description: 'Default: auto, of PREDICTIVE predictive' })),
  callDelay: Type.Optional(Type.Integer({ ...callDelaySeconds, description: 'Seconds between calls; default 0' })),
  callTimeout: Type.Optional(Type.Integer({ ...callTimeoutSeconds, description: 'Seconds a phone rings' })),
  maxCalls: Type.Optional(Type.Integer({ ...maxCalls, description: 'Calls at once' })),
  contactOrder: Type.Optional(OneOf(CONTACT_ORDERS, { description: 'Default: oldest_first' })),
});

const Clock = Type.String({ pattern: '^\\d\\d:\\d\\d$', examples: ['09:00'] });
const ScheduleConfig = Type.Object(
  {
    startDate: Word(40, 'ISO 8601: nothing rings before'),
    endDate: Word(40, 'ISO 8601: completed then, whatever is left'),
    timezone: Word(64, 'IANA name'),
    workingHours: Type.Optional(Type.Object({ start: Clock, end: Clock }, { description: 'In the callee’s own time, on every day' })),
  },
  { description: 'Replaced as a whole; what it does not name is not limited' },
);

export const NewCampaign = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200, pattern: NOT_BLANK }),
  description: Word(5000),
  type: Type.Optional(OneOf(TYPES, { description: 'Default: OUTBOUND. INBOUND dials nobody' })),
  status: Type.Optional(OneOf(STATUSES, { description: 'Default: DRAFT' })),
  settings: Type.Optional(Settings),
  scheduleConfig: Type.Optional(ScheduleConfig),
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
    agentId: idOf('agent', 'agentId', body.agentId),
    flowId: idOf('flow', 'flowId', body.flowId),
    dialingMode: settings.dialingMode ?? (kind && (kind === 'predictive' ? 'predictive' : 'auto')),
    dialRatio: settings.dialRatio,
    maxAttempts: settings.maxRetries === undefined ? undefined : settings.maxRetries + 1,
    retryIntervalMinutes: settings.retryInterval,
    callDelaySeconds: settings.callDelay,
    callTimeoutSeconds: settings.callTimeout,
    maxCalls: settings.maxCalls,
    contactOrder: settings.contactOrder,
    ...(scheduleConfig && scheduleOf(scheduleConfig, 'scheduleConfig')),
  });
}

function idOf(kind: IdKind, field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const id = parseId(kind, text);
  if (id === undefined) throw badField(field, `must look like ${kind}_1`);
  return id;
}

function given(fields: { [K in keyof CampaignFields]?: CampaignFields[K] | undefined }): Partial<CampaignFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
