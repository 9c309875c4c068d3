import { badField } from '../../core/errors.ts';
import * as signed from '../../core/signed-cursor.ts';
import { cursorSigner } from '../../service/cursor-signer.ts';
import type { Api } from '../plugin/api.ts';

/** The text that leads back to a place: opaque to clients, and good for this tenant's list alone. */
export function writeCursor(api: Api, tenantId: number, list: string, place: signed.Place): string {
  return signed.writeCursor(place, signerOf(api, tenantId, list));
}

/** The place that a cursor of ours names. @throws AppError `validation` naming the query field `cursor` */
export function readCursor(api: Api, tenantId: number, list: string, text: string): signed.Place {
  const place = signed.readCursor(text, signerOf(api, tenantId, list));
  if (!place) throw badField('cursor', 'is not one that this list has given out', 'query');
  return place;
}

function signerOf({ runtime: { config } }: Api, tenantId: number, list: string): signed.Sign {
  return cursorSigner(config, 'omnivox cursor', `${tenantId}.${list}`);
}
