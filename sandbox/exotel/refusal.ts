/** A refusal: an HTTP status and, in the account's form, what was wrong (https://developer.exotel.com/docs/references/error-codes). */
export interface Refusal {
  status: number;
  message: string;
}

export function refusal(status: number, message: string): Refusal {
  return { status, message };
}

export const UNAUTHORIZED = refusal(401, 'Unauthorized');
export const THROTTLED = refusal(429, 'Too many requests: 200 calls a minute');
export const BROKEN = refusal(500, 'Internal server error');
export const NOT_FOUND = refusal(404, 'Not found');

export function isRefusal(value: object): value is Refusal {
  return 'status' in value && 'message' in value;
}
