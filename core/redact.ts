import { DIGIT_RUN, PHONE_LABEL, redactRun } from './redact/digit-run.ts';
import { EMAIL } from './redact/email.ts';
import { PHONE_WORDS, surroundingsOf } from './redact/surroundings.ts';

const DATE =
  '(?:(?:19|20)\\d{2}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.](?:(?:19|20)\\d{2}|\\d{2}))(?![-/.]?\\d)(?:[T ]\\d{1,2}:\\d{2}[\\d:.]*(?:Z|[+-]\\d{2}:?\\d{2})?)?';
const MONEY = '(?:[$€£₹¥]|\\b(?:Rs|USD|EUR|GBP|INR)\\b\\.?) ?\\d[\\d,.]*';
const AMOUNT = '\\+?\\d[\\d,.]* ?(?:%|(?:percent|dollars|euros|pounds|rupees|USD|EUR|GBP|INR)\\b)';
const UUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}(?![\\p{L}\\p{N}])';
/** An id of some program: sess_123. */
const NAMED = `(?!(?:${PHONE_WORDS}|card|visa|mastercard|amex)_)\\p{L}+_\\d[\\p{L}\\p{N}_-]*`;
const KEPT = `(?<![\\p{L}\\p{N}_.,-])(?:${DATE}|${MONEY}|${AMOUNT})|(?<![\\p{L}\\p{N}_])(?:${UUID}|${NAMED})`;
const EXTENSION = ',? ?(?:x|ext(?:ension|n)?\\.? ?)\\d{1,6}(?![\\p{L}\\p{N}]|[-.]\\d)';

/** One look from left to right; what is left alone comes before digits, so that nothing inside it is taken for something else. */
const PIECES = new RegExp(
  `(?<email>${EMAIL})|(?<kept>${KEPT})|(?<!\\p{N}|\\d[.,/]|\\d:(?=\\d{1,2}(?!\\d)))(?<run>${DIGIT_RUN})(?<extension>${EXTENSION})?`,
  'giu',
);

interface Piece {
  email?: string;
  kept?: string;
  run?: string;
  extension?: string;
}

/**
 * A text as it was said, without the phone numbers (nor their extensions), e-mail addresses and payment cards in it, also when they were
 * spelled digit by digit: `[phone number]`, `[email]`, `[card number]` stand in their place (dashboard, "PII in transcripts is redacted").
 * Dates, times, amounts, ids, and numbers that are called an order's, a ticket's or the like stay; a plus always makes a phone number.
 * A number of fewer than seven digits is nobody's.
 */
export function redact(text: string): string {
  return text.replace(PIECES, (piece: string, ...rest: unknown[]) => {
    const { email, run, extension = '' } = rest.at(-1) as Piece;
    if (email !== undefined) return '[email]';
    if (run === undefined) return piece;
    const start = rest.at(-3) as number;
    const around = surroundingsOf(text, start, start + run.length);
    const shown = redactRun(run, extension === '' ? around : { ...around, idFrom: run.length });
    return shown.endsWith(PHONE_LABEL) ? shown : shown + extension;
  });
}
