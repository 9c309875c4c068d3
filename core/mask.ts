/**
 * Calling codes (ITU-T E.164, list of assigned codes): one digit, two, or three. No code begins another, and no two alternatives
 * fit one number, so that PostgreSQL, which takes the longest, finds the same.
 */
export const CALLING_CODE =
  /^\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?:2[1-689]|3[578]|42|5[09]|6[7-9]|8[035789]|9[679])[0-9])/;
const MASK = /^(\+[1-9][0-9]{0,2})\*{3} \*{2}([0-9]{2})$/;

/** `+12125550145` → `+1*** **45`: the calling code, stars whose number tells nothing, the last two digits (dashboard, "Data Masking"). */
export function maskPhone(e164: string): string {
  return `${callingCodeOf(e164)}*** **${e164.slice(-2)}`;
}

/** What all numbers of a mask begin and end with, and no others do. Undefined: the text is no mask. */
export function readMask(text: string): { prefix: string; suffix: string } | undefined {
  const [, prefix, suffix] = MASK.exec(text) ?? [];
  if (prefix === undefined || suffix === undefined || callingCodeOf(`${prefix}0000`) !== prefix) return undefined;
  return { prefix, suffix };
}

function callingCodeOf(e164: string): string {
  return CALLING_CODE.exec(e164)?.[0] ?? '+';
}
