/** What an outward id is an id of. Rows have bigint identities; outward they read `call_123` (DESIGN §5 "Ids"). */
export type IdKind =
  | 'agent'
  | 'call'
  | 'campaign'
  | 'contact'
  | 'delivery'
  | 'dnc'
  | 'doc'
  | 'flow'
  | 'import'
  | 'phone'
  | 'recording'
  | 'schedule'
  | 'session'
  | 'tenant'
  | 'user'
  | 'webhook';

const NUMBER = /^[1-9][0-9]{0,15}$/;

/** 123 → `call_123`. */
export function formatId<K extends IdKind>(kind: K, id: number): `${K}_${number}` {
  return `${kind}_${id}`;
}

/** `call_123`, `123` and 123 → 123; anything else, also another kind's id → undefined. */
export function parseId(kind: IdKind, text: string | number): number | undefined {
  const raw = String(text);
  const digits = raw.startsWith(`${kind}_`) ? raw.slice(kind.length + 1) : raw;
  if (!NUMBER.test(digits)) return undefined;
  const id = Number(digits);
  return Number.isSafeInteger(id) ? id : undefined;
}
