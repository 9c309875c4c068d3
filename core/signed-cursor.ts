/** A place in a list that is ordered by creation, newest first, and by id among equals: what follows lies behind it. */
export interface Place {
  at: Date;
  id: number;
}

/** Makes of a text what only we can make: `MAC_BYTES` bytes or more, of which the first are kept. */
export type Sign = (text: string) => Uint8Array;

export const MAC_BYTES = 16;

const FORM = /^[\w-]{26,64}$/;
const PLACE = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/;
const LATEST_MS = 8.64e15;

/** The text that leads back to a place: opaque, without characters that a URL would have to encode. */
export function writeCursor(place: Place, sign: Sign): string {
  const text = `${place.at.getTime().toString(36)}.${place.id.toString(36)}`;
  return Buffer.concat([sign(text).subarray(0, MAC_BYTES), Buffer.from(text)]).toString('base64url');
}

/** The place that a cursor made with the same `sign` leads to; undefined for every other text. */
export function readCursor(cursor: string, sign: Sign): Place | undefined {
  if (!FORM.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const text = bytes.subarray(MAC_BYTES).toString('latin1');
  const [, at = '', id = ''] = PLACE.exec(text) ?? [];
  // decoding forgives what encoding never writes
  if (at === '' || bytes.toString('base64url') !== cursor || !isSame(bytes.subarray(0, MAC_BYTES), sign(text))) return undefined;
  return { at: new Date(Math.min(parseInt(at, 36), LATEST_MS)), id: parseInt(id, 36) };
}

/** In a time that tells nothing of where they differ. */
function isSame(given: Uint8Array, made: Uint8Array): boolean {
  return given.reduce((differences, byte, place) => differences | (byte ^ (made[place] ?? 0)), 0) === 0;
}
