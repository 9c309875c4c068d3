/** What one way of searching found, best first. */
export interface Found {
  passageId: number;
  /** how sure it is: 0 to 1 */
  evidence: number;
}

export interface Fused {
  passageId: number;
  score: number;
}

/** So flat a list's ranks count (Cormack, Clarke and Büttcher). */
const K = 60;

/**
 * One ranking of several: reciprocal rank fusion (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet
 * and individual Rank Learning Methods", SIGIR 2009). The fused rank makes the order; the score, 0 to 1, is the best evidence
 * that a way of searching had for the passage, and never above that of one that ranks before it.
 */
export function fuse(lists: ReadonlyArray<readonly Found[]>): Fused[] {
  const fused = new Map<number, { rank: number; evidence: number }>();
  for (const list of lists) {
    list.forEach(({ passageId, evidence }, index) => {
      const known = fused.get(passageId) ?? { rank: 0, evidence: 0 };
      const sure = Math.min(1, Math.max(0, evidence));
      fused.set(passageId, { rank: known.rank + 1 / (K + index + 1), evidence: Math.max(known.evidence, sure) });
    });
  }
  let score = 1;
  return [...fused]
    .sort(([idA, a], [idB, b]) => b.rank - a.rank || b.evidence - a.evidence || idA - idB)
    .map(([passageId, { evidence }]) => ({ passageId, score: (score = Math.min(score, evidence)) }));
}
