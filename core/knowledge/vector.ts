/** What is nearer to nothing than a normal `real` of four bytes; databases refuse it. */
const LEAST = 2 ** -126;

/** A vector of length 1 in the same direction, of numbers of four bytes; undefined: it has none, or holds what is no number. */
export function unitVector(vector: readonly number[]): number[] | undefined {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return vector.map((number) => Math.fround(number / length)).map((number) => (Math.abs(number) < LEAST ? 0 : number));
}
