import { parseId } from '../../core/id.ts';
import { type Command, EXIT, isOn, textOf } from '../command.ts';
import { withDatabase } from '../database.ts';
import { print, printJson, tell, UsageError } from '../terminal.ts';

export const rebuildRollUps: Command = {
  name: 'rebuild-rollups',
  args: {},
  summary: 'Count again what statistics are read from, where it is wrong; calls may go on meanwhile',
  example: 'rebuild-rollups --tenant 12',
  options: {
    tenant: { type: 'string', value: 'id', help: 'Of this account alone, 12 or tenant_12; default: all' },
    json: { type: 'boolean', help: 'Print the result as JSON' },
  },
  notes: ['May be stopped at any time and begun again. The database is that of DATABASE_URL, or the embedded one of `npm start`.'],
  async run(terminal, given) {
    const tenantId = tenantOf(textOf(given, 'tenant'));
    const onDay = (at: { tenantId: number; day: string }) => {
      terminal.stop.throwIfAborted();
      if (terminal.stderr.isTTY) terminal.stderr.write(`\rtenant_${at.tenantId} ${at.day}  `);
    };
    const service = await import('../../service/roll-ups.ts');
    const done = await withDatabase(terminal, (runtime) => service.rebuildRollUps(runtime, { tenantId, onDay }));
    if (terminal.stderr.isTTY) tell(terminal, '');
    if (isOn(given, 'json')) printJson(terminal, done);
    else print(terminal, `${done.days} days looked at, ${done.recounted} counted again.`);
    return EXIT.ok;
  },
};

function tenantOf(text: string | undefined): number | undefined {
  const tenantId = text === undefined ? undefined : parseId('tenant', text);
  if (text !== undefined && tenantId === undefined) throw new UsageError('--tenant must be an id such as 12 or tenant_12');
  return tenantId;
}
