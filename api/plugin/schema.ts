import { Kind, type Static, type TSchema, type TUnsafe, Type, TypeRegistry } from '@sinclair/typebox';
import { MAX_OFFSET } from '../../core/page.ts';

const ONE_OF = 'OneOf';

// TypeBox has no string enum of its own; without this its compiler refuses the kind
TypeRegistry.Set<{ enum: readonly string[] }>(ONE_OF, (schema, value) => typeof value === 'string' && schema.enum.includes(value));

/** Pattern of a text that is more than blanks. */
export const NOT_BLANK = '\\S';

/** One of a few words, as a plain JSON Schema `enum`. */
export function OneOf<const W extends string>(words: readonly W[], options: { description?: string; default?: W } = {}): TUnsafe<W> {
  return Type.Unsafe<W>({ ...options, [Kind]: ONE_OF, type: 'string', enum: [...words] });
}

/** The same or null, in answers: the serializer knows type arrays, unlike a union of schemas, without asking a validator. */
export function Nullable<S extends TSchema>(schema: S, description?: string): TUnsafe<Static<S> | null> {
  return Type.Unsafe<Static<S> | null>({ ...schema, ...(description && { description }), type: [schema.type, 'null'] });
}

/** A moment in an answer. */
export const Timestamp = (description?: string) => Type.String({ description, examples: ['2025-11-01T10:00:00.000Z'] });

/** `page` of a list that is read by pages, however deep: see `offsetWithin`. */
export const PageNumber = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  default: 1,
  description: `Page number. One that skips more than ${MAX_OFFSET} rows is answered with 400, even where the list has more`,
});

/** `page` and `limit` of a list that is read by pages. */
export const PageQuery = (defaults: { limit: number; maximum: number }) => ({
  page: PageNumber,
  limit: Type.Integer({
    minimum: 1,
    maximum: defaults.maximum,
    default: defaults.limit,
    description: `Results per page, ${defaults.maximum} at most`,
  }),
});
