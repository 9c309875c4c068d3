import { ConfigError } from '../core/config.ts';
import { AppError } from '../core/errors.ts';
import { productVersion } from '../service/version.ts';
import { type Command, EXIT, parse } from './command.ts';
import { adminCreate } from './command/admin-create.ts';
import { callNumber } from './command/call.ts';
import { campaignWatch } from './command/campaign-watch.ts';
import { health } from './command/health.ts';
import { importFile } from './command/import.ts';
import { rebuildRollUps } from './command/rebuild-rollups.ts';
import { verify } from './command/verify.ts';
import { callOf, helpOf, overviewOf } from './help.ts';
import { CliError, print, tell, type Terminal, UsageError } from './terminal.ts';

const COMMANDS: readonly Command[] = [adminCreate, importFile, callNumber, campaignWatch, health, rebuildRollUps, verify];

/** Runs the command that the arguments name, tells what goes wrong, and answers the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const words = argv[0] === 'help' ? argv.slice(1) : argv;
  if (words !== argv || asksForHelp(argv)) return help(terminal, words);
  if (argv[0] === '--version') return showVersion(terminal);
  const command = commandIn(argv);
  if (!command) return refuse(terminal, argv);
  try {
    return await command.run(terminal, parse(command, argv.slice(command.name.split(' ').length)));
  } catch (error) {
    return complain(terminal, command, error);
  }
}

function showVersion(terminal: Terminal): number {
  print(terminal, productVersion());
  return EXIT.ok;
}

function commandIn(argv: readonly string[]): Command | undefined {
  return COMMANDS.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word));
}

function groupOf(word: string | undefined): Command[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${word} `));
}

function asksForHelp(argv: readonly string[]): boolean {
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return options.includes('--help') || options.includes('-h');
}

/** Whatever else is right or missing. */
function help(terminal: Terminal, argv: readonly string[]): number {
  const words = argv.filter((word) => !word.startsWith('-'));
  const command = commandIn(words);
  const group = groupOf(words[0]);
  if (!command && group.length === 0 && words.length > 0) return refuse(terminal, words);
  print(terminal, command ? helpOf(command) : group.length > 0 ? group.map(helpOf).join('\n\n') : overviewOf(COMMANDS));
  return EXIT.ok;
}

/** There is no such command, or not a whole one. */
function refuse(terminal: Terminal, argv: readonly string[]): number {
  const [first] = argv;
  const group = groupOf(first);
  const words = group.map(({ name }) => name.split(' ')[1]).join(' or ');
  if (group.length > 0) tell(terminal, [`"${first}" needs one more word: ${words}.`, '', ...group.map(callOf)].join('\n'));
  else tell(terminal, `${first === undefined ? '' : `There is no command "${first}".\n\n`}${overviewOf(COMMANDS)}`);
  return EXIT.usage;
}

function complain(terminal: Terminal, command: Command, error: unknown): number {
  if (terminal.stop.aborted || (error instanceof Error && error.name === 'AbortError')) {
    // behind the ^C that the terminal shows
    if (terminal.stderr.isTTY) tell(terminal, '');
    return EXIT.interrupted;
  }
  if (error instanceof UsageError) {
    tell(terminal, `${error.message}\n\n${callOf(command)}\ndialfleet ${command.name} --help tells more.`);
    return EXIT.usage;
  }
  if (error instanceof CliError || error instanceof AppError || error instanceof ConfigError) tell(terminal, error.message);
  else tell(terminal, error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
