import { endWrapUps, releaseLost, signOutInactive } from '../../db/query/people-release.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Ends wrap-ups whose time is over, and frees people whose call ended without them. */
export async function peopleTick({ db, log, metrics }: Runtime): Promise<void> {
  await signOutInactive(db.sql);
  await endWrapUps(db.sql);
  const lost = await releaseLost(db.sql);
  if (lost === 0) return;
  metrics.repairs.inc({ what: 'person_without_call' }, lost);
  log.warn({ people: lost }, 'people were bound to calls that are over; they are free again');
}
