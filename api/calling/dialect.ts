import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { AppError, ErrorCode } from '../../core/errors.ts';
import { type Page, pageCount } from '../../core/page.ts';
import { type Dialect, errorsIn, isBadRequest, type Word } from '../plugin/dialect.ts';

export { Data, data, Done, done } from '../plugin/envelope.ts';

/** What the document says of each code, and the status that goes with it. */
const WORDS = {
  validation: { status: 422, code: 'VALIDATION_ERROR', message: 'Request validation failed' },
  invalid_phone_number: { status: 422, code: 'INVALID_PHONE_NUMBER', message: 'Phone number format is invalid' },
  invalid_agent: { status: 422, code: 'INVALID_AGENT_ID', message: 'Agent not found' },
  invalid_credentials: { status: 401, code: 'INVALID_CREDENTIALS', message: 'Invalid email or password' },
  unauthorized: { status: 401, code: 'UNAUTHORIZED', message: 'Authentication required' },
  token_expired: { status: 401, code: 'TOKEN_EXPIRED', message: 'Authentication token has expired' },
  forbidden: { status: 403, code: 'FORBIDDEN', message: 'Insufficient permissions' },
  not_found: { status: 404, code: 'NOT_FOUND', message: 'Resource not found' },
  duplicate: { status: 409, code: 'DUPLICATE_RESOURCE', message: 'Resource already exists' },
  conflict: { status: 409, code: 'CONFLICT', message: 'The request conflicts with the state of the resource' },
  key_in_progress: { status: 409, code: 'IDEMPOTENCY_KEY_IN_PROGRESS', message: 'The first request with this key is in progress' },
  key_outcome_unknown: {
    status: 409,
    code: 'IDEMPOTENCY_OUTCOME_UNKNOWN',
    message: 'What became of the first request with this key is not known',
  },
  key_reused: { status: 422, code: 'IDEMPOTENCY_KEY_REUSED', message: 'The key was used for another request' },
  payload_too_large: { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The request is too large' },
  unsupported_media_type: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: 'This type of content is not supported' },
  not_acceptable: { status: 406, code: 'NOT_ACCEPTABLE', message: 'No such version of this answer' },
  rate_limited: { status: 429, code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests, please try again later' },
  carrier_failure: { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'Service temporarily unavailable' },
  unavailable: { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'Service temporarily unavailable' },
  internal: { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'An internal error occurred' },
} satisfies Record<ErrorCode, Word & { message: string }>;

const errorSchema = Type.Object({
  success: Type.Literal(false),
  message: Type.String(),
  error: Type.Object({ code: Type.String(), details: Type.String({ description: 'A sentence that names the field at fault, if one is' }) }),
});

/** `{ success: false, message, error: { code, details } }` */
export const dialect: Dialect = {
  wire(error) {
    const word = WORDS[error.code];
    return {
      status: isBadRequest(error) ? 400 : word.status,
      body: { success: false, message: word.message, error: { code: word.code, details: detailsOf(error) } } satisfies Static<
        typeof errorSchema
      >,
    };
  },
  errorSchema,
};

function detailsOf(error: AppError): string {
  const { message, retryAfterSeconds: seconds } = error;
  return error.code === 'rate_limited' && seconds !== undefined ? `Try again in ${seconds} second${seconds === 1 ? '' : 's'}` : message;
}

/** `{ success, message, data }` */
export const Told = <S extends TSchema>(data: S, description: string) =>
  Type.Object({ success: Type.Literal(true), message: Type.String(), data }, { description });

export const Pagination = Type.Object({ total: Type.Integer(), page: Type.Integer(), limit: Type.Integer(), pages: Type.Integer() });

/** Where a page stands in its list. */
export const pagination = (total: number, { page, limit }: Page) => ({ total, page, limit, pages: pageCount(total, limit) });

/** `{ success, data: [], pagination }`: some lists of the document are plain arrays, and what pages them stands beside */
export const DataPage = <S extends TSchema>(row: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data: Type.Array(row), pagination: Pagination }, { description });

export const told = <T>(message: string, value: T) => ({ success: true as const, message, data: value });

const MEANINGS = {
  400: 'The query, the path or the JSON itself cannot be read (`VALIDATION_ERROR`)',
  401: 'No, a bad (`UNAUTHORIZED`) or an expired token (`TOKEN_EXPIRED`)',
  403: 'Not allowed to this user (`FORBIDDEN`)',
  404: 'There is no such thing, or it belongs to somebody else (`NOT_FOUND`)',
  409: 'It exists already (`DUPLICATE_RESOURCE`) or its state does not allow this (`CONFLICT`)',
  413: 'The request is too large (`PAYLOAD_TOO_LARGE`)',
  415: 'Not JSON (`UNSUPPORTED_MEDIA_TYPE`)',
  422: 'A field of the body is wrong (`VALIDATION_ERROR`, `INVALID_PHONE_NUMBER`, `INVALID_AGENT_ID`)',
  429: 'Over the limit (`RATE_LIMIT_EXCEEDED`); `Retry-After` says for how many seconds',
  500: 'Our fault (`INTERNAL_SERVER_ERROR`)',
  503: 'The database or the carrier is away (`SERVICE_UNAVAILABLE`)',
};
export type ErrorStatus = keyof typeof MEANINGS;

/** Response schemas of the errors a route may answer, beside those that every guarded route may: 401, 429, 500, 503. */
export const errors = errorsIn(dialect, MEANINGS, [401, 429, 500, 503]);

/** What every route with a JSON body may answer. */
export const BODY_ERRORS = [400, 413, 415, 422] as const satisfies ErrorStatus[];
