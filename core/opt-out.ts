import { OPT_OUT_PHRASES } from './opt-out-phrases.ts';

/** What a person said or pressed when it was their turn. */
interface Heard {
  speech?: string | undefined;
  digits?: string | undefined;
}

/**
 * Whether somebody asks not to be called again: by pressing `key` ('' : there is none), or in words of English, German,
 * Spanish, French or Hindi, whatever else they say. When in doubt they do: a number that is listed wrongly can be released, a
 * call that was forbidden can't be taken back. So "please do not stop calling" counts too. What is no doubt does not: names
 * ("don't call it a day"), and wishes for another hour ("don't call me now").
 * Any reasonable means must do: 47 CFR 64.1200(a)(10).
 */
export function isOptOut(heard: Heard, key: string): boolean {
  return isPressed(heard.digits, key) || (heard.speech !== undefined && isSpoken(heard.speech));
}

/** The impatient press a key more than once. */
function isPressed(digits: string | undefined, key: string): boolean {
  return key !== '' && Boolean(digits) && digits?.replaceAll(key, '') === '';
}

function isSpoken(speech: string): boolean {
  const text = plain(speech);
  return OPT_OUT_PHRASES.some((phrase) => phrase.test(text));
}

/** Lower case without accents; words parted by one space, sentences by ` . `: no phrase goes over their end. */
function plain(speech: string): string {
  const letters = speech
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const words = letters
    .replace(/[\u2018\u2019`\u00b4]/g, "'")
    .replace(/ß/g, 'ss')
    .replace(/[.!?\u2026\u0964\n]+/g, ' . ');
  return ` ${words.replace(/[^\p{L}\p{M}\p{N}'.]+/gu, ' ')} `.replace(/ +/g, ' ');
}

const ENGLISH = 'Understood. This number will not be called again. Goodbye.';
const FAREWELLS = new Map([
  ['de', 'Verstanden. Diese Nummer wird nicht mehr angerufen. Auf Wiederhören.'],
  ['es', 'Entendido. No volveremos a llamar a este número. Adiós.'],
  ['fr', 'C’est noté. Ce numéro ne sera plus appelé. Au revoir.'],
  ['hi', 'ठीक है। इस नंबर पर फिर कॉल नहीं किया जाएगा। नमस्ते।'],
]);

/** What is said to somebody who opted out, in the agent's language (BCP 47) where we know it, else in English. */
export function optOutFarewell(language: string): string {
  return FAREWELLS.get(language.toLowerCase().split('-')[0] ?? '') ?? ENGLISH;
}
