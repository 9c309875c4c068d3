import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export type Env = Readonly<Record<string, string | undefined>>;

/** The variables of a `.env` file in `folder`, if there is one, under the real environment, which wins. */
export async function readEnvironment(folder: string, env: Env): Promise<Env> {
  const text = await readFile(join(folder, '.env'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? env : { ...parseEnv(text), ...env };
}
