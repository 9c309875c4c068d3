import type { Runtime } from '../../service/runtime.ts';
import type { Auth } from '../../service/sessions.ts';
import type { Limits } from './limits.ts';

/** What every surface gets, opened once per server. */
export interface Api {
  readonly runtime: Runtime;
  readonly auth: Auth;
  readonly limits: Limits;
  /** of the product, as in package.json */
  readonly version: string;
}
