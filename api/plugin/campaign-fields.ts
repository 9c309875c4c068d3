import { type Static, type TObject, Type } from '@sinclair/typebox';
import { CAMPAIGN_BOUNDS, CONTACT_ORDERS, DIALING_MODES } from '../../core/campaign.ts';
import type { CampaignFields, CampaignRow } from '../../db/query/campaigns.ts';
import { Nullable, OneOf, Timestamp } from './schema.ts';

const { callDelaySeconds, retryIntervalMinutes, callTimeoutSeconds, maxCalls } = CAMPAIGN_BOUNDS;

/** A text that may be left out. */
export const Word = (maxLength: number, description?: string) => Type.Optional(Type.String({ maxLength, description }));

/** Settings that the documents name alike, as they are asked for. */
export const Settings = {
  callDelay: Type.Optional(Type.Integer({ ...callDelaySeconds, description: 'Seconds between calls; default 0' })),
  retryInterval: Type.Optional(Type.Integer({ ...retryIntervalMinutes, description: 'Minutes before each retry' })),
  callTimeout: Type.Optional(Type.Integer({ ...callTimeoutSeconds, description: 'Seconds a phone rings' })),
  maxCalls: Type.Optional(Type.Integer({ ...maxCalls, description: 'Calls at once' })),
  contactOrder: Type.Optional(OneOf(CONTACT_ORDERS, { description: 'Default: oldest_first' })),
};

/** The same in our words. */
export function settingsFields({ callDelay, retryInterval, callTimeout, maxCalls, contactOrder }: Static<TObject<typeof Settings>>) {
  return { callDelaySeconds: callDelay, retryIntervalMinutes: retryInterval, callTimeoutSeconds: callTimeout, maxCalls, contactOrder };
}

/** The same as they are answered, with how it dials. */
export const AnsweredSettings = {
  dialingMode: OneOf(DIALING_MODES),
  callDelay: Type.Integer({ description: 'Seconds between calls' }),
  retryInterval: Nullable(Type.Integer(), 'Minutes before each retry; null: as the agent’s retry rules say'),
  callTimeout: Nullable(Type.Integer(), 'Seconds a phone rings; null: as the service does'),
  maxCalls: Nullable(Type.Integer(), 'Calls at once; null: no limit of its own'),
  contactOrder: OneOf(CONTACT_ORDERS),
};

export function presentSettings(row: CampaignRow) {
  const { dialingMode, dialRatio, callDelaySeconds, retryIntervalMinutes, callTimeoutSeconds, maxCalls, contactOrder } = row;
  const paces = { callDelay: callDelaySeconds, retryInterval: retryIntervalMinutes, callTimeout: callTimeoutSeconds };
  return { dialingMode, dialRatio, ...paces, maxCalls, contactOrder };
}

const Clock = Type.String({ pattern: '^\\d\\d:\\d\\d$', examples: ['09:00'] });

/** When it dials; `hours` says which hours the working hours are. */
export const Schedule = (hours: string) =>
  Type.Object(
    {
      startDate: Word(40, 'ISO 8601: nothing rings before'),
      endDate: Word(40, 'ISO 8601: completed then, whatever is left'),
      timezone: Word(64, 'IANA name'),
      workingHours: Type.Optional(Type.Object({ start: Clock, end: Clock }, { description: hours })),
    },
    { description: 'Replaced as a whole; what it does not name is not limited' },
  );

/** As `presentSchedule` answers it. */
export const AnsweredSchedule = {
  startDate: Type.Optional(Timestamp()),
  endDate: Type.Optional(Timestamp()),
  timezone: Type.Optional(Type.String()),
  workingHours: Type.Optional(Type.Object({ start: Type.String(), end: Type.String() })),
};

/** What a body names; what it does not is not there, so that it stays as it is. */
export function given(fields: { [K in keyof CampaignFields]?: CampaignFields[K] | undefined }): Partial<CampaignFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
