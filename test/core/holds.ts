import fc from 'fast-check';
import type { Test } from 'tap';

/** One assertion: the property holds for whatever fast-check thinks of. A failure prints the smallest counterexample. */
export function holds<T extends [unknown, ...unknown[]]>(
  t: Pick<Test, 'doesNotThrow'>,
  property: fc.IProperty<T>,
  options: fc.Parameters<T> = {},
): void {
  t.doesNotThrow(() => fc.assert(property, options), 'the property holds');
}
