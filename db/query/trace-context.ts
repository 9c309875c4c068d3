import type { Sql } from '../client.ts';

/** The W3C trace context that a call belongs to, for those who trace; undefined: it has none. */
export async function readTraceparent(sql: Sql, callId: number): Promise<string | undefined> {
  const [row] = await sql<Array<{ traceparent: string | null }>>`select traceparent from calls where id = ${callId}`;
  return row?.traceparent ?? undefined;
}

/** A call that nobody traced until now belongs to this trace from now on. */
export async function keepTraceparent(sql: Sql, callId: number, traceparent: string): Promise<void> {
  await sql`update calls set traceparent = ${traceparent} where id = ${callId} and traceparent is null`;
}
