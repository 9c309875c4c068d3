import { AppError } from '../core/errors.ts';
import { formatId, parseId } from '../core/id.ts';
import { readMask } from '../core/mask.ts';
import type { Principal } from '../core/principal.ts';
import { findMaskedPhones, findPhoneCard, type PhoneCard } from '../db/query/dashboard-phones.ts';
import { zonesOfNumber } from './number-zones.ts';
import type { Runtime } from './runtime.ts';

const HANDLES_TOLD = 100;

/** A mask that fits more than one number: which one is meant is never guessed (DESIGN §5). */
export class AmbiguousPhone extends AppError {
  override name = 'AmbiguousPhone';
  /** by which the numbers can be asked for, `phone_123`; a hundred at most */
  readonly handles: readonly string[];

  constructor(handles: readonly string[]) {
    super('conflict', `More than one number looks like this; ask for one of ${handles.join(', ')}`);
    this.handles = handles;
  }
}

/**
 * The number of a tenant that a mask (`+1*** **45`) or a handle (`phone_123`, `123`) names.
 * @throws AppError `not_found`; AmbiguousPhone
 */
export async function readMaskedPhone({ db }: Runtime, { tenantId }: Principal, text: string): Promise<PhoneCard> {
  const mask = readMask(text);
  const id = mask ? undefined : parseId('phone', text);
  const single = id === undefined ? undefined : await findPhoneCard(db.sql, tenantId, id);
  const found = mask ? await findMaskedPhones(db.sql, tenantId, mask, HANDLES_TOLD) : [];
  if (found.length > 1) throw new AmbiguousPhone(found.map((phone) => formatId('phone', phone.id)));
  const phone = single ?? found[0];
  if (!phone) throw new AppError('not_found', 'Phone not found');
  return phone;
}

export interface PhonePlace {
  /** ISO 3166 code of its country; null: of none, or not assigned */
  region: string | null;
  /** IANA name; null: its leading digits do not tell it */
  timezone: string | null;
}

/** Where a number is at home, as far as the number tells. */
export async function placeOf(e164: string): Promise<PhonePlace> {
  // half a megabyte that only this needs
  const [{ parsePhoneNumberFromString }, zones] = await Promise.all([import('libphonenumber-js/max'), zonesOfNumber(e164)]);
  return { region: parsePhoneNumberFromString(e164)?.country ?? null, timezone: zones.length === 1 ? (zones[0] ?? null) : null };
}
