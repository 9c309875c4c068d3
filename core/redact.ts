import { DIGIT_RUN, type Cue, redactRun } from './redact/digit-run.ts';

const NAME = '[\\p{L}\\p{N}_%+-]{1,64}';
const HOST = '[\\p{L}\\p{N}-]{1,63}';
const EMAIL = `(?<![\\p{L}\\p{N}._%+-])(?:${NAME}\\.)*${NAME}@(?:${HOST}\\.)+\\p{L}{2,24}(?![\\p{L}\\p{N}])`;
/** "john dot smith at example dot com" */
const SPOKEN_EMAIL = `\\b[\\w+-]{1,64}(?: (?:dot|underscore|dash) [\\w+-]{1,64}){0,4} at [\\w-]{1,63}(?: dot [\\w-]{1,63}){0,3} dot (?:com|net|org|edu|gov|info|io|co|in|uk|us|de|fr)\\b`;

const DATE =
  '(?:(?:19|20)\\d{2}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.](?:(?:19|20)\\d{2}|\\d{2}))(?![-/.]?\\d)(?:[T ]\\d{1,2}:\\d{2}[\\d:.]*(?:Z|[+-]\\d{2}:?\\d{2})?)?';
const MONEY = '(?:[$€£₹¥]|\\b(?:Rs|USD|EUR|GBP|INR)\\b\\.?) ?\\d[\\d,.]*';
const AMOUNT = '\\d[\\d,.]* ?(?:%|(?:percent|dollars|euros|pounds|rupees|USD|EUR|GBP|INR)\\b)';
/** Figures that hang on letters, or on other figures by what parts no phone number: INV-4155550123, sess_123, 10:30, a UUID. */
const WORDED = '(?!(?:tel|ph|phone|mob|mobile|cell|whatsapp|fax|call)-?\\d)[\\p{L}\\p{N}]*[\\p{L}_#][-_]?\\d[\\p{L}\\p{N}_/-]*';

/** One look from left to right; what is left alone comes first, so that nothing inside it is taken for something else. */
const PIECES = new RegExp(
  `(?<email>${EMAIL}|${SPOKEN_EMAIL})|(?<kept>(?<![\\p{L}\\p{N}_.,-])(?:${DATE}|${MONEY}|${AMOUNT})|(?<![\\p{L}\\p{N}_])${WORDED})|(?<run>(?<![\\p{L}\\p{N}_#]|\\d[:.,/])${DIGIT_RUN})(?![\\p{L}_])`,
  'giu',
);

/** Words before a number that say what it is; the nearer one wins. */
const PHONE_CUE = /\b(?:call|dial|phone|telephone|tel|mobile|cell|whatsapp|fax|text|reach|ring|my number)\b[^.!?\d]{0,24}$/i;
const ID_CUE =
  /(?:#|\b(?:order|invoice|ticket|case|ref|reference|booking|confirmation|tracking|policy|claim|account|id|sku|serial|part|code|pin|otp)\b)(?:[\s:#.-]|\b(?:number|no|id|code|is|was|its|it's|of)\b)*$/i;
const CUE_REACH = 48;

/**
 * A text as it was said, without the phone numbers, e-mail addresses and payment cards in it, also when they were spelled digit by
 * digit: `[phone number]`, `[email]`, `[card number]` stand in their place (dashboard, "PII in transcripts is redacted"). Dates, times,
 * amounts, and numbers that are called an order's, a ticket's or the like stay. A number of fewer than seven digits is nobody's.
 */
export function redact(text: string): string {
  return text.replace(PIECES, (piece: string, ...rest: unknown[]) => {
    const { email, run } = rest.at(-1) as { email?: string; run?: string };
    if (email !== undefined) return '[email]';
    if (run === undefined) return piece;
    return redactRun(run, cueBefore(text, rest.at(-3) as number));
  });
}

function cueBefore(text: string, offset: number): Cue {
  const before = text.slice(Math.max(0, offset - CUE_REACH), offset);
  if (ID_CUE.test(before)) return 'id';
  return PHONE_CUE.test(before) ? 'phone' : undefined;
}
