export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: ReadonlyArray<XmlElement | string>;
}

/** The document is not well-formed; `message` says what and where. */
export class XmlError extends Error {
  override name = 'XmlError';
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
]);
const NAME = /[A-Za-z_:][\w:.-]*/y;
const SPACE = /[ \t\n]*/y;
const SKIPPED = /(?:[ \t\n]|<!--[\s\S]*?-->|<\?[\s\S]*?\?>)*/y;

/**
 * Reads one XML 1.0 document: elements, attributes, text, CDATA, comments, processing instructions, the five entities and
 * character references. A document type is refused: it has no place in call instructions, and its entities are a danger.
 * @throws XmlError
 */
export function readXml(source: string): XmlElement {
  // XML 1.0 §2.11: every line end reads as one line feed
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let at = 0;

  const fail = (what: string): never => {
    throw new XmlError(`${what} at character ${at}`);
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const expect = (literal: string) => {
    if (!text.startsWith(literal, at)) fail(`'${literal}' expected`);
    at += literal.length;
  };
  const until = (literal: string): string => {
    const end = text.indexOf(literal, at);
    if (end < 0) fail(`'${literal}' expected`);
    const found = text.slice(at, end);
    at = end + literal.length;
    return found;
  };
  const resolve = (raw: string): string =>
    raw.replace(/&([^;&]*;?)/g, (whole, name: string) => {
      const code = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));$/.exec(name);
      const point = code ? (code[1] === undefined ? Number(code[2]) : parseInt(code[1], 16)) : undefined;
      if (point !== undefined) return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : fail(`bad reference ${whole}`);
      return NAMED.get(name) ?? fail(`bad reference ${whole}`);
    });

  const attributes = (): Record<string, string> => {
    const found: Record<string, string> = {};
    for (;;) {
      take(SPACE);
      const name = take(NAME);
      if (!name) return found;
      if (Object.hasOwn(found, name)) fail(`attribute ${name} twice`);
      take(SPACE);
      expect('=');
      take(SPACE);
      const quote = text[at] === '"' || text[at] === "'" ? text[at] : fail('quote expected');
      expect(quote ?? '');
      const raw = until(quote ?? '');
      if (raw.includes('<')) fail("'<' in an attribute");
      found[name] = resolve(raw.replace(/[\t\n]/g, ' '));
    }
  };

  const content = (name: string): Array<XmlElement | string> => {
    const children: Array<XmlElement | string> = [];
    const add = (piece: string) => {
      const last = children.at(-1);
      if (typeof last === 'string') children[children.length - 1] = last + piece;
      else if (piece) children.push(piece);
    };
    for (;;) {
      const tag = text.indexOf('<', at);
      if (tag < 0) fail(`<${name}> is not closed`);
      add(resolve(text.slice(at, tag)));
      at = tag;
      if (text.startsWith('<![CDATA[', at)) {
        at += 9;
        add(until(']]>'));
      } else if (text.startsWith('<!--', at) || text.startsWith('<?', at)) {
        if (!take(SKIPPED)) fail('a comment is not closed');
      } else if (text.startsWith('</', at)) {
        at += 2;
        if (take(NAME) !== name) fail(`</${name}> expected`);
        take(SPACE);
        expect('>');
        return children;
      } else children.push(element());
    }
  };

  const element = (): XmlElement => {
    expect('<');
    const name = take(NAME) || fail('an element expected');
    const found = attributes();
    if (text.startsWith('/>', at)) {
      at += 2;
      return { name, attributes: found, children: [] };
    }
    expect('>');
    return { name, attributes: found, children: content(name) };
  };

  take(SKIPPED);
  const root = element();
  take(SKIPPED);
  return at === text.length ? root : fail('text after the document');
}

/** The elements inside an element, without the text between them. */
export function elementsOf(parent: XmlElement): XmlElement[] {
  return parent.children.filter((child) => typeof child !== 'string');
}

/** The text inside an element, of all depths. */
export function textOf(parent: XmlElement): string {
  return parent.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
