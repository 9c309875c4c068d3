/** What stands around a run of digits says about it; the numbers are places in the run. */
export interface Surroundings {
  /** a phone number is expected */
  isCalled: boolean;
  /** up to here the figures are called something else, or hang on letters: only a card is taken out of them */
  idUntil: number;
  /** and so from here on */
  idFrom: number;
}

/** Words that are followed by a phone number, also without a space: `cell4155550123`. */
export const PHONE_WORDS = 'call|dial|phone|telephone|tel|ph|mobile|mob|cell|cellphone|whatsapp|fax|text|sms|reach|ring';
/** Words before a number that say what it is; the nearer one wins. */
const PHONE_CUE = new RegExp(`\\b(?:${PHONE_WORDS}|my number)\\b[^.!?\\d]{0,24}$`, 'i');
const ID_CUE =
  /(?:#|\b(?:order|invoice|ticket|case|ref|reference|booking|confirmation|tracking|policy|claim|account|id|sku|serial|part|code|pin|otp)\b)(?:[\s:#.-]|\b(?:number|no|id|code|is|was|its|it's|of)\b)*$/i;
const STUCK = /(?:\p{L}|#)(?:-|_+)?$/u;
const STUCK_PHONE = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${PHONE_WORDS})[-_]?$`, 'iu');
/** After a number: nothing but an underscore, or a whole word without its space. Shorter ones are units: 4155550km. */
const FREE_END = /^(?:_*(?![\p{L}\p{N}_])|\p{L}{3,30}(?![\p{L}\p{N}_-]))/u;
/** An id ends with its clause when more figures follow: "order 12345. 415-555-0123". */
const CLAUSE_END = /[.,;/]\s+(?=\(?\d{3})|\n/;
const REACH = 48;

/** Looks at what stands before and behind `text.slice(start, end)`. */
export function surroundingsOf(text: string, start: number, end: number): Surroundings {
  const run = text.slice(start, end);
  const before = text.slice(Math.max(0, start - REACH), start);
  const isPlus = run.startsWith('+');
  const isStuckPhone = STUCK_PHONE.test(before);
  const isStuck = !isStuckPhone && !run.startsWith('(') && STUCK.test(before);
  const isId = !isStuckPhone && ID_CUE.test(before);
  const isFree = FREE_END.test(text.slice(end, end + REACH));
  const space = run.search(/\s/);
  return {
    isCalled: isStuckPhone || PHONE_CUE.test(before),
    // a number with its plus is a phone number, whatever it is called
    idUntil: isPlus ? 0 : Math.max(isStuck ? upTo(run, space) : 0, isId ? upTo(run, run.search(CLAUSE_END)) : 0),
    idFrom: isFree || (isPlus && space < 0) ? run.length : run.search(/\S+$/),
  };
}

/** The place that was found, or the end. */
function upTo(run: string, found: number): number {
  return found < 0 ? run.length : found;
}
