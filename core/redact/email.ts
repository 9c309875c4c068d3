const NAME = '[\\p{L}\\p{N}_%+-]{1,64}';
const HOST = '[\\p{L}\\p{N}-]{1,63}';
/** Where a name may begin: also behind an ellipsis, yet only once in `a.b.c`, or reading would take its length squared. */
const START = '(?<![\\p{L}\\p{N}_%+-]|[\\p{L}\\p{N}_%+-]\\.)';
const WRITTEN = `${START}(?:${NAME}\\.)*${NAME} ?@ ?(?:${HOST}\\.)+\\p{L}{2,24}(?![\\p{L}\\p{N}])`;
/** "john.smith at gmail.com": only of houses that are known for mail, for one looks "at example.com" too. */
const HOUSE = '(?:gmail|googlemail|yahoo|hotmail|outlook|live|msn|icloud|aol|proton|protonmail|gmx|rediffmail|zoho)';
const HALF_SPOKEN = `${START}(?:${NAME}\\.)*${NAME} at ${HOUSE}\\.\\p{L}{2,3}(?:\\.\\p{L}{2})?(?![\\p{L}\\p{N}])`;
/** "john dot smith at example dot com" */
const SPOKEN = `\\b[\\w+-]{1,64}(?: (?:dot|underscore|dash) [\\w+-]{1,64}){0,4}(?: at | ?@ ?)[\\w-]{1,63}(?: dot [\\w-]{1,63}){0,3} dot (?:com|net|org|edu|gov|info|io|co|in|uk|us|de|fr)\\b`;

/** An e-mail address, as it is written or spoken; for the flags `iu`. */
export const EMAIL = `${WRITTEN}|${HALF_SPOKEN}|${SPOKEN}`;
