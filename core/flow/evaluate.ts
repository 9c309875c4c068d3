import type { Comparison, Expression } from './expression.ts';
import { type Facts, lookUp, type Scalar, type Value } from './variable.ts';

/** The value of an expression. Never throws; what is missing is null, and a comparison with it is false. */
export function evaluate(expression: Expression, facts: Facts): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items;
    case 'variable':
      return lookUp(facts, expression.path);
    case 'not':
      return !holds(expression.of, facts);
    case 'and':
      return expression.of.every((part) => holds(part, facts));
    case 'or':
      return expression.of.some((part) => holds(part, facts));
    case 'compare':
      return compare(expression.by, evaluate(expression.left, facts), evaluate(expression.right, facts));
  }
}

/** Whether an expression is true: missing, empty, zero and false are not. */
export function holds(expression: Expression, facts: Facts): boolean {
  const value = evaluate(expression, facts);
  return isList(value) ? value.length > 0 : Boolean(value);
}

/** The variables that an expression looks at, by the first part of their names. */
export function rootsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'literal':
    case 'list':
      return [];
    case 'variable':
      return expression.path.slice(0, 1);
    case 'not':
      return rootsOf(expression.of);
    case 'and':
    case 'or':
      return expression.of.flatMap(rootsOf);
    case 'compare':
      return [...rootsOf(expression.left), ...rootsOf(expression.right)];
  }
}

function compare(by: Comparison, left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  switch (by) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return inOrder(left, right, (order) => order < 0);
    case '<=':
      return inOrder(left, right, (order) => order <= 0);
    case '>':
      return inOrder(left, right, (order) => order > 0);
    case '>=':
      return inOrder(left, right, (order) => order >= 0);
    case 'contains':
      return contains(left, right);
    case 'in':
      return contains(right, left);
    case 'mentions':
      return anyOf(left, right, (text, part) => isWithin(wordsOf(text), wordsOf(part)));
    case 'startsWith':
      return anyOf(left, right, (text, part) => plain(part) !== '' && plain(text).startsWith(plain(part)));
  }
}

function equal(left: Value, right: Value): boolean {
  if (isList(left) || isList(right) || left === null || right === null) return false;
  if (typeof left === 'number' || typeof right === 'number') return numberOf(left) === numberOf(right) && numberOf(left) !== undefined;
  return plain(left) === plain(right);
}

/** Numbers, and texts that are numbers, by size; other texts by the alphabet; nothing else has an order. */
function inOrder(left: Value, right: Value, fits: (order: number) => boolean): boolean {
  if (left === null || right === null || isList(left) || isList(right)) return false;
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return fits(a - b);
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  const [x, y] = [plain(left), plain(right)];
  return fits(x < y ? -1 : x > y ? 1 : 0);
}

/** A list: one of its items is it, or is one of those; a text: it is a part of it, or one of those is. */
function contains(whole: Value, part: Value): boolean {
  if (isList(whole)) return anyOf(whole, part, equal);
  return anyOf(whole, part, (text, piece) => plain(piece) !== '' && plain(text).includes(plain(piece)));
}

/** Whether it is so for one of the left and one of the right. */
function anyOf(left: Value, right: Value, is: (left: Scalar, right: Scalar) => boolean): boolean {
  return itemsOf(left).some((a) => itemsOf(right).some((b) => is(a, b)));
}

function itemsOf(value: Value): readonly Scalar[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}

function isList(value: Value): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** Nobody says more than this at once, and the fields of a contact are not known for their length. */
const LONGEST_TEXT = 2000;

/** As texts are compared: without case, outer blanks, and the full stop that speech recognition adds. */
function plain(value: Scalar): string {
  return String(value)
    .slice(0, LONGEST_TEXT)
    .normalize('NFC')
    .toLowerCase()
    .replace(/^[\s.,;:!?…¿¡]+/u, '')
    .replace(/[\s.,;:!?…]+$/u, '');
}

function wordsOf(value: Scalar): string {
  const text = String(value).slice(0, LONGEST_TEXT).normalize('NFC').toLowerCase().replaceAll('’', "'");
  const words = text.match(/[\p{L}\p{M}\p{N}']+/gu);
  return words === null ? '' : ` ${words.join(' ')} `;
}

function isWithin(words: string, part: string): boolean {
  return part !== '' && words.includes(part);
}

function numberOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? plain(value) : '';
  return /^[-+]?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text) ? Number(text) : undefined;
}
