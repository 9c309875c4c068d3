import type { Command, Option } from './command.ts';

const CODES = 'Exit codes: 0 ok, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C.';
const HELP: Option = { type: 'boolean', help: 'Show this (-h)' };
const WIDEST = 30;

/** How a command is called, in a line. */
export function callOf({ name, args }: Command): string {
  return ['Usage: dialfleet', name, ...Object.keys(args), '[options]'].join(' ');
}

/** All that a person needs to know of a command. */
export function helpOf(command: Command): string {
  const { args, summary, options, example, notes = [] } = command;
  const takes = Object.entries<Option>({ ...options, help: HELP }).map(([option, { value, help }]) =>
    lineOf(`--${option}${value === undefined ? '' : ` <${value}>`}`, help),
  );
  const wants = Object.entries(args).map(([arg, help]) => lineOf(arg, help));
  return [
    ...[callOf(command), '', summary],
    ...(wants.length > 0 ? ['', 'Arguments:', ...wants] : []),
    ...['', 'Options:', ...takes],
    ...['', 'Example:', `  dialfleet ${example}`, ''],
    ...[...notes, CODES],
  ].join('\n');
}

function lineOf(left: string, help: string): string {
  return `  ${left}`.padEnd(WIDEST) + ` ${help}`;
}

/** What there is, in a line each. */
export function overviewOf(commands: readonly Command[]): string {
  const calls = commands.map(({ name, args, summary }) => ({ call: [name, ...Object.keys(args)].join(' '), summary }));
  const width = Math.max(...calls.map(({ call }) => call.length));
  return [
    'Usage: dialfleet <command> [options]',
    '',
    ...calls.map(({ call, summary }) => `  ${call.padEnd(width)}  ${summary}`),
    '',
    'dialfleet <command> --help tells of its arguments and options, with an example; dialfleet --version, which one this is.',
    CODES,
  ].join('\n');
}
