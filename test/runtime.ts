import { pino } from 'pino';
import type { Test } from 'tap';
import { parseConfig } from '../core/config.ts';
import { openRuntime, type Runtime } from '../service/runtime.ts';
import { createTestDatabase } from './database.ts';

/** A runtime on a database of the test's own, with the carrier that answers at once; it closes with the test. */
export async function openTestRuntime(
  t: Pick<Test, 'teardown' | 'passing' | 'comment'>,
  env: Record<string, string> = {},
): Promise<Runtime> {
  const { url } = await createTestDatabase(t);
  const runtime = openRuntime(
    parseConfig({ NODE_ENV: 'test', DATABASE_URL: url, CARRIER: 'null', ...env }),
    pino({ level: 'silent' }),
    'test',
  );
  t.teardown(() => runtime.close());
  return runtime;
}
