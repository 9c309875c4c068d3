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

/** Number of pages that `total` rows fill. */
export function pageCount(total: number, limit: number): number {
  return Math.ceil(total / limit);
}
