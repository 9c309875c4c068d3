/** Real worker and scheduler processes, and the carrier that writes down what they ask. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Asked } from './carrier.ts';
import { type Server, startServer } from './servers.ts';

export interface Program {
  child: ChildProcess;
  stop(): Promise<void>;
}

export interface Carrier extends Server {
  log(): Promise<Asked[]>;
  /** waits for requests about so many numbers. @throws when they do not come */
  asked(numbers: number, patienceMs: number): Promise<Asked[]>;
}

/** Starts `worker` or `scheduler` as `npm run` does, and waits until it says that it is ready. */
export async function startProgram(name: 'worker' | 'scheduler', env: Record<string, string>): Promise<Program> {
  const child = fork(fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url)), [], {
    execArgv: process.execArgv,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL: 'info',
      WORKER_METRICS_PORT: '0',
      SCHEDULER_METRICS_PORT: '0',
      SURFACE_PORTS: 'none',
      ...env,
    },
  });
  const { stdout } = child;
  if (!stdout) throw new Error('A program without an output');
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: stdout });
    const ended = () => reject(new Error(`The ${name} ended before it was ready (exit code ${child.exitCode})`));
    child.once('exit', ended);
    lines.on('line', (line) => {
      if (line.includes(`${name} is ready`)) {
        child.off('exit', ended);
        resolve();
      }
      if (process.env.BENCH_LOG) process.stderr.write(`${line}\n`);
    });
  });
  return {
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Ends a program as a power cut would. */
export async function killProgram({ child }: Pick<Program, 'child'>): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 20;

/** Waits for `check`. @throws after a minute */
export async function until(check: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await pause(POLL_MS);
  }
}

export async function startCarrier(delayMs = 0): Promise<Carrier> {
  const server = await startServer(fileURLToPath(new URL('carrier.ts', import.meta.url)), [], { DELAY_MS: String(delayMs) });
  const log = async () => (await (await fetch(`${server.url}/log`)).json()) as Asked[];
  return {
    ...server,
    log,
    async asked(numbers, patienceMs) {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        const asked = await log();
        const seen = new Set(asked.map(({ to }) => to)).size;
        if (seen >= numbers) return asked;
        if (performance.now() > deadline) throw new Error(`The carrier was asked about ${seen} of ${numbers} numbers`);
        await pause(100);
      }
    },
  };
}

/** What a program needs to dial over that carrier with nothing in its way. */
export function fleetEnv(databaseUrl: string, carrierUrl: string, redisUrl: string | undefined): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    CARRIER: 'twilio',
    TWILIO_BASE_URL: carrierUrl,
    CARRIER_CALLS_PER_SECOND: '1000',
    CARRIER_MAX_CALLS: '100000',
    TENANT_MAX_CALLS: '100000',
    WATCHDOG_SECONDS: '600',
    QUEUE_PREFIX: `{bench_${process.pid}}`,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  };
}
