import { deleteExpired } from '../../db/query/retention.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Clears away what has expired. */
export async function retentionTick(runtime: Runtime): Promise<void> {
  runtime.log.debug(await deleteExpired(runtime.db.sql), 'expired rows deleted');
}
