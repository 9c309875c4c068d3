import { randomBytes, randomUUID } from 'node:crypto';
import { AppError, badField } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import type { Principal } from '../core/principal.ts';
import { type EventType, TEST_EVENT } from '../core/webhook.ts';
import type { Sql } from '../db/client.ts';
import { insertEvents, insertTestEvent } from '../db/query/webhook-events.ts';
import {
  countEndpoints,
  deleteEndpoint,
  type Endpoint,
  type EndpointChange,
  findEndpoint,
  insertEndpoint,
  type NewEndpoint,
  replaceSecret,
  updateEndpoint,
} from '../db/query/webhooks.ts';
import { readTarget, RefusedTarget } from './outbound-address.ts';
import type { Runtime } from './runtime.ts';
import { seal } from './vault.ts';

export type { EventType } from '../core/webhook.ts';

export interface WebhookEvent {
  tenantId: number;
  type: EventType;
  /** what the receiver reads under `data` */
  data: Record<string, unknown>;
}

const MOST_ENDPOINTS = 20;
const SECRET_BYTES = 32;
const OLD_SECRET_SECONDS = 24 * 60 * 60;

/** Writes events down for every endpoint of their tenants that wants them, in the transaction that made them true. */
export async function emit(sql: Sql, ...events: WebhookEvent[]): Promise<void> {
  await insertEvents(
    sql,
    events.map(({ tenantId, type, data }) => ({ tenantId, type, eventId: randomUUID(), payload: payloadOf(type, data) })),
  );
}

/** The body of an event, Standard Webhooks § "Payload structure". */
function payloadOf(type: string, data: Record<string, unknown>): Record<string, unknown> {
  return { type, timestamp: new Date().toISOString(), data };
}

/**
 * A new endpoint, with the secret that signs what is sent there: told here and never again.
 * @throws AppError validation for an address that we don't call, conflict when the tenant has enough of them
 */
export async function createEndpoint(
  { config, db }: Runtime,
  { tenantId }: Principal,
  given: Omit<NewEndpoint, 'tenantId'>,
): Promise<{ endpoint: Endpoint; secret: string }> {
  checkUrl(config, given.url);
  const secret = newSecret();
  const endpoint = await db.sql.begin(async (sql) => {
    if ((await countEndpoints(sql, tenantId)) >= MOST_ENDPOINTS) {
      throw new AppError('conflict', `There are ${MOST_ENDPOINTS} webhooks already; delete one first`);
    }
    const row = await insertEndpoint(sql, { ...given, tenantId });
    await replaceSecret(sql, { tenantId, id: row.id }, seal(config, secretPlace(row.id), secret));
    return row;
  });
  return { endpoint, secret };
}

/** @throws AppError validation, not_found */
export async function changeEndpoint(
  { config, db }: Runtime,
  { tenantId }: Principal,
  id: string,
  change: EndpointChange,
): Promise<Endpoint> {
  if (change.url !== undefined) checkUrl(config, change.url);
  return known(await updateEndpoint(db.sql, tenantId, numberOf(id), change));
}

/** What was to be delivered there is gone with it. @throws AppError not_found */
export async function removeEndpoint({ db }: Runtime, { tenantId }: Principal, id: string): Promise<void> {
  if (!(await deleteEndpoint(db.sql, tenantId, numberOf(id)))) throw noSuchWebhook();
}

/** One endpoint of the tenant. @throws AppError not_found, also for another tenant's */
export async function endpointOf({ db }: Runtime, { tenantId }: Principal, id: string): Promise<Endpoint> {
  return known(await findEndpoint(db.sql, tenantId, numberOf(id)));
}

/**
 * A new secret, told once. For a day every delivery is signed with both, so that the receiver can change over without a loss.
 * @throws AppError not_found
 */
export async function rotateSecret(
  { config, db }: Runtime,
  { tenantId }: Principal,
  id: string,
): Promise<{ secret: string; oldUntil: Date | null }> {
  const endpointId = numberOf(id);
  const secret = newSecret();
  const sealed = seal(config, secretPlace(endpointId), secret);
  const { oldUntil } = known(await replaceSecret(db.sql, { tenantId, id: endpointId }, sealed, OLD_SECRET_SECONDS));
  return { secret, oldUntil };
}

/** Sends an endpoint an event that nothing has happened for. Answers the delivery's id. @throws AppError not_found, conflict when it is off */
export async function tryEndpoint(runtime: Runtime, who: Principal, id: string): Promise<number> {
  const endpoint = await endpointOf(runtime, who, id);
  if (!endpoint.isActive) throw new AppError('conflict', 'This webhook is switched off');
  const data = { message: 'This is a test', webhookId: endpoint.id };
  const event = { eventId: randomUUID(), payload: payloadOf(TEST_EVENT, data) };
  return insertTestEvent(runtime.db.sql, { tenantId: who.tenantId, id: endpoint.id }, event);
}

/** What an endpoint's secret is sealed for. */
export function secretPlace(endpointId: number): string {
  return `webhook_endpoints:${endpointId}:secret`;
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function checkUrl(config: Runtime['config'], url: string): void {
  try {
    readTarget(config, url);
  } catch (error) {
    if (error instanceof RefusedTarget) throw badField('url', error.message);
    throw error;
  }
}

function numberOf(id: string): number {
  const number = parseId('webhook', id);
  if (number === undefined) throw noSuchWebhook();
  return number;
}

function known<T>(found: T | undefined): T {
  if (found === undefined) throw noSuchWebhook();
  return found;
}

function noSuchWebhook(): AppError {
  return new AppError('not_found', 'Webhook not found');
}
