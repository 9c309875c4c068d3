import { ExpressionError, type Token, tokenize } from './token.ts';
import { type Scalar, variableFault } from './variable.ts';

export { ExpressionError } from './token.ts';

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'contains', 'mentions', 'startsWith', 'in'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A condition that was read; `evaluate` gives its value. */
export type Expression =
  | { kind: 'literal'; value: Scalar }
  | { kind: 'list'; items: readonly Scalar[] }
  | { kind: 'variable'; path: readonly string[] }
  | { kind: 'not'; of: Expression }
  | { kind: 'and' | 'or'; of: readonly Expression[] }
  | { kind: 'compare'; by: Comparison; left: Expression; right: Expression };

const LONGEST = 1000;
const DEEPEST = 32;

const BY_WORD = new Map<string, Comparison>([...COMPARISONS.map((name) => [name.toLowerCase(), name] as const), ['=', '=='], ['<>', '!=']]);
const KEYWORDS = new Set(['and', 'or', 'not', 'true', 'false', ...BY_WORD.keys()]);

interface Reader {
  tokens: readonly Token[];
  next: number;
  depth: number;
}

/**
 * Reads a condition such as `input mentions 'yes' and contact.tags contains 'vip'` (docs/flows.md). It can look at variables
 * and compare them, and nothing else; length and depth are bounded.
 * @throws ExpressionError that says where
 */
export function parseExpression(text: string): Expression {
  const reader = readerOf(text);
  const expression = readOr(reader);
  expectEnd(reader);
  return expression;
}

/** Reads the name of a variable, such as `contact.firstName`, alone. @throws ExpressionError */
export function parseVariable(text: string): readonly string[] {
  const reader = readerOf(text);
  const path = readPath(reader);
  expectEnd(reader);
  return path;
}

function readerOf(text: string): Reader {
  if (text.length > LONGEST) throw new ExpressionError(`more than ${LONGEST} characters`, LONGEST);
  return { tokens: tokenize(text), next: 0, depth: 0 };
}

function readOr(reader: Reader): Expression {
  return readChain(reader, 'or', ['or', '||'], (inner) => readChain(inner, 'and', ['and', '&&'], readNot));
}

function readChain(reader: Reader, kind: 'and' | 'or', signs: readonly string[], read: (reader: Reader) => Expression): Expression {
  const first = read(reader);
  const of = [first];
  while (accept(reader, signs)) of.push(read(reader));
  return of.length === 1 ? first : { kind, of };
}

function readNot(reader: Reader): Expression {
  if (!accept(reader, ['not', '!'])) return readComparison(reader);
  return deeper(reader, () => ({ kind: 'not', of: readNot(reader) }));
}

function readComparison(reader: Reader): Expression {
  const left = readValue(reader);
  const sign = accept(reader, [...BY_WORD.keys()]);
  if (!sign) return left;
  const by = BY_WORD.get(sign.text.toLowerCase());
  if (!by) throw unexpected(sign);
  return { kind: 'compare', by, left, right: readValue(reader) };
}

function readValue(reader: Reader): Expression {
  if (accept(reader, ['('])) {
    return deeper(reader, () => {
      const inner = readOr(reader);
      expect(reader, ')');
      return inner;
    });
  }
  if (accept(reader, ['['])) return { kind: 'list', items: readList(reader) };
  const value = readLiteral(reader);
  return value === undefined ? { kind: 'variable', path: readPath(reader) } : { kind: 'literal', value };
}

function readList(reader: Reader): Scalar[] {
  const items: Scalar[] = [];
  while (!accept(reader, [']'])) {
    if (items.length > 0) expect(reader, ',');
    const token = peek(reader);
    const value = readLiteral(reader);
    if (value === undefined) throw unexpected(token, 'a text or a number');
    items.push(value);
  }
  return items;
}

function readLiteral(reader: Reader): Scalar | undefined {
  const token = peek(reader);
  const truth = accept(reader, ['true', 'false']);
  if (truth) return truth.text.toLowerCase() === 'true';
  if (token.kind !== 'text' && token.kind !== 'number') return undefined;
  reader.next++;
  return token.kind === 'text' ? token.text : Number(token.text);
}

/** `a.b`, or `a['any name']` for what is no word. */
function readPath(reader: Reader): readonly string[] {
  const start = peek(reader);
  if (start.kind !== 'word' || KEYWORDS.has(start.text.toLowerCase())) throw unexpected(start, 'a value');
  reader.next++;
  const path = [start.text];
  for (;;) {
    if (accept(reader, ['.'])) path.push(readName(reader, 'word'));
    else if (accept(reader, ['['])) {
      path.push(readName(reader, 'text'));
      expect(reader, ']');
    } else break;
  }
  const fault = variableFault(path);
  if (fault) throw new ExpressionError(fault, start.at);
  return path;
}

function readName(reader: Reader, kind: 'word' | 'text'): string {
  const token = peek(reader);
  if (token.kind !== kind) throw unexpected(token, kind === 'word' ? 'a name' : 'a name in quotes');
  reader.next++;
  return token.text;
}

function deeper<T>(reader: Reader, read: () => T): T {
  if (++reader.depth > DEEPEST) throw new ExpressionError(`more than ${DEEPEST} levels`, peek(reader).at);
  const value = read();
  reader.depth--;
  return value;
}

function peek({ tokens, next }: Reader): Token {
  return tokens[next] ?? { kind: 'end', text: '', at: 0 };
}

/** Goes past the next token when it is one of these words or signs; their case does not matter. */
function accept(reader: Reader, texts: readonly string[]): Token | undefined {
  const token = peek(reader);
  if (token.kind !== 'word' && token.kind !== 'sign') return undefined;
  if (!texts.some((text) => text.toLowerCase() === token.text.toLowerCase())) return undefined;
  reader.next++;
  return token;
}

function expect(reader: Reader, text: string): void {
  if (!accept(reader, [text])) throw unexpected(peek(reader), text);
}

function expectEnd(reader: Reader): void {
  if (peek(reader).kind !== 'end') throw unexpected(peek(reader), 'and, or, or the end');
}

function unexpected({ kind, text, at }: Token, instead?: string): ExpressionError {
  const found = kind === 'end' ? 'the end' : kind === 'text' ? `the text '${text}'` : text;
  return new ExpressionError(instead === undefined ? `unexpected ${found}` : `expected ${instead}, found ${found}`, at);
}
