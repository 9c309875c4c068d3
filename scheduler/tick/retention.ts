import { deleteExpired } from '../../db/query/retention.ts';
import { removeOrphanUploads } from '../../service/imports.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Clears away what has expired. */
export async function retentionTick(runtime: Runtime): Promise<void> {
  const files = await removeOrphanUploads(runtime, new Date());
  runtime.log.debug({ ...(await deleteExpired(runtime.db.sql)), files }, 'expired rows and orphaned files deleted');
}
