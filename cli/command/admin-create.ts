import { randomBytes } from 'node:crypto';
import { type Command, EXIT, isOn, textOf } from '../command.ts';
import { withDatabase } from '../database.ts';
import { askSecret, CliError, pipedLine, print, printJson, tell, type Terminal, UsageError } from '../terminal.ts';

const RANDOM_BYTES = 15;

export const adminCreate: Command = {
  name: 'admin create',
  args: {},
  summary: 'Make a platform administrator, in the database itself',
  example: 'admin create --email ann@example.com',
  options: {
    email: { type: 'string', value: 'address', help: 'Of the new administrator' },
    'password-stdin': { type: 'boolean', help: 'Read the password from standard input' },
    promote: { type: 'boolean', help: 'Somebody who has an account becomes administrator, with the new password' },
    json: { type: 'boolean', help: 'Print the result as JSON' },
  },
  notes: [
    'The password is that of DIALFLEET_ADMIN_PASSWORD or of standard input; at a terminal it is asked for.',
    'Without any, one is made up and printed, this once.',
    'The database is that of DATABASE_URL, or the embedded one of `npm start` in this folder.',
  ],
  async run(terminal, given) {
    const email = textOf(given, 'email');
    if (email === undefined) throw new UsageError('--email is missing');
    const { emailFault } = await import('../../service/accounts.ts');
    const fault = emailFault(email);
    if (fault !== undefined) throw new UsageError(`--email: ${email} ${fault}`);
    const chosen = await passwordFor(terminal, email, isOn(given, 'password-stdin'));
    const password = chosen ?? randomBytes(RANDOM_BYTES).toString('base64url');
    const { createAdmin } = await import('../../service/first-admin.ts');
    const made = await withDatabase(terminal, (runtime) => createAdmin(runtime, { email, password, promote: isOn(given, 'promote') }));
    const invented = chosen === undefined ? { password } : {};
    if (isOn(given, 'json')) printJson(terminal, { ...made, ...invented });
    else {
      print(terminal, `${made.email} is ${made.promoted ? 'now an administrator' : 'an administrator'}.`);
      if (invented.password) print(terminal, `Password: ${invented.password}   (shown this once)`);
    }
    return EXIT.ok;
  },
};

/** undefined: none was chosen */
async function passwordFor(terminal: Terminal, email: string, isPiped: boolean): Promise<string | undefined> {
  if (isPiped) return (await pipedLine(terminal)) || refuse('Nothing came from standard input.');
  if (terminal.env.DIALFLEET_ADMIN_PASSWORD) return terminal.env.DIALFLEET_ADMIN_PASSWORD;
  if (!terminal.stdin.isTTY) return undefined;
  const first = await askSecret(terminal, `Password for ${email} (empty: one is made up): `);
  if (first === '') return undefined;
  if ((await askSecret(terminal, 'Once more: ')) !== first) refuse('These are two different passwords.');
  tell(terminal, '');
  return first;
}

function refuse(message: string): never {
  throw new CliError(message);
}
