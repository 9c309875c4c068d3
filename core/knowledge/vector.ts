/** A vector of length 1 in the same direction; undefined: it has none, or holds what is no number. */
export function unitVector(vector: readonly number[]): number[] | undefined {
  const length = Math.hypot(...vector);
  return Number.isFinite(length) && length > 0 ? vector.map((number) => number / length) : undefined;
}
