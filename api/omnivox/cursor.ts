import { createHmac, timingSafeEqual } from 'node:crypto';
import { badField } from '../../core/errors.ts';
import type { Api } from '../plugin/api.ts';

/** A place in a list that is ordered by creation, newest first, and by id among equals: what follows lies behind it. */
export interface Place {
  at: Date;
  id: number;
}

const FORM = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([\w-]{22})$/;
const MAC_BYTES = 16;
const LATEST_MS = 8.64e15;

/** The text that leads back to a place: opaque to clients, and good for this tenant's list alone. */
export function writeCursor(api: Api, tenantId: number, list: string, { at, id }: Place): string {
  const place = `${at.getTime().toString(36)}.${id.toString(36)}`;
  return `${place}.${sign(api, tenantId, list, place).toString('base64url')}`;
}

/** The place that a cursor of ours names. @throws AppError `validation` naming the query field `cursor` */
export function readCursor(api: Api, tenantId: number, list: string, text: string): Place {
  const [, at = '', id = '', mac = ''] = FORM.exec(text) ?? [];
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== MAC_BYTES || !timingSafeEqual(given, sign(api, tenantId, list, `${at}.${id}`))) {
    throw badField('cursor', 'is not one that this list has given out', 'query');
  }
  return { at: new Date(Math.min(parseInt(at, 36), LATEST_MS)), id: parseInt(id, 36) };
}

/** A key of its own: what is signed for one purpose must not serve another. */
function sign({ runtime: { config } }: Api, tenantId: number, list: string, place: string): Buffer {
  const key = createHmac('sha256', config.JWT_SECRET).update('cursor').digest();
  return createHmac('sha256', key).update(`${tenantId}.${list}.${place}`).digest().subarray(0, MAC_BYTES);
}
