import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** What an address may be, by who reads it. */
const ADDRESSES = {
  web: { schemes: ['http:', 'https:'], such: 'https://host.example.com' },
  postgres: { schemes: ['postgres:', 'postgresql:'], such: 'postgres://user:password@host:5432/database' },
  redis: { schemes: ['redis:', 'rediss:', 'unix:'], such: 'redis://user:password@host:6379' },
} as const;

export type AddressKind = keyof typeof ADDRESSES;

/** What is wrong with a variable's value: what it may be, to go after the name. It never tells the value, which may be a secret. */
export function faultOf(schema: TSchema, value: unknown): string | undefined {
  const kind = schema.address as AddressKind | undefined;
  const isGood = Value.Check(schema, value) && (kind === undefined || value === '' || isAddress(kind, String(value)));
  return isGood ? undefined : `must ${kind === undefined ? domainOf(schema) : domainOfAddress(kind)}`;
}

/** The words for the kinds of schema that the environment is made of. */
function domainOf({ anyOf, type, minimum, maximum, exclusiveMinimum, words }: TSchema): string {
  if (Array.isArray(anyOf)) return `be one of ${anyOf.map((word: TSchema) => String(word.const)).join(', ')}`;
  if (type === 'boolean') return 'be true or false';
  if (type === 'string') return String(words);
  const number = type === 'integer' ? 'be a whole number' : 'be a number';
  if (exclusiveMinimum !== undefined) return `${number} above ${String(exclusiveMinimum)}`;
  return maximum === undefined ? `${number}, ${String(minimum)} or more` : `${number} from ${String(minimum)} to ${String(maximum)}`;
}

function domainOfAddress(kind: AddressKind): string {
  const { such } = ADDRESSES[kind];
  const more =
    kind === 'web' ? '' : '; signs of a password that mean something in an address are written as %2F for "/", %3F for "?" and so on';
  return `be an address such as ${such}${more}`;
}

function isAddress(kind: AddressKind, text: string): boolean {
  // servers that stand in for each other, which only a database has: the first speaks for them
  const one = kind === 'postgres' ? text.replace(/(@[^/?#,]+)(?:,[^/?#,]+)+/, '$1') : text;
  // URL itself takes "https:host" too
  const url = /^[a-z]+:\/\//i.test(one) && URL.canParse(one) ? new URL(one) : undefined;
  if (!url || !ADDRESSES[kind].schemes.some((scheme) => scheme === url.protocol)) return false;
  // behind "12" of the password "12/ab", which passes for a port, comes what should have been the host
  return kind === 'web' || (!`${url.pathname}${url.search}${url.hash}`.includes('@') && isDecodable(text));
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    // a "%" that stands for itself
    return false;
  }
}
