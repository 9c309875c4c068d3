import { AppError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import type { Principal } from '../core/principal.ts';
import { type Delivery, replayDead, replayDelivery } from '../db/query/webhook-deliveries.ts';
import type { Runtime } from './runtime.ts';
import { endpointOf } from './webhooks.ts';

/**
 * Sends one event again, also one that was delivered. What is just being tried goes on as it is; to an endpoint that is switched
 * off it goes when that is switched on. @throws AppError not_found
 */
export async function replayOne({ db }: Runtime, { tenantId }: Principal, text: string): Promise<Delivery> {
  const id = parseId('delivery', text);
  const delivery = id === undefined ? undefined : await replayDelivery(db.sql, tenantId, id);
  if (!delivery) throw new AppError('not_found', 'Delivery not found');
  return delivery;
}

/** Sends all again that was given up, of events since a time. Answers how many. @throws AppError not_found, conflict when it is off */
export async function replayAllDead(runtime: Runtime, who: Principal, webhookId: string, since: Date | undefined): Promise<number> {
  const { id, isActive } = await endpointOf(runtime, who, webhookId);
  if (!isActive) throw new AppError('conflict', 'This webhook is switched off');
  return replayDead(runtime.db.sql, who.tenantId, id, since);
}
