/**
 * What this adapter believes of Millis without a document of theirs that says so: seen in other people's clients, or the likeliest
 * reading. Nothing of it was tried against a live account. When one of these turns out otherwise, it is mended here and nowhere else.
 */
import type { Outcome } from '../../core/call.ts';
import type { Component } from '../../core/money.ts';
import { toE164 } from '../../core/phone.ts';
import type { CostPart, Progress } from '../port.ts';
import { field, numberIn, textIn } from './json.ts';

/**
 * The id in the answer of `/start_outbound_call`: clients read `session_id`, which is what `/call-logs/{session_id}` takes. Without
 * it nobody knows what was placed, and the books are asked for the session that has our ids.
 */
export function startedSessionOf(body: unknown): string | undefined {
  return textIn(body, 'session_id');
}

/**
 * `/start_outbound_call` is documented without an agent: `agent_id` is what clients send, `agent_config` what its documented sisters
 * `/register_call` and `/register_sip_call` take. An agent that Millis knows already is used as it is: whether a config beside
 * its id is merged or replaces it all is not known.
 */
export function agentFields(carrierAgentId: string | undefined, config: unknown): Record<string, unknown> {
  return carrierAgentId === undefined ? { agent_config: config } : { agent_id: carrierAgentId };
}

/** Keys of an agent's config that are seen in clients only; the longest duration is taken for seconds. */
export function clientOnlyConfig(timeLimitSeconds: number, record: boolean): Record<string, unknown> {
  return { session_timeout: { max_duration: timeLimitSeconds }, call_settings: { enable_recording: record } };
}

/** Words for calls that nobody answered, and for those under way, that no list of Millis's has. */
export const GUESSED_WORDS: ReadonlyMap<string, Outcome | Extract<Progress['type'], 'queued' | 'ringing' | 'answered'>> = new Map([
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['not-answered', 'no_answer'],
  ['canceled', 'no_answer'],
  ['cancelled', 'no_answer'],
  ['queued', 'queued'],
  ['initiated', 'queued'],
  ['dialing', 'queued'],
  ['ringing', 'ringing'],
  ['in-progress', 'answered'],
  ['ongoing', 'answered'],
]);

/** What lies beyond is in no unit that we know. */
const LATEST_MS = Date.UTC(5000, 0);

/** A `ts` or `create_at` is in seconds; one that would lie beyond the year 5000 is in milliseconds. */
export function momentOf(ts: number | undefined): Date | undefined {
  if (ts === undefined || ts <= 0) return undefined;
  const moment = new Date(ts > 1e11 ? ts : ts * 1000);
  return moment.getTime() < LATEST_MS ? moment : undefined;
}

/** `voip` of a history: who called whom. */
export function partiesOf(history: unknown): { from: string; to: string } {
  const voip = field(history, 'voip');
  const numberOf = (name: string) => {
    const text = textIn(voip, name) ?? '';
    return toE164(text.startsWith('+') ? text : `+${text}`) ?? text;
  };
  return { from: numberOf('from'), to: numberOf('to') };
}

/** `recording` of a history: where its audio lies. */
export function recordingUrlOf(history: unknown): string | undefined {
  return textIn(field(history, 'recording'), 'recording_url');
}

const ROLES: ReadonlyMap<string, 'assistant' | 'user'> = new Map([
  ['assistant', 'assistant'],
  ['agent', 'assistant'],
  ['bot', 'assistant'],
  ['user', 'user'],
  ['human', 'user'],
  ['customer', 'user'],
]);

/** One entry of `chat`, in the form that language models have made usual; undefined for what nobody said (tools, system). */
export function turnOf(entry: unknown): { role: 'assistant' | 'user'; content: string; at: Date | undefined } | undefined {
  const role = ROLES.get((textIn(entry, 'role') ?? '').toLowerCase());
  const content = (textIn(entry, 'content') ?? textIn(entry, 'text') ?? '').trim();
  return role && content ? { role, content, at: momentOf(numberIn(entry, 'ts')) } : undefined;
}

const COMPONENTS: ReadonlyArray<readonly [RegExp, Component]> = [
  [/stt|transcri|speech.to.text|\basr\b/i, 'stt'],
  [/llm|model|prompt|completion/i, 'llm'],
  [/tts|voice|text.to.speech/i, 'tts'],
];

/** More than a day of talk costs, at the dearest rates. */
const MOST_DOLLARS = 1000;

/**
 * `cost_breakdown`: what each of several services cost, as `{type, provider, credit}`, the credit being dollars. Our ledger has one
 * charge a component: what is no speech and no model is the carrier's. Costs that no call has are in another unit, if in any: then
 * none of them counts.
 */
export function costsOf(history: unknown): CostPart[] {
  const entries = field(history, 'cost_breakdown');
  const sums = new Map<Component, { amount: number; names: string[] }>();
  for (const entry of Array.isArray(entries) ? entries : []) {
    const credit = numberIn(entry, 'credit') ?? 0;
    if (credit <= 0) continue;
    const type = textIn(entry, 'type') ?? 'other';
    const component = COMPONENTS.find(([pattern]) => pattern.test(type))?.[1] ?? 'carrier';
    const sum = sums.get(component) ?? { amount: 0, names: [] };
    sums.set(component, { amount: sum.amount + credit, names: [...sum.names, textIn(entry, 'provider') ?? type] });
  }
  if ([...sums.values()].some(({ amount }) => amount > MOST_DOLLARS)) return [];
  return [...sums].flatMap(([component, { amount, names }]) => {
    const rounded = Math.round(amount * 1_000_000) / 1_000_000;
    return rounded > 0 ? [{ component, amount: rounded, description: `As billed by Millis: ${[...new Set(names)].join(', ')}` }] : [];
  });
}

/** A number without an agent is listed with a null: to take its agent away, the same is sent. */
export const NO_AGENT = null;

/** Two versions of clients disagree: the other one says `PUT /phones/{phone}`. */
export function tagsRequest(number: string, tags: readonly string[]) {
  return { method: 'POST', path: `/phones/${encodeURIComponent(number)}/tags`, json: { tags } } as const;
}

/** An approval of Millis's own is seen in one client only; starting and stopping in several. */
export function campaignRequest(id: string, approve: boolean) {
  return { method: 'POST', path: `/campaigns/${encodeURIComponent(id)}/${approve ? 'start' : 'stop'}`, json: {} } as const;
}
