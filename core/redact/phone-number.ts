/** What is known of some digits that might be a phone number. */
export interface Candidate {
  /** `PHONE_LEAST` or more */
  digits: string;
  /** how many of them stand in each group */
  lengths: readonly number[];
  /** how many of the groups were spoken */
  spoken: number;
  isInternational: boolean;
  /** the words before say that it is one */
  isCalled: boolean;
  /** the words before spoke of something else, an order say */
  followsId: boolean;
}

/** A number of fewer digits is nobody's. */
export const PHONE_LEAST = 7;
/** E.164 */
export const PHONE_MOST = 15;
/** Fewer spoken digits among figures are words of the sentence: "4155550123 one more time". */
const SPOKEN_LEAST = 3;

const DATES = new Set(['4-2-2', '2-2-4', '4-1-2', '4-2-1', '1-2-4', '2-1-4', '1-1-4', '8']);

/** Lengths of the groups, and how the number begins: 415-555-0123, 1 800 555 0199, 98765 43210, 020 7946 0958, 06 12 34 56 78. */
const KNOWN: ReadonlyArray<readonly [shape: RegExp, digits: RegExp]> = [
  [/^(3-3-4|3-7)$/, /^[2-9]/],
  [/^(1-3-3-4|1-10|11)$/, /^1[2-9]\d{2}[2-9]/],
  [/^10$/, /^(?:[2-9]\d{2}[2-9]|[6-9])/],
  [/^(5-5|4-6|4-3-3)$/, /^[6-9]/],
  // mobiles with the code of their country and no plus: India, the United Kingdom, Germany, France
  [/^(?:1[1-3]|[2-6](?:-[2-9]|-1[01]){1,5})$/, /^(?:91[6-9]\d{9}|447\d{9}|491[5-7]\d{8,9}|33[67]\d{8})$/],
  // national numbers with their leading zero, German mobiles of twelve digits the longest
  [/^(?:[2-9]|1[0-2])(?:-[2-8]){0,4}$/, /^0[1-9]\d{7,10}$/],
];

/** A known shape has no more groups. */
const GROUPS_MOST = 6;
/** So many figures, each by itself, were spelled out: 4 1 5 5 5 5 0 1 2 3. Fewer are counted or chosen from. */
const SPELLED_LEAST = 10;

/** Whether these digits, all of them, are somebody's phone number. */
export function isPhone({ digits, lengths, spoken, isInternational, isCalled, followsId }: Candidate): boolean {
  if (spoken > 0) return isInternational || (spoken >= SPOKEN_LEAST && !followsId);
  const isSpelled = lengths.length === digits.length && digits.length >= SPELLED_LEAST;
  if (lengths.length > GROUPS_MOST && !isInternational && !isCalled && !isSpelled) return false;
  if (isInternational || isSpelled) return digits.length <= PHONE_MOST;
  if (/^00[1-9]/.test(digits)) return digits.length >= 10;
  const shape = lengths.join('-');
  if (isCalled && digits.length <= PHONE_MOST && !DATES.has(shape)) return true;
  return KNOWN.some(([form, start]) => form.test(shape) && start.test(digits));
}
