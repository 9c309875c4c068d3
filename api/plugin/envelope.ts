import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { type Page, pageCount } from '../../core/page.ts';

/** `{ success, data }` */
export const Data = <S extends TSchema>(data: S, description: string) =>
  Type.Object({ success: Type.Literal(true), data }, { description });

/** `{ success, message }` */
export const Done = (description: string) => Type.Object({ success: Type.Literal(true), message: Type.String() }, { description });

export const data = <T>(value: T) => ({ success: true as const, data: value });
export const done = (message: string) => ({ success: true as const, message });

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

/** A page of a list that has `total` rows. */
export const dataPage = <T>(rows: T[], total: number, page: Page) => ({ ...data(rows), pagination: pagination(total, page) });

/** What each status of an error says; its code is the surface's. */
export const MEANINGS = {
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
