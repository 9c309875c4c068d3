import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, LaunchError } from './launch-error.ts';

/** A port as configured: `fixed` when the user asked for exactly this one. */
export interface WantedPort {
  variable: string;
  host: string;
  port: number;
  fixed: boolean;
  /** given to others of this start, who don't listen yet */
  taken?: readonly number[];
  /** wished by others of this start: not for whoever has to move */
  wished?: readonly number[];
}

const TRIES = 50;

/**
 * The port itself when it is free, else the next free one. `patienceMs` is how long the port may take to become free: after
 * a crash its last user is still on its way out; one that was given away stays so.
 * @throws LaunchError for a fixed port in use
 */
export async function choosePort(wanted: WantedPort, patienceMs = 0): Promise<number> {
  const deadline = Date.now() + patienceMs;
  const isTaken = wanted.taken?.includes(wanted.port) ?? false;
  while (isTaken || !(await isFree(wanted.host, wanted.port))) {
    if (!isTaken && Date.now() < deadline) {
      await pause(100);
      continue;
    }
    if (wanted.fixed) throw new LaunchError(`Port ${wanted.port} is in use: stop what listens there, or set another ${wanted.variable}.`);
    return nextFree(wanted);
  }
  return wanted.port;
}

async function nextFree({ host, port, variable, taken = [], wished = [] }: WantedPort): Promise<number> {
  for (let candidate = port + 1; candidate <= port + TRIES; candidate++) {
    if (![...taken, ...wished].includes(candidate) && (await isFree(host, candidate))) return candidate;
  }
  throw new LaunchError(`No port from ${port} to ${port + TRIES} is free: set ${variable}.`);
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return false;
    if (errorCode(error) === 'EACCES') throw new LaunchError(`You may not listen on port ${port}: choose one above 1023.`);
    throw error;
  }
}
