import { maskPhone } from './mask.ts';

const E164 = /^\+[1-9][0-9]{6,14}$/;

/** True for E.164 with 7 to 15 digits (ITU-T E.164 §6.2; the shortest numbers in use have 7). */
export function isE164(text: string): boolean {
  return E164.test(text);
}

/**
 * A number as people write it, in E.164: spaces, dashes, dots and parentheses go when it is international; `'+91…` is how
 * spreadsheets keep the plus. Undefined for anything else: a country is never guessed.
 */
export function toE164(text: string): string | undefined {
  if (isE164(text)) return text;
  const trimmed = text.trim();
  const international = trimmed.startsWith("'+") ? trimmed.slice(1) : trimmed;
  if (!international.startsWith('+')) return undefined;
  const digits = international.replace(/[\s().\u00ad\u2010-\u2015-]/g, '');
  return isE164(digits) ? digits : undefined;
}

/** Digits behind a plus, also where the plus is encoded for a URL. */
const WITHIN = /(?:\+|%2B)([1-9][0-9]{6,14})(?![0-9])/gi;

/** A text with every E.164 number in it masked. */
export function maskPhones(text: string): string {
  return text.replace(WITHIN, (_number, digits: string) => maskPhone(`+${digits}`));
}
