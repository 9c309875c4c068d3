/** What XML 1.0 (§2.2) cannot carry in any form: control characters, lone surrogates, U+FFFE and U+FFFF. */
// eslint-disable-next-line no-control-regex
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** The text without the characters that no XML document may contain. */
export function legal(text: string): string {
  return text.replace(ILLEGAL, '');
}

/** Text as element content. A carriage return is written as a reference, because readers turn a bare one into a line feed. */
export function escapeText(text: string): string {
  return legal(text)
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
    .replace(/\r/g, '&#13;');
}

/** Text as an attribute's value: readers turn bare tabs and line feeds into spaces, so those become references too. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/[\t\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** One element; `content` is XML already. Attributes that are undefined are left out. */
export function element(name: string, attributes: Readonly<Record<string, string | number | undefined>>, content = ''): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeAttribute(String(value))}"`],
  );
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}
