/** The processes of a fault run: each is started again as soon as it is gone, however it went. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ACTIONS, Failpoint } from '../../service/failpoint.ts';

export type Role = 'api' | 'worker' | 'scheduler' | 'sandbox';
export type Action = (typeof ACTIONS)[number];

/** A failpoint that a process starts with. */
export interface Armed {
  name: Failpoint;
  action: Action;
  hit: number;
  /** how long a process that froze itself stays frozen */
  freezeMs: number;
}

export interface Member {
  name: string;
  role: Role;
  /** Starts a process that is to be kept running. */
  start(): void;
  /** False when it is gone already, as with the next two. */
  kill(): boolean;
  /** False when it is frozen, too. */
  freeze(ms: number): boolean;
  /** Asks it to stop, waits until it has; the next one starts by itself. False when it was asked before, too. */
  terminate(): Promise<boolean>;
  /** Lets it go on if it is frozen. */
  thaw(): void;
  armed(): boolean;
  /** `kill -9`, and no successor. */
  close(): Promise<void>;
}

export interface MemberOptions {
  name: string;
  role: Role;
  product: string;
  folder: string;
  env: Readonly<Record<string, string>>;
  /** What the next process is armed with. */
  nextFailpoints(): Armed[];
  /** A failpoint did what it was armed for. */
  onFailpoint(member: string, armed: Armed): void;
  /** It ended by itself. */
  onExit(member: string, how: string): void;
  /** It stopped because it was asked to. */
  onStopped(member: string, tookMs: number): void;
  /** It did not stop in time when asked to. */
  onStubborn(member: string, detail: string): void;
}

/** A product process forces its own end ten seconds after it was asked; the rest is for a busy machine. */
const STOP_MS = 20_000;
const RESTART_MS = 50;
/** Only for a process that can't even start. */
const RESTART_SLOWLY_MS = 1000;
const SHORT_LIFE_MS = 1500;

/**
 * Loaded into every process before its own code: tells on descriptor 3 which failpoint is about to do what, and ends the
 * process when the harness is gone.
 */
const WITNESS = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
globalThis.onFailpoint = (name, action) => writeSync(3, name + ' ' + action + '\\n');
new Socket({ fd: 3 }).on('close', () => process.exit(1)).on('error', () => process.exit(1)).unref().resume();
`)}`;

interface Life {
  child: ChildProcess;
  armed: Armed[];
  startedMs: number;
  frozen: boolean;
  /** somebody outside sent it a signal that ends it, or a failpoint did */
  doomed: boolean;
  stopping: boolean;
  gone: Promise<unknown>;
}

export function openMember(options: MemberOptions): Member {
  const { name, role, product, folder, env } = options;
  const output = openSync(join(folder, `${name}.log`), 'a');
  let life: Life | undefined;
  let closed = false;

  function start(): void {
    const armed = options.nextFailpoints();
    const child = spawn(process.execPath, ['--import', WITNESS, join(product, role, 'main.js')], {
      cwd: folder,
      env: { ...env, FAILPOINTS: armed.map((point) => `${point.name}:${point.action}@${point.hit}`).join(',') },
      stdio: ['ignore', output, output, 'pipe'],
    });
    const mine: Life = {
      child,
      armed,
      startedMs: performance.now(),
      frozen: false,
      doomed: false,
      stopping: false,
      gone: once(child, 'exit'),
    };
    life = mine;
    child.stdio[3]?.on('data', (words: Buffer) =>
      words
        .toString()
        .split('\n')
        .filter(Boolean)
        .forEach((word) => witnessed(mine, word)),
    );
    // `close` comes after the last word of the witness
    child.once('close', (code, signal) => {
      const livedMs = performance.now() - mine.startedMs;
      if (closed) return;
      if (!mine.doomed) options.onExit(name, `${signal ?? `code ${code}`} after ${Math.round(livedMs)} ms`);
      setTimeout(() => !closed && start(), livedMs < SHORT_LIFE_MS && !mine.doomed ? RESTART_SLOWLY_MS : RESTART_MS);
    });
  }

  function witnessed(of: Life, word: string): void {
    const fired = of.armed.find(({ name: point, action }) => word === `${point} ${action}`);
    if (!fired) return;
    of.armed = of.armed.filter((point) => point !== fired);
    options.onFailpoint(name, fired);
    if (fired.action === 'kill') of.doomed = true;
    if (fired.action === 'freeze') thawLater(of, fired.freezeMs);
  }

  function thawLater(of: Life, ms: number): void {
    of.frozen = true;
    setTimeout(() => thaw(of), ms);
  }

  const runs = (of: Life | undefined): of is Life => of !== undefined && of.child.exitCode === null && of.child.signalCode === null;

  function thaw(of: Life | undefined): void {
    if (!runs(of)) return;
    of.frozen = false;
    of.child.kill('SIGCONT');
  }

  return {
    name,
    role,
    start,
    kill() {
      if (!runs(life)) return false;
      life.doomed = true;
      return life.child.kill('SIGKILL');
    },
    freeze(ms) {
      if (!runs(life) || life.frozen) return false;
      life.child.kill('SIGSTOP');
      thawLater(life, ms);
      return true;
    },
    async terminate() {
      const mine = life;
      if (!runs(mine) || mine.stopping) return false;
      mine.doomed = mine.stopping = true;
      let askedMs = performance.now();
      mine.child.kill('SIGTERM');
      while (runs(mine)) {
        await Promise.race([mine.gone, pause(100)]);
        // who is frozen can't stop: the time starts when it wakes up
        if (mine.frozen) askedMs = performance.now();
        if (performance.now() - askedMs > STOP_MS && runs(mine)) {
          options.onStubborn(name, `still runs ${Math.round(performance.now() - askedMs)} ms after SIGTERM`);
          mine.child.kill('SIGKILL');
          await mine.gone;
        }
      }
      options.onStopped(name, Math.round(performance.now() - askedMs));
      return true;
    },
    thaw: () => thaw(life),
    armed: () => runs(life) && life.armed.length > 0,
    async close() {
      closed = true;
      if (!runs(life)) return;
      life.child.kill('SIGKILL');
      await life.gone;
    },
  };
}
