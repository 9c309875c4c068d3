/** Letters that are no other letter with a mark, and what people without them on their keys write. */
const UNMARKED: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' };
/** Accents, points of Arabic and joiners, but not what makes й of и and が of か; Hebrew's points, the stretcher, and nuktas, which many leave out. */
const MARKS =
  /(?!\u3099|\u309a)(?<!и(?=\u0306))\p{Script=Inherited}|(?=\p{M})\p{Script=Hebrew}|\u0640|\u093c|\u09bc|\u0a3c|\u0abc|\u0b3c|\u0cbc/gu;

/**
 * Text by its letters alone, so that what is written in two ways is the same: small, without accents (`Zürich` → `zurich`), wide
 * figures and letters as narrow ones; in Devanagari one sign for every nasal (जाँच → जांच, हिन्दी → हिंदी).
 */
export function plainLetters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(/[ßæœøđðþłı]/g, (letter) => UNMARKED[letter] ?? letter)
    .replace(/\u0901|[ङञणनम]\u094d(?=[क-ह])/g, '\u0902')
    .normalize('NFC');
}
