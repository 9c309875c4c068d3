import { execFile } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '../launch-error.ts';

/** Who the server runs as when we are root, whom PostgreSQL refuses. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/**
 * Undefined for an ordinary user, whose server runs as themselves. For root: the owner of the data that are already
 * there, else `nobody`, who exists on every Unix.
 */
export async function chooseServerUser(dataFolder: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const { uid, gid } = await stat(dataFolder);
    if (uid !== 0) return { uid, gid };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const entry = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(await readFile('/etc/passwd', 'utf8'));
  // Darwin writes nobody as -2, which the kernel keeps as an unsigned number
  return entry ? { uid: Number(entry[1]) >>> 0, gid: Number(entry[2]) >>> 0 } : { uid: 65534, gid: 65534 };
}

/** True when that user may enter the folder: asked of the kernel, since modes, ACLs and mounts all have a say. */
export async function canEnter(user: ServerUser, folder: string): Promise<boolean> {
  try {
    await promisify(execFile)('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

/** Gives a folder to the server's user; nothing to do when that is ourselves. */
export async function giveTo(user: ServerUser | undefined, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}
