/**
 * One line of CSV (RFC 4180) that a spreadsheet opens as text: a cell that could be a formula gets an apostrophe in
 * front (OWASP "CSV Injection"), a phone number's plus included.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(safeCell).join(',')}\r\n`;
}

function safeCell(text: string): string {
  // a cell that begins with a full-width sign is a formula in some locales
  const plain = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
