import { deleteExpired } from '../../db/query/retention.ts';
import { deleteOldDeliveries } from '../../db/query/webhook-deliveries.ts';
import { removeOrphanUploads } from '../../service/imports.ts';
import { removeOrphanDocuments } from '../../service/knowledge.ts';
import { deleteExpiredRecordings, removeOrphanAudio } from '../../service/recording-fetch.ts';
import type { Runtime } from '../../service/runtime.ts';

/** What docs/webhooks.md promises of the log. */
const DELIVERIES_KEPT_DAYS = 30;

/** Clears away what has expired. */
export async function retentionTick(runtime: Runtime): Promise<void> {
  const recordings = await deleteExpiredRecordings(runtime);
  const now = new Date();
  const files =
    (await removeOrphanUploads(runtime, now)) + (await removeOrphanAudio(runtime, now)) + (await removeOrphanDocuments(runtime, now));
  const deliveries = await deleteOldDeliveries(runtime.db.sql, DELIVERIES_KEPT_DAYS);
  runtime.log.debug({ ...(await deleteExpired(runtime.db.sql)), files, deliveries, recordings }, 'expired rows and orphaned files deleted');
}
