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
  'key_in_progress',
  'key_outcome_unknown',
  'key_reused',
  'payload_too_large',
  'unsupported_media_type',
  'not_acceptable',
  'rate_limited',
  'carrier_failure',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * One thing wrong with one field of a request. `in` says where the field was: body, query, params, headers; `message` goes
 * on after the field's name: "must be a text".
 */
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
  return fieldError('validation', field, message, where);
}

/** What one field is to blame for. The error's message begins with the field's name, once, whether `message` does or not. */
export function fieldError(code: ErrorCode, field: string, message: string, where: FieldError['in'] = 'body'): AppError {
  const plain = message.startsWith(`${field} `) ? message.slice(field.length + 1) : message;
  return badFields([{ field, message: plain, in: where }], code);
}

/** Several bad fields in one error. */
export function badFields(fields: readonly FieldError[], code: ErrorCode = 'validation'): AppError {
  return new AppError(code, fields.map(({ field, message }) => `${field} ${message}`).join('; '), { fields });
}
