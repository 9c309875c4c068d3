import type { Facts } from '../core/flow/variable.ts';
import { formatId } from '../core/id.ts';
import type { TalkingCall } from '../db/query/transcript.ts';
import { postJson } from './outbound-http.ts';
import type { Runtime } from './runtime.ts';

const MOST_ANSWER_BYTES = 1024;

/** One post of a flow to an address of its author. */
export interface FlowPost {
  url: string;
  nodeId: string;
  /** which turn of the call it belongs to: with the node's id it names the post, which a repeated callback sends again */
  turn: number;
  timeoutMs: number;
}

/** Tells an address where a call is in its flow. False when it did not answer with success in time; the call goes on either way. */
export async function postOfFlow(
  runtime: Runtime,
  call: TalkingCall,
  facts: Facts,
  { url, nodeId, turn, timeoutMs }: FlowPost,
): Promise<boolean> {
  const { callId, flowId, contactId } = call;
  const body = JSON.stringify({
    id: `${formatId('call', callId)}:${turn}:${nodeId}`,
    type: 'flow.webhook',
    timestamp: new Date().toISOString(),
    data: {
      callId: formatId('call', callId),
      flowId: flowId === null ? null : formatId('flow', flowId),
      nodeId,
      contactId: contactId === null ? null : formatId('contact', contactId),
      contact: facts.contact,
      input: facts.input,
      digits: facts.digits,
      vars: facts.vars,
    },
  });
  try {
    const { status } = await postJson(runtime.config, url, body, {}, { timeoutMs, maxAnswerBytes: MOST_ANSWER_BYTES });
    return status >= 200 && status < 300;
  } catch (error) {
    runtime.log.warn({ callId, nodeId, err: error }, 'the webhook of a flow was not answered');
    return false;
  }
}
