import { access, constants, mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode, LaunchError } from './launch-error.ts';

/**
 * Makes the data folder and returns its absolute path.
 * @throws LaunchError when we may not write there, typically because root made it
 */
export async function prepareDataDir(path: string): Promise<string> {
  const folder = resolve(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
    throw new LaunchError(await explain(folder, error));
  }
}

async function explain(folder: string, error: unknown): Promise<string> {
  const owner = await stat(folder).then(
    ({ uid }) => (uid === 0 ? 'root' : `uid ${uid}`),
    () => undefined,
  );
  if (owner === undefined) return `Can't make the data folder ${folder}: ${String(error)}. Set DATA_DIR to a folder that you may write to.`;
  return (
    `The data folder ${folder} belongs to ${owner}, and you may not write to it.\n` +
    `Start Dialfleet as ${owner}, or set DATA_DIR to a folder of your own.`
  );
}
