import { type Static, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import { type Dialect, errorsIn, type Word } from '../plugin/dialect.ts';

const WORDS = {
  validation: { status: 400, code: 'VALIDATION_ERROR' },
  invalid_phone_number: { status: 400, code: 'INVALID_PHONE_NUMBER' },
  invalid_agent: { status: 400, code: 'INVALID_AGENT_ID' },
  invalid_credentials: { status: 401, code: 'INVALID_CREDENTIALS' },
  unauthorized: { status: 401, code: 'UNAUTHORIZED' },
  token_expired: { status: 401, code: 'TOKEN_EXPIRED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  not_found: { status: 404, code: 'NOT_FOUND' },
  duplicate: { status: 409, code: 'DUPLICATE_RESOURCE' },
  conflict: { status: 409, code: 'CONFLICT' },
  key_in_progress: { status: 409, code: 'IDEMPOTENCY_KEY_IN_PROGRESS' },
  key_outcome_unknown: { status: 409, code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
  key_reused: { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
  payload_too_large: { status: 413, code: 'PAYLOAD_TOO_LARGE' },
  unsupported_media_type: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  not_acceptable: { status: 406, code: 'NOT_ACCEPTABLE' },
  rate_limited: { status: 429, code: 'RATE_LIMIT_EXCEEDED' },
  carrier_failure: { status: 502, code: 'EXTERNAL_SERVICE_ERROR' },
  unavailable: { status: 503, code: 'SERVICE_UNAVAILABLE' },
  internal: { status: 500, code: 'INTERNAL_SERVER_ERROR' },
} satisfies Record<ErrorCode, Word>;

const errorSchema = Type.Object({
  success: Type.Literal(false),
  message: Type.String(),
  error: Type.String(),
  code: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ msg: Type.String(), param: Type.String(), location: Type.String() }))),
  retryAfter: Type.Optional(Type.Number({ description: 'Seconds' })),
});

/** What the readers of three documents look for: `success`, `message`, `error`, `code`, and `errors` for bad fields (DESIGN §5). */
export const dialect: Dialect = {
  wire(error) {
    const word = WORDS[error.code];
    const body: Static<typeof errorSchema> = { success: false, message: error.message, error: error.message, code: word.code };
    if (error.fields.length > 0)
      body.errors = error.fields.map((field) => ({ msg: `${field.field} ${field.message}`, param: field.field, location: field.in }));
    if (error.retryAfterSeconds !== undefined) body.retryAfter = error.retryAfterSeconds;
    return { status: word.status, body };
  },
  errorSchema,
};

const MEANINGS = {
  400: 'The JSON cannot be read or a field is wrong; `errors` names the fields',
  401: 'Wrong e-mail or password, or no, a bad or an expired token',
  403: 'By cookie: `x-csrf-token` does not repeat the `csrf_token` cookie of this session, or another site asks',
  404: 'There is no such session of the user',
  409: 'The e-mail address has an account already',
  413: 'The request is too large',
  415: 'Not JSON',
  429: 'Over the limit; `Retry-After` and `retryAfter` say for how many seconds',
  500: 'Our fault',
  503: 'The database is away, or too many people log in at once',
};

/** Response schemas of the errors a route may answer, beside 429, 500 and 503. */
export const errors = errorsIn(dialect, MEANINGS, [429, 500, 503]);
