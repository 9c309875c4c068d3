import type { Given } from '../http.ts';

/** The texts of an answer or of a callback, by name; what nests is named as forms do it: `Legs[0][OnCallDuration]`. */
export type Fields = ReadonlyMap<string, string>;

const DEEPEST = 8;
const ELEMENT = /<(\w+)>([^<>]*)<\/\1>/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The texts, numbers and truths of something that was JSON; PostgreSQL takes no NUL. */
export function flatten(value: unknown): Fields {
  const found = new Map<string, string>();
  const visit = (inner: unknown, name: string, depth: number): void => {
    if (typeof inner === 'string') found.set(name, inner.replaceAll('\0', ''));
    else if (typeof inner === 'number' || typeof inner === 'boolean') found.set(name, String(inner));
    else if (typeof inner === 'object' && inner !== null && depth < DEEPEST)
      for (const [key, child] of Object.entries(inner)) visit(child, name === '' ? key : `${name}[${key}]`, depth + 1);
  };
  visit(value, '', 0);
  return found;
}

/** What stands in an object's field of that name. */
export function inner(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

/** The one call that an answer shows, as JSON or, for whoever leaves off `.json`, as XML; undefined when it shows none. */
export function callIn({ body, text }: Given): Fields | undefined {
  const fields = body === undefined ? elementsIn(text, 'Call') : flatten(inner(body, 'Call'));
  return fields?.get('Sid') ? fields : undefined;
}

/** What an error says: https://developer.exotel.com/docs/references/error-codes */
export function messageIn({ body, text }: Given): string {
  const fields = body === undefined ? elementsIn(text, 'RestException') : flatten(inner(body, 'RestException'));
  return (fields?.get('Message') ?? '').slice(0, 500);
}

function elementsIn(xml: string, parent: string): Fields | undefined {
  const content = new RegExp(`<${parent}>([\\s\\S]*)</${parent}>`).exec(xml)?.[1];
  if (content === undefined) return undefined;
  const plain = (text: string) => text.trim().replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
  return new Map([...content.matchAll(ELEMENT)].map(([, name = '', text = '']) => [name, plain(text)]));
}
