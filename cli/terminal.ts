import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Env } from '../service/environment.ts';

/** What a command is run with: nothing else of the process is looked at. */
export interface Terminal {
  env: Env;
  stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>;
  /** results, for people and pipes */
  stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  /** questions, progress, complaints */
  stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY'>>;
  /** somebody pressed Ctrl-C */
  stop: AbortSignal;
}

/** Something that the person at the terminal can put right: printed as it is, without a stack. */
export class CliError extends Error {
  override name = 'CliError';
}

/** The command was called wrongly: its usage is printed too. */
export class UsageError extends CliError {
  override name = 'UsageError';
}

/** `1 day`, `2 days`; `more` where an "s" will not do. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** One line on standard output. */
export function print({ stdout }: Terminal, line: string): void {
  stdout.write(`${line}\n`);
}

/** One line for the person alone. */
export function tell({ stderr }: Terminal, line: string): void {
  stderr.write(`${line}\n`);
}

/** A result as one line of JSON. */
export function printJson(terminal: Terminal, value: unknown): void {
  print(terminal, JSON.stringify(value));
}

/** Asks for something that must not be seen. @throws AbortError when Ctrl-C is pressed */
export async function askSecret({ stdin, stderr, stop }: Terminal, question: string): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: stdin, output: unseen, terminal: true });
  const pressed = new AbortController();
  line.on('SIGINT', () => pressed.abort());
  stderr.write(question);
  try {
    return await line.question('', { signal: AbortSignal.any([stop, pressed.signal]) });
  } finally {
    line.close();
    stderr.write('\n');
  }
}

/** The first line of what is piped in. */
export async function pipedLine({ stdin }: Terminal): Promise<string> {
  return (await readAll(stdin)).split(/\r?\n/, 1)[0] ?? '';
}
