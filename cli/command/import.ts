import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { parse } from 'csv-parse/sync';
import { calling } from '../../client/index.ts';
import { type Command, EXIT, type Given, isOn, textOf } from '../command.ts';
import { answered, connect, LOGIN_OPTIONS, reasonOf, type Server } from '../remote.ts';
import { CliError, counted, printJson, tell, type Terminal, UsageError } from '../terminal.ts';
import { checkWritable, writeReport } from './import-report.ts';
import { type Fault, showResult, showVerdict } from './import-words.ts';

const LOOK_EVERY_MS = 1000;

type Client = ReturnType<typeof calling>;

export const importFile: Command = {
  name: 'import',
  args: { '<file.csv>': 'A row for each call: phoneNumber,agentId,userId,scheduledFor,timezone,priority' },
  summary: 'Make a call of every row of a CSV file',
  example: 'import calls.csv --report mend.csv',
  options: {
    'skip-header': { type: 'boolean', help: 'The first row is no call, and its names are not ours' },
    unscheduled: { type: 'boolean', help: 'Make the calls, and dial none until the import is scheduled' },
    'dry-run': { type: 'boolean', help: 'Only judge the rows' },
    strict: { type: 'boolean', help: 'Import nothing when a row is bad: judges the rows first' },
    report: { type: 'string', value: 'file', help: 'Write the bad rows, with the reasons, into a CSV file to mend and import' },
    json: { type: 'boolean', help: 'Print the result as JSON' },
    ...LOGIN_OPTIONS,
  },
  notes: [
    'Failed: a row is bad, or the file could not be read to its end. Ctrl-C does not stop the import, which goes on in the server.',
    'An import is one of the ten requests in bulk that a user has in an hour; with --strict it is two.',
  ],
  async run(terminal, given) {
    const path = given.args[0] ?? '';
    const report = textOf(given, 'report');
    if (report !== undefined && resolve(report) === resolve(path)) throw new UsageError('--report must be another file');
    const file = await readCsv(path);
    if (report !== undefined) await checkWritable(report);
    const server = await connect(terminal, given);
    const client = calling(server);
    const verdict = isOn(given, 'dry-run') || isOn(given, 'strict') ? await validate(client, file, isOn(given, 'skip-header')) : undefined;
    if (verdict && (isOn(given, 'dry-run') || verdict.invalidRows > 0)) {
      if (isOn(given, 'json')) printJson(terminal, verdict);
      else showVerdict(terminal, verdict);
      if (report !== undefined) await reportRows(terminal, report, file, verdict.errors, verdict.invalidRows);
      if (!isOn(given, 'dry-run')) tell(terminal, 'Nothing was imported.');
      return verdict.invalidRows > 0 || verdict.validRows === 0 ? EXIT.failed : EXIT.ok;
    }
    const done = await followImport(terminal, client, await send(server, file, given));
    if (isOn(given, 'json')) printJson(terminal, done);
    else showResult(terminal, done);
    if (report !== undefined) await reportRows(terminal, report, file, await refusalsOf(client, done.importId), done.failedRows);
    return done.status === 'completed' && done.failedRows === 0 ? EXIT.ok : EXIT.failed;
  },
};

/** Read as it is sent, however large. @throws CliError when there is no such file */
async function readCsv(path: string): Promise<File> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is no file');
    return new File([await openAsBlob(path, { type: 'text/csv' })], basename(path), { type: 'text/csv' });
  } catch (error) {
    throw new CliError(`${path} can't be read: ${reasonOf(error)}`);
  }
}

async function validate(client: Client, file: File, skipHeader: boolean) {
  const { data } = await answered(client.POST('/api/v1/bulk/import/validate', { body: { file, skipHeader }, bodySerializer: formOf }));
  return data;
}

async function send(server: Server, file: File, given: Given): Promise<string> {
  const body = { file, skipHeader: isOn(given, 'skip-header'), autoSchedule: !isOn(given, 'unscheduled') };
  // a lost answer is no second import
  const params = { header: { 'Idempotency-Key': randomUUID() } };
  const fetch = (request: Request) => server.fetch(request, () => new Request(request.url, { ...anew(request), body: formOf(body) }));
  const { data } = await answered(calling(server).POST('/api/v1/bulk/import', { params, body, bodySerializer: formOf, fetch }));
  return data.importId;
}

/** What a request says beside its body, which has a boundary of its own. */
function anew({ method, headers }: Request): RequestInit {
  return { method, headers: [...headers].filter(([name]) => name !== 'content-type') };
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
      else if (status.processedRows !== seen) tell(terminal, `${importId}: ${status.processedRows} of ${counted(status.totalRows, 'row')}`);
      seen = status.processedRows;
      if (status.status !== 'processing') return status;
      await pause(LOOK_EVERY_MS, undefined, { signal: stop });
    }
  } finally {
    bar.stop();
    if (stop.aborted) tell(terminal, `${importId} goes on in the server.`);
  }
}

/** Of a refused row that asks for the call of another one, which was made: there is nothing to mend, and importing it would ring twice. */
const DUPLICATE = /^Duplicate of row \d+$/;

/** What the server keeps of the refused rows: the first ten thousand. */
async function refusalsOf(client: Client, importId: string): Promise<Fault[]> {
  const params = { path: { importId } };
  const text = await answered(client.GET('/api/v1/bulk/import/{importId}/errors.csv', { params, parseAs: 'text' }));
  const lines: Array<Record<string, string>> = parse(text, { columns: true });
  return lines.flatMap(({ row, severity, error = '' }) => (severity === 'error' ? [{ row: Number(row), error }] : []));
}

async function reportRows(terminal: Terminal, path: string, file: Blob, faults: readonly Fault[], count: number): Promise<void> {
  const toMend = faults.filter(({ error }) => !DUPLICATE.test(error));
  await writeReport(path, file, new Map(toMend.map(({ row, error }) => [row, error])));
  const twice = faults.length - toMend.length;
  tell(
    terminal,
    `${path}: ${counted(toMend.length, 'row')} to mend${twice > 0 ? `; ${counted(twice, 'row')} in the file twice left out` : ''}`,
  );
  if (count > faults.length) tell(terminal, `It has the first ${faults.length} of ${counted(count, 'bad row')}.`);
}
