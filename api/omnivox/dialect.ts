import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import { type Page, pageCount } from '../../core/page.ts';
import { type Dialect, errorAnswers, type Word } from '../plugin/dialect.ts';
import { NO_PROOF } from '../plugin/guard.ts';

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
    const isBadRequest = error.code === 'validation' && !error.fields.some((field) => field.in === 'body' || field.in === 'file');
    const message = error.code === 'rate_limited' ? 'Rate limit exceeded. Try again later.' : error.message;
    const details = Object.fromEntries(error.fields.map((field) => [field.field, field.message]));
    const body: Static<typeof errorSchema> = {
      success: false,
      error: { code, message, ...(error.fields.length > 0 && { details }) },
      timestamp: new Date().toISOString(),
    };
    return { status: isBadRequest ? 400 : status, body };
  },
  errorSchema,
};

/** `{ success, data }` */
export const Data = <S extends TSchema>(data: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data }, { description });

/** `{ success, message }` */
export const Done = (description: string) => Type.Object({ success: Type.Literal(true), message: Type.String() }, { description });

export const Pagination = Type.Object({
  page: Type.Integer(),
  limit: Type.Integer(),
  total: Type.Integer(),
  totalPages: Type.Integer(),
  hasNext: Type.Boolean(),
  hasPrev: Type.Boolean(),
});

/** Where a page stands in its list. */
export function pagination(total: number, { page, limit }: Page): Static<typeof Pagination> {
  const totalPages = pageCount(total, limit);
  return { page, limit, total, totalPages, hasNext: page < totalPages, hasPrev: page > 1 };
}

/** `{ success, data: [], pagination }` */
export const DataPage = <S extends TSchema>(row: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data: Type.Array(row), pagination: Pagination }, { description });

export const data = <T>(value: T) => ({ success: true as const, data: value });
export const done = (message: string) => ({ success: true as const, message });

const MEANINGS = {
  400: 'The query, the path or the JSON itself cannot be read',
  401: 'No, a bad or an expired token',
  403: 'Not allowed to this role',
  404: 'There is no such thing, or it belongs to somebody else',
  406: 'No such version of this surface',
  409: 'It exists already, or its state does not allow this',
  413: 'The request is too large',
  415: 'Not the type of content that is taken here',
  422: 'A field of the body is wrong; `details` names the fields',
  429: 'Over the limit; `Retry-After` says for how many seconds',
  500: 'Our fault',
  503: 'The database is away',
};

/** Response schemas of the errors a route may answer, beside those that any may. */
export function errors(...statuses: Array<keyof typeof MEANINGS>): Record<number, TSchema> {
  const all: Array<keyof typeof MEANINGS> = [401, 429, 500, 503, ...statuses];
  return errorAnswers(dialect, Object.fromEntries(all.map((status) => [status, MEANINGS[status]])));
}
