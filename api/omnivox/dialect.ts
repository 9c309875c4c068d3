import { type Static, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import { type Dialect, errorsIn, isBadRequest, type Word } from '../plugin/dialect.ts';
import { MEANINGS } from '../plugin/envelope.ts';
import { NO_PROOF } from '../plugin/guard.ts';

export { Data, data, DataPage, dataPage, Done, done, Pagination, pagination } from '../plugin/envelope.ts';

const WORDS = {
  validation: { status: 422, code: 'VALIDATION_ERROR' },
  invalid_phone_number: { status: 422, code: 'VALIDATION_ERROR' },
  invalid_agent: { status: 422, code: 'VALIDATION_ERROR' },
  invalid_credentials: { status: 401, code: 'AUTH_INVALID' },
  unauthorized: { status: 401, code: 'AUTH_REQUIRED' },
  token_expired: { status: 401, code: 'AUTH_EXPIRED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  not_found: { status: 404, code: 'RESOURCE_NOT_FOUND' },
  duplicate: { status: 409, code: 'RESOURCE_CONFLICT' },
  conflict: { status: 409, code: 'RESOURCE_CONFLICT' },
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
  success: Type.Literal(false),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'What is wrong, by field' })),
  }),
  timestamp: Type.String(),
  debug: Type.Optional(Type.Unknown({ description: 'With `X-Debug: true`, in development only: what was thrown and where' })),
});

/** `{ success: false, error: { code, message, details }, timestamp }`; bad queries, paths and JSON are 400, bad bodies 422. */
export const dialect: Dialect = {
  wire(error) {
    const { status, code: word } = WORDS[error.code];
    // a proof that was refused is another thing than none
    const code = error.code === 'unauthorized' && error.message !== NO_PROOF ? 'AUTH_INVALID' : word;
    const message = error.code === 'rate_limited' ? 'Rate limit exceeded. Try again later.' : error.message;
    const details = Object.fromEntries(error.fields.map((field) => [field.field, field.message]));
    const body: Static<typeof errorSchema> = {
      success: false,
      error: { code, message, ...(error.fields.length > 0 && { details }) },
      timestamp: new Date().toISOString(),
    };
    return { status: isBadRequest(error) ? 400 : status, body };
  },
  errorSchema,
};

/** Response schemas of the errors a route may answer, beside those that any may. */
export const errors = errorsIn(dialect, MEANINGS, [401, 429, 500, 503]);
