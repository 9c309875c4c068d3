import type { Fields, FieldType } from './endpoint.ts';

const ID = (kind: string) => new RegExp(`^${kind}_[1-9][0-9]*$`);

const TEXTS: Partial<Record<string, RegExp>> = {
  text: /[^]/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/,
  phone: /^\+[1-9]\d{6,14}$/,
  percent: /^\d{1,3}(\.\d+)?%$/,
  'agent id': ID('agent'),
  'call id': ID('call'),
  'campaign id': ID('campaign'),
  'contact id': ID('contact'),
  'doc id': ID('doc'),
  'flow id': ID('flow'),
  'import id': ID('import'),
  'phone id': ID('phone'),
  'schedule id': ID('schedule'),
  'session id': ID('session'),
  'tenant id': ID('tenant'),
  'user id': ID('user'),
};

/** The JSON type under which a documented sample of a field would appear. */
export function jsonTypeOf(type: FieldType): 'string' | 'number' | 'boolean' | 'array' {
  if (typeof type !== 'string') return 'string';
  const kind = type.replace('|null', '');
  if (kind === 'integer' || kind === 'number') return 'number';
  if (kind === 'boolean') return 'boolean';
  return kind === 'list' ? 'array' : 'string';
}

/** Everything in which an answer differs from the documented fields; nothing when it has them all. */
export function complaintsAbout(body: unknown, fields: Fields): string[] {
  return Object.entries(fields).flatMap(([path, type]) => {
    const found = valuesAt(body, path.split('.'));
    if (typeof found === 'string') return [`${path}: ${found}`];
    return found.flatMap((value) => (fits(value, type) ? [] : [`${path}: ${JSON.stringify(value)} is not ${String(type)}`]));
  });
}

/** All values a path leads to, or why it leads nowhere. */
function valuesAt(value: unknown, [segment, ...rest]: string[]): unknown[] | string {
  if (segment === undefined) return [value];
  const isList = segment.endsWith('[]');
  const name = isList ? segment.slice(0, -2) : segment;
  const inner = name === '' ? value : memberOf(value, name);
  if (inner === undefined) return 'is missing';
  if (!isList) return valuesAt(inner, rest);
  if (!Array.isArray(inner)) return 'is no list';
  if (inner.length === 0) return 'is empty, so its elements cannot be looked at';
  const found: unknown[] = [];
  for (const element of inner) {
    const values = valuesAt(element, rest);
    if (typeof values === 'string') return values;
    found.push(...values);
  }
  return found;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function fits(value: unknown, type: FieldType): boolean {
  if (typeof type !== 'string') return typeof value === 'string' && type.includes(value);
  if (type.endsWith('|null')) return value === null || fits(value, type.slice(0, -5) as FieldType);
  const pattern = TEXTS[type];
  if (pattern) return typeof value === 'string' && pattern.test(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'list') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null;
  return typeof value === type;
}
