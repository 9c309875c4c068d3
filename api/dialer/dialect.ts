import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { ErrorCode } from '../../core/errors.ts';
import { type Page, pageCount } from '../../core/page.ts';
import { type Dialect, errorAnswers, type Word } from '../plugin/dialect.ts';

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
    const isBadRequest = error.code === 'validation' && !error.fields.some((field) => field.in === 'body' || field.in === 'file');
    const details = Object.fromEntries(error.fields.map((field) => [field.field, field.message]));
    const body: Static<typeof errorSchema> = {
      success: false,
      error: { code, message: error.message, ...(error.fields.length > 0 && { details }) },
    };
    return { status: isBadRequest ? 400 : status, body };
  },
  errorSchema,
};

/** `{ success, data }` */
export const Data = <S extends TSchema>(data: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data }, { description });

/** `{ success, data, message }` */
export const Told = <S extends TSchema>(data: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data, message: Type.String() }, { description });

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
export const told = <T>(message: string, value: T) => ({ success: true as const, data: value, message });
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
