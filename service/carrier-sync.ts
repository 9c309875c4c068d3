import type { CallLog, Directory } from '../carrier/directory.ts';
import { isE164 } from '../core/phone.ts';
import {
  type BookedCall,
  type Cursor,
  findHomeTenant,
  findNumberOwners,
  findOpenDials,
  insertCarrierAgents,
  insertCarrierCalls,
  lockCarrierNumbers,
  moveCursor,
  type NumberOwner,
  readCursor,
  saveCarrierPhones,
} from '../db/query/carrier-sync.ts';
import { findKnownCarrierCalls } from '../db/query/watch.ts';
import { noteChange } from './changes.ts';
import { fileNameOf } from './recordings.ts';
import type { Runtime } from './runtime.ts';
import { applyTold } from './story.ts';

/** A pass asks for no further page after this. */
const PASS_MS = 4000;
/** What began so long ago is looked at in every pass. */
const HOUR_SECONDS = 60 * 60;
/** What is under way so long is not waited for. */
const LONGEST_SECONDS = 24 * 60 * 60;
/** Stands for the agent of calls whose agent the books don't name. */
const NOBODY = 'unknown';

/**
 * Takes over what the phone company has and we have not: numbers, with their agents, and calls that were made elsewhere. They go to
 * the tenant that has the number from the company, calls only since it has it, else to the first platform administrator's. What it
 * tells of calls of our own is applied like its callbacks. What was removed here stays away. One pass of bounded length: the next one
 * goes on where it stopped. Done twice, nothing changes.
 * @throws AppError carrier_failure; what was read until then is kept
 */
export async function syncDirectory(runtime: Runtime, directory: Directory, now = new Date()): Promise<{ phones: number; calls: number }> {
  const homeId = await findHomeTenant(runtime.db.sql);
  if (homeId === undefined) return { phones: 0, calls: 0 };
  const agents = new Map((await directory.listAgents()).map((agent) => [agent.carrierAgentId, agent]));
  const taker: Taker = {
    runtime,
    directory,
    homeId,
    agentOf: (carrierAgentId) => {
      const { name, prompt } = agents.get(carrierAgentId) ?? { name: undefined, prompt: undefined };
      return { carrierAgentId, name: name ?? `Agent ${carrierAgentId} of ${directory.carrier}`, prompt };
    },
  };
  return { phones: await syncPhones(taker), calls: await syncCalls(taker, now) };
}

interface Taker {
  runtime: Runtime;
  directory: Directory;
  homeId: number;
  agentOf(carrierAgentId: string): { carrierAgentId: string; name: string; prompt: string | undefined };
}

async function syncPhones({ runtime, directory, homeId, agentOf }: Taker): Promise<number> {
  const { carrier } = directory;
  const phones = [...new Map((await directory.listPhones()).map((phone) => [phone.number, phone])).values()];
  return runtime.db.sql.begin(async (sql) => {
    await lockCarrierNumbers(sql);
    const owners = await findNumberOwners(
      sql,
      carrier,
      phones.map(({ number }) => number),
    );
    const booked = phones.map(({ status, createdAt, ...phone }) => ({
      ...phone,
      tenantId: owners.get(phone.number)?.tenantId ?? homeId,
      meta: { ...(status !== undefined && { status }), ...(createdAt && { createdAt: createdAt.toISOString() }) },
    }));
    const agents = booked.flatMap(({ tenantId, carrierAgentId }) => (carrierAgentId ? [{ tenantId, ...agentOf(carrierAgentId) }] : []));
    await insertCarrierAgents(sql, carrier, agents);
    return saveCarrierPhones(sql, carrier, booked);
  });
}

/**
 * What is new, and, once an hour, the last day again: a call may come into the books when it is over, under the time at which it
 * began. One longer than a day is not waited for.
 */
async function syncCalls(taker: Taker, now: Date): Promise<number> {
  const { runtime, directory } = taker;
  const recent = await readBooks(taker, { subject: 'call-logs', overlapSeconds: HOUR_SECONDS, now });
  const subject = 'call-logs-again';
  const begin = Math.floor(now.getTime() / 1000) - LONGEST_SECONDS;
  const again = await readCursor(runtime.db.sql, directory.carrier, subject);
  if (!again) await moveCursor(runtime.db.sql, { carrier: directory.carrier, subject }, again, { since: begin });
  const isDue = again !== undefined && (again.page !== undefined || begin - (again.since ?? 0) >= HOUR_SECONDS);
  return isDue ? recent + (await readBooks(taker, { subject, overlapSeconds: LONGEST_SECONDS, now })) : recent;
}

/**
 * Reads the books a span of time after the other, and each span page by page, whatever their order. The next span begins a while
 * before the end of this one, or where the oldest call under way began: known ones are read again and change nothing.
 */
