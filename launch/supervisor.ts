import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { restartDelayMs } from './restart-delay.ts';

export interface ChildSpec {
  name: string;
  /** path of the module that the process runs; TypeScript goes through tsx */
  script: string;
  env: Readonly<Record<string, string | undefined>>;
  /** lower ones are stopped first, equal ones together */
  stopStage: number;
}

export interface Supervisor {
  /** the pid of each process that runs just now */
  pids(): Readonly<Record<string, number>>;
  /** Ends all in the order of their stages and never restarts them; what is left after `graceMs` is killed. */
  stop(): Promise<void>;
  /** Ends all at once, also during `stop`. */
  kill(): void;
}

export interface SuperviseOptions {
  /** where the processes' lines go; unset: straight to our own stdout and stderr */
  output?: Writable;
  /** for all stages together */
  graceMs?: number;
}

interface Member {
  spec: ChildSpec;
  child: ChildProcess | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Runs the processes until `stop`: one that ends is started again, with growing pauses, and the log says so. */
export function supervise(specs: readonly ChildSpec[], log: Logger, options: SuperviseOptions = {}): Supervisor {
  const { output, graceMs = 10_000 } = options;
  let stopping = false;

  function start(member: Member, delayMs?: number): void {
    const { name } = member.spec;
    const startedMs = performance.now();
    const child = spawnChild(member.spec, output);
    member.child = child;
    let gone = false;
    const end = (how: object) => {
      if (gone) return;
      gone = true;
      member.child = undefined;
      if (stopping) return;
      const next = restartDelayMs(performance.now() - startedMs, delayMs);
      log.error({ process: name, ...how, restartInMs: next }, `${name} ended: starting it again`);
      member.timer = setTimeout(() => start(member, next), next);
    };
    child.once('error', (error) => end({ error: error.message }));
    child.once('exit', (code, signal) => end({ code, signal }));
    log.debug({ process: name, childPid: child.pid }, `${name} started`);
  }

  const members = specs.map((spec): Member => ({ spec, child: undefined, timer: undefined }));
  for (const member of members) start(member);

  const restartNone = (): void => {
    stopping = true;
    for (const { timer } of members) clearTimeout(timer);
  };
  const kill = (): void => {
    restartNone();
    for (const { child } of members) child?.kill('SIGKILL');
  };

  return {
    pids: () => Object.fromEntries(members.flatMap(({ spec, child }) => (child?.pid === undefined ? [] : [[spec.name, child.pid]]))),
    kill,
    async stop() {
      restartNone();
      const deadline = setTimeout(() => {
        log.warn({ left: members.flatMap(({ spec, child }) => (child ? [spec.name] : [])) }, 'killing what did not stop in time');
        kill();
      }, graceMs);
      for (const stage of [...new Set(specs.map((spec) => spec.stopStage))].sort((a, b) => a - b)) {
        await Promise.all(members.filter(({ spec }) => spec.stopStage === stage).map(({ child }) => terminate(child)));
      }
      clearTimeout(deadline);
    },
  };
}

async function terminate(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** In a process group of its own: Ctrl-C at a terminal reaches the supervisor alone, which then stops all in order. */
function spawnChild(spec: ChildSpec, output: Writable | undefined): ChildProcess {
  const own = import.meta.url.endsWith('.ts') ? './follow-parent.ts' : './follow-parent.js';
  const usesTypeScript = [own, spec.script].some((path) => path.endsWith('.ts'));
  const loaders = [...(usesTypeScript ? [import.meta.resolve('tsx')] : []), new URL(own, import.meta.url).href];
  const stream = output ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, [...loaders.flatMap((url) => ['--import', url]), '--enable-source-maps', spec.script], {
    env: spec.env,
    detached: true,
    stdio: ['ignore', stream, stream, 'ipc'],
  });
  for (const source of [child.stdout, child.stderr]) {
    // whole lines, so that those of two processes don't mix
    if (source && output) createInterface({ input: source }).on('line', (line) => output.write(`${line}\n`));
  }
  return child;
}

/** `api` → the path of api/main beside us, compiled or not as we are ourselves. */
export function mainScript(room: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../${room}/main.${extension}`, import.meta.url));
}
