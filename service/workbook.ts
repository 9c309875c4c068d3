import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badField } from '../core/errors.ts';

/** One line of a table; the first is 1. */
export interface TableRow {
  row: number;
  cells: string[];
}

/** What the process that reads a workbook is told. */
export type ParentWord = { type: 'read'; path: string; maxRows: number } | { type: 'next' };

/** What it answers. `message` goes on after `file`: "has …". */
export type ChildWord = { type: 'rows'; from: number; rows: string[][] } | { type: 'refused'; message: string } | { type: 'end' };

/** Rows a workbook may have: the whole of it is in the memory of the process that reads it. */
export const MAX_WORKBOOK_ROWS = 200_000;
/** Its heap, in MiB, and how long it may think about the next rows. */
const HEAP_MIB = 768;
const PATIENCE_MS = 60_000;

/**
 * The rows of a workbook's first sheet, as texts, a thousand at a time; row 1 is the first line. The file is opened by a
 * process of its own that may use only so much memory and time.
 * @throws AppError naming `file` when it can't be read, is too large, or unpacks to more than it should
 */
export async function* readWorkbook(path: string): AsyncGenerator<TableRow[]> {
  // the same file, as it is now: .ts in development, which needs this process's loader, .js when it is built
  const extension = extname(import.meta.url);
  const program = fileURLToPath(new URL(`./workbook-child${extension}`, import.meta.url));
  const loader = extension === '.ts' ? process.execArgv.filter((arg) => !arg.startsWith('--inspect')) : [];
  const child = fork(program, [], {
    env: {},
    execArgv: [...loader, `--max-old-space-size=${HEAP_MIB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  try {
    yield* rowsOf(child, path);
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  }
}

async function* rowsOf(child: ChildProcess, path: string): AsyncGenerator<TableRow[]> {
  const tell = (word: ParentWord) => void child.send(word, () => undefined);
  let answer = hear(child);
  tell({ type: 'read', path, maxRows: MAX_WORKBOOK_ROWS });
  for (;;) {
    const word = await answer;
    if (word.type === 'end') return;
    if (word.type === 'refused') throw badField('file', word.message, 'file');
    yield word.rows.map((cells, index) => ({ row: word.from + index, cells }));
    answer = hear(child);
    tell({ type: 'next' });
  }
}

/** The next word of the child. @throws AppError when it dies instead, which is what running out of memory looks like */
function hear(child: ChildProcess): Promise<ChildWord> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      child.off('message', onWord).off('exit', onEnd).off('error', onEnd);
      clearTimeout(patience);
    };
    const onWord = (word: unknown) => {
      stop();
      resolve(word as ChildWord);
    };
    const onEnd = () => {
      stop();
      reject(badField('file', 'needs more memory or time to read than a workbook may; save it as CSV', 'file'));
    };
    child.once('message', onWord).once('exit', onEnd).once('error', onEnd);
    const patience = setTimeout(onEnd, PATIENCE_MS);
  });
}
