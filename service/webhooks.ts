import type { Sql } from '../db/client.ts';

export type EventType = 'call.started' | 'call.ended' | 'campaign.completed' | 'lead.updated';

export interface WebhookEvent {
  tenantId: number;
  type: EventType;
  /** what the receiver reads under `data` */
  data: Record<string, unknown>;
}

/** Writes an event down for every endpoint of its tenant that wants it, in the transaction that made it true. */
export async function emit(_sql: Sql, _event: WebhookEvent): Promise<void> {}
