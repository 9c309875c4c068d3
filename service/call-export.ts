import type { Config } from '../core/config.ts';
import { badField } from '../core/errors.ts';
import type { Place } from '../core/signed-cursor.ts';
import { exportRange } from '../core/time/export-range.ts';
import type { LoggedCall, CallLogFilter } from '../db/query/call-log.ts';
import { listCallsOf, listLogPlaces } from '../db/query/call-export.ts';
import { readCallCursor, writeCallCursor } from './call-cursor.ts';
import type { Runtime } from './runtime.ts';

/** Contract: dashboard, "max 10k records". */
export const MAX_EXPORTED = 10_000;
const BATCH = 500;

/** What a file is to hold, checked and not looked for yet. */
export interface ExportPlan {
  filter: CallLogFilter & { from: Date; to: Date };
  after: Place | undefined;
}

export interface CallExport {
  /** newest first, read as they are taken; each batch is a statement of its own, so a slow reader holds no snapshot */
  batches: AsyncGenerator<LoggedCall[]>;
  /** where the file after this one begins; undefined: this is the last */
  nextCursor: string | undefined;
}

/**
 * What is asked for. A cursor carries the range of its file: one that goes on days later ends where the first one said.
 * @throws AppError `validation` naming `from` or `cursor`
 */
export function planCallExport(
  config: Pick<Config, 'JWT_SECRET'>,
  asked: CallLogFilter,
  cursor: string | undefined,
  nowMs: number,
): ExportPlan {
  if (cursor === undefined) return { filter: { ...asked, ...exportRange(asked, nowMs) }, after: undefined };
  const [, from, to, signed] = CURSOR.exec(cursor) ?? [];
  if (from === undefined || to === undefined) throw badField('cursor', 'is not one that an export has given out', 'query');
  const kept = (text: string) => new Date(parseInt(text, 36));
  // that nobody changed the range the signature tells, which is over all of the filter
  const range = { from: asked.from ?? kept(from), to: asked.to ?? kept(to) };
  const after = readCallCursor(config, { ...asked, ...range }, signed);
  // the call log signs cursors over longer ranges
  return { filter: { ...asked, ...exportRange(range, nowMs) }, after };
}

const CURSOR = /^([0-9a-z]{1,10})\.([0-9a-z]{1,10})\.([\w-]+)$/;

function cursorOf(config: Pick<Config, 'JWT_SECRET'>, filter: ExportPlan['filter'], place: Place): string {
  return [...[filter.from, filter.to].map((at) => at.getTime().toString(36)), writeCallCursor(config, filter, place)].join('.');
}

/**
 * Opens a file of the call log. Which calls it holds is decided here, in one walk over an index, so that what comes after it is
 * known before its first line; their ids, `most` at most, are all that is kept of it.
 */
export async function openCallExport(
  { db, config }: Pick<Runtime, 'db' | 'config'>,
  { filter, after }: ExportPlan,
  most = MAX_EXPORTED,
): Promise<CallExport> {
  const places = await listLogPlaces(db.sql, filter, after, most + 1);
  const ids = places.slice(0, most).map(({ id }) => id);
  const last = places.length > most ? places[most - 1] : undefined;
  return { batches: read(db, filter.tenantId, ids), nextCursor: last && cursorOf(config, filter, last) };
}

async function* read({ sql }: Runtime['db'], tenantId: number, ids: readonly number[]): AsyncGenerator<LoggedCall[]> {
  for (let at = 0; at < ids.length; at += BATCH) yield await listCallsOf(sql, tenantId, ids.slice(at, at + BATCH));
}
