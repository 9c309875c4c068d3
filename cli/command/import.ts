import { openAsBlob } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { calling } from '../../client/index.ts';
import { type Command, EXIT, type Given, isOn, textOf } from '../command.ts';
import { answered, connect, LOGIN_OPTIONS } from '../remote.ts';
import { CliError, print, printJson, tell, type Terminal } from '../terminal.ts';

const LOOK_EVERY_MS = 1000;
/** Of the rows with something to say, as many are shown. */
const SHOWN = 20;

type Client = ReturnType<typeof calling>;

export const importFile: Command = {
  name: 'import',
  args: ['<file.csv>'],
  summary: 'Make a call of every row of a CSV file',
  options: {
    'skip-header': { type: 'boolean', help: 'The first row is no call, and its names are not ours' },
    unscheduled: { type: 'boolean', help: 'Make the calls, and dial none until the import is scheduled' },
    'dry-run': { type: 'boolean', help: 'Only judge the rows' },
    strict: { type: 'boolean', help: 'Import nothing when a row is bad' },
    report: { type: 'string', value: 'file', help: 'Write all bad rows into a CSV file' },
    json: { type: 'boolean', help: 'Print the result as JSON' },
    ...LOGIN_OPTIONS,
  },
  notes: [
    'Exit code 1: a row is bad, or the file could not be read to its end. Ctrl-C does not stop the import, which goes on in the server.',
  ],
  async run(terminal, given) {
    const file = await readCsv(given.args[0] ?? '');
    const client = calling(await connect(terminal, given));
    const asJson = isOn(given, 'json');
    const verdict = await validate(client, file, isOn(given, 'skip-header'));
    if (!asJson) showVerdict(terminal, verdict);
    if (isOn(given, 'dry-run') || verdict.validRows === 0 || (isOn(given, 'strict') && verdict.invalidRows > 0)) {
      if (asJson) printJson(terminal, verdict);
      else if (!isOn(given, 'dry-run')) tell(terminal, 'Nothing was imported.');
      return verdict.invalidRows > 0 || verdict.validRows === 0 ? EXIT.bad : EXIT.good;
    }
    const done = await followImport(terminal, client, await send(client, file, given));
    if (asJson) printJson(terminal, done);
    else showResult(terminal, done);
    await writeReport(client, done.importId, textOf(given, 'report'));
    return done.status === 'completed' && done.failedRows === 0 ? EXIT.good : EXIT.bad;
  },
};

/** Read as it is sent, however large. @throws CliError when there is no such file */
async function readCsv(path: string): Promise<File> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is no file');
    return new File([await openAsBlob(path, { type: 'text/csv' })], basename(path), { type: 'text/csv' });
  } catch (error) {
    throw new CliError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function validate(client: Client, file: File, skipHeader: boolean) {
  const { data } = await answered(client.POST('/api/v1/bulk/import/validate', { body: { file, skipHeader }, bodySerializer: formOf }));
  return data;
}

async function send(client: Client, file: File, given: Given): Promise<string> {
  const body = { file, skipHeader: isOn(given, 'skip-header'), autoSchedule: !isOn(given, 'unscheduled') };
  const { data } = await answered(client.POST('/api/v1/bulk/import', { body, bodySerializer: formOf }));
  return data.importId;
}

/** The switches before the file, which is read as it comes in. */
function formOf({ file, ...switches }: { file: Blob } & Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(switches)) form.set(name, String(value));
  form.set('file', file);
  return form;
}

async function statusOf(client: Client, importId: string) {
  const { data } = await answered(client.GET('/api/v1/bulk/import/{importId}/status', { params: { path: { importId } } }));
  return data;
}

type Status = Awaited<ReturnType<typeof statusOf>>;

/** Follows an import to its end: with a bar at a terminal, else with a line whenever it has moved. */
async function followImport(terminal: Terminal, client: Client, importId: string): Promise<Status> {
  const { stderr, stop } = terminal;
  const bar = new SingleBar({
    stream: stderr,
    format: `${importId} [{bar}] {percentage} %  {value} of {total} rows`,
    clearOnComplete: false,
  });
  let seen = -1;
  try {
    for (;;) {
      const status = await statusOf(client, importId);
      if (stderr.isTTY && seen < 0) bar.start(status.totalRows, 0);
      if (stderr.isTTY) bar.update(status.processedRows);
      else if (status.processedRows !== seen) tell(terminal, `${importId}: ${status.processedRows} of ${status.totalRows} rows`);
      seen = status.processedRows;
      if (status.status !== 'processing') return status;
      await pause(LOOK_EVERY_MS, undefined, { signal: stop });
    }
  } finally {
    bar.stop();
  }
}

interface Fault {
  row: number;
  error: string;
}

function showVerdict(terminal: Terminal, verdict: Awaited<ReturnType<typeof validate>>): void {
  const { totalRows, validRows, invalidRows, warningRows } = verdict;
  print(terminal, `${totalRows} rows: ${validRows} good, ${invalidRows} bad${warningRows > 0 ? `, ${warningRows} to be looked at` : ''}`);
  showRows(
    terminal,
    verdict.warnings.map(({ row, warning }) => ({ row, error: warning })),
    warningRows,
  );
  if (validRows === 0) showRows(terminal, verdict.errors, invalidRows);
}

function showResult(terminal: Terminal, { importId, status, successfulRows, failedRows, duplicateRows, errors, error }: Status): void {
  const duplicates = duplicateRows > 0 ? ` (${duplicateRows} of them twice in it)` : '';
  print(terminal, `${importId} ${status}: ${successfulRows} calls, ${failedRows} bad rows${duplicates}`);
  if (error !== null) print(terminal, `  ${error}`);
  showRows(terminal, errors, failedRows);
}

function showRows(terminal: Terminal, faults: readonly Fault[], count: number): void {
  for (const { row, error } of faults.slice(0, SHOWN)) print(terminal, `  row ${row}: ${error}`);
  if (count > SHOWN) print(terminal, `  and ${count - SHOWN} more: --report writes them into a file`);
}

async function writeReport(client: Client, importId: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const params = { path: { importId } };
  await writeFile(path, await answered(client.GET('/api/v1/bulk/import/{importId}/errors.csv', { params, parseAs: 'text' })));
}
