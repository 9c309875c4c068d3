import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageText } from '../core/knowledge/cut.ts';
import type { DocumentKind } from '../core/knowledge/kind.ts';

/** What the process that reads a document is told. */
export interface ReadOrder {
  path: string;
  kind: DocumentKind;
}

/** What it answers. `message` goes on after the file's name: "has …". */
export type ReadWord = { type: 'pages'; pages: PageText[] } | { type: 'refused'; message: string };

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
 * The text of a document, page by page. It is opened by a process of its own that may use only so much memory and time.
 * @throws UnreadableDocument; the signal's reason once it is given
 */
export async function readDocument(order: ReadOrder, signal: AbortSignal, limits: ReadLimits = LIMITS): Promise<PageText[]> {
  signal.throwIfAborted();
  const child = start(limits);
  const stop = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = hear(child, limits.patienceMs);
    child.send(order, () => undefined);
    const word = await answer;
    if (word.type === 'refused') throw new UnreadableDocument(`The file ${word.message}`);
    return word.pages;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    if (child.exitCode === null && child.signalCode === null) {
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

/** The child's only word. @throws UnreadableDocument when it dies instead, which is what running out of memory looks like */
function hear(child: ChildProcess, patienceMs: number): Promise<ReadWord> {
  return new Promise((resolve, reject) => {
    const onEnd = () => {
      clearTimeout(patience);
      reject(new UnreadableDocument('The file needs more memory or time to read than a document may'));
    };
    const patience = setTimeout(onEnd, patienceMs);
    child.once('exit', onEnd).once('error', onEnd);
    child.once('message', (word: unknown) => {
      clearTimeout(patience);
      resolve(word as ReadWord);
    });
  });
}
