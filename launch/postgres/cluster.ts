import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, LaunchError } from '../launch-error.ts';
import { isAlive } from '../process-info.ts';
import { isFilled, type Place } from './place.ts';
import { giveTo, type ServerUser } from './server-user.ts';

/** Nothing of the caller's environment reaches the server: no PGPORT, no locale that this machine lacks. */
export const SERVER_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export const DATABASE = 'dialfleet';

/**
 * Makes the cluster and its database unless they exist. It is built under another name and renamed when complete, so that
 * a crash leaves no half of one, and of several processes at once exactly one wins.
 */
export async function ensureCluster(place: Place, durable: boolean): Promise<void> {
  if (await isFilled(place.dataFolder)) return;
  await sweepDrafts(place.dataFolder);
  const draft = `${place.dataFolder}.new-${process.pid}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await giveTo(place.user, draft);
    await run(join(place.bin, 'initdb'), initdbArguments(draft, durable), place.user);
    await run(join(place.bin, 'postgres'), ['--single', '-D', draft, 'postgres'], place.user, `create database ${DATABASE}\n`);
    await rename(draft, place.dataFolder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!['EEXIST', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
  }
}

function initdbArguments(folder: string, durable: boolean): string[] {
  return [
    ...['-D', folder, '--username=postgres', '--auth-local=trust', '--auth-host=reject'],
    // sorts and folds case the same on every operating system
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...(durable ? [] : ['--no-sync']),
  ];
}

/** Removes what killed processes left half-made. */
async function sweepDrafts(dataFolder: string): Promise<void> {
  const prefix = `${basename(dataFolder)}.new-`;
  for (const name of await readdir(dirname(dataFolder))) {
    if (!name.startsWith(prefix) || (await isAlive(Number(name.slice(prefix.length))))) continue;
    await rm(join(dirname(dataFolder), name), { recursive: true, force: true });
  }
}

/** Runs one of PostgreSQL's own programs to its end. */
function run(program: string, args: readonly string[], user: ServerUser | undefined, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...user, cwd: '/', env: SERVER_ENV, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', (error) => reject(new LaunchError(`Can't run ${program}: ${error.message}`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new LaunchError(`${basename(program)} failed:\n${said.trim()}`))));
    child.stdin.end(input);
  });
}
