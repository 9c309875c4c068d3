/** The faults that are not failpoints: signals, stores that die, networks that break, a carrier that fails. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Machine } from './fleet.ts';
import type { Proxy, Weather } from './proxy.ts';
import { between, mostlySmall, pick, type Random, whole } from './random.ts';

export interface Fault {
  kind: string;
  /** for the log: what exactly, with its numbers */
  what: string;
  /** what it strikes: one fault at a time, each waits for the one before */
  target: string;
  /** how many requests to the carrier it is planned for: they count when they were spoiled, not before */
  requests?: number;
  /** Resolves when it is over; false when there was nothing to strike and so no fault. */
  strike(machine: Machine): Promise<boolean>;
}

/** How a kind of fault is drawn. All that it needs is drawn before it strikes: timing must not change what comes next. */
interface Kind {
  kind: string;
  /** how often, among all */
  weight: number;
  needsRedis?: boolean;
  draw(random: Random): Pick<Fault, 'what' | 'target' | 'requests' | 'strike'>;
}

const PROCESSES = ['api', 'worker-1', 'worker-2', 'scheduler-1', 'scheduler-2'] as const;
/** Three times the lock of a queue's job. */
const LONGEST_FREEZE_MS = 15_000;
const LONGEST_API_FREEZE_MS = 3000;
const LONGEST_OUTAGE_MS = 3000;

const memberOf = (machine: Machine, name: string) => {
  const found = machine.members.find((member) => member.name === name);
  if (!found) throw new Error(`No process ${name}`);
  return found;
};

/** A fault of one process. */
function ofProcess(random: Random, act: (name: string) => Pick<Fault, 'what' | 'strike'>): ReturnType<Kind['draw']> {
  const name = pick(random, PROCESSES);
  return { target: name, ...act(name) };
}

/** Weather in one proxy for a while. */
function weather(where: keyof Machine['proxies'], weight: number, does: Weather['does'], needsRedis = false): Kind {
  return {
    kind: `${where}.${does}`,
    weight,
    needsRedis,
    draw: (random) => {
      const forMs = mostlySmall(random, 500, LONGEST_OUTAGE_MS);
      const next: Weather = does === 'delay' ? { does, delayMs: whole(random, 20, 250) } : { does };
      return {
        target: where,
        what: `${JSON.stringify(next)} for ${forMs} ms`,
        strike: (machine) =>
          through(machine.proxies[where], async (proxy) => {
            proxy.set(next);
            await pause(forMs);
            proxy.set({ does: 'pass' });
            return true;
          }),
      };
    },
  };
}

function reset(where: keyof Machine['proxies'], weight: number, needsRedis = false): Kind {
  const draw = () => ({
    target: where,
    what: 'every connection',
    strike: (machine: Machine) => through(machine.proxies[where], async (proxy) => proxy.reset() > 0),
  });
  return { kind: `${where}.reset`, weight, needsRedis, draw };
}

const through = (proxy: Proxy | undefined, work: (proxy: Proxy) => Promise<boolean>) => (proxy ? work(proxy) : Promise.resolve(false));

/** The next request or requests for a call fail at the carrier in one way. */
function carrierFault(fault: 'drop' | 'drop_after' | 'error' | 'slow', weight: number): Kind {
  return {
    kind: `carrier.${fault}`,
    weight,
    draw: (random) => {
      const count = whole(random, 1, 3);
      const delayMs = mostlySmall(random, 200, 4000);
      return {
        target: 'sandbox',
        requests: count,
        what: `${count} requests${fault === 'slow' ? `, ${delayMs} ms` : ''}`,
        strike: async (machine) => {
          await machine.sandbox('POST', '/_sandbox/faults', { fault, count, delayMs });
          return true;
        },
      };
    },
  };
}

