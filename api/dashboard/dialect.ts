import { type Static, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import { AmbiguousPhone } from '../../service/dashboard-phones.ts';
import { type Dialect, errorsIn, type Word } from '../plugin/dialect.ts';

const WORDS = {
  validation: { status: 400, code: 'VALIDATION_ERROR' },
  invalid_phone_number: { status: 400, code: 'VALIDATION_ERROR' },
  invalid_agent: { status: 400, code: 'VALIDATION_ERROR' },
  invalid_credentials: { status: 401, code: 'INVALID_CREDENTIALS' },
  unauthorized: { status: 401, code: 'UNAUTHORIZED' },
  token_expired: { status: 401, code: 'TOKEN_EXPIRED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  not_found: { status: 404, code: 'NOT_FOUND' },
  duplicate: { status: 409, code: 'DUPLICATE' },
  conflict: { status: 409, code: 'CONFLICT' },
  key_in_progress: { status: 409, code: 'IDEMPOTENCY_KEY_IN_PROGRESS' },
  key_outcome_unknown: { status: 409, code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
  key_reused: { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
  payload_too_large: { status: 413, code: 'PAYLOAD_TOO_LARGE' },
  unsupported_media_type: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  not_acceptable: { status: 406, code: 'NOT_ACCEPTABLE' },
  rate_limited: { status: 429, code: 'RATE_LIMITED' },
  carrier_failure: { status: 502, code: 'EXTERNAL_SERVICE_ERROR' },
  unavailable: { status: 503, code: 'SERVICE_UNAVAILABLE' },
  internal: { status: 500, code: 'INTERNAL_ERROR' },
} satisfies Record<ErrorCode, Word>;

const errorSchema = Type.Object({
  error: Type.String(),
  code: Type.String(),
  retryAfter: Type.Optional(Type.Number({ description: 'Seconds' })),
  handles: Type.Optional(Type.Array(Type.String(), { description: 'With `AMBIGUOUS_PHONE`: what the numbers can be asked for by' })),
});

/** `{ error, code[, retryAfter] }`; a mask that fits several phones is `AMBIGUOUS_PHONE` with their handles (DESIGN §5). */
export const dialect: Dialect = {
  wire(error) {
    const { status, code } = WORDS[error.code];
    const body: Static<typeof errorSchema> = { error: error.message, code };
    if (error.retryAfterSeconds !== undefined) body.retryAfter = error.retryAfterSeconds;
    if (error instanceof AmbiguousPhone) Object.assign(body, { code: 'AMBIGUOUS_PHONE', handles: error.handles });
    return { status, body };
  },
  errorSchema,
};

const MEANINGS = {
  400: 'The query or the path is wrong; `error` names the field',
  401: 'No session cookie, or its session is over',
  403: 'For the roles owner and admin',
  404: 'There is no such thing, or it belongs to somebody else',
  409: 'More than one phone looks like this: `AMBIGUOUS_PHONE`, with their `handles`',
  416: 'The recording has no such bytes: `RANGE_NOT_SATISFIABLE`, and `Content-Range` says how many there are',
  429: 'Over the limit; `Retry-After` and `retryAfter` say for how many seconds',
  500: 'Our fault',
  503: 'The database is away',
};

/** Response schemas of the errors a route may answer, beside those that any may. */
export const errors = errorsIn(dialect, MEANINGS, [401, 403, 429, 500, 503]);
