import { Webhook } from 'standardwebhooks';
import { afterAttempt, DISABLE_AFTER_MS, type Delivered, type WebhookAnswer } from '../core/webhook.ts';
import { type Attempt, beginAttempt, endAttempt, leaseDue } from '../db/query/webhook-deliveries.ts';
import { postJson, RefusedTarget } from './outbound-http.ts';
import type { Runtime } from './runtime.ts';
import { unseal } from './vault.ts';
import { secretPlace } from './webhooks.ts';

/** Deliveries to one endpoint at the same time. */
const PER_ENDPOINT = 4;
const LIMITS = { timeoutMs: 10_000, maxAnswerBytes: 16 * 1024 };
/** Longer than an attempt and its wait in the queue; whoever had it is gone then. */
const LEASE_SECONDS = 60;
/** A job that finds more to do for its endpoint keeps its place for so long, then lets others in. */
const STINT_MS = 10_000;

/** Hands what is due to the queue. Answers how many. */
export async function enqueueDeliveries({ db, producer }: Runtime): Promise<number> {
  const leased = await leaseDue(db.sql, { perEndpoint: PER_ENDPOINT, leaseSeconds: LEASE_SECONDS });
  await producer.enqueueMany(
    'webhooks',
    leased.map(({ deliveryId, attempts }) => ({ payload: { deliveryId }, jobId: `delivery_${deliveryId}_${attempts}` })),
  );
  return leased.length;
}

/**
 * Delivers one event, then what else is due for its endpoint while that answers. Every attempt of an event carries the same
 * `webhook-id`: one that was delivered by a worker which died before it could say so comes again. `random` spreads the repeats.
 */
export async function deliver(
  runtime: Runtime,
  deliveryId: number,
  signal: AbortSignal,
  random: () => number = Math.random,
): Promise<void> {
  const untilMs = performance.now() + STINT_MS;
  let attempt = await beginAttempt(runtime.db.sql, { deliveryId }, LEASE_SECONDS);
  while (attempt) {
    const arrived = await deliverOnce(runtime, attempt, random);
    if (!arrived || signal.aborted || performance.now() > untilMs) return;
    attempt = await beginAttempt(runtime.db.sql, { dueOfEndpoint: attempt.endpointId }, LEASE_SECONDS);
  }
}

async function deliverOnce(runtime: Runtime, attempt: Attempt, random: () => number): Promise<boolean> {
  const { answer, fault } = await post(runtime, attempt);
  const next = afterAttempt(answer, attempt.failures, random());
  const disabled = await endAttempt(
    runtime.db.sql,
    attempt,
    {
      statusCode: answer?.status,
      error: next.then === 'delivered' ? undefined : (fault ?? `The receiver answered ${answer?.status}`),
      againInMs: next.then === 'retry' ? next.inMs : undefined,
    },
    { disables: reasonOf(next), disableAfterMs: DISABLE_AFTER_MS },
  );
  const { deliveryId, endpointId, tenantId, eventType } = attempt;
  if (disabled) runtime.log.warn({ endpointId, tenantId }, 'a webhook endpoint was switched off');
  if (next.then === 'dead') runtime.log.info({ deliveryId, endpointId, eventType, status: answer?.status }, 'a webhook is given up');
  return next.then === 'delivered';
}

function reasonOf(next: Delivered): string | undefined {
  return next.then === 'dead' && next.disables ? 'The receiver answered 410 Gone' : undefined;
}

/** One request. Whatever goes wrong on the way is a `fault`, in words for the tenant, a secret that cannot be read (another SECRETS_KEY) too. */
async function post({ config }: Runtime, attempt: Attempt): Promise<{ answer?: WebhookAnswer; fault?: string }> {
  const body = JSON.stringify(attempt.payload);
  try {
    const headers = sign(secretsOf(config, attempt), attempt.eventId, new Date(), body);
    const { status, headers: told } = await postJson(config, attempt.url, body, headers, LIMITS);
    const seconds = told['retry-after'] ?? '';
    return { answer: { status, retryAfterSeconds: /^\d{1,6}$/.test(seconds) ? Number(seconds) : undefined } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { fault: error instanceof RefusedTarget ? `Not sent: the URL ${message}` : message };
  }
}

function secretsOf(config: Runtime['config'], { endpointId, secretEncrypted, oldSecretEncrypted }: Attempt): string[] {
  const sealed = oldSecretEncrypted === null ? [secretEncrypted] : [secretEncrypted, oldSecretEncrypted];
  return sealed.map((secret) => unseal(config, secretPlace(endpointId), secret));
}

/** The three headers of https://www.standardwebhooks.com; one signature a secret, any of which may fit. */
export function sign(secrets: readonly string[], id: string, at: Date, body: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
