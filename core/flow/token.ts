/** What is wrong with an expression, and where: `position` counts characters from 1. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
  readonly position: number;

  constructor(what: string, at: number) {
    super(`${what} at character ${at + 1}`);
    this.position = at + 1;
  }
}

export interface Token {
  kind: 'word' | 'text' | 'number' | 'sign' | 'end';
  /** a word or sign as written; a text without its quotes */
  text: string;
  /** counts from 0 */
  at: number;
}

const BLANK = /\s+/y;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const NUMBER = /-?[0-9]{1,15}(\.[0-9]{1,15})?/y;
const SIGN = /==|!=|<>|<=|>=|&&|\|\||[=<>!()[\],.]/y;
const TEXT = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/suy;

/** The words, texts, numbers and signs of an expression, with an `end` after the last. @throws ExpressionError */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const add = (kind: Token['kind'], found: RegExpExecArray, inner = found[0]) => {
    tokens.push({ kind, text: inner, at });
    at += found[0].length;
  };
  while (at < text.length) {
    const blank = take(BLANK);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const [word, number, sign, quoted] = [take(WORD), take(NUMBER), take(SIGN), take(TEXT)];
    if (word) add('word', word);
    else if (number) add('number', number);
    else if (sign) add('sign', sign);
    else if (quoted) add('text', quoted, (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/gsu, '$1'));
    else if (/['"]/.test(text[at] ?? '')) throw new ExpressionError('a text without its closing quote', at);
    else throw new ExpressionError(`unexpected ${String.fromCodePoint(text.codePointAt(at) ?? 0)}`, at);
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}
