/** Everything a fault run draws comes from one seeded generator, so that a seed can be run again. */
export type Random = () => number;

/** Mulberry32: 32 bits of state, good enough to draw faults and calls from. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const between = (random: Random, least: number, most: number): number => least + random() * (most - least);

/** A whole number, both ends included. */
export const whole = (random: Random, least: number, most: number): number => Math.floor(between(random, least, most + 1));

/** Mostly near `least`, now and then up to `most`. */
export const mostlySmall = (random: Random, least: number, most: number): number => Math.round(least + random() ** 2 * (most - least));

export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[whole(random, 0, list.length - 1)];
  if (found === undefined) throw new Error('Nothing to pick from');
  return found;
}

export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
