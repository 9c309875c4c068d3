import { AppError, badField } from '../../core/errors.ts';
import type { Applet, Callback, FlowCall, Progress, RawCallback } from '../port.ts';
import { isSameSecret } from '../same-secret.ts';
import { storyOf } from './details.ts';
import { type Fields, flatten } from './fields.ts';
import { attemptIn } from './order.ts';
import { durationOf, momentOf, numberOf } from './unverified.ts';
import { progressOf } from './words.ts';

const STATUS_PATH = /^\/carrier\/exotel\/calls\/([1-9][0-9]{0,14})\/([0-9a-f-]{36})\/status$/;
const APPLET_PATH = /^\/carrier\/exotel\/(passthru|greeting|gather)$/;
/** Where calls to our numbers are told (contracts/calling.md), below the surface's base. */
export const INCOMING_PATH = '/exotel/webhook/incoming';

/** Whether an address was called by somebody who knows the secret in it; Exotel signs nothing. Takes the same time for any wrong one. */
export function knowsSecret(webhookSecret: string, url: string): boolean {
  return isSameSecret(new URLSearchParams(url.split('?', 2)[1] ?? '').get('secret'), webhookSecret);
}

/**
 * A word of Exotel's, by GET with a query (applets) or by POST with a form or JSON (status callbacks, the documented incoming
 * webhook). Verifies first, reads then.
 * @throws AppError validation for what can't be read
 */
export function parseCallback({ webhookSecret }: { webhookSecret: string }, raw: RawCallback): Callback {
  if (!knowsSecret(webhookSecret, raw.path)) return { kind: 'forged' };
  const [path = '', query = ''] = raw.path.split('?', 2);
  const posted = [...raw.form, ...flatten(raw.json)];
  const fields: Fields = new Map([...new URLSearchParams(query), ...posted]);
  const carrierCallId = fields.get('CallSid');
  if (!carrierCallId) throw badField('CallSid', 'CallSid is missing');
  const [, id, token] = STATUS_PATH.exec(path) ?? [];
  if (id && token) return statusOf(fields, { callId: Number(id), token, carrierCallId });
  const applet = APPLET_PATH.exec(path)?.[1] ?? (path.endsWith(INCOMING_PATH) ? 'passthru' : undefined);
  if (applet === undefined) throw new AppError('validation', `No such callback: ${path}`);
  return { kind: 'applet', applet: applet as Applet, call: flowCallOf(fields, carrierCallId, posted.length > 0) };
}

/** https://developer.exotel.com/docs/voice-v1/api-reference/status-callback */
function statusOf(fields: Fields, call: { callId: number; token: string; carrierCallId: string }): Callback {
  const word = fields.get('Status') ?? fields.get('CallStatus') ?? '';
  // the event says more than the word beside it
  const progress: Progress | undefined =
    fields.get('EventType') === 'answered' ? { type: 'answered' } : progressOf(word, durationOf(fields));
  if (!progress) throw badField('Status', `Unknown call status: ${word}`);
  const event = { ...call, progress, carrierAt: momentOf(fields.get('DateUpdated')) };
  if (progress.type !== 'ended') return { kind: 'status', event };
  return { kind: 'session', event, story: storyOf(fields, call.carrierCallId, progress.durationSeconds) };
}

/** https://support.exotel.com/support/solutions/articles/48283-working-with-passthru-applet */
function flowCallOf(fields: Fields, carrierCallId: string, isPosted: boolean): FlowCall {
  const attempt = attemptIn(fields.get('CustomField'));
  const direction = fields.get('Direction') ?? (attempt ? 'outbound' : 'incoming');
  const callType = fields.get('CallType') ?? 'call-attempt';
  // of an applet, `Status` is a word about the flow's own agents: `busy`, `free`
  const word = fields.get('CallStatus') ?? (isPosted ? fields.get('Status') : undefined);
  // a length of 0 is none: who ends a talk by a flow does not measure it
  const told = progressOf(word ?? (callType === 'client-hangup' ? 'completed' : ''), durationOf(fields) || undefined);
  // who is in a flow has been answered, whatever else is said; who is only told of rings until more is
  const progress: Progress =
    told && (isPosted || told.type === 'over' || told.type === 'ended') ? told : { type: isPosted ? 'ringing' : 'answered' };
  return {
    carrierCallId,
    direction: /^in/i.test(direction) ? 'inbound' : 'outbound',
    from: numberOf(fields.get('CallFrom') ?? fields.get('From')),
    to: numberOf(fields.get('CallTo') ?? fields.get('To')),
    attempt,
    // digits come in double quotes
    digits: fields.get('digits')?.replace(/[^\d*#]/g, '') || undefined,
    progress,
    carrierAt: momentOf(fields.get('EndTime')) ?? momentOf(fields.get('CurrentTime')),
    onlyTells: isPosted || callType !== 'call-attempt',
  };
}
