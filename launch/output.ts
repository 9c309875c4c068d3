import type { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { build } from 'pino-pretty';
import { logOptions } from '../service/log.ts';

export interface Output {
  log: Logger;
  /** where the processes' lines go; undefined: straight to our stdout, JSON lines for whoever collects them */
  childOutput: Writable | undefined;
}

/** Readable, coloured lines at a terminal; JSON lines anywhere else. */
export function openOutput(level: string, terminal: boolean): Output {
  const settings = logOptions(level, 'launch');
  if (!terminal) return { log: pino(settings, pino.destination({ dest: 1, sync: true })), childOutput: undefined };
  const pretty = build({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', sync: true });
  return { log: pino(settings, pretty), childOutput: pretty };
}
