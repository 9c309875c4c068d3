const MIDNIGHT = 'T00:00:00.000Z';
// eslint-disable-next-line no-control-regex -- NUL and halves of letters: no database keeps them
const UNSTORABLE = /\u0000|\p{Surrogate}/gu;

/** What a spreadsheet's cell holds, as a person would type it: dates in ISO 8601, without a time at midnight. */
export function cellText(value: unknown): string {
  if (typeof value === 'string') return value.replace(UNSTORABLE, '');
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return '';
  const iso = value.toISOString();
  return iso.endsWith(MIDNIGHT) ? iso.slice(0, -MIDNIGHT.length) : iso;
}

/** A number as it is stored (`9.19876543210E11` too), with all the digits that it has and no exponent. */
export function numberText(stored: string): string {
  if (/^-?[0-9]+$/.test(stored)) return stored;
  const number = Number(stored);
  if (!Number.isFinite(number)) return stored;
  return Number.isSafeInteger(number) ? String(number) : String(Number(number.toPrecision(15)));
}
