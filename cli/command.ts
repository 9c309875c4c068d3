import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Terminal, UsageError } from './terminal.ts';

export interface Option {
  type: 'string' | 'boolean';
  /** what stands for its value in the usage: `url` */
  value?: string;
  help: string;
}

export interface Given {
  options: Readonly<Record<string, string | boolean | undefined>>;
  /** exactly as many as the command asks for, none empty */
  args: readonly string[];
}

export interface Command {
  /** `admin create` */
  name: string;
  /** what follows the name, `<file.csv>`, and what that is */
  args: Readonly<Record<string, string>>;
  summary: string;
  /** a whole call, without the program */
  example: string;
  /** what else a person should know: when it fails, variables */
  notes?: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Answers the exit code. @throws CliError, AppError, AbortError */
  run(terminal: Terminal, given: Given): Promise<number>;
}

/** What was asked for is so; it is not, or could not be done; called wrongly; stopped by Ctrl-C. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** @throws UsageError naming what is wrong */
export function parse(command: Command, argv: readonly string[]): Given {
  const types = Object.entries(command.options).map(([name, { type }]) => [name, { type }] as const);
  const { values, positionals } = strictly({ args: [...argv], options: Object.fromEntries(types), allowPositionals: true });
  const wanted = Object.keys(command.args);
  const missing = wanted.find((_name, index) => isBlank(positionals[index] ?? ''));
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = positionals[wanted.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is too much`);
  // such as that of a variable which is not set: what stands elsewhere for the option is not what was meant
  const empty = Object.keys(values).find((name) => isBlank(values[name]));
  if (empty !== undefined) throw new UsageError(`--${empty} is empty`);
  return { options: values, args: positionals };
}

const isBlank = (value: Given['options'][string]) => typeof value === 'string' && value.trim() === '';

function strictly(config: ParseArgsConfig): { values: Given['options']; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs(config);
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? undefined : value])),
      positionals,
    };
  } catch (error) {
    // its second sentence tells how to write what nobody means
    if (error instanceof TypeError) throw new UsageError(error.message.split(/\. |\n/, 1)[0] ?? '');
    throw error;
  }
}

/** The text that an option was given; undefined: it was not. */
export function textOf({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function isOn({ options }: Given, name: string): boolean {
  return options[name] === true;
}

/** @throws UsageError when it is no whole number from `least` on */
export function wholeOf(given: Given, name: string, otherwise: number, least = 1): number {
  const text = textOf(given, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new UsageError(`--${name} must be a whole number from ${least} on`);
  return value;
}
