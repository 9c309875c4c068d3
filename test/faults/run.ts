/** One seed: an installation, work for it, faults while it works; then all is healed, and the judge looks at what is left. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gatherEvidence, isQuiet } from './evidence.ts';
import { dealFailpoints } from './failpoints.ts';
import { drawFaults } from './faults.ts';
import { answers, type Backend, type Machine, startMachine } from './fleet.ts';
import { type Journal, openJournal } from './journal.ts';
import { judge, type Violation } from './judge.ts';
import { seededRandom } from './random.ts';
import { carrierFaultsUsed } from './spoiled-requests.ts';
import type { PostgresServer } from './stores.ts';
import { startWorkload, type Workload } from './workload.ts';

export interface SeedOptions {
  seed: number;
  backend: Backend;
  /** how many to inject at least, unless the time runs out */
  faults: number;
  calls: number;
  /** how long clients ask and faults strike, about */
  overSeconds: number;
  /** until all is decided after the last fault */
  quietSeconds: number;
  /** made by `buildProduct` */
  product: string;
  postgres: PostgresServer;
  /** for logs and data of this seed */
  folder: string;
}

export interface SeedReport {
  seed: number;
  backend: Backend;
  faults: Journal['kinds'];
  failpoints: Journal['failpoints'];
  injected: number;
  /** processes that ended by themselves */
  exits: string[];
  rings: number;
  calls: number;
  seconds: number;
  /** from the last healing to nothing left to do */
  quietAfterSeconds: number;
  violations: Violation[];
}

/** Faults go on for this much longer than the clients when too few have struck. */
const OVERTIME = 2;
/** Of all faults, what failpoints take about, which sets the pace of the others. */
const FAILPOINTS_EXPECTED = 0.3;
/** Of all faults, what failpoints may take: each kills or freezes a process that is just starting to work. */
const FAILPOINT_SHARE = 0.45;
/** What a request planned to fail and not used up leaves for later is little enough to be no fault of its own. */
const MOST_PLANNED = 4;

/** @throws Error when the harness itself, or a good request of the workload, fails */
export async function runSeed(options: SeedOptions): Promise<SeedReport> {
  const { seed, backend, folder, faults } = options;
  const startedMs = performance.now();
  await mkdir(folder, { recursive: true });
  const journal = openJournal(join(folder, 'faults.log'));
  const violations: Violation[] = [];
  const exits: string[] = [];
  const violated = (rule: string, promise: number | undefined, detail: string) => violations.push({ rule, promise, detail });
  const deal = dealFailpoints(seed, seededRandom(seed ^ 0x5f3759df));
  let arming = true;
  const firedOfFailpoints = () => [...journal.failpoints.values()].reduce((sum, count) => sum + count, 0);

  const machine = await startMachine({
    product: options.product,
    postgres: options.postgres,
    backend,
    redisKeeps: seed % 2 === 1,
    folder,
    nextFailpoints: (role) => (arming && firedOfFailpoints() < faults * FAILPOINT_SHARE ? deal(role) : []),
    onFailpoint(member, { name, action, hit, freezeMs }) {
      journal.struck(`failpoint.${action}`, `${member} at ${name}@${hit}${action === 'freeze' ? ` for ${freezeMs} ms` : ''}`);
      journal.fired(name, action);
    },
    onExit(member, how) {
      exits.push(`${member}: ${how}`);
      journal.note(`${member} ended by itself: ${how}`);
      if (member === 'sandbox') violated('harness', undefined, `the witness died: ${how}`);
    },
    onStopped: (member, tookMs) => journal.note(`${member} stopped within ${tookMs} ms`),
    onStubborn: (member, detail) => violated('I19', 1, `${member} ${detail}`),
  });
  let workload: Workload | undefined;
  try {
    workload = await startWorkload(machine.fleet, {
      random: seededRandom(seed),
      calls: options.calls,
      overSeconds: options.overSeconds,
    });
    journal.note('the work begins');
    const faulty = injectFaults(machine, options, journal);
    await Promise.all([workload.done, faulty]);
    journal.note('healing');
    arming = false;
    await heal(machine);
    journal.note('healed');
    const healedMs = performance.now();
    const quiet = await untilQuiet(machine, options.quietSeconds);
    const quietAfterSeconds = (performance.now() - healedMs) / 1000;
    if (!quiet) violated('I20', 1, `not all is decided ${options.quietSeconds} s after the last fault was healed`);
    const evidence = await gatherEvidence(machine.fleet, workload.promised());
    violations.push(...judge(evidence));
    return {
      seed,
      backend,
      faults: journal.kinds,
      failpoints: journal.failpoints,
      injected: journal.injected(),
      exits,
      rings: ((await machine.sandbox('GET', '/_sandbox/calls')) as unknown[]).length,
      calls: await machine.countCalls(),
      seconds: (performance.now() - startedMs) / 1000,
      quietAfterSeconds,
      violations,
    };
  } finally {
    await workload?.close();
    await machine.close();
  }
}

/** Strikes until enough faults have struck, and waits until the last one is over. What is drawn depends on the seed alone. */
async function injectFaults(machine: Machine, options: SeedOptions, journal: Journal): Promise<void> {
  const { seed, faults, overSeconds } = options;
  const busy = new Map<string, Promise<unknown>>();
  const failures: unknown[] = [];
  const planned: Array<{ kind: string; count: number; atMs: number }> = [];
  const deadline = performance.now() + overSeconds * OVERTIME * 1000;
  const drawn = drawFaults(seededRandom(seed ^ 0x2545f491), (overSeconds * 1000) / (faults * (1 - FAILPOINTS_EXPECTED)), !!machine.redis);
  for (const fault of drawn) {
    const used = await carrierFaultsUsed(machine, planned);
    if (journal.injected() + used.length >= faults || performance.now() > deadline) break;
    await pause(fault.restMs);
    if (fault.requests) {
      const open = planned.reduce((sum, { count }) => sum + count, 0) - used.length;
      if (open + fault.requests > MOST_PLANNED) continue;
      planned.push({ kind: fault.kind, count: fault.requests, atMs: Date.now() });
    }
    const free = busy.get(fault.target) ?? Promise.resolve();
    const strike = free.then(async () => {
      journal.note(`${fault.kind} begins: ${fault.what}`);
      if ((await fault.strike(machine)) && !fault.requests) journal.struck(fault.kind, fault.what);
    });
    busy.set(
      fault.target,
      strike.catch((error: unknown) => failures.push(error)),
    );
  }
  await Promise.all(busy.values());
  for (const kind of await carrierFaultsUsed(machine, planned)) journal.struck(kind, 'one request');
  if (failures.length > 0) throw failures[0];
}

/** Everything passes, runs, and carries no failpoint. */
async function heal(machine: Machine): Promise<void> {
  const { postgres, redis, carrier, callbacks } = machine.proxies;
  for (const proxy of [postgres, redis, carrier, callbacks]) proxy?.set({ does: 'pass' });
  for (const member of machine.members) member.thaw();
  await Promise.all(machine.members.filter((member) => member.armed()).map((member) => member.terminate()));
  const deadline = performance.now() + 30_000;
  while (!(await answers(`${machine.fleet.url}/health/ready`)) && performance.now() < deadline) await pause(100);
}

async function untilQuiet({ fleet }: Machine, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    if (await isQuiet(fleet)) return true;
    await pause(250);
  }
  return false;
}
