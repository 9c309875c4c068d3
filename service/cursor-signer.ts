import { createHmac } from 'node:crypto';
import type { Config } from '../core/config.ts';
import type { Sign } from '../core/signed-cursor.ts';

export type Secret = Pick<Config, 'JWT_SECRET'>;

/**
 * Signs the cursors of one list. A key of its own for each `purpose`, since what is signed for one must not serve another; and who
 * asks, and for what, goes with every place as `scope`.
 */
export function cursorSigner({ JWT_SECRET: secret }: Secret, purpose: string, scope: string): Sign {
  const key = createHmac('sha256', secret).update(purpose).digest();
  return (text) => createHmac('sha256', key).update(`${scope} ${text}`).digest();
}
