const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * The text of the plain HTML that a Word file is turned into: headings as `# …`, list items and rows of a table on lines of
 * their own. It is no parser for HTML of others.
 */
export function textOfHtml(html: string): string {
  return html
    .replace(/\s+/g, ' ')
    .replace(/<h([1-6])(?: [^>]*)?>/g, (_, level: string) => `\n\n${'#'.repeat(Number(level))} `)
    .replace(/<li(?: [^>]*)?>/g, '\n- ')
    .replace(/(<t[dh](?: [^>]*)?>)<p(?: [^>]*)?>|<\/p>(?=<\/t[dh]>)/g, '$1')
    .replace(/<tr(?: [^>]*)?>/g, '\n')
    .replace(/<\/t[dh]>\s*(?=<t[dh])/g, ' | ')
    .replace(/<br ?\/?>/g, '\n')
    .replace(/<\/?(?:p|ul|ol|table|h[1-6]|div)(?: [^>]*)?>/g, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\n{2,}(?=- )/g, '\n');
}
