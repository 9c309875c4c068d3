/**
 * Every way in which a request can fail, in our own words. HTTP statuses and wire codes are the business of each
 * surface's dialect, which must translate all of them (`satisfies Record<ErrorCode, …>`).
 */
export const ERROR_CODES = [
  'validation',
  'invalid_phone_number',
  'invalid_agent',
  'invalid_credentials',
  'unauthorized',
  'token_expired',
  'forbidden',
  'not_found',
  'duplicate',
  'conflict',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'carrier_failure',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with one field of a request. `in` says where the field was: body, query, params, headers. */
export interface FieldError {
  field: string;
  message: string;
  in: 'body' | 'query' | 'params' | 'headers' | 'file';
}

/** The one error that is meant for a client. Anything else that is thrown is a fault of ours and becomes `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, more: { fields?: readonly FieldError[]; retryAfterSeconds?: number } = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.fields = more.fields ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** A bad field in a request body: the commonest AppError, in one word. */
export function badField(field: string, message: string, where: FieldError['in'] = 'body'): AppError {
  return new AppError('validation', message, { fields: [{ field, message, in: where }] });
}
