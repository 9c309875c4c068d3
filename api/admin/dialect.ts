import { type Static, Type } from '@sinclair/typebox';
import type { ErrorCode, FieldError } from '../../core/errors.ts';
import { type Dialect, errorsIn, type Word } from '../plugin/dialect.ts';

/** Statuses of the document; where it shows a bare `error` its words stand here, and no code is sent. */
const WORDS = {
  validation: { status: 400, code: 'VALIDATION_ERROR', message: undefined },
  invalid_phone_number: { status: 400, code: 'INVALID_PHONE_NUMBER', message: undefined },
  invalid_agent: { status: 400, code: 'INVALID_AGENT_ID', message: undefined },
  invalid_credentials: { status: 401, code: 'INVALID_CREDENTIALS', message: undefined },
  unauthorized: { status: 401, code: '', message: 'Invalid token' },
  token_expired: { status: 401, code: 'TOKEN_EXPIRED', message: 'Invalid token' },
  forbidden: { status: 403, code: '', message: 'Forbidden' },
  not_found: { status: 404, code: '', message: 'Not found' },
  duplicate: { status: 409, code: 'DUPLICATE', message: undefined },
  conflict: { status: 409, code: 'CONFLICT', message: undefined },
  key_in_progress: { status: 409, code: 'IDEMPOTENCY_KEY_IN_PROGRESS', message: undefined },
  key_outcome_unknown: { status: 409, code: 'IDEMPOTENCY_OUTCOME_UNKNOWN', message: undefined },
  key_reused: { status: 422, code: 'IDEMPOTENCY_KEY_REUSED', message: undefined },
  payload_too_large: { status: 413, code: 'PAYLOAD_TOO_LARGE', message: undefined },
  unsupported_media_type: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: undefined },
  not_acceptable: { status: 406, code: 'NOT_ACCEPTABLE', message: undefined },
  rate_limited: { status: 429, code: '', message: 'Too many requests, please try again later.' },
  carrier_failure: { status: 502, code: 'EXTERNAL_SERVICE_ERROR', message: 'External service error' },
  unavailable: { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'Service temporarily unavailable' },
  internal: { status: 500, code: 'INTERNAL_ERROR', message: 'Internal Server Error' },
} satisfies Record<ErrorCode, Word & { message: string | undefined }>;

const errorSchema = Type.Object({
  error: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ msg: Type.String(), param: Type.String(), location: Type.String() }))),
});

/** `{ error[, code] }`, and `{ errors: [{ msg, param, location }] }` for bad fields. */
export const dialect: Dialect = {
  wire(error) {
    const { status, code, message = error.message } = WORDS[error.code];
    const body: Static<typeof errorSchema> =
      error.fields.length > 0
        ? { errors: error.fields.map((field) => ({ msg: worded(field), param: field.field, location: field.in })) }
        : { error: message, ...(code && { code }) };
    return { status, body };
  },
  errorSchema,
};

/** The document's own words where it shows some; else ours, about the field in plain words: `Page size must be at most 100`. */
function worded({ field, message }: FieldError): string {
  if (field === 'page' && NO_PAGE.has(message)) return 'Page must be a positive integer';
  const plain = field.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)} ${message}`;
}

const NO_PAGE: ReadonlySet<string> = new Set(['must be a whole number', 'must be at least 1']);

const MEANINGS = {
  400: 'The JSON cannot be read, or a field is wrong: `errors` names them',
  401: 'No, a bad or an expired token',
  403: 'The user is no platform administrator',
  404: 'There is no such thing',
  409: 'The state of things does not allow this, or the number is several accounts’',
  413: 'The request is too large',
  415: 'Not JSON',
  429: 'Over the limit; `Retry-After` says for how many seconds',
  500: 'Our fault',
  502: 'The phone company failed or refused, and nothing has changed',
  503: 'The database is away',
};

/** Response schemas of the errors a route may answer, beside those that any may. */
export const errors = errorsIn(dialect, MEANINGS, [429, 500, 503]);
