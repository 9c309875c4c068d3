import { type Static, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import type { Dialect, Word } from '../plugin/dialect.ts';

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
});

/** `{ error, code[, retryAfter] }` */
export const dialect: Dialect = {
  wire(error) {
    const { status, code } = WORDS[error.code];
    const body: Static<typeof errorSchema> = { error: error.message, code };
    if (error.retryAfterSeconds !== undefined) body.retryAfter = error.retryAfterSeconds;
    return { status, body };
  },
  errorSchema,
};
