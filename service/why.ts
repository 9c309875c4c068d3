import type { CallStatus } from '../core/call.ts';
import { AppError } from '../core/errors.ts';
import { explain, type Explanation } from '../core/why.ts';
import { type CallEventRow, type CallStory, findCallStory, listCallEvents } from '../db/query/call-history.ts';
import { askGate } from './judge.ts';
import type { Runtime } from './runtime.ts';

export interface CallWhy extends Explanation {
  story: CallStory;
  /** its last steps, oldest first */
  events: CallEventRow[];
}

const MOST_EVENTS = 200;
const WAITING: readonly CallStatus[] = ['scheduled', 'queued'];

/**
 * Why one of a tenant's calls was or was not dialed, and when it is tried next. For a call that waits, the gate is asked
 * now; nothing is locked or changed.
 * @throws AppError not_found
 */
export async function whyCall(runtime: Runtime, tenantId: number, callId: number): Promise<CallWhy> {
  const { sql } = runtime.db;
  const read = async () => {
    const story = await findCallStory(sql, tenantId, callId);
    if (!story) throw new AppError('not_found', 'Call not found');
    return story;
  };
  let story = await read();
  const waits = WAITING.includes(story.status);
  const asked = waits ? await askGate(runtime, callId) : undefined;
  // no answer for a call that waited: it has just moved on
  if (waits && !asked) story = await read();
  const events = await listCallEvents(sql, tenantId, callId, MOST_EVENTS);
  return { ...explain(story, asked, asked?.askedAt ?? new Date()), story, events };
}
