import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import { type Dialect, errorsIn, isBadRequest, type Word } from '../plugin/dialect.ts';
import { MEANINGS } from '../plugin/envelope.ts';

export { Data, data, DataPage, dataPage, Done, done, Pagination, pagination } from '../plugin/envelope.ts';

const WORDS = {
  validation: { status: 422, code: 'VALIDATION_ERROR' },
  invalid_phone_number: { status: 422, code: 'VALIDATION_ERROR' },
  invalid_agent: { status: 422, code: 'VALIDATION_ERROR' },
  invalid_credentials: { status: 401, code: 'INVALID_CREDENTIALS' },
  unauthorized: { status: 401, code: 'UNAUTHORIZED' },
  token_expired: { status: 401, code: 'UNAUTHORIZED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  not_found: { status: 404, code: 'NOT_FOUND' },
  duplicate: { status: 409, code: 'DUPLICATE_ENTRY' },
  conflict: { status: 409, code: 'CONFLICT' },
  key_in_progress: { status: 409, code: 'IDEMPOTENCY_KEY_IN_PROGRESS' },
  key_outcome_unknown: { status: 409, code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' },
  key_reused: { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
  payload_too_large: { status: 413, code: 'FILE_UPLOAD_ERROR' },
  unsupported_media_type: { status: 415, code: 'FILE_UPLOAD_ERROR' },
  not_acceptable: { status: 406, code: 'NOT_ACCEPTABLE' },
  rate_limited: { status: 429, code: 'RATE_LIMIT_EXCEEDED' },
  carrier_failure: { status: 503, code: 'SERVICE_UNAVAILABLE' },
  unavailable: { status: 503, code: 'DATABASE_ERROR' },
  internal: { status: 500, code: 'INTERNAL_ERROR' },
} satisfies Record<ErrorCode, Word>;

const errorSchema = Type.Object({
  success: Type.Literal(false),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'What is wrong, by field' })),
  }),
});

/** `{ success: false, error: { code, message, details } }`; bad queries, paths and JSON are 400, bad bodies 422. */
export const dialect: Dialect = {
  wire(error) {
    const { status, code } = WORDS[error.code];
    const details = Object.fromEntries(error.fields.map((field) => [field.field, field.message]));
    const body: Static<typeof errorSchema> = {
      success: false,
      error: { code, message: error.message, ...(error.fields.length > 0 && { details }) },
    };
    return { status: isBadRequest(error) ? 400 : status, body };
  },
  errorSchema,
};

/** `{ success, data, message }` */
export const Told = <S extends TSchema>(data: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data, message: Type.String() }, { description });
export const told = <T>(message: string, value: T) => ({ success: true as const, data: value, message });

/** Response schemas of the errors a route may answer, beside those that any may. */
export const errors = errorsIn(dialect, MEANINGS, [401, 429, 500, 503]);
