import { Type } from '@sinclair/typebox';
import { type Preset, presetNames, presetOf } from '../../core/time/presets.ts';
import type { Window } from '../../core/time/window.ts';
import { offsetMs } from '../../core/time/zone.ts';
import { callingHoursOf, changeCallingHours, type HoursSetting } from '../../service/calling-hours.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf } from '../plugin/schema.ts';
import { BODY_ERRORS, Data, data, errors, Told, told } from './dialect.ts';

const POLICIES = ['campaigns', 'all'] as const;
const POLICY = {
  description: '`campaigns`: a call asked for by itself dials at its time, whatever the hours; `all`: nothing dials outside them',
};
const TIMEZONE = { examples: ['Asia/Kolkata'], maxLength: 64, description: 'For callees whose zone nothing else tells' };

const WindowForm = Type.Object({
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7, description: '1 is Monday, 7 is Sunday' }),
  start: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['09:00'] }),
  end: Type.String({
    pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
    examples: ['18:00'],
    description: 'The first moment at which nothing rings any more; before `start`: on the next day',
  }),
});

const Change = Type.Object(
  {
    timezone: Type.Optional(Type.String(TIMEZONE)),
    policy: Type.Optional(OneOf(POLICIES, POLICY)),
    preset: Type.Optional(Type.Union([OneOf(presetNames), Type.Null()], { description: 'Its windows; null: 9:00–18:00 again' })),
    windows: Type.Optional(Type.Array(WindowForm, { maxItems: 50, description: 'Own windows, in place of any preset’s' })),
    holidays: Type.Optional(
      Type.Array(Type.String({ maxLength: 10, examples: ['2025-12-25'] }), { maxItems: 1000, description: 'Days on which nothing rings' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

const PresetAnswer = Type.Object({
  name: OneOf(presetNames),
  version: Type.Integer(),
  date: Type.String({ examples: ['2025-11-01'], description: 'When this version was compared with its source' }),
  source: Type.String(),
  description: Type.String(),
});

const Setting = Type.Object({
  timezone: Type.String(TIMEZONE),
  policy: OneOf(POLICIES, POLICY),
  preset: Nullable(PresetAnswer, 'Where the windows come from; null: own ones, or 9:00–18:00 every day'),
  windows: Type.Array(WindowForm),
  appliesTo: Type.String({ description: 'Which calls these hours hold back, in words' }),
  holidays: Type.Array(Type.String({ examples: ['2025-12-25'] })),
  isOpenNow: Type.Boolean({ description: 'In `timezone`' }),
  nextOpenAt: Nullable(
    Type.String({ examples: ['2025-11-03T09:00:00+05:30'] }),
    'In `timezone`, to the second; the present when it is open; null: not within a year',
  ),
});

/** When the tenant's calls may ring. Beside the document, which has no word for it. */
export function callingHourRoutes(scope: App, rt: Runtime): void {
  const tags = ['Calling Hours'];

  scope.get(
    '/calling-hours',
    {
      schema: {
        tags,
        summary: 'Get calling hours',
        description: 'The account’s own hours. A callee’s zone is that of the contact, the call, the number, the campaign, in this order.',
        response: { 200: Data(Setting, 'What is in force'), ...errors() },
      },
    },
    async (request) => data(present(await callingHoursOf(rt, principalOf(request)))),
  );

  scope.put(
    '/calling-hours',
    {
      schema: {
        tags,
        summary: 'Update calling hours',
        description: 'Changes the fields that are given; for owners, admins and managers. Hours that never open are refused.',
        body: Change,
        response: { 200: Told(Setting, 'What is in force now'), ...errors(403, ...BODY_ERRORS) },
      },
    },
    async (request) =>
      told('Calling hours updated successfully', present(await changeCallingHours(rt, principalOf(request), request.body))),
  );

  scope.get(
    '/calling-hours/presets',
    {
      schema: {
        tags,
        summary: 'List presets of calling hours',
        description: 'Hours that laws and regulators give, with their source and version. Defaults, not legal advice.',
        response: {
          200: Data(Type.Array(Type.Object({ ...PresetAnswer.properties, windows: Type.Array(WindowForm) })), 'All of them'),
          ...errors(),
        },
      },
    },
    async () => data(presetNames.flatMap((name) => presetOf(name) ?? []).map((preset) => ({ ...preset, windows: presentWindows(preset) }))),
  );
}

const APPLIES_TO = {
  campaigns:
    'campaign calls, retries, schedules with businessHoursOnly, and runs that are made up for late; other calls dial at their time',
  all: 'every call',
};

function present(setting: HoursSetting) {
  const { preset, nextOpenAt, timezone, holidays } = setting;
  return {
    ...setting,
    appliesTo: APPLIES_TO[setting.policy],
    windows: presentWindows(setting),
    holidays: [...holidays],
    preset: preset ?? null,
    nextOpenAt: nextOpenAt ? localText(timezone, nextOpenAt) : null,
  };
}

function presentWindows({ windows }: Pick<Preset, 'windows'>) {
  return windows.map(({ days, ...window }: Window) => ({ ...window, days: [...days] }));
}

/** `2025-11-03T09:00:00+05:30` */
function localText(zone: string, at: Date): string {
  const offsetMinutes = Math.trunc(offsetMs(zone, at.getTime()) / 60_000);
  const local = new Date(at.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const [hours, minutes] = [Math.abs(offsetMinutes) / 60, Math.abs(offsetMinutes) % 60].map((part) =>
    String(Math.trunc(part)).padStart(2, '0'),
  );
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`;
}
