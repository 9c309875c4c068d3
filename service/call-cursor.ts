import { badField } from '../core/errors.ts';
import { type Place, readCursor, type Sign, writeCursor } from '../core/signed-cursor.ts';
import type { CallLogFilter } from '../db/query/call-log.ts';
import { cursorSigner, type Secret } from './cursor-signer.ts';

/** The way to what follows a place in the call log of a filter, for its tenant and for this filter alone. */
export function writeCallCursor(config: Secret, filter: CallLogFilter, place: Place): string {
  return writeCursor(place, signerOf(config, filter));
}

/** The place a cursor leads to; none for none. @throws AppError `validation` naming the query field `cursor`, also for another filter's */
export function readCallCursor(config: Secret, filter: CallLogFilter, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const place = readCursor(cursor, signerOf(config, filter));
  if (!place) throw badField('cursor', 'is not one that this list has given out for these filters', 'query');
  return place;
}

function signerOf(config: Secret, { tenantId, statuses, agentId, from, to }: CallLogFilter): Sign {
  return cursorSigner(config, 'call log cursor', JSON.stringify([tenantId, statuses ?? null, agentId ?? null, from ?? null, to ?? null]));
}
