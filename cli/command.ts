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
  /** exactly as many as the command asks for */
  args: readonly string[];
}

export interface Command {
  /** `admin create` */
  name: string;
  /** what follows the name: `<file.csv>` */
  args: readonly string[];
  summary: string;
  /** what else a person should know: exit codes, variables */
  notes?: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Answers the exit code. @throws CliError, AppError, AbortError */
  run(terminal: Terminal, given: Given): Promise<number>;
}

/** Good; no; called wrongly; stopped by Ctrl-C. */
export const EXIT = { good: 0, bad: 1, usage: 2, interrupted: 130 } as const;

const HELP: Option = { type: 'boolean', help: 'Show this' };

/** @throws UsageError naming what is wrong */
export function parse(command: Command, argv: readonly string[]): Given & { wantsHelp: boolean } {
  const types = Object.entries(command.options).map(([name, { type }]) => [name, { type }] as const);
  const { values, positionals } = strictly({
    args: [...argv],
    options: { ...Object.fromEntries(types), help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const wantsHelp = values.help === true;
  const missing = command.args[positionals.length];
  if (!wantsHelp && missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = positionals[command.args.length];
  if (!wantsHelp && extra !== undefined) throw new UsageError(`"${extra}" is too much`);
  return { options: values, args: positionals, wantsHelp };
}

function strictly(config: ParseArgsConfig): { values: Given['options']; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs(config);
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? undefined : value])),
      positionals,
    };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** The text that an option was given; undefined: it was not, or is empty. */
export function textOf({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
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

const WIDEST = 30;

/** How a command is called, and with what. */
export function usageOf({ name, args, summary, options, notes = [] }: Command): string {
  const call = ['dialfleet', name, ...args, '[options]'].join(' ');
  const lines = Object.entries({ ...options, help: HELP }).map(([option, { value, help }]) => {
    const left = `  --${option}${value === undefined ? '' : ` <${value}>`}`;
    return `${left.padEnd(WIDEST)} ${help}`;
  });
  return [`Usage: ${call}`, '', summary, '', 'Options:', ...lines, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}
