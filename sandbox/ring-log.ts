import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Call, CallState } from './engine.ts';

/** One ring of one phone: a call that left the queue, also one whose line was busy or dead. Times are real ones, ISO 8601. */
export interface RingLogEntry {
  to: string;
  from: string;
  at: string;
  sid: string;
  answeredAt: string | null;
  endedAt: string | null;
  status: CallState;
  /** whom the callee was connected to last, when they were */
  connectedTo?: string;
}

export interface RingLog {
  changed(call: Call): void;
  /** in order of ringing */
  entries(): RingLogEntry[];
  clear(): void;
  close(): Promise<void>;
}

/** What a log file keeps when the sandbox starts again. */
const KEPT = 100_000;

/**
 * The proof of who rang and how often. With a file it outlives the process: every change is a line of JSON, the last line
 * about a call counts, and an empty object forgets all before it.
 */
export function openRingLog(file: string | undefined): RingLog {
  const log = new Map((file === undefined ? [] : load(file)).map((entry) => [entry.sid, entry]));
  const stream = file === undefined ? undefined : createWriteStream(file, { flags: 'a' });
  return {
    changed: (call) => {
      if (call.dialedAt === undefined) return; // canceled in the queue: nobody's phone rang
      const entry = entryOf(call, call.dialedAt);
      log.set(call.id, entry);
      if (call.state === 'dialing' || call.endedAt) stream?.write(`${JSON.stringify(entry)}\n`);
    },
    entries: () => [...log.values()],
    clear: () => {
      log.clear();
      stream?.write('{}\n');
    },
    close: () => new Promise((resolve) => (stream ? stream.end(resolve) : resolve())),
  };
}

function entryOf(call: Call, dialedAt: Date): RingLogEntry {
  const iso = (date: Date | undefined) => date?.toISOString() ?? null;
  const { to, from, id: sid, state: status, connectedTo } = call;
  return {
    to,
    from,
    at: dialedAt.toISOString(),
    sid,
    answeredAt: iso(call.answeredAt),
    endedAt: iso(call.endedAt),
    status,
    ...(connectedTo !== undefined && { connectedTo }),
  };
}

/** Reads the file and writes it anew without what is outdated, so that it does not grow for ever. */
function load(file: string): RingLogEntry[] {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return [];
  const found = new Map<string, RingLogEntry>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = read(line);
    if (entry === 'clear') found.clear();
    else if (entry) found.set(entry.sid, entry);
  }
  const kept = [...found.values()].slice(-KEPT);
  writeFileSync(`${file}.new`, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  renameSync(`${file}.new`, file);
  return kept;
}

function read(line: string): RingLogEntry | 'clear' | undefined {
  if (line === '{}') return 'clear';
  try {
    const entry = JSON.parse(line) as RingLogEntry;
    return typeof entry.sid === 'string' ? entry : undefined;
  } catch {
    // the last line of a killed process may be half a line
    return undefined;
  }
}
