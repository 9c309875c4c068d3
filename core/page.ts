import { badField } from './errors.ts';

/** How deep a `page=` list may be read: beyond it a filter or a cursor is the answer (performance §e). */
export const MAX_OFFSET = 100_000;

export interface Page {
  page: number;
  limit: number;
}

/** Rows to skip. */
export function offsetOf(page: Page): number {
  return (page.page - 1) * page.limit;
}

/** Rows to skip, where there are no more than may be skipped. @throws AppError naming `page`; `advice` says what helps instead */
export function offsetWithin(page: Page, advice = ''): number {
  const offset = offsetOf(page);
  if (offset > MAX_OFFSET)
    throw badField('page', `lies beyond the ${MAX_OFFSET} rows that can be paged through${advice && `; ${advice}`}`, 'query');
  return offset;
}

/** Number of pages that `total` rows fill. */
export function pageCount(total: number, limit: number): number {
  return Math.ceil(total / limit);
}
