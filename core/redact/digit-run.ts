import { isCard } from './card.ts';
import { isPhone, PHONE_LEAST, PHONE_MOST } from './phone-number.ts';
import type { Surroundings } from './surroundings.ts';

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
const MARK = '[-.()\\u2010-\\u2015,/_]';
/** What may stand between the groups of one number. Never nothing: then a run can be read in one way only, in linear time. */
const GAP = `(?:\\s{1,2}(?:${MARK}\\s{0,2}){0,2}|(?:${MARK}\\s{0,2}){1,2})`;
/** Digits in groups, in figures or spoken. */
export const DIGIT_RUN = `(?:[+(] ?){0,2}(?:\\d+|\\b${WORD}\\b)(?:${GAP}(?:\\d+|\\b${WORD}\\b))*`;

const GROUP = new RegExp(`\\d+|\\b${WORD}\\b`, 'gi');
const CARD_LEAST = 12;
const CARD_MOST = 19;
export const PHONE_LABEL = '[phone number]';
export const CARD_LABEL = '[card number]';

/** Digits that were written or spoken in one piece. */
interface Group {
  digits: string;
  isSpoken: boolean;
  start: number;
  end: number;
}

/** A run of digits with the card numbers and the phone numbers in it replaced; what is neither stays as it is. */
export function redactRun(run: string, around: Surroundings): string {
  const groups = groupsOf(run);
  const isPlus = /^\(? ?\+/.test(run);
  const phone = (at: number) => phoneAt(run, groups, at, { ...around, isInternational: at === 0 && isPlus });
  let text = '';
  let from = 0;
  for (let at = 0; at < groups.length;) {
    // a plus is no card's, though the digits of some numbers behind it would be
    const found = (at === 0 && isPlus ? phone(at) : undefined) ?? cardAt(groups, at) ?? phone(at);
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
    if (digits.length >= CARD_LEAST && isCard(digits)) found = { label: CARD_LABEL, next };
  }
  return found;
}

function phoneAt(
  run: string,
  groups: readonly Group[],
  at: number,
  { isInternational, isCalled, idUntil, idFrom }: Surroundings & { isInternational: boolean },
): Found | undefined {
  const start = groups[at]?.start ?? 0;
  if (start < idUntil) return undefined;
  const lengths: number[] = [];
  let found: number | undefined;
  let [digits, spoken, isParted] = ['', 0, false];
  for (let next = at + 1; next <= groups.length; next++) {
    const group = groups[next - 1];
    if (!group || group.end > idFrom || digits.length + group.digits.length > PHONE_MOST + 2) break;
    if (lengths.length > 0 && parts(run.slice(groups[next - 2]?.end, group.start), isCalled)) isParted = true;
    digits += group.digits;
    lengths.push(group.digits.length);
    if (group.isSpoken) spoken++;
    if (digits.length < PHONE_LEAST || (isParted && spoken === 0)) continue;
    if (isPhone({ digits, lengths, spoken, isInternational, isCalled, followsId: idUntil > 0 })) found = next;
  }
  return found === undefined ? undefined : { label: PHONE_LABEL, next: found };
}

/** A comma parts figures; with a space behind it, it is heard as a pause where a number is expected. */
function parts(gap: string, isCalled: boolean): boolean {
  const comma = gap.indexOf(',');
  return comma >= 0 && !(isCalled && comma < gap.length - 1);
}

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
  const signs = /(?:[+(] ?){1,2}$/.exec(run.slice(Math.max(from, start - 4), start));
  return start - (signs?.[0].length ?? 0);
}
