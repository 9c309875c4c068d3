#!/usr/bin/env node
/** `npx dialfleet <command>`: see `npx dialfleet --help`. */
import { readEnvironment } from '../service/environment.ts';
import { run } from './run.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // the first one ends what goes on; a second one ends us
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}

const { stdin, stdout, stderr } = process;
// who reads has had enough: `| head`
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  stopping.abort();
});
const env = await readEnvironment(process.cwd(), process.env);
process.exitCode = await run(process.argv.slice(2), { env, stdin, stdout, stderr, stop: stopping.signal });
