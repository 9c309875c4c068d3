import { OptionalKind, type TObject, type TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler, ValueErrorType, type ValueError } from '@sinclair/typebox/compiler';
import type { FastifySchemaCompiler } from 'fastify';
import { type AppError, badField, badFields, type FieldError } from '../../core/errors.ts';
import { NOT_BLANK } from './schema.ts';

const WHERE: Record<string, FieldError['in']> = { body: 'body', querystring: 'query', params: 'params', headers: 'headers' };
const FIELDS_TOLD = 10;

/**
 * Checks a part of a request against its TypeBox schema. Bodies are taken as they are: a number where a text belongs is an
 * error. Queries and paths are text by nature, so their numbers and booleans are read first and defaults filled in; an empty value
 * in a query counts as not given, since forms send every filter that they have.
 * Fields that the schema does not name are left alone; handlers take what they know. A schema is compiled for its first request.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  let compiled: TypeCheck<TSchema> | undefined;
  const where = WHERE[httpPart] ?? 'body';
  return (value: unknown) => {
    // no body at all arrives as null
    if (value === null && OptionalKind in schema) return { value: undefined };
    const texts = where === 'query' ? withoutEmpty(value as Record<string, unknown>) : (value as Record<string, unknown>);
    const input = where === 'body' ? value : readTexts(schema as TObject, texts);
    compiled ??= TypeCompiler.Compile(schema);
    if (!compiled.Check(input)) return { error: asValidation(compiled.Errors(input), where) };
    const unstorable = findUnstorable(input, '');
    if (unstorable !== undefined) return { error: badField(unstorable || where, 'contains a character that cannot be stored', where) };
    return { value: input };
  };
};

function withoutEmpty(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, text]) => text !== ''));
}

/** The texts of a query or path as the numbers and booleans that the schema asks for; what is not one stays text and fails. */
function readTexts(schema: TObject, texts: Record<string, unknown>): Record<string, unknown> {
  const read: Record<string, unknown> = { ...texts };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const text = read[name];
    if (text === undefined) {
      if (property.default !== undefined) read[name] = property.default;
    } else if (property.type === 'integer' && typeof text === 'string' && /^-?\d{1,15}$/.test(text)) {
      read[name] = Number(text);
    } else if (property.type === 'boolean' && (text === 'true' || text === 'false')) {
      read[name] = text === 'true';
    }
  }
  return read;
}

function asValidation(errors: Iterable<ValueError>, where: FieldError['in']): AppError {
  const byField = new Map<string, FieldError>();
  for (const error of errors) {
    const field = error.path.slice(1).replaceAll('/', '.') || where;
    if (!byField.has(field)) byField.set(field, { field, message: inWords(error), in: where });
    if (byField.size >= FIELDS_TOLD) break;
  }
  return badFields([...byField.values()]);
}

/** What a person does about it, instead of what the validator calls it. */
function inWords({ type, schema, message }: ValueError): string {
  switch (type) {
    case ValueErrorType.ObjectRequiredProperty:
      return 'is required';
    case ValueErrorType.Object:
      return 'must be an object';
    case ValueErrorType.Array:
      return 'must be a list';
    case ValueErrorType.String:
      return 'must be a text';
    case ValueErrorType.StringMinLength:
      return schema.minLength === 1 ? 'must not be empty' : `must have at least ${schema.minLength} characters`;
    case ValueErrorType.StringMaxLength:
      return `must have at most ${schema.maxLength} characters`;
    case ValueErrorType.StringPattern:
      if (schema.pattern === NOT_BLANK) return 'must not be blank';
      return formOf(schema);
    case ValueErrorType.Integer:
      return 'must be a whole number';
    case ValueErrorType.Number:
      return 'must be a number';
    case ValueErrorType.IntegerMinimum:
    case ValueErrorType.NumberMinimum:
      return `must be at least ${schema.minimum}`;
    case ValueErrorType.IntegerMaximum:
    case ValueErrorType.NumberMaximum:
      return `must be at most ${schema.maximum}`;
    case ValueErrorType.Boolean:
      return 'must be true or false';
    case ValueErrorType.ObjectMinProperties:
      return 'must hold at least one field';
    case ValueErrorType.ObjectAdditionalProperties:
      return 'is not known here';
    case ValueErrorType.ArrayMinItems:
      return schema.minItems === 1 ? 'must not be empty' : `must have at least ${schema.minItems} items`;
    case ValueErrorType.ArrayMaxItems:
      return `must have at most ${schema.maxItems} items`;
    case ValueErrorType.Kind:
      return `must be one of ${wordsOf(schema).join(', ')}`;
    case ValueErrorType.Union:
      return `must be one of ${(schema.anyOf as TSchema[]).flatMap(wordsOf).join(', ')}`;
    default:
      return message.charAt(0).toLowerCase() + message.slice(1);
  }
}

function formOf({ examples }: TSchema): string {
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined;
  return typeof example === 'string' ? `must have the form of ${example}` : 'does not have the right form';
}

/** What a schema of a few words allows. */
function wordsOf(schema: TSchema): string[] {
  if (schema.type === 'null') return ['null'];
  return (schema.enum as string[] | undefined) ?? [schema.type === 'integer' ? 'a whole number' : 'a text'];
}

const UNSTORABLE = /\0|\p{Surrogate}/u;
const DEEPEST = 64;

/** Path of the first text that PostgreSQL cannot hold: a NUL, or half of a surrogate pair. */
function findUnstorable(value: unknown, path: string, depth = 0): string | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const innerPath = path ? `${path}.${key}` : key;
    const found = UNSTORABLE.test(key) ? path : findUnstorable(inner, innerPath, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
