import type { Verdict } from '../../service/verify.ts';
import { type Command, EXIT, type Given, isOn, textOf, wholeOf } from '../command.ts';
import { withDatabase } from '../database.ts';
import { counted, print, printJson, type Terminal, UsageError } from '../terminal.ts';

const STATEMENT_SECONDS = 30;
const PATIENCE_SECONDS = 600;

export const verify: Command = {
  name: 'verify',
  args: {},
  summary: 'Hold the rows of the database against what must be true of them; reads only, calls may go on',
  example: 'verify --since 2026-01-31T08:00:00Z',
  options: {
    since: { type: 'string', value: 'moment', help: 'Leave out calls that were made before; ISO 8601' },
    timeout: { type: 'string', value: 'seconds', help: `What one statement may take; default: ${STATEMENT_SECONDS}` },
    within: { type: 'string', value: 'seconds', help: `What all may take together; default: ${PATIENCE_SECONDS}` },
    json: { type: 'boolean', help: 'Print each verdict as a line of JSON' },
  },
  notes: [
    'Failed: something is broken, or could not be looked at in time.',
    'The database is that of DATABASE_URL, or the embedded one of `npm start` in this folder.',
  ],
  async run(terminal, given) {
    const asJson = isOn(given, 'json');
    const options = {
      since: momentOf(given, 'since'),
      statementTimeoutMs: wholeOf(given, 'timeout', STATEMENT_SECONDS) * 1000,
      patienceMs: wholeOf(given, 'within', PATIENCE_SECONDS) * 1000,
      signal: terminal.stop,
      onVerdict: (verdict: Verdict) => {
        if (asJson) printJson(terminal, verdict);
        else show(terminal, verdict);
      },
    };
    const { verifyDatabase } = await import('../../service/verify.ts');
    const verdicts = await withDatabase(terminal, (runtime) => verifyDatabase(runtime, options));
    const breaches = verdicts.reduce((sum, { count }) => sum + count, 0);
    const unfinished = verdicts.filter((verdict) => verdict.unfinished !== undefined).length;
    if (!asJson) {
      const late = unfinished > 0 ? `, ${unfinished} not looked at to the end` : '';
      print(terminal, `\n${counted(verdicts.length, 'invariant')}, ${counted(breaches, 'breach', 'breaches')}${late}.`);
    }
    return breaches > 0 || unfinished > 0 ? EXIT.failed : EXIT.ok;
  },
};

function show(terminal: Terminal, { rule, says, count, first, unfinished }: Verdict): void {
  const word = count > 0 ? `BROKEN ${count}` : unfinished === undefined ? 'ok' : 'UNKNOWN';
  print(terminal, `${word.padEnd(10)} ${rule.padEnd(4)} ${says}`);
  for (const { subject, detail } of first) print(terminal, `             ${subject}: ${detail}`);
  if (count > first.length) print(terminal, `             and ${count - first.length} more`);
  if (unfinished !== undefined) print(terminal, `             ${unfinished}`);
}

function momentOf(given: Given, name: string): Date | undefined {
  const text = textOf(given, name);
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new UsageError(`--${name} must be a moment such as 2026-01-31T08:00:00Z`);
  return at;
}
