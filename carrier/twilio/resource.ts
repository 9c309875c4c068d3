import { AppError } from '../../core/errors.ts';
import type { CarrierCall } from '../port.ts';
import { progressOf } from './words.ts';

const SID = /^CA[0-9a-fA-F]{32}$/;

/** The sid of a call object; undefined when the body is not one. */
export function sidOf(body: unknown): string | undefined {
  const sid = text(body, 'sid');
  return sid !== undefined && SID.test(sid) ? sid : undefined;
}

/** A call object in our words, and when Twilio took it in. Throws AppError('carrier_failure') when it can't be read. */
export function callOf(body: unknown): CarrierCall & { createdAt: Date | undefined } {
  const sid = sidOf(body);
  const progress = progressOf({
    status: text(body, 'status') ?? '',
    answeredBy: text(body, 'answered_by'),
    durationSeconds: Number(text(body, 'duration') ?? 0) || 0,
  });
  if (sid === undefined || !progress) throw new AppError('carrier_failure', 'Twilio sent a call that cannot be read');
  return {
    carrierCallId: sid,
    to: text(body, 'to') ?? '',
    from: text(body, 'from') ?? '',
    startedAt: dateOf(text(body, 'start_time')),
    createdAt: dateOf(text(body, 'date_created')),
    progress,
  };
}

/** One page of a list of calls. Throws AppError('carrier_failure') when it can't be read. */
export function pageOf(body: unknown): { calls: unknown[]; nextPath: string | undefined } {
  const calls: unknown = typeof body === 'object' && body !== null && 'calls' in body ? body.calls : undefined;
  if (!Array.isArray(calls)) throw new AppError('carrier_failure', 'Twilio sent a list of calls that cannot be read');
  const next = text(body, 'next_page_uri');
  // only a path: an address of another host must not get our credentials
  return { calls, nextPath: next !== undefined && /^\/(?!\/)/.test(next) ? next : undefined };
}

/** An RFC 2822 date; undefined when there is none. */
export function dateOf(rfc2822: string | undefined): Date | undefined {
  const ms = rfc2822 === undefined ? NaN : Date.parse(rfc2822);
  return Number.isNaN(ms) ? undefined : new Date(ms);
}

function text(body: unknown, field: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Object.entries(body).find(([name]) => name === field)?.[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}
