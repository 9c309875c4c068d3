import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Script } from './script.ts';

export type Ending = 'completed' | 'busy' | 'no_answer' | 'failed' | 'canceled';
export type CallState = 'queued' | 'dialing' | 'ringing' | 'in_progress' | Ending;

/** One call as the company sees it. The engine alone changes it. */
export interface Call {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly script: Script;
  readonly ringTimeoutSeconds: number;
  readonly timeLimitSeconds: number;
  readonly createdAt: Date;
  state: CallState;
  dialedAt: Date | undefined;
  answeredAt: Date | undefined;
  endedAt: Date | undefined;
  /** whom the callee was connected to last: a SIP address or a number */
  connectedTo: string | undefined;
  /** seconds on the line since the answer, as the script counts them: the speed of the sandbox does not change them */
  lineSeconds: number;
}

export type Order = Pick<Call, 'id' | 'to' | 'from' | 'script' | 'ringTimeoutSeconds' | 'timeLimitSeconds'>;

/** What a protocol adds to a call: it reports every new state, and leads the talk once somebody has answered. */
export interface Protocol {
  changed(call: Call): void;
  /** resolves when nothing is left to say; the engine then hangs up */
  conduct(call: Call): Promise<void>;
}

export interface Engine {
  start(order: Order, protocol: Protocol): Call;
  /** Lets `seconds` of the call pass; false when it ended meanwhile. */
  wait(call: Call, seconds: number): Promise<boolean>;
  /** The callee of a call talks with somebody else from now on. */
  connect(call: Call, to: string): void;
  /** Ends a call that has not ended. */
  end(call: Call, ending: Ending): void;
  /** Stops all calls where they are and reports nothing more. */
  close(): void;
}

export interface EngineOptions {
  clock: Clock;
  /** how many times faster than life */
  speed: number;
  log: Logger;
  changed?(call: Call): void;
}

const QUEUE_SECONDS = 0.5;
const SETUP_SECONDS = 1;
const ENDINGS: ReadonlySet<CallState> = new Set<CallState>(['completed', 'busy', 'no_answer', 'failed', 'canceled']);

/** The life of a call up to its answer or its end without one: what comes next, and after how many seconds. */
export function timeline(script: Script, ringTimeoutSeconds: number): ReadonlyArray<{ afterSeconds: number; state: CallState }> {
  const dial = { afterSeconds: QUEUE_SECONDS, state: 'dialing' } as const;
  if (script.end === 'busy' || script.end === 'failed') return [dial, { afterSeconds: SETUP_SECONDS, state: script.end }];
  const ring = { afterSeconds: SETUP_SECONDS, state: 'ringing' } as const;
  const answered = script.end === 'answered' && script.ringSeconds < ringTimeoutSeconds;
  if (answered) return [dial, ring, { afterSeconds: script.ringSeconds, state: 'in_progress' }];
  return [dial, ring, { afterSeconds: ringTimeoutSeconds, state: 'no_answer' }];
}

/** Whole seconds on the line, a begun one counted; 0 when nobody answered. Scripted time, not the shorter real one. */
export function durationOf(call: Call): number {
  return call.answeredAt ? Math.max(1, Math.ceil(call.lineSeconds)) : 0;
}

export function hasEnded(call: Call): boolean {
  return ENDINGS.has(call.state);
}

interface Step {
  cancel(): void;
  startedMs: number;
  done(elapsed: boolean): void;
}

/** Plays calls. A call has one timer at a time: that of its next step. */
export function openEngine({ clock, speed, log, changed }: EngineOptions): Engine {
  const steps = new Map<Call, Step>();
  const protocols = new WeakMap<Call, Protocol>();
  let closed = false;

  /** True after the time, false when the call ended before; the time that did pass counts as time on the line. */
  const step = (call: Call, seconds: number): Promise<boolean> =>
    new Promise((resolve) => {
      if (closed || hasEnded(call)) return resolve(false);
      const startedMs = clock.nowMs();
      const done = (elapsed: boolean) => {
        steps.delete(call);
        const passed = elapsed ? seconds : Math.min(seconds, ((clock.nowMs() - startedMs) * speed) / 1000);
        if (call.state === 'in_progress') call.lineSeconds += passed;
        resolve(elapsed);
      };
      steps.set(call, { startedMs, done, cancel: clock.after((seconds * 1000) / speed, () => done(true)) });
    });

  const enter = (call: Call, state: CallState) => {
    call.state = state;
    const now = new Date(clock.nowMs());
    if (state === 'dialing') call.dialedAt = now;
    if (state === 'in_progress') call.answeredAt = now;
    if (ENDINGS.has(state)) call.endedAt = now;
    changed?.(call);
    protocols.get(call)?.changed(call);
  };

  const connect = (call: Call, to: string) => {
    call.connectedTo = to;
    changed?.(call);
  };

  const stop = (call: Call) => {
    const pending = steps.get(call);
    pending?.cancel();
    pending?.done(false);
  };

  const end = (call: Call, ending: Ending) => {
    if (closed || hasEnded(call)) return;
    stop(call);
    enter(call, ending);
  };

  const wait = async (call: Call, seconds: number): Promise<boolean> => {
    const leftSeconds = Math.max(0, Math.min(call.timeLimitSeconds, call.script.staysSeconds) - call.lineSeconds);
    if (seconds < leftSeconds) return step(call, seconds);
    if (await step(call, leftSeconds)) end(call, 'completed');
    return false;
  };

  const run = async (call: Call, protocol: Protocol) => {
    for (const { afterSeconds, state } of timeline(call.script, call.ringTimeoutSeconds)) {
      if (!(await step(call, afterSeconds))) return;
      enter(call, state);
    }
    if (call.state === 'in_progress') await protocol.conduct(call);
  };

  const start = (order: Order, protocol: Protocol): Call => {
    const times = {
      createdAt: new Date(clock.nowMs()),
      dialedAt: undefined,
      answeredAt: undefined,
      endedAt: undefined,
      connectedTo: undefined,
    };
    const call: Call = { ...order, ...times, state: 'queued', lineSeconds: 0 };
    protocols.set(call, protocol);
    run(call, protocol)
      .catch((error: unknown) => closed || log.warn({ call: call.id, reason: String(error) }, 'a call broke off'))
      .finally(() => end(call, 'completed'));
    return call;
  };

  const close = () => {
    closed = true;
    for (const call of [...steps.keys()]) stop(call);
  };

  return { start, wait, connect, end, close };
}
