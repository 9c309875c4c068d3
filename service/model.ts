import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { FoundPassage } from '../db/query/passages.ts';
import type { TalkingCall, Turn } from '../db/query/transcript.ts';
import type { Runtime } from './runtime.ts';

/** What an agent says, and what is kept with it. */
export interface Answer {
  text: string;
  tokens?: number;
  metadata: Record<string, unknown>;
}

const Completion = Type.Object({
  choices: Type.Array(Type.Object({ message: Type.Object({ content: Type.String() }) }), { minItems: 1 }),
  usage: Type.Optional(Type.Object({ total_tokens: Type.Integer() })),
});

const DEFAULT_MODEL = 'gpt-4o-mini';
const APOLOGY = 'I am sorry, I am having trouble answering right now. Could you say that again?';

/** What is said to the model besides the agent's own prompt: it speaks, and what it does not know it must not make up. */
const HOUSE_RULES =
  'You are speaking on a telephone. Answer in one to three short sentences, in plain words without lists or markup. ' +
  'Use the reference passages when they fit. If you do not know, say so.';

/**
 * Asks an OpenAI-compatible endpoint (POST /chat/completions). A time-out, a refusal, an error or an unreadable answer
 * becomes an apology with its cause in the metadata: the callee hears something within the carrier's 15 seconds, or before `late`.
 */
export async function askModel(
  runtime: Runtime,
  call: TalkingCall,
  turns: readonly Turn[],
  heard: string,
  passages: readonly FoundPassage[],
  late?: AbortSignal,
): Promise<Answer> {
  const { config, log } = runtime;
  const slow = AbortSignal.timeout(config.LLM_TIMEOUT_MS);
  try {
    const response = await fetch(`${config.LLM_BASE_URL.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(config.LLM_API_KEY && { authorization: `Bearer ${config.LLM_API_KEY}` }) },
      body: JSON.stringify({
        model: call.model ?? DEFAULT_MODEL,
        messages: messagesOf(call, turns, heard, passages),
        temperature: call.temperature ?? undefined,
        max_tokens: call.maxTokens ?? undefined,
      }),
      signal: late ? AbortSignal.any([slow, late]) : slow,
    });
    if (!response.ok) throw new Error(`the model answered ${response.status}`);
    const body: unknown = await response.json();
    if (!Value.Check(Completion, body)) throw new Error('the model answered in a form we do not know');
    return answerOf(body, passages);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    log.warn({ callId: call.callId, cause }, 'language model failed');
    return { text: APOLOGY, metadata: { answered: false, modelError: cause } };
  }
}

export type NamedPassage = Pick<FoundPassage, 'passageId' | 'documentId' | 'documentTitle' | 'page' | 'score'>;

/** How a turn names what it was answered from: also when the document is gone, people see what it was. */
export function namesOf(passages: readonly FoundPassage[]): NamedPassage[] {
  return passages.map(({ passageId, documentId, documentTitle, page, score }) => ({ passageId, documentId, documentTitle, page, score }));
}

function answerOf(body: Static<typeof Completion>, passages: readonly FoundPassage[]): Answer {
  const text = body.choices[0]?.message.content.trim() || APOLOGY;
  return { text, tokens: body.usage?.total_tokens, metadata: { answered: true, passages: namesOf(passages) } };
}

function messagesOf(call: TalkingCall, turns: readonly Turn[], heard: string, passages: readonly FoundPassage[]) {
  const background = [
    call.systemPrompt,
    HOUSE_RULES,
    call.context && `About this call: ${call.context}`,
    passages.length > 0 &&
      `Reference passages:\n${passages.map((p) => `- (${[p.documentTitle, p.heading].filter(Boolean).join(', ')}) ${p.content}`).join('\n')}`,
  ];
  return [
    { role: 'system', content: background.filter(Boolean).join('\n\n') },
    ...turns.filter((turn) => turn.role !== 'system').map(({ role, content }) => ({ role, content })),
    { role: 'user', content: heard },
  ];
}
