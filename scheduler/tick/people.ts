import { endWrapUps, giveUpPreviews, releaseLost, signOutInactive } from '../../db/query/people-release.ts';
import { noteSoon } from '../../service/changes.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Ends wrap-ups whose time is over, and frees people whose call ended without them, or does not get on its way. */
export async function peopleTick(rt: Runtime): Promise<void> {
  const { db, log, metrics } = rt;
  await signOutInactive(db.sql);
  await endWrapUps(db.sql);
  for (const { callId, tenantId } of await giveUpPreviews(db.sql)) {
    noteSoon(rt, tenantId, ['contacts', 'calls']);
    log.info({ callId }, 'a call that a person waited for could not be dialed; it was taken back');
  }
  const lost = await releaseLost(db.sql);
  if (lost === 0) return;
  metrics.repairs.inc({ what: 'person_without_call' }, lost);
  log.warn({ people: lost }, 'people were bound to calls that are over; they are free again');
}
