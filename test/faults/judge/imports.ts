import { type Case, groupBy } from './case.ts';
import type { Violation } from './violation.ts';

/** Promise 5, I14: every good row of an accepted file is one call, every bad one a line of the report, and the counts say so. */
export function judgeImports({ evidence, calls }: Case): Violation[] {
  const found: Violation[] = [];
  const fail = (detail: string) => found.push({ rule: 'I14', promise: 5, detail });
  const rows = groupBy(
    [...calls.values()].filter(({ row }) => row.importId !== null && row.originalCallId === null),
    ({ row }) => row.importId,
  );
  for (const record of evidence.imports) {
    const made = rows.get(record.id)?.length ?? 0;
    const { status, totalRows, processedRows, successfulRows, failedRows } = record;
    if (!evidence.quiet && status !== 'completed') continue;
    if (status !== 'completed') fail(`import ${record.id} is ${status}`);
    if (made !== successfulRows) fail(`import ${record.id} says ${successfulRows} calls and made ${made}`);
    if (processedRows !== successfulRows + failedRows || totalRows !== processedRows) {
      fail(`import ${record.id}: ${totalRows} rows, ${processedRows} processed, ${successfulRows} good, ${failedRows} bad`);
    }
  }
  for (const file of evidence.promised.imports) {
    // of a file that may not have been taken nobody knows the id; its rows are judged one by one (I1)
    if (file.importId === undefined) continue;
    const record = evidence.imports.find(({ id }) => id === file.importId);
    if (!record) {
      fail(`accepted import ${file.importId} is gone`);
      continue;
    }
    if (!evidence.quiet && record.status !== 'completed') continue;
    const made = groupBy(rows.get(record.id) ?? [], ({ row }) => row.context);
    const missing = file.good.filter(({ tag }) => made.get(tag)?.length !== 1);
    if (missing.length > 0) fail(`${missing.length} good rows are not one call each, the first is ${missing[0]?.tag}`);
    const reported = new Set(evidence.importErrors.filter(({ importId }) => importId === record.id).map(({ row }) => row));
    const silent = file.badRows.filter((row) => !reported.has(row));
    if (silent.length > 0) fail(`bad rows ${silent.join(', ')} are not reported`);
    if (reported.size > file.badRows.length) fail(`${reported.size} rows are reported, ${file.badRows.length} are bad`);
  }
  return found;
}
