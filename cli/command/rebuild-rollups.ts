import { parseId } from '../../core/id.ts';
import { type Command, EXIT, isOn, textOf, wholeOf } from '../command.ts';
import { withDatabase } from '../database.ts';
import { counted, print, printJson, tell, UsageError } from '../terminal.ts';

const DEFAULT_WAIT_MS = 600_000;
/** PostgreSQL's longest. */
const MOST_WAIT_MS = 2 ** 31 - 1;

export const rebuildRollUps: Command = {
  name: 'rebuild-rollups',
  args: {},
  summary: 'Count again what statistics are read from, where it is wrong; calls may go on meanwhile',
  example: 'rebuild-rollups --tenant 12',
  options: {
    tenant: { type: 'string', value: 'id', help: 'Of this account alone, 12 or tenant_12; default: all' },
    'wait-ms': {
      type: 'string',
      value: 'ms',
      help: 'How long a day may take to be counted, before it is skipped; 0: as long as it takes; default: 600000',
    },
    json: { type: 'boolean', help: 'Print the result as JSON' },
  },
  notes: [
    'Fails when it had to skip a day: it says which.',
    'May be stopped at any time and begun again. The database is that of DATABASE_URL, or the embedded one of `npm start`.',
  ],
  async run(terminal, given) {
    const tenantId = tenantOf(textOf(given, 'tenant'));
    const patienceMs = wholeOf(given, 'wait-ms', DEFAULT_WAIT_MS, 0);
    if (patienceMs > MOST_WAIT_MS) throw new UsageError(`--wait-ms must be ${MOST_WAIT_MS} at most; 0: as long as it takes`);
    const onDay = (at: { tenantId: number; day: string }) => {
      terminal.stop.throwIfAborted();
      if (terminal.stderr.isTTY) terminal.stderr.write(`\rtenant_${at.tenantId} ${at.day}  `);
    };
    const service = await import('../../service/roll-ups.ts');
    const done = await withDatabase(terminal, (runtime) => service.rebuildRollUps(runtime, { tenantId, patienceMs, onDay }));
    if (terminal.stderr.isTTY) tell(terminal, '');
    if (isOn(given, 'json')) printJson(terminal, done);
    else print(terminal, `${counted(done.days, 'day')} looked at, ${done.recounted} counted again.`);
    for (const { tenantId, day } of done.skipped) tell(terminal, `Skipped, and not known to be right: tenant_${tenantId} ${day}`);
    if (done.skipped.length === 0) return EXIT.ok;
    tell(
      terminal,
      'Days are skipped that take too long, or that another rebuild is at: run this again with --wait-ms 0, and nothing beside it.',
    );
    return EXIT.failed;
  },
};

function tenantOf(text: string | undefined): number | undefined {
  const tenantId = text === undefined ? undefined : parseId('tenant', text);
  if (text !== undefined && tenantId === undefined) throw new UsageError('--tenant must be an id such as 12 or tenant_12');
  return tenantId;
}
