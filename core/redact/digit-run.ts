import { isCard } from './card.ts';

const SPOKEN = {
  zero: '0',
  oh: '0',
  o: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};
const DIGIT_OF = new Map<string, string>(Object.entries(SPOKEN));
const TIMES = new Map([
  ['double', 2],
  ['triple', 3],
]);

/** One digit as it is spoken: `four`, `double oh`. */
const WORD = `(?:(?:double|triple)[ -])?(?:${Object.keys(SPOKEN).join('|')})`;
/** What may stand between the groups of one number. */
const GAP = '(?:[ \\u00a0\\u2009\\u202f]?[-.()\\u2010-\\u2015,][ \\u00a0\\u2009\\u202f]?|[ \\u00a0\\u2009\\u202f]|\\) ?-? ?)';
/** Digits in groups, in figures or spoken. */
export const DIGIT_RUN = `[+(]{0,2}(?:\\d+|\\b${WORD}\\b)(?:${GAP}?(?:\\d+|\\b${WORD}\\b))*`;

const GROUP = new RegExp(`\\d+|\\b${WORD}\\b`, 'gi');
const CARD_MOST = 19;
const PHONE_LEAST = 7;
const PHONE_MOST = 15;
/** Fewer spoken digits among figures are words of the sentence: "4155550123 one more time". */
const SPOKEN_LEAST = 3;

/** Digits that were written or spoken in one piece. */
interface Group {
  digits: string;
  isSpoken: boolean;
  start: number;
  end: number;
}

/** What the words before a run say about it. */
export type Cue = 'phone' | 'id' | undefined;

/** A run of digits with the card numbers and the phone numbers in it replaced; what is neither stays as it is. */
export function redactRun(run: string, cue: Cue): string {
  const groups = groupsOf(run);
  let text = '';
  let from = 0;
  for (let at = 0; at < groups.length;) {
    const found = cardAt(groups, at) ?? (cue === 'id' ? undefined : phoneAt(run, groups, at, cue));
    const [first, last] = [groups[at], groups[(found?.next ?? 0) - 1]];
    if (found && first && last) {
      text += run.slice(from, opening(run, from, first.start)) + found.label;
      from = last.end;
    }
    at = found?.next ?? at + 1;
  }
  return text + run.slice(from);
}

interface Found {
  label: string;
  /** index of the group after it */
  next: number;
}

function cardAt(groups: readonly Group[], at: number): Found | undefined {
  let digits = '';
  let found: Found | undefined;
  for (let next = at + 1; next <= groups.length && digits.length < CARD_MOST; next++) {
    digits += groups[next - 1]?.digits ?? '';
    if (isCard(digits)) found = { label: '[card number]', next };
  }
  return found;
}

function phoneAt(run: string, groups: readonly Group[], at: number, cue: Cue): Found | undefined {
  const isInternational = at === 0 && /^\(?\+/.test(run);
  let found: number | undefined;
  let digits = 0;
  for (let next = at + 1; next <= groups.length; next++) {
    const some = groups.slice(at, next);
    digits += groups[next - 1]?.digits.length ?? 0;
    if (digits > PHONE_MOST + 2) break;
    if (isPhone(run, some, digits, { isInternational, cue })) found = next;
  }
  return found === undefined ? undefined : { label: '[phone number]', next: found };
}

function isPhone(run: string, groups: readonly Group[], length: number, how: { isInternational: boolean; cue: Cue }): boolean {
  if (length < PHONE_LEAST) return false;
  const spoken = groups.filter((group) => group.isSpoken).length;
  if (spoken > 0) return spoken >= SPOKEN_LEAST || how.isInternational;
  const shape = groups.map((group) => group.digits.length).join('-');
  const digits = groups.map((group) => group.digits).join('');
  // a comma parts figures, but it is heard as a pause between spoken digits
  if (run.slice(groups[0]?.start, groups.at(-1)?.end).includes(',')) return false;
  if (how.isInternational) return length <= PHONE_MOST;
  if (/^00[1-9]/.test(digits)) return length >= 10;
  if (how.cue === 'phone' && length <= PHONE_MOST && !DATES.has(shape)) return true;
  return KNOWN.some(([form, start]) => form.test(shape) && start.test(digits));
}

const DATES = new Set(['4-2-2', '2-2-4', '4-1-2', '4-2-1', '1-2-4', '2-1-4', '1-1-4', '8']);

/** Lengths of the groups, and how the number begins: 415-555-0123, 1 800 555 0199, 98765 43210, 020 7946 0958, 06 12 34 56 78. */
const KNOWN: ReadonlyArray<readonly [shape: RegExp, digits: RegExp]> = [
  [/^(3-3-4|3-7)$/, /^[2-9]/],
  [/^(1-3-3-4|1-10|11)$/, /^1[2-9]\d{2}[2-9]/],
  [/^10$/, /^(?:[2-9]\d{2}[2-9]|[6-9])/],
  [/^(5-5|4-6|4-3-3)$/, /^[6-9]/],
  [/^(12|2-10|2-5-5)$/, /^91[6-9]/],
  [/^(?:[2-9]|1[01])(?:-[2-8]){0,4}$/, /^0[1-9]\d{7,9}$/],
];

function groupsOf(run: string): Group[] {
  return Array.from(run.matchAll(GROUP), ({ 0: text, index }) => {
    const isSpoken = !/^\d/.test(text);
    return { digits: isSpoken ? digitsOf(text.toLowerCase()) : text, isSpoken, start: index, end: index + text.length };
  });
}

function digitsOf(word: string): string {
  const [last = '', times = ''] = word.split(/[ -]/).reverse();
  return (DIGIT_OF.get(last) ?? '').repeat(TIMES.get(times) ?? 1);
}

/** Where what is replaced begins: with the plus and the bracket before its first digit. */
function opening(run: string, from: number, start: number): number {
  let at = start;
  while (at > from && /[+(]/.test(run[at - 1] ?? '')) at--;
  return at;
}