const KINDS: readonly Kind[] = [
  {
    kind: 'process.kill',
    weight: 14,
    draw: (random) =>
      ofProcess(random, (name) => ({
        what: `SIGKILL ${name}`,
        strike: async (machine) => memberOf(machine, name).kill(),
      })),
  },
  {
    kind: 'process.freeze',
    weight: 10,
    draw: (random) =>
      ofProcess(random, (name) => {
        const ms = mostlySmall(random, 300, name === 'api' ? LONGEST_API_FREEZE_MS : LONGEST_FREEZE_MS);
        return {
          what: `SIGSTOP ${name} for ${ms} ms`,
          // it is over when the process is struck: others may go on striking it while it is frozen
          strike: async (machine) => memberOf(machine, name).freeze(ms),
        };
      }),
  },
  {
    kind: 'process.restart',
    weight: 6,
    draw: (random) => ofProcess(random, (name) => ({ what: `SIGTERM ${name}`, strike: (machine) => memberOf(machine, name).terminate() })),
  },
  {
    kind: 'redis.kill',
    weight: 6,
    needsRedis: true,
    draw: (random) => {
      const downMs = mostlySmall(random, 0, LONGEST_OUTAGE_MS);
      return {
        target: 'redis-server',
        what: `SIGKILL, down for ${downMs} ms`,
        strike: async ({ redis }) => {
          await redis?.crash(downMs);
          return redis !== undefined;
        },
      };
    },
  },
  {
    kind: 'redis.flush',
    weight: 5,
    needsRedis: true,
    draw: () => ({
      target: 'redis-server',
      what: 'FLUSHALL',
      strike: async ({ redis }) => (await redis?.command('FLUSHALL'))?.startsWith('+OK') ?? false,
    }),
  },
  {
    kind: 'redis.pause',
    weight: 3,
    needsRedis: true,
    draw: (random) => {
      const ms = whole(random, 500, LONGEST_OUTAGE_MS);
      return {
        target: 'redis-server',
        what: `CLIENT PAUSE ${ms}`,
        strike: async ({ redis }) => (await redis?.command(`CLIENT PAUSE ${ms} ALL`))?.startsWith('+OK') ?? false,
      };
    },
  },
  reset('redis', 2, true),
  weather('redis', 2, 'hole', true),
  weather('redis', 1, 'stall', true),
  weather('redis', 1, 'refuse', true),
  weather('redis', 2, 'delay', true),
  ...(['SIGQUIT', 'SIGKILL'] as const).map((signal): Kind => ({
    kind: signal === 'SIGQUIT' ? 'postgres.restart' : 'postgres.kill',
    weight: 2,
    draw: (random) => {
      const downMs = mostlySmall(random, 0, 2000);
      return {
        target: 'postgres-server',
        what: `${signal}, down for ${downMs} ms`,
        strike: async ({ postgres }) => {
          await postgres.crash(signal, downMs);
          return true;
        },
      };
    },
  })),
  {
    kind: 'postgres.terminate',
    weight: 6,
    draw: (random) => {
      const count = mostlySmall(random, 1, 12);
      return {
        target: 'postgres-server',
        what: `${count} sessions`,
        strike: async ({ postgres, database }) => (await postgres.terminateSessions(database, count)) > 0,
      };
    },
  },
  reset('postgres', 2),
  weather('postgres', 2, 'hole'),
  weather('postgres', 1, 'stall'),
  weather('postgres', 1, 'refuse'),
  weather('postgres', 2, 'delay'),
  carrierFault('drop', 3),
  carrierFault('drop_after', 4),
  carrierFault('error', 3),
  carrierFault('slow', 3),
  reset('carrier', 3),
  weather('carrier', 2, 'hole'),
  weather('carrier', 1, 'refuse'),
  reset('callbacks', 3),
  weather('callbacks', 2, 'hole'),
  weather('callbacks', 1, 'refuse'),
];

/** Faults without end, with the rest before each: `everyMs` on average. */
export function* drawFaults(random: Random, everyMs: number, hasRedis: boolean): Generator<Fault & { restMs: number }, never> {
  const kinds = KINDS.filter((kind) => hasRedis || !kind.needsRedis);
  const sum = kinds.reduce((total, { weight }) => total + weight, 0);
  for (;;) {
    let place = random() * sum;
    const chosen = kinds.find(({ weight }) => (place -= weight) < 0) ?? pick(random, kinds);
    const restMs = Math.round(between(random, 0.3, 1.7) * everyMs);
    yield { kind: chosen.kind, restMs, ...chosen.draw(random) };
  }
}
