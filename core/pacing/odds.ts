/** Chances of counts: how many of several independent things come true. */

/** The normal distribution's share below `z` (Abramowitz and Stegun 26.2.17; exact to 1e-7). */
export function normalBelow(z: number): number {
  const x = Math.abs(z);
  const k = 1 / (1 + 0.2316419 * x);
  const tail =
    Math.exp((-x * x) / 2) *
    0.3989422804014327 *
    k *
    (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

/** Adds one more thing of chance `p` to the distribution of a count, in place: `counts[n]` is the chance of n. */
export function addChance(counts: number[], p: number): void {
  counts.push(0);
  for (let n = counts.length - 1; n > 0; n -= 1) counts[n] = (counts[n] ?? 0) * (1 - p) + (counts[n - 1] ?? 0) * p;
  counts[0] = (counts[0] ?? 0) * (1 - p);
}

/** The chance that a count is at least `least` plus another count, independent of it. */
export function atLeast(counts: readonly number[], others: readonly number[], least: number): number {
  let chance = 0;
  let tail = 0;
  // from the most that there can be downwards, so that each tail is summed once
  let n = counts.length;
  for (let other = others.length - 1; other >= 0; other -= 1) {
    const bound = Math.max(0, least + other);
    while (n > bound) {
      n -= 1;
      tail += counts[n] ?? 0;
    }
    chance += (others[other] ?? 0) * tail;
  }
  return chance;
}
