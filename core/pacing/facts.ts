import type { Measured } from './measure.ts';

/** What pacing looks at. All moments are milliseconds of one clock. */
export interface PacingFacts {
  /** people who could take a call at once */
  free: number;
  /** people signed in for the campaign and not paused, whatever they do */
  people: number;
  /** since when each person who talks does */
  talkingSinceMs: readonly number[];
  /** when each wrap-up is over by itself; one without an end is left out */
  wrapUpUntilMs: readonly number[];
  /** how long a wrap-up takes, as far as is known */
  wrapUpMs: number;
  /** when each line that nobody has answered yet was dialed */
  ringingSinceMs: readonly number[];
  /** lines that were answered and that no person has taken yet */
  waiting: number;
  /** lines that a machine has answered and that are not over yet: they count as lines, and ask for nobody */
  machines: number;
  /** what the last dials teach */
  measured: Measured;
  /** today's, as YYYY-MM-DD: it only has to change with the day */
  day: string;
  today: Tally;
  /** of the last 30 days, today included */
  month: Tally;
  /** lines that may ring for each of `people`; 1 makes it progressive */
  dialRatio: number;
}

export interface Tally {
  /** calls that a person answered */
  answered: number;
  /** of these, those for whom nobody was free within two seconds */
  abandoned: number;
}
