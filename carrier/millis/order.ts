import type { PlaceRequest } from '../port.ts';
import { SECRET_HEADER, SESSION_PATH } from './callback.ts';
import { MARKS } from './history.ts';
import type { MillisOptions } from './http.ts';
import { agentFields, clientOnlyConfig } from './unverified.ts';

/**
 * What starts a call: https://docs.millis.ai/integration/outbound-call. Our ids travel in `metadata`, which every later word about the
 * session has, and no prompt: only what a prompt names comes into it (https://docs.millis.ai/core-concepts/variables). An agent of
 * ours is described in the request; voice and model stay those that the caller's number has at Millis.
 */
export function orderOf(options: MillisOptions, request: PlaceRequest): Record<string, unknown> {
  const { talk } = request;
  const isBound = talk?.carrierAgentId !== undefined;
  return {
    from_phone: request.from,
    to_phone: request.to,
    metadata: {
      [MARKS.callId]: String(request.callId),
      [MARKS.token]: request.token,
      // an agent that Millis knows has a prompt of its own, and this where that says `{context}`
      ...(isBound && talk.context !== undefined && { context: talk.context }),
    },
    // our token among them is no model's business
    include_metadata_in_prompt: false,
    ...(talk && agentFields(talk.carrierAgentId, configOf(options, request, talk))),
  };
}

/** Keys of https://docs.millis.ai/core-concepts/agent-config, and the webhook's of https://docs.millis.ai/core-concepts/webhooks. */
function configOf({ publicUrl, webhookSecret }: MillisOptions, request: PlaceRequest, talk: NonNullable<PlaceRequest['talk']>) {
  const { prompt, context, greeting, voicemailMessage, language } = talk;
  const voicemail = voicemailMessage === undefined ? { action: 'hangup' } : { action: 'message', message: voicemailMessage };
  return {
    prompt: context === undefined ? prompt : `${prompt}\n\nAbout this call: ${context}`,
    first_message: greeting,
    language,
    ...(request.detectMachine && { flow: { voicemail } }),
    session_data_webhook: { url: publicUrl + SESSION_PATH, headers: { [SECRET_HEADER]: webhookSecret } },
    ...clientOnlyConfig(request.timeLimitSeconds, request.record),
  };
}
