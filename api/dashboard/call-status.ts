import type { CallStatus } from '../../core/call.ts';

/** The document's six words for how a call stands, and which of ours each one covers. */
const STATUSES_OF = {
  completed: ['completed'],
  failed: ['failed', 'no_answer', 'busy', 'voicemail', 'cancelled'],
  abandoned: ['abandoned'],
  live: ['dialing', 'unknown', 'ringing', 'in_progress'],
  queued: ['queued'],
  pending: ['unscheduled', 'scheduled'],
} as const satisfies Record<string, readonly CallStatus[]>;

export type CallWord = keyof typeof STATUSES_OF;
export const CALL_WORDS = Object.keys(STATUSES_OF) as CallWord[];

const WORD_OF = new Map(CALL_WORDS.flatMap((word) => STATUSES_OF[word].map((status): [CallStatus, CallWord] => [status, word])));

/** Which calls a word asks for. */
export function statusesOf(word: CallWord): readonly CallStatus[] {
  return STATUSES_OF[word];
}

/** The word for a call's status. */
export function wordOf(status: CallStatus): CallWord {
  return WORD_OF.get(status) ?? 'pending';
}

const ENDINGS: Partial<Record<CallStatus, string>> = {
  failed: 'It failed, and nobody said why',
  no_answer: 'Nobody answered',
  busy: 'The line was busy',
  voicemail: 'An answering machine took it',
  abandoned: 'Given up, because no agent was free',
  cancelled: 'Cancelled before it was dialed',
};

/** How a call of this status ended, since one word covers several; null: it was completed, or is not over. */
export function endingOf(status: CallStatus): string | null {
  return ENDINGS[status] ?? null;
}
