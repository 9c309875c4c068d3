import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Piece } from '../core/knowledge/cut.ts';
import type { DocumentKind } from '../core/knowledge/kind.ts';

/** What the process that reads a document is told. */
export interface ReadOrder {
  path: string;
  kind: DocumentKind;
}

/** What it answers. `refused`: its message goes on after the file's name: "has …"; `fault`: the system failed it. */
export type ReadWord = { type: 'pieces'; pieces: Piece[] } | { type: 'refused'; message: string } | { type: 'fault'; message: string };

export interface ReadLimits {
  /** of its JavaScript */
  heapMib: number;
  /** of all that it writes to, unpacked streams included; where the system can hold it to that */
  dataMib: number;
  patienceMs: number;
}

const LIMITS: ReadLimits = { heapMib: 512, dataMib: 2048, patienceMs: 60_000 };

/** The document itself is to blame; the message is a sentence for people. */
export class UnreadableDocument extends Error {
  override name = 'UnreadableDocument';
}

/**
 * A document in pieces. It is opened and cut by a process of its own that may use only so much memory and time.
 * @throws UnreadableDocument; the signal's reason once it is given; another error when the system failed, and it may be tried again
 */
export async function readDocument(order: ReadOrder, signal: AbortSignal, limits: ReadLimits = LIMITS): Promise<Piece[]> {
  signal.throwIfAborted();
  const child = start(limits);
  const stop = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = hear(child, limits.patienceMs);
    if (child.connected) child.send(order, () => undefined);
    const word = await answer;
    if (word.type === 'refused') throw new UnreadableDocument(`The file ${word.message}`);
    if (word.type === 'fault') throw new Error(`The file could not be read: ${word.message}`);
    return word.pieces;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  }
}

/** Unpacked streams are no part of the heap: a shell lowers the limit of the process first, where there is one. */
function start({ heapMib, dataMib }: ReadLimits): ChildProcess {
  // the same file, as it is now: .ts in development, which needs this process's loader, .js when it is built
  const extension = extname(import.meta.url);
  const program = fileURLToPath(new URL(`./document-child${extension}`, import.meta.url));
  const loader = extension === '.ts' ? process.execArgv.filter((arg) => !arg.startsWith('--inspect')) : [];
  const args = [...loader, `--max-old-space-size=${heapMib}`, program];
  const options = { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' } as const;
  if (process.platform === 'win32') return spawn(process.execPath, args, { ...options, stdio: [...options.stdio] });
  const limited = `ulimit -d ${dataMib * 1024} 2>/dev/null; exec "$0" "$@"`;
  return spawn('/bin/sh', ['-c', limited, process.execPath, ...args], { ...options, stdio: [...options.stdio] });
}

/** Ends that a file cannot bring about: the shell found no program, or somebody else ended it. */
const OUTSIDE: ReadonlySet<number | string | null> = new Set([126, 127, 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

/**
 * The child's only word.
 * @throws UnreadableDocument when it dies instead, which is what running out of memory looks like; another error when it could not
 * be started, or was ended from outside
 */
function hear(child: ChildProcess, patienceMs: number): Promise<ReadWord> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(patience);
      reject(error);
    };
    const tooMuch = () => fail(new UnreadableDocument('The file needs more memory or time to read than a document may'));
    const patience = setTimeout(tooMuch, patienceMs);
    child.once('error', (cause) => fail(new Error('The reader of documents could not be started', { cause })));
    child.once('exit', (code, killedBy) => {
      if (OUTSIDE.has(code) || OUTSIDE.has(killedBy))
        fail(new Error(`The reader of documents was ended from outside: ${killedBy ?? code}`));
      else tooMuch();
    });
    child.once('message', (word: unknown) => {
      clearTimeout(patience);
      resolve(word as ReadWord);
    });
  });
}
