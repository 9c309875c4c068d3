import { type TSchema, Type } from '@sinclair/typebox';
import { offsetWithin } from '../../core/page.ts';
import { PageNumber } from '../plugin/schema.ts';

/** `page` and `pageSize` of every list of this surface. */
export const PageQuery = {
  page: PageNumber,
  pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Items per page, 100 at most' }),
};

/** `{ items, page, pageSize, total }` */
export const ItemPage = <S extends TSchema>(item: S, description: string) =>
  Type.Object({ items: Type.Array(item), page: Type.Integer(), pageSize: Type.Integer(), total: Type.Integer() }, { description });

/** A list of all tenants, newest first. */
export interface ItemList<R, A> {
  read(page: { limit: number; offset: number }): Promise<R[]>;
  /** how many rows there are in all, as a `ListTotal` tells */
  total(read: { rows: number; limit: number; offset: number }): Promise<number>;
  present(row: R): A;
}

/** The page of a list that is asked for. @throws AppError `validation` naming `page` when it lies too deep */
export async function readItemPage<R, A>(asked: { page: number; pageSize: number }, list: ItemList<R, A>) {
  const { page, pageSize: limit } = asked;
  const offset = offsetWithin({ page, limit }, 'narrow the filter');
  const rows = await list.read({ limit, offset });
  return { items: rows.map(list.present), page, pageSize: limit, total: await list.total({ rows: rows.length, limit, offset }) };
}
