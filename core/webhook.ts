/** What a tenant can have told to its own servers. */
export const EVENT_TYPES = ['call.started', 'call.ended', 'campaign.completed', 'lead.updated'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent when somebody tries an endpoint out, whatever it listens to. */
export const TEST_EVENT = 'webhook.test';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first failure, the second, …; the failure after the last one is final. 31 hours in all. */
export const RETRY_PAUSES_MS: readonly number[] = [...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE], ...[HOUR, 6 * HOUR, 24 * HOUR]];
/** So much longer a pause may be, that a receiver which comes back is not met by everybody at once. */
const JITTER = 0.2;

/** An endpoint at which nothing has arrived for so long is switched off, if it was tried often enough. */
export const DISABLE_AFTER_MS = 5 * 24 * HOUR;

/** What follows an attempt to deliver. */
export type Delivered =
  | { then: 'delivered' }
  | { then: 'retry'; inMs: number }
  /** nobody tries again by themselves; `disables`: the receiver does not want any more at all */
  | { then: 'dead'; disables: boolean };

/** What a receiver answered; undefined: nothing. */
export interface WebhookAnswer {
  status: number;
  /** its wish, in seconds */
  retryAfterSeconds: number | undefined;
}

/**
 * Decides what follows attempt number `failures + 1` of a round. 2xx is the only success, a redirect is a failure. 410 says that
 * nobody will ever listen there again. `random` is from 0 to 1.
 */
export function afterAttempt(answer: WebhookAnswer | undefined, failures: number, random: number): Delivered {
  if (answer && answer.status >= 200 && answer.status < 300) return { then: 'delivered' };
  if (answer?.status === 410) return { then: 'dead', disables: true };
  const pauseMs = RETRY_PAUSES_MS[failures];
  if (pauseMs === undefined) return { then: 'dead', disables: false };
  const wishMs = Math.min(24 * HOUR, (answer?.retryAfterSeconds ?? 0) * SECOND);
  return { then: 'retry', inMs: Math.round(Math.max(pauseMs * (1 + JITTER * random), wishMs)) };
}
