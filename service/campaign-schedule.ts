import { badField } from '../core/errors.ts';
import { MUST_BE_DATE_OR_TIME, parseInstant } from '../core/time/parse.ts';
import { EVERY_DAY } from '../core/time/window.ts';
import { instantOf, isZone } from '../core/time/zone.ts';
import type { CampaignFields, KeptFields } from '../db/query/campaigns.ts';

/** When a campaign dials, in the words of both documents. */
export interface ScheduleRequest {
  /** ISO 8601; without an offset it is local time in `timezone`, else in the account's zone */
  startDate?: string;
  /** the same; a day without a time is all of that day */
  endDate?: string;
  /** IANA name, also for contacts whose own zone is not known */
  timezone?: string;
  /** HH:mm, on every day, in the callee's own time; an end before the start is on the next day */
  workingHours?: { start: string; end: string };
}

type ScheduleFields = Pick<CampaignFields, 'startsAt' | 'endsAt' | 'timezone' | 'callingHours'>;

const DAY = /^\s*\d{4}-\d\d-\d\d\s*$/;
const DAY_MS = 24 * 60 * 60 * 1000;
const CLOCK = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/**
 * A schedule as a whole: what it does not name is not limited. `path` is where it stands in the body; its dates wait for the account's zone.
 * @throws AppError `validation`, for dates when they are read
 */
export function scheduleOf(given: ScheduleRequest, path: string): ScheduleFields {
  const { startDate, endDate, timezone, workingHours } = given;
  if (timezone !== undefined && !isZone(timezone)) throw badField(`${path}.timezone`, 'must be an IANA name such as Asia/Kolkata');
  return {
    startsAt: startDate === undefined ? null : (zone) => instant(`${path}.startDate`, startDate, timezone ?? zone),
    endsAt: endDate === undefined ? null : (zone) => endOf(`${path}.endDate`, endDate, timezone ?? zone),
    timezone: timezone ?? null,
    callingHours: workingHours ? windows(workingHours, `${path}.workingHours`) : null,
  };
}

function instant(field: string, text: string, zone: string): Date {
  const at = parseInstant(text, zone);
  if (!at) throw badField(field, MUST_BE_DATE_OR_TIME);
  return at;
}

function endOf(field: string, text: string, zone: string): Date {
  const at = instant(field, text, zone);
  return DAY.test(text) ? new Date(instantOf(zone, Date.parse(text.trim()) + DAY_MS)) : at;
}

function windows({ start, end }: { start: string; end: string }, path: string): NonNullable<CampaignFields['callingHours']> {
  if (!CLOCK.test(start) || start === '24:00') throw badField(`${path}.start`, 'must be HH:mm, from 00:00 to 23:59');
  if (!CLOCK.test(end)) throw badField(`${path}.end`, 'must be HH:mm, from 00:00 to 24:00');
  if (start === end) throw badField(`${path}.end`, 'must not be the same as start; all day is 00:00 to 24:00');
  return [{ days: EVERY_DAY, start, end }];
}

/** A schedule as it was asked for; undefined: none was. */
export function presentSchedule({ startsAt, endsAt, timezone, callingHours }: Pick<KeptFields, keyof ScheduleFields>) {
  const hours = callingHours?.[0];
  if (!startsAt && !endsAt && timezone === null && !hours) return null;
  return {
    ...(startsAt && { startDate: startsAt.toISOString() }),
    ...(endsAt && { endDate: endsAt.toISOString() }),
    ...(timezone !== null && { timezone }),
    ...(hours && { workingHours: { start: hours.start, end: hours.end } }),
  };
}
