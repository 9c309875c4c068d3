import { type Config, ConfigError, parseConfig } from '../core/config.ts';
import { reachDatabase } from '../db/reach.ts';
import { type Env, readEnvironment } from './environment.ts';

/**
 * The configuration that a process of its own starts with, and a database that answers. Without them the process ends here,
 * and says why in words.
 */
export function startUp(env: Env): Promise<Config> {
  return orExplain(async () => {
    const config = parseConfig(await readEnvironment(process.cwd(), env));
    await reachDatabase(config.DATABASE_URL);
    return config;
  });
}

/** Does the work of a start. What the person who starts it can put right ends the process with 1, in words and without a stack. */
export async function orExplain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
