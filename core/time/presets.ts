import { type CallingHours, EVERY_DAY } from './window.ts';

/** Calling hours that a law or a regulator gives, as data: laws change, so each says which text it follows and since when. */
export interface Preset {
  /** rises when the windows change */
  version: number;
  /** YYYY-MM-DD on which this version was compared with its source */
  date: string;
  source: string;
  description: string;
  windows: CallingHours;
}

/** In the callee's own time. Defaults, not legal advice: states and regulators may be stricter, and a tenant may be too. */
export const PRESETS = {
  us: {
    version: 1,
    date: '2026-11-22',
    source: '47 CFR 64.1200(c)(1)',
    description: 'United States: telephone solicitations from 8:00 to 21:00 on every day, in the local time of the called party',
    windows: [{ days: EVERY_DAY, start: '08:00', end: '21:00' }],
  },
  in: {
    version: 1,
    date: '2026-11-22',
    source: 'TRAI, Telecom Commercial Communications Customer Preference Regulations (TCCCPR)',
    description: 'India: commercial calls from 9:00 to 21:00 on every day; promotional ones start at 10:00 with some operators',
    windows: [{ days: EVERY_DAY, start: '09:00', end: '21:00' }],
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const presetNames = Object.keys(PRESETS) as PresetName[];

/** A preset by the name that is kept with a tenant; undefined for none, and for one that there is no more. */
export function presetOf(name: string | null): (Preset & { name: PresetName }) | undefined {
  const known = presetNames.find((preset) => preset === name);
  return known && { name: known, ...PRESETS[known] };
}
