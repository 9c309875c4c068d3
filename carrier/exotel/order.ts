import type { Attempt, PlaceRequest } from '../port.ts';
import type { ExotelOptions } from './http.ts';
import { LONGEST_RING_SECONDS } from './unverified.ts';

const LONGEST_SECONDS = 14_400;
const MARK = /^([1-9][0-9]{0,14})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Where Exotel posts how a call goes. */
export function statusPath({ callId, token }: Attempt): string {
  return `/carrier/exotel/calls/${callId}/${token}/status`;
}

/** An address of ours as Exotel is given it. */
export function addressOf({ publicUrl, webhookSecret }: Pick<ExotelOptions, 'publicUrl' | 'webhookSecret'>, path: string): string {
  return `${publicUrl}${path}?${new URLSearchParams({ secret: webhookSecret }).toString()}`;
}

/** The dial that a `CustomField` of ours names. */
export function attemptIn(customField: string | undefined): Attempt | undefined {
  const [, callId, token] = MARK.exec(customField ?? '') ?? [];
  return callId && token ? { callId: Number(callId), token } : undefined;
}

/**
 * What rings a number and leads it into a flow: https://developer.exotel.com/docs/voice-v1/api-reference/outgoing-call-to-flow . `From`
 * is who is rung first, hence the callee. Our ids travel in the status address, and in `CustomField`, which the flow's applets show.
 */
export function orderOf(options: ExotelOptions, request: PlaceRequest): URLSearchParams {
  const { accountSid, appId } = options;
  const flow = request.talk?.carrierAgentId ?? appId;
  return new URLSearchParams({
    From: request.to,
    CallerId: request.from,
    Url: `http://my.exotel.com/${encodeURIComponent(accountSid)}/exoml/start_voice/${encodeURIComponent(flow)}`,
    CallType: 'trans',
    TimeLimit: String(Math.min(request.timeLimitSeconds, LONGEST_SECONDS)),
    TimeOut: String(Math.min(request.ringTimeoutSeconds, LONGEST_RING_SECONDS)),
    Record: String(request.record),
    CustomField: `${request.callId}.${request.token}`,
    StatusCallback: addressOf(options, statusPath(request)),
    'StatusCallbackEvents[0]': 'terminal',
    'StatusCallbackEvents[1]': 'answered',
  });
}
