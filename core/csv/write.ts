/**
 * A cell: text of whoever wrote it, or what is ours and can be no formula. `ours` is for texts of a closed alphabet (ids, times,
 * words, phone numbers, also masked ones): without a letter, a bracket or a bar after its plus a number calls no function and
 * reaches no other cell, and it stands as the document shows it.
 */
export type Cell = string | number | null | { ours: string | null };

/**
 * One line of CSV (RFC 4180) that a spreadsheet opens as text: a cell that could be a formula gets an apostrophe in
 * front (OWASP "CSV Injection"), a phone number's plus included unless it is said to be ours. null is an empty cell.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(written).join(',')}\r\n`;
}

function written(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return typeof cell === 'string' ? quoted(harmless(cell)) : quoted(cell.ours ?? '');
}

/** A cell that begins with a full-width sign is a formula in some locales. */
function harmless(text: string): string {
  return /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
