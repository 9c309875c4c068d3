import { ExpressionError, parseVariable } from './expression.ts';
import { type Facts, lookUp } from './variable.ts';

const HOLE = /\{\{([^{}]*)\}\}/g;
/** A contact's field may hold anything; nobody wants to hear all of it. */
const LONGEST_VALUE = 500;

/** A text with its `{{variables}}` filled in; what is missing leaves nothing behind. Never throws. */
export function fill(text: string, facts: Facts): string {
  return text.replace(HOLE, (_hole, name: string) => {
    const path = pathOf(name);
    const value = path === undefined ? null : lookUp(facts, path);
    return (Array.isArray(value) ? value.join(', ') : String(value ?? '')).slice(0, LONGEST_VALUE);
  });
}

/** What is wrong with the `{{variables}}` of a text, if anything is. */
export function templateFault(text: string): string | undefined {
  for (const [, name = ''] of text.matchAll(HOLE)) {
    try {
      parseVariable(name);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return `{{${name}}}: ${error.message}`;
    }
  }
  return /\{\{|\}\}/.test(text.replace(HOLE, '')) ? 'has {{ or }} without its counterpart' : undefined;
}

/** The variables that a text looks at, by the first part of their names. */
export function templateRoots(text: string): string[] {
  return [...text.matchAll(HOLE)].flatMap(([, name = '']) => pathOf(name)?.slice(0, 1) ?? []);
}

function pathOf(name: string): readonly string[] | undefined {
  try {
    return parseVariable(name);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return undefined;
  }
}
