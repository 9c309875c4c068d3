import { counted, print, type Terminal } from '../terminal.ts';

/** Of the rows with something to say, as many are shown. */
const SHOWN = 20;

/** A row, and what is wrong with it. */
export interface Fault {
  row: number;
  error: string;
}

interface Warned {
  warningRows: number;
  /** the first of them */
  warnings: ReadonlyArray<{ row: number; warning: string }>;
}

interface Verdict extends Warned {
  totalRows: number;
  validRows: number;
  invalidRows: number;
  /** the first of them */
  errors: readonly Fault[];
}

interface Result extends Warned {
  importId: string;
  status: string;
  successfulRows: number;
  failedRows: number;
  duplicateRows: number;
  /** the first bad rows */
  errors: readonly Fault[];
  /** why the file could not be read to its end */
  error: string | null;
}

/** What an import would make of a file. */
export function showVerdict(terminal: Terminal, verdict: Verdict): void {
  const { totalRows, validRows, invalidRows, errors } = verdict;
  print(terminal, `${counted(totalRows, 'row')}: ${validRows} good, ${invalidRows} bad${toLookAt(verdict)}`);
  showRows(terminal, errors, invalidRows);
  showWarnings(terminal, verdict);
}

/** What became of an import. */
export function showResult(terminal: Terminal, done: Result): void {
  const { importId, status, successfulRows, failedRows, duplicateRows, errors, error } = done;
  const duplicates = duplicateRows > 0 ? ` (${duplicateRows} of them twice in it)` : '';
  print(
    terminal,
    `${importId} ${status}: ${counted(successfulRows, 'call')}, ${counted(failedRows, 'bad row')}${duplicates}${toLookAt(done)}`,
  );
  if (error !== null) print(terminal, `  ${error}`);
  showRows(terminal, errors, failedRows);
  showWarnings(terminal, done);
}

const toLookAt = ({ warningRows }: Warned) => (warningRows > 0 ? `, ${warningRows} to be looked at` : '');

function showWarnings(terminal: Terminal, { warnings, warningRows }: Warned): void {
  showRows(
    terminal,
    warnings.map(({ row, warning }) => ({ row, error: warning })),
    warningRows,
  );
}

function showRows(terminal: Terminal, faults: readonly Fault[], count: number): void {
  const shown = faults.slice(0, SHOWN);
  for (const { row, error } of shown) print(terminal, `  row ${row}: ${error}`);
  if (count > shown.length) print(terminal, `  and ${count - shown.length} more`);
}
