import { setTimeout as delay } from 'node:timers/promises';
import { beginVersions, type Change, raiseVersions, readVersions } from '../db/query/versions.ts';
import { batcher } from './batch.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

export const SUBJECTS = ['users', 'campaigns', 'flows', 'contacts', 'calls'] as const;

/** What a tenant has, by kind: answers made of one kind are stale when something of it has changed. */
export type Subject = (typeof SUBJECTS)[number];

const MAX_BATCH = 500;
/** Changes that nobody waits for are told together, at most this late. */
const GATHER_MS = 100;
const AGAIN_MS = 1000;

const changesOf = ofRuntime(openChanges);

/**
 * Says, after the commit, that something of a tenant has changed: once this has resolved no process answers with what it kept from
 * before. Never throws, since what was committed stands: when the database is away it is said again until it is heard.
 */
export async function noteChange(runtime: Runtime, tenantId: number, subject: Subject): Promise<void> {
  const changes = changesOf(runtime);
  try {
    await changes.tell({ tenantId, subject });
  } catch (error) {
    runtime.log.warn({ err: error, tenantId, subject }, 'a change could not be told; it will be told again');
    changes.gather([{ tenantId, subject }], []);
  }
}

/** The same of several subjects, for the engine: told within 100 ms, with others of that time. */
export function noteSoon(runtime: Runtime, tenantId: number, subjects: readonly Subject[]): void {
  changesOf(runtime).gather(
    subjects.map((subject) => ({ tenantId, subject })),
    [],
  );
}

/** The same of the calls of some tenants. */
export function noteCallsChanged(runtime: Runtime, tenantIds: Iterable<number>): void {
  changesOf(runtime).gather(
    Array.from(tenantIds, (tenantId) => ({ tenantId, subject: 'calls' as const })),
    [],
  );
}

/** The same for who knows only the calls. */
export function noteCalls(runtime: Runtime, callIds: Iterable<number>): void {
  changesOf(runtime).gather([], callIds);
}

/**
 * How often each of these subjects of a tenant has changed, as a text that is the same as long as none of them does. Read it before
 * the rows that it is to vouch for.
 */
export async function versionsOf({ db: { sql } }: Runtime, tenantId: number, subjects: readonly Subject[]): Promise<string> {
  let versions = await readVersions(sql, tenantId);
  const missing = subjects.filter((subject) => !versions.has(subject));
  if (missing.length > 0) {
    await beginVersions(sql, tenantId, missing);
    versions = await readVersions(sql, tenantId);
  }
  return subjects.map((subject) => `${subject} ${versions.get(subject) ?? 0}`).join(', ');
}

function openChanges({ db: { sql }, log, onClose }: Runtime) {
  let changes = new Map<string, Change>();
  let callIds = new Set<number>();
  let flushing: Promise<void> | undefined;
  const closing = new AbortController();

  const tell = batcher(async (told: Change[]) => {
    await raiseVersions(sql, told, []);
    return told.map(() => undefined);
  }, MAX_BATCH);

  async function flush(): Promise<void> {
    const [told, toldCalls] = [changes, callIds];
    changes = new Map();
    callIds = new Set();
    try {
      await raiseVersions(sql, [...told.values()], [...toldCalls]);
    } catch (error) {
      log.warn({ err: error }, 'changes could not be told; they will be told again');
      for (const [key, change] of told) changes.set(key, change);
      for (const callId of toldCalls) callIds.add(callId);
      await pause(AGAIN_MS);
    }
  }

  /** Ends early when the runtime closes. */
  const pause = (ms: number) => delay(ms, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);

  async function run(): Promise<void> {
    while (changes.size + callIds.size > 0) {
      await pause(GATHER_MS);
      await flush();
      if (closing.signal.aborted) break;
    }
    flushing = undefined;
  }

  onClose(async () => {
    closing.abort();
    await flushing;
    await tell.idle();
  });

  return {
    tell,
    gather(some: Iterable<Change>, someCalls: Iterable<number>): void {
      for (const change of some) changes.set(`${change.tenantId} ${change.subject}`, change);
      for (const callId of someCalls) callIds.add(callId);
      if (changes.size + callIds.size > 0 && !closing.signal.aborted) flushing ??= run();
    },
  };
}
