import { badField } from '../errors.ts';
import { columnOf } from './layout.ts';

/** Where a list of numbers keeps them. */
export interface PhoneColumn {
  at: number;
  /** the first record is a header, not a number */
  hasHeader: boolean;
}

/**
 * Finds the numbers in a list: the column that the header calls `phoneNumber` or `phone`, or the only one there is. A first
 * record of a single column that is neither is taken for a number, so that it is reported, not passed over.
 * @throws AppError naming `file` when there are several columns and none has the name
 */
export function findPhoneColumn(first: readonly string[]): PhoneColumn {
  const named = first.findIndex((name) => columnOf(name) === 'phoneNumber');
  if (named >= 0) return { at: named, hasHeader: true };
  const filled = first.flatMap((cell, index) => (cell.trim() === '' ? [] : [index]));
  const [at] = filled;
  if (at === undefined || filled.length > 1) throw badField('file', 'has several columns and none is called phoneNumber', 'file');
  return { at, hasHeader: false };
}
