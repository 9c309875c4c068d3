import { type TSchema, Type } from '@sinclair/typebox';
import { offsetWithin, type Page } from '../../core/page.ts';
import type { Place } from '../../core/signed-cursor.ts';
import type { Api } from '../plugin/api.ts';
import { PageQuery } from '../plugin/schema.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { data, Pagination, pagination } from './dialect.ts';

/** What asks for a page of a long list: its number, or where the page before ended. */
export const CursorQuery = {
  ...PageQuery({ limit: 50, maximum: 100 }),
  cursor: Type.Optional(Type.String({ maxLength: 60, description: 'Instead of `page`: where the page before ended' })),
};

/** `{ success, data: [], pagination }` with the way to the next page. */
export const CursorPage = <S extends TSchema>(row: S, description: string) =>
  Type.Object(
    {
      success: Type.Literal(true),
      data: Type.Array(row),
      pagination: Type.Object({
        ...Pagination.properties,
        nextCursor: Type.Optional(Type.String({ description: 'Leads to the page after this one; missing on the last' })),
      }),
    },
    { description },
  );

/** Which rows: so many, after those that are skipped, or after a place. */
export interface Stretch {
  limit: number;
  offset: number;
  after: Place | undefined;
}

/** A tenant's list, newest first. */
export interface CursorList<R, A> {
  /** its cursors are good for it alone */
  name: string;
  tenantId: number;
  read(stretch: Stretch): Promise<R[]>;
  /** how many rows there are in all, as a `ListTotal` tells */
  total(read: { rows: number; limit: number; offset: number }): Promise<number>;
  present(row: R): A;
}

/** The page of a list that is asked for. @throws AppError `validation` naming `page` or `cursor` */
export async function readCursorPage<R extends { id: number; createdAt: Date }, A>(
  api: Api,
  { cursor, ...page }: Page & { cursor?: string },
  { name, tenantId, read, total, present }: CursorList<R, A>,
) {
  const { limit } = page;
  const after = cursor === undefined ? undefined : readCursor(api, tenantId, name, cursor);
  const offset = after ? 0 : offsetWithin(page, 'read on with `cursor`');
  // one more than the page holds tells whether it is the last
  const found = await read({ limit: limit + 1, offset, after });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  // behind a cursor even a short page does not tell what came before it
  const place = pagination(
    await total(after ? { rows: limit, limit, offset: limit } : { rows: found.length, limit: limit + 1, offset }),
    page,
  );
  return {
    ...data(rows.map(present)),
    pagination: {
      ...place,
      hasNext: last !== undefined,
      ...(after && { hasPrev: true }),
      ...(last && { nextCursor: writeCursor(api, tenantId, name, { at: last.createdAt, id: last.id }) }),
    },
  };
}
