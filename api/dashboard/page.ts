import { type TSchema, Type } from '@sinclair/typebox';
import { offsetWithin, pageCount } from '../../core/page.ts';
import type { CardQuery } from '../../db/query/dashboard-agents.ts';
import { PageNumber } from '../plugin/schema.ts';

/** What asks for a page of a list that is read by numbers. */
export const PageQuery = (searched: string) =>
  Type.Object({
    page: PageNumber,
    pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 25, description: 'Items per page, 100 at most' }),
    search: Type.Optional(Type.String({ maxLength: 200, description: searched })),
  });

export interface AskedPage {
  page: number;
  pageSize: number;
  search?: string;
}

/** `{ items, total, page, pageSize, totalPages }` */
export const ItemPage = <S extends TSchema>(item: S, description: string) =>
  Type.Object(
    { items: Type.Array(item), total: Type.Integer(), page: Type.Integer(), pageSize: Type.Integer(), totalPages: Type.Integer() },
    { description },
  );

/** Which rows a page is made of; an empty search is none. @throws AppError `validation` naming `page` when it lies too deep */
export function rowsOf(tenantId: number, { page, pageSize, search }: AskedPage): CardQuery {
  return { tenantId, search: search?.trim() || undefined, limit: pageSize, offset: offsetWithin({ page, limit: pageSize }) };
}

export function itemPage<T>(items: T[], total: number, { page, pageSize }: AskedPage) {
  return { items, total, page, pageSize, totalPages: pageCount(total, pageSize) };
}
