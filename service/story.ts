import type { CallStory } from '../carrier/port.ts';
import { isOptOut } from '../core/opt-out.ts';
import { isUntold, keepTurns } from '../db/query/transcript.ts';
import { suppressCallee } from './do-not-call.ts';
import { applyProgress, type Word } from './progress.ts';
import { noteRecorded } from './recording-fetch.ts';
import type { Runtime } from './runtime.ts';

/**
 * Applies what a carrier says of a call and, where it held the conversation itself, what was said in it. What was said is written
 * before the end, which is what others are told of. Told twice, or of another dial of the row, nothing changes. Who asked not to
 * be called again is on the do-not-call list first, so that no retry rings them (DESIGN §4). True when it moved the call on.
 * @throws when that can't be written, so that the carrier tells it again or is asked again
 */
export async function applyTold(runtime: Runtime, word: Word, story: CallStory | undefined): Promise<boolean> {
  if (story) await keepStory(runtime, word, story);
  return applyProgress(runtime, word);
}

async function keepStory(runtime: Runtime, { callId, token, carrierCallId }: Word, story: CallStory): Promise<void> {
  const { sql } = runtime.db;
  const dial = { callId, token, carrierCallId };
  if (story.turns.length > 0 && (await isUntold(sql, dial))) {
    const optedOut = story.turns.some(({ role, content }) => role === 'user' && isOptOut({ speech: content }, ''));
    if (optedOut) await suppressCallee(runtime, callId, 'speech');
    await keepTurns(sql, dial, story.turns);
  }
  if (story.recording) await noteRecorded(runtime, { kind: 'recorded', ...dial, ...story.recording });
}
