import { Type } from '@sinclair/typebox';
import { badField, type FieldError } from '../../core/errors.ts';
import { type IdKind, parseId } from '../../core/id.ts';

/** An id in a body: 12, `12` or `campaign_12`. */
export const GivenId = (kind: IdKind) =>
  Type.Union([Type.Integer(), Type.String({ maxLength: 40 })], { description: `12 or \`${kind}_12\``, examples: [12] });

/** An id in a query or a path. */
export const WrittenId = (kind: IdKind) =>
  Type.String({ minLength: 1, maxLength: 40, description: `\`12\` or \`${kind}_12\``, examples: ['12'] });

/**
 * An id of this kind in either form; none stays none. Whether there is such a thing is asked elsewhere.
 * @throws AppError `validation` naming the field, by default that of the kind, when it can be no id of this kind
 */
export function readId(kind: IdKind, given: string | number, field?: string, where?: FieldError['in']): number;
export function readId(kind: IdKind, given: string | number | undefined, field?: string, where?: FieldError['in']): number | undefined;
export function readId(kind: IdKind, given: string | number | undefined, field = `${kind}Id`, where: FieldError['in'] = 'body') {
  if (given === undefined) return undefined;
  const id = parseId(kind, given);
  if (id === undefined) throw badField(field, `must look like ${kind}_12 or 12`, where);
  return id;
}
