import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same; takes the same time for every wrong one, however long it is. None is never right. */
export function isSameSecret(given: string | null | undefined, expected: string): boolean {
  if (typeof given !== 'string' || expected === '') return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
