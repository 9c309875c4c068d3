import { judgeRow, type RowRules, type RowVerdict } from './row.ts';
import { seenCalls } from './seen.ts';

/** Judges the rows of one file in their order: each by itself, then against the rows before it. */
export type FileJudge = (record: readonly string[], row: number) => RowVerdict;

/** `expectedRows` sizes the memory for duplicates (`seenCalls`). */
export function fileJudge(rules: RowRules, expectedRows: number): FileJudge {
  const seen = seenCalls(expectedRows);
  return (record, row) => {
    const verdict = judgeRow(record, rules);
    if ('error' in verdict) return verdict;
    const first = seen.firstRow(verdict.ok, row);
    if (first === undefined) return verdict;
    return { error: { field: 'phoneNumber', message: `Duplicate of row ${first}`, value: verdict.ok.phone, duplicateOf: first } };
  };
}