async function readBooks(taker: Taker, look: { subject: string; overlapSeconds: number; now: Date }): Promise<number> {
  const { runtime, directory } = taker;
  const { sql } = runtime.db;
  const place = { carrier: directory.carrier, subject: look.subject };
  const endMs = performance.now() + PASS_MS;
  let cursor = await readCursor(sql, place.carrier, place.subject);
  let taken = 0;
  for (;;) {
    const { since = 0, until = Math.floor(look.now.getTime() / 1000), page, live }: Cursor = cursor ?? {};
    const { logs, next } = await directory.listCallLogs({ from: new Date(since * 1000), to: new Date(until * 1000), cursor: page });
    taken += await takeOver(taker, logs);
    const oldest = Math.min(live ?? until, ...logs.filter(isLive).map(({ startedAt }) => secondsOf(startedAt) ?? until));
    const isDone = next === undefined;
    const begin = Math.max(since, until - LONGEST_SECONDS, Math.min(until - look.overlapSeconds, oldest));
    const to: Cursor = isDone ? { since: begin } : { since, until, page: next, live: oldest };
    // another scheduler reads the same books
    if (!(await moveCursor(sql, place, cursor, to))) return taken;
    if (isDone || performance.now() > endMs) return taken;
    cursor = to;
  }
}

async function takeOver(taker: Taker, logs: readonly CallLog[]): Promise<number> {
  const over = logs.filter((log) => !isLive(log));
  await applyOurs(taker, over);
  return keepForeign(
    taker,
    over.filter(({ attempt }) => !attempt),
  );
}

/** What the books say of calls of our own that we take for being under way. */
async function applyOurs({ runtime }: Taker, logs: readonly CallLog[]): Promise<void> {
  const open = await findOpenDials(
    runtime.db.sql,
    logs.flatMap(({ attempt }) => attempt ?? []),
  );
  for (const { attempt, carrierCallId, progress, story } of logs) {
    if (attempt && open.has(attempt.token)) await applyTold(runtime, { ...attempt, carrierCallId, progress }, story);
  }
}

async function keepForeign({ runtime, directory, homeId, agentOf }: Taker, logs: readonly CallLog[]): Promise<number> {
  const { sql } = runtime.db;
  const { carrier } = directory;
  const known = await findKnownCarrierCalls(
    sql,
    carrier,
    logs.map(({ carrierCallId }) => carrierCallId),
  );
  const unknown = logs.filter(({ carrierCallId }) => !known.has(carrierCallId));
  const owners = await findNumberOwners(
    sql,
    carrier,
    unknown.flatMap(({ from, to }) => [from, to]),
  );
  const calls = unknown.flatMap((log) => bookedOf(log, owners, homeId));
  if (calls.length === 0) return 0;
  await insertCarrierAgents(
    sql,
    carrier,
    calls.map(({ tenantId, carrierAgentId }) => ({ tenantId, ...agentOf(carrierAgentId) })),
  );
  const inserted = await insertCarrierCalls(sql, carrier, calls);
  for (const tenantId of new Set(inserted.map((call) => call.tenantId))) await noteChange(runtime, tenantId, 'calls');
  return inserted.length;
}

/** None, for what is no telephone call: a talk in a browser has no numbers. */
function bookedOf(log: CallLog, owners: ReadonlyMap<string, NumberOwner>, homeId: number): BookedCall[] {
  const { progress, from, to, startedAt, story } = log;
  if (progress.type !== 'ended' || !isE164(to) || !startedAt) return [];
  const { outcome, durationSeconds, by, costs } = progress;
  const isInbound = !owners.has(from) && owners.has(to);
  const owner = owners.get(isInbound ? to : from);
  return [
    {
      // whoever had the number before, it was not this tenant
      tenantId: owner && owner.since <= startedAt ? owner.tenantId : homeId,
      carrierCallId: log.carrierCallId,
      carrierAgentId: log.carrierAgentId ?? NOBODY,
      direction: isInbound ? 'inbound' : 'outbound',
      from,
      to,
      status: outcome,
      answeredBy: by,
      durationSeconds,
      startedAt,
      metadata: { carrierStatus: log.status, ...(costs && { costs }) },
      turns: story?.turns ?? [],
      // the file gets its name when it is there; the call has no number yet
      recording: story?.recording && { recordingId: story.recording.recordingId, fileName: fileNameOf(0, startedAt, 'mp3') },
    },
  ];
}

function isLive({ progress }: CallLog): boolean {
  return progress.type !== 'ended';
}

function secondsOf(at: Date | undefined): number | undefined {
  return at && Math.floor(at.getTime() / 1000);
}
