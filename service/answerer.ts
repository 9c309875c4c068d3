import type { FoundPassage } from '../db/query/passages.ts';
import type { TalkingCall, Turn } from '../db/query/transcript.ts';
import { searchKnowledge } from './knowledge-search.ts';
import { type Answer, askModel, namesOf } from './model.ts';
import type { Runtime } from './runtime.ts';

const PASSAGES = 3;
/** Below this a passage has only little of what was asked. */
const LEAST_SCORE = 0.1;
const LONGEST_QUOTE = 400;

/**
 * What the agent says to what it heard: by the language model when `LLM_BASE_URL` is set, else from the knowledge base
 * alone (DESIGN §6). Never throws for a model that fails: the agent says so, politely.
 */
export async function answerTo(runtime: Runtime, call: TalkingCall, turns: readonly Turn[], heard: string): Promise<Answer> {
  const { tenantId, agentId } = call;
  const { config, carrier } = runtime;
  // what is looked up first takes its part of a carrier's patience
  const late = carrier.answersWithinMs === undefined ? undefined : AbortSignal.timeout(carrier.answersWithinMs);
  const found = await searchKnowledge(runtime, { tenantId, agentId }, heard, PASSAGES);
  const passages = found.filter((passage) => passage.score >= LEAST_SCORE);
  return config.LLM_BASE_URL ? askModel(runtime, call, turns, heard, passages, late) : fromPassages(heard, passages);
}

const QUESTION = /[?？؟]|^(what|when|where|who|whose|which|why|how|can|could|do|does|did|is|are|will|would|should|may)\b/i;

/** The built-in agent: it quotes, it does not invent. */
function fromPassages(heard: string, [best]: readonly FoundPassage[]): Answer {
  if (!QUESTION.test(heard)) return { text: 'Thank you. What else would you like to know?', metadata: { answered: false } };
  if (!best) {
    return {
      text: 'I am sorry, I do not have an answer to that. Is there anything else I can help you with?',
      metadata: { answered: false },
    };
  }
  return { text: `${firstSentences(best.content)} Is there anything else?`, metadata: { answered: true, passages: namesOf([best]) } };
}

function firstSentences(text: string): string {
  const clean = text.replace(/\s+/g, ' ').trim();
  if (clean.length <= LONGEST_QUOTE) return clean;
  const begin = clean.slice(0, LONGEST_QUOTE);
  const sentences = /^.*(?:\.(?= )|[।。！？])/.exec(begin)?.[0];
  return sentences ?? `${begin.replace(/ [^ ]*$/, '')}…`;
}
