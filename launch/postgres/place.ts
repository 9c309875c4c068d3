import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { errorCode, LaunchError } from '../launch-error.ts';
import { binaryVersion, copyBinaries, findBinaries } from './binaries.ts';
import { canEnter, chooseServerUser, giveTo, type ServerUser } from './server-user.ts';

/** Where one server keeps its things, and as whom it runs. */
export interface Place {
  bin: string;
  /** the cluster; data of one major version can't be read by another, so the name says which */
  dataFolder: string;
  socketFolder: string;
  logFile: string;
  user: ServerUser | undefined;
}

/** `sun_path` holds 104 bytes on Darwin and 108 on Linux, the file name `/.s.PGSQL.5432` included. */
const LONGEST_SOCKET_FOLDER = 103 - '/.s.PGSQL.5432'.length - ','.length;

/**
 * Decides where the server of `dataDir` lives and makes its folders. When root's server user can't reach the project
 * (a home folder closed to others), binaries and data go to /var/lib/dialfleet.
 * @throws LaunchError when the data belong to somebody else, or the binaries are missing
 */
export async function choosePlace(dataDir: string, log: Logger): Promise<Place> {
  const native = await findBinaries();
  const version = await binaryVersion(native);
  const folder = `pg${version.split('.')[0]}`;
  const near = await placeIn(dataDir, folder, native);
  if (!near.user || ((await canEnter(near.user, dataDir)) && (await canEnter(near.user, join(native, 'bin'))))) return near;
  const away = join('/var/lib/dialfleet', fingerprint(dataDir));
  log.info({ folder: away }, 'the project folder is closed to the server user: the database lives elsewhere');
  return placeIn(away, folder, await copyBinaries(native, away, version));
}

async function placeIn(home: string, folder: string, native: string): Promise<Place> {
  await mkdir(home, { recursive: true, mode: 0o755 });
  // the kernel reports folders by their real names, and they are compared with this one
  const real = await realpath(home);
  const dataFolder = join(real, folder);
  await refuseForeign(dataFolder);
  const user = await chooseServerUser(dataFolder);
  const socketFolder = await makeSocketFolder(join(real, `${folder}-socket`), user);
  return { bin: join(native, 'bin'), dataFolder, socketFolder, logFile: join(real, `${folder}.log`), user };
}

async function refuseForeign(dataFolder: string): Promise<void> {
  const me = process.getuid?.();
  if (me === 0) return;
  const owner = await ownerOf(dataFolder);
  if (owner !== undefined && owner !== me) {
    throw new LaunchError(
      `The database in ${dataFolder} belongs to another user (uid ${owner}), who made it by starting Dialfleet before you.\n` +
        `Start it as that user or as root, or give yourself a database of your own: DATA_DIR=${join(dirname(dirname(dataFolder)), '.data-mine')} npm start`,
    );
  }
}

/** Only the server's user and root may enter it; with that, `trust` among those who can connect is safe. */
async function makeSocketFolder(wanted: string, user: ServerUser | undefined): Promise<string> {
  const tooLong = Buffer.byteLength(wanted) > LONGEST_SOCKET_FOLDER;
  const folder = tooLong ? join(tmpdir(), `dialfleet-${fingerprint(wanted)}`) : wanted;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = await ownerOf(folder);
  const trusted = [process.getuid?.(), user?.uid];
  // in a shared temporary folder somebody else may have been there first, to listen in our place
  if (owner !== undefined && !trusted.includes(owner)) throw new LaunchError(`${folder} belongs to another user (uid ${owner}): remove it`);
  await giveTo(user, folder);
  await chmod(folder, 0o700);
  await makeAlias(folder);
  return folder;
}

/** See `databaseUrl` for why the folder has a second name with a comma. */
async function makeAlias(folder: string): Promise<void> {
  try {
    await symlink(folder, `${folder},`);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).uid;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The URL of a database behind a socket folder, for both drivers. node-postgres takes the percent-encoded folder as
 * libpq does. postgres.js decodes a host only when a comma makes it a list, and then takes all of it for the folder:
 * hence the comma, and the link of that name. psql reads the part before the comma, the folder itself.
 */
export function databaseUrl(socketFolder: string, database: string): string {
  return `postgres://postgres@${encodeURIComponent(`${socketFolder},`)}/${database}`;
}

function fingerprint(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

/** True when a folder exists and holds something. */
export async function isFilled(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
