import { type Static, Type } from '@sinclair/typebox';
import type { Progress } from '../../service/campaign-outlook.ts';
import { Nullable, Timestamp } from './schema.ts';

/** What a surface calls whom a campaign calls. */
type People = 'Leads' | 'Contacts';

/** How many the balance pays for, which each surface names after its people. */
export const Covered = (people: People) => Nullable(Type.Integer(), `${people} that the balance pays for; null: it refills itself`);

export const ForecastFields = {
  dials: Type.Integer({ description: 'Still to be made, retries included' }),
  dialsPerHour: Type.Integer(),
  finishAt: Nullable(Timestamp(), 'null: never, as things stand'),
  cost: Type.Number({ description: 'In the account’s money' }),
  basis: Type.Object({
    measured: Type.Boolean({ description: 'From the last 30 days of this campaign; false: assumed' }),
    answerRate: Type.Number({ description: 'Percent of dials' }),
    averageTalk: Type.Integer({ description: 'Seconds' }),
  }),
};
export const FORECAST = { description: 'If everything stays as it is' };

const Obstacles = Type.Array(Type.String(), { description: 'Why nothing is dialed just now' });

/** A preflight, its forecast aside. */
export const PreflightFields = (people: People) => ({
  waiting: Type.Integer({ description: `${people} that wait for their first dial` }),
  looked: Type.Integer({ description: `${people} looked at, evenly among them; when fewer, \`skipped\` is an estimate` }),
  skipped: Type.Object(
    {
      suppressed: Type.Integer({ description: 'On the do-not-call list' }),
      refused: Type.Integer({ description: 'Their status says not to call, or not interested' }),
      neverOpen: Type.Integer({ description: 'Their calling hours never open' }),
      unassigned: Type.Integer({ description: 'No country has assigned the number: dialed, and likely to fail' }),
      duplicate: Type.Integer({ description: 'Another active campaign is at the same number: dialed by both' }),
      outsideHours: Type.Integer({ description: 'Dialed when their hours open' }),
    },
    { description: `${people} that are not dialed, or not now, or with trouble; each counts once` },
  ),
  obstacles: Obstacles,
});

/** Where its people are. */
export const Places = Type.Object({
  waiting: Type.Integer({ description: 'For their first dial' }),
  inLine: Type.Integer({ description: 'A call of theirs is under way or to come' }),
  completed: Type.Integer(),
});

/** What a campaign is doing, its people and forecast aside. */
export const ProgressFields = {
  calls: Type.Object({
    live: Type.Integer(),
    due: Type.Integer({ description: 'To be dialed as soon as there is a place' }),
    later: Type.Integer({ description: 'Retries, and calls that wait for their hours' }),
  }),
  dials: Type.Object(
    {
      total: Type.Integer(),
      answered: Type.Integer({ description: 'By a person' }),
      abandoned: Type.Integer({ description: 'Of these, without anybody to talk to within two seconds' }),
      completed: Type.Integer(),
      averageTalk: Type.Integer({ description: 'Seconds' }),
    },
    { description: 'Ended, in the last 30 days' },
  ),
  agents: Type.Object({ signedIn: Type.Integer(), available: Type.Integer() }),
  obstacles: Obstacles,
};

export function presentPlaces({ waiting, inLine, campaign }: Progress): Static<typeof Places> {
  return { waiting, inLine, completed: campaign.completedContacts };
}

export function presentProgress({ calls, dials: { dials, averageTalkSeconds, ...ended }, people, obstacles }: Progress) {
  return { calls, dials: { total: dials, ...ended, averageTalk: averageTalkSeconds }, agents: people, obstacles };
}

export function presentForecast({ dials, dialsPerHour, finishAt, cost, experience }: Progress['forecast']) {
  const { isMeasured, answerRate, talkSeconds } = experience;
  const basis = { measured: isMeasured, answerRate: Math.round(answerRate * 1000) / 10, averageTalk: Math.round(talkSeconds) };
  return { dials, dialsPerHour, finishAt: finishAt?.toISOString() ?? null, cost, basis };
}
