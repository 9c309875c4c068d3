import type { Centre, Rule } from './centre.ts';

const DROP_LIMIT = 0.03;
/** Shares of fewer calls a day say nothing. */
const TELLING_CALLS = 50;
const BURST = { calls: 20, share: 0.5 };
const MINUTE = 60;
const HOUR = 3600;

/**
 * VICIdial's adaptive dialing as bin/AST_VDadapt.pl does it: lines, those talked on included, are a dial level for each person.
 * Once a minute the level is multiplied by how many people, less the callers who waited, stood waiting in it; after a burst of
 * drops it is halved, and beyond the day's drop limit it goes by one of three methods.
 */
export function vicidial(method: 'hard' | 'average' | 'tapered', mostLevel: number): Rule {
  let level = 1;
  let seconds = 0;
  let sums = { waitingPeople: 0, waitingCalls: 0, people: 0 };
  let last = { answered: 0, abandoned: 0 };
  const adapt = (centre: Centre) => {
    const people = Math.max(sums.people / seconds, 1e-9);
    const difference = (sums.waitingPeople - sums.waitingCalls) / seconds;
    level *= 1 + difference / people;
    const calls = centre.answered - last.answered;
    const drops = centre.abandoned - last.abandoned;
    if (calls > BURST.calls && drops > BURST.share * calls) level /= 2;
    if (centre.answered > TELLING_CALLS && centre.abandoned / centre.answered > DROP_LIMIT) {
      if (method === 'hard') level = 1;
      else if (method === 'average') level /= 2;
      else level *= Math.max(0, 1 - centre.now / (centre.scenario.shiftHours * HOUR));
    }
    level = Math.min(mostLevel, Math.max(1, level));
    last = { answered: centre.answered, abandoned: centre.abandoned };
    sums = { waitingPeople: 0, waitingCalls: 0, people: 0 };
    seconds = 0;
  };
  return {
    tick(centre) {
      seconds += 1;
      for (const person of centre.people) if (person.state !== 'away') sums.people += 1;
      sums.waitingPeople += centre.free;
      for (const line of centre.unbridged) if (line.state === 'waiting') sums.waitingCalls += 1;
      if (seconds >= MINUTE) adapt(centre);
    },
    lines(centre) {
      // a wrap-up is a pause there: its people are not counted
      return Math.floor(level * (centre.free + centre.talking)) - centre.talking;
    },
  };
}
