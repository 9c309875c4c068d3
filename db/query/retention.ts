import type { Sql } from '../client.ts';
import { deleteDeadKeys } from './idempotency.ts';

/** Deletes what has outlived its use. Call rows and everything that explains them stay. */
export async function deleteExpired(sql: Sql): Promise<{ idempotencyKeys: number; sessions: number; heartbeats: number }> {
  const idempotencyKeys = await deleteDeadKeys(sql);
  const sessions = await sql`delete from auth_sessions where expires_at < now() - interval '7 days'`;
  const heartbeats = await sql`delete from heartbeats where last_seen_at < now() - interval '1 day'`;
  return { idempotencyKeys, sessions: sessions.count, heartbeats: heartbeats.count };
}
