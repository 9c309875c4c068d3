import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const TRIES = 20;

/** A port below the range from which connections take theirs, so that it is still free when somebody listens. */
export async function freePort(): Promise<number> {
  let lastError: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      server.close();
      await once(server, 'close');
      return port;
    } catch (error) {
      lastError = error;
    }
  }
  throw new Error('no free port found', { cause: lastError });
}
