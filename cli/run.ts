import { ConfigError } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { type Command, EXIT, parse, usageOf } from './command.ts';
import { adminCreate } from './command/admin-create.ts';
import { callNumber } from './command/call.ts';
import { campaignWatch } from './command/campaign-watch.ts';
import { health } from './command/health.ts';
import { importFile } from './command/import.ts';
import { rebuildRollUps } from './command/rebuild-rollups.ts';
import { verify } from './command/verify.ts';
import { CliError, print, tell, type Terminal, UsageError } from './terminal.ts';

const COMMANDS: readonly Command[] = [adminCreate, importFile, callNumber, campaignWatch, health, rebuildRollUps, verify];

/** Runs the command that the arguments name, tells what goes wrong, and answers the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv.length === 0 || argv[0] === '--help' || argv[0] === '-h' || argv[0] === 'help') {
    if (argv.length > 0) print(terminal, overview());
    else tell(terminal, overview());
    return argv.length > 0 ? EXIT.good : EXIT.usage;
  }
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word));
  if (!command) {
    tell(terminal, `There is no command "${argv.slice(0, 2).join(' ')}".\n\n${overview()}`);
    return EXIT.usage;
  }
  try {
    const given = parse(command, argv.slice(command.name.split(' ').length));
    if (given.wantsHelp) {
      print(terminal, usageOf(command));
      return EXIT.good;
    }
    return await command.run(terminal, given);
  } catch (error) {
    return complain(terminal, command, error);
  }
}

function complain(terminal: Terminal, command: Command, error: unknown): number {
  if (terminal.stop.aborted || (error instanceof Error && error.name === 'AbortError')) return EXIT.interrupted;
  if (error instanceof UsageError) {
    tell(terminal, `${error.message}\n\n${usageOf(command)}`);
    return EXIT.usage;
  }
  if (error instanceof CliError || error instanceof AppError || error instanceof ConfigError) tell(terminal, error.message);
  else tell(terminal, error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.bad;
}

function overview(): string {
  const calls = COMMANDS.map(({ name, args, summary }) => ({ call: [name, ...args].join(' '), summary }));
  const width = Math.max(...calls.map(({ call }) => call.length));
  return [
    'Usage: dialfleet <command> [options]',
    '',
    ...calls.map(({ call, summary }) => `  ${call.padEnd(width)}  ${summary}`),
    '',
    'dialfleet <command> --help tells of its options.',
    'Exit codes: 0 good, 1 not, 2 called wrongly, 130 stopped by Ctrl-C.',
  ].join('\n');
}
