/** Typed requests to every surface: `calling({ baseUrl, token }).POST('/api/v1/calls/outbound', { body })`. */
import createClient, { type Client } from 'openapi-fetch';
import type { paths as AccountPaths } from './account.ts';
import type { paths as AdminPaths } from './admin.ts';
import type { paths as CallingPaths } from './calling.ts';
import type { paths as DashboardPaths } from './dashboard.ts';
import type { paths as DialerPaths } from './dialer.ts';
import type { paths as OmnivoxPaths } from './omnivox.ts';

export interface Connection {
  /** `http://localhost:4000`, without a path */
  baseUrl: string;
  /** of a log-in; the log-in itself needs none */
  token?: string | undefined;
  /** instead of the global one */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export const account = (to: Connection): Client<AccountPaths> => open(to);
export const admin = (to: Connection): Client<AdminPaths> => open(to);
export const calling = (to: Connection): Client<CallingPaths> => open(to);
export const dashboard = (to: Connection): Client<DashboardPaths> => open(to);
export const dialer = (to: Connection): Client<DialerPaths> => open(to);
export const omnivox = (to: Connection): Client<OmnivoxPaths> => open(to);

function open<Paths extends object>({ baseUrl, token, fetch }: Connection): Client<Paths> {
  return createClient<Paths>({
    baseUrl,
    ...(fetch && { fetch }),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}
