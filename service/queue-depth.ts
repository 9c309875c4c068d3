import type { Config } from '../core/config.ts';

const SECONDS_AHEAD = 2;
const FEWEST = 50;
const MOST = 1000;

/**
 * How many calls the queue holds: what the carrier's pace takes in two seconds. A short queue keeps priorities sharp,
 * since a call that becomes due has little to overtake.
 */
export function queuePlaces(config: Pick<Config, 'CARRIER_CALLS_PER_SECOND'>): number {
  return Math.min(MOST, Math.max(FEWEST, Math.round(config.CARRIER_CALLS_PER_SECOND * SECONDS_AHEAD)));
}

/** How many of them new requests may take by themselves: the rest is the dispatcher's, so that nobody's requests keep it out. */
export function straightPlaces(config: Pick<Config, 'CARRIER_CALLS_PER_SECOND'>): number {
  return Math.floor(queuePlaces(config) / 2);
}
