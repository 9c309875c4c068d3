/** What one document may have, whatever its size in bytes. */
export const MOST_PAGES = 2000;
/** Those of some 2,000 pages. */
export const MOST_LETTERS = 5_000_000;
