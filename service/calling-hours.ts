import { AppError, badField } from '../core/errors.ts';
import type { Principal, TenantRole } from '../core/principal.ts';
import { parseInstant } from '../core/time/parse.ts';
import { type Preset, presetOf, type PresetName } from '../core/time/presets.ts';
import { type CallingHours, DEFAULT_HOURS, isOpen, nextOpen } from '../core/time/window.ts';
import { isZone } from '../core/time/zone.ts';
import { type HoursRow, lockHours, makeDueAgain, readHours, writeHours } from '../db/query/calling-hours.ts';
import { markHoursChanged } from '../db/query/campaign-run.ts';
import type { Runtime } from './runtime.ts';

/** When a tenant's calls may ring, as far as no contact, call, number or campaign says otherwise. */
export interface HoursSetting {
  timezone: string;
  policy: HoursRow['policy'];
  windows: CallingHours;
  holidays: readonly string[];
  /** where the windows come from; undefined: they are the tenant's own, or the default */
  preset: (Preset & { name: PresetName }) | undefined;
  /** now, in the tenant's zone */
  isOpenNow: boolean;
  /** now when it is open; undefined: not within a year */
  nextOpenAt: Date | undefined;
}

export interface HoursChange {
  timezone?: string;
  policy?: HoursRow['policy'];
  /** null takes the preset off, back to the default */
  preset?: PresetName | null;
  windows?: CallingHours;
  holidays?: readonly string[];
}

const BATCH = 5000;
const CHANGERS: readonly TenantRole[] = ['owner', 'admin', 'manager'];

export async function callingHoursOf(rt: Runtime, who: Principal, now = new Date()): Promise<HoursSetting> {
  return settingOf(await readHours(rt.db.sql, who.tenantId), now);
}

/**
 * Changes what is given. A preset brings its windows; own windows end it. The next call keeps to it, and those that wait for
 * the hours to open are judged anew.
 * @throws AppError `forbidden` for agents; `validation` naming the field, also when nothing would ever ring
 */
export async function changeCallingHours(rt: Runtime, who: Principal, change: HoursChange, now = new Date()): Promise<HoursSetting> {
  if (!CHANGERS.includes(who.role)) throw new AppError('forbidden', 'Only an owner, an admin or a manager may change the calling hours');
  check(change);
  const { sql: db } = rt.db;
  const setting = await db.begin(async (sql) => {
    const before = await lockHours(sql, who.tenantId);
    const after = changed(before, change);
    const setting = settingOf(after, now);
    if (setting.nextOpenAt === undefined) {
      throw badField(change.holidays ? 'holidays' : 'windows', 'must leave a time within a year at which a call may ring');
    }
    await writeHours(sql, who, { before, after });
    await markHoursChanged(sql, who.tenantId);
    return setting;
  });
  if (Object.keys(change).length > 0) {
    while ((await makeDueAgain(db, who.tenantId, BATCH)) === BATCH);
  }
  return setting;
}

function check({ timezone, preset, windows, holidays }: HoursChange): void {
  if (timezone !== undefined && !isZone(timezone)) throw badField('timezone', 'must be an IANA name such as Asia/Kolkata');
  if (preset && windows) throw badField('windows', 'cannot be given together with preset, which brings its own');
  if (windows?.length === 0) throw badField('windows', 'must hold at least one window, or no call would ever ring');
  for (const [index, { days, start, end }] of windows?.entries() ?? []) {
    if (days.length === 0) throw badField(`windows.${index}.days`, 'must name at least one day, 1 (Monday) to 7 (Sunday)');
    if (start === end) throw badField(`windows.${index}.end`, 'must differ from start; a whole day is 00:00 to 24:00');
  }
  const odd = holidays?.findIndex((day) => !DAY.test(day) || !parseInstant(day)) ?? -1;
  if (odd >= 0) throw badField(`holidays.${odd}`, 'must be a day from 1970 to 9999 such as 2025-12-25');
}

const DAY = /^\d{4}-\d\d-\d\d$/;

function changed(before: HoursRow, { timezone, policy, preset, windows, holidays }: HoursChange): HoursRow {
  const after = {
    ...before,
    timezone: timezone ?? before.timezone,
    policy: policy ?? before.policy,
    holidays: holidays ? [...new Set(holidays)].sort() : before.holidays,
  };
  if (windows) return { ...after, windows: windows.map(plain), preset: null };
  if (preset) return { ...after, windows: presetOf(preset)?.windows ?? null, preset };
  // own windows are no preset's: nothing to take off
  return preset === null && before.preset !== null ? { ...after, windows: null, preset: null } : after;
}

/** A window in one form, and without what else a request may hold. */
function plain({ days, start, end }: CallingHours[number]): CallingHours[number] {
  return { days: [...new Set(days)].sort((a, b) => a - b), start, end };
}

function settingOf({ timezone, policy, windows, preset, holidays }: HoursRow, now: Date): HoursSetting {
  const effective = windows ?? DEFAULT_HOURS;
  const hours = { windows: effective, zones: [timezone], holidays };
  return {
    timezone,
    policy,
    windows: effective,
    holidays,
    preset: presetOf(preset),
    isOpenNow: isOpen(hours, now),
    nextOpenAt: nextOpen(hours, now),
  };
}
