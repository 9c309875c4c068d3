import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timezones } from 'libphonenumber-geo-carrier';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import t from 'tap';
import { isZone } from '../../core/time/zone.ts';
import { openNumberZones, zonesOfNumber } from '../../service/number-zones.ts';

t.test('numbers of a place are in the zones of that place', async (t) => {
  const cases: Array<[number: string, what: string, zones: string[]]> = [
    ['+919876543210', 'an Indian mobile', ['Asia/Kolkata']],
    ['+911123456789', 'Delhi', ['Asia/Kolkata']],
    ['+12125551234', 'New York', ['America/New_York']],
    ['+14155552671', 'San Francisco', ['America/Los_Angeles']],
    ['+18085551234', 'Hawaii', ['Pacific/Honolulu']],
    ['+15145551234', 'Montréal', ['America/Toronto']],
    ['+17875551234', 'Puerto Rico', ['America/Puerto_Rico']],
    ['+12423591234', 'a mobile in the Bahamas, which share +1', ['America/Nassau']],
    ['+442071838750', 'London', ['Europe/London']],
    ['+61290000000', 'Sydney', ['Australia/Sydney']],
    ['+61891234567', 'western or central Australia', ['Australia/Adelaide', 'Australia/Perth']],
    ['+74951234567', 'Moscow', ['Europe/Moscow']],
    ['+74232221234', 'Vladivostok', ['Asia/Vladivostok']],
    ['+77011234567', 'a Kazakh mobile, which is not all of +7', ['Asia/Almaty', 'Asia/Aqtobe']],
    ['+5511912345678', 'a mobile of São Paulo: they carry an area code', ['America/Sao_Paulo']],
    ['+5592912345678', 'a mobile of Manaus', ['America/Manaus']],
    ['+541112345678', 'Buenos Aires', ['America/Argentina/Buenos_Aires']],
    ['+9779841234567', 'Nepal', ['Asia/Kathmandu']],
    ['+9592123456', 'Myanmar', ['Asia/Yangon']],
    ['+6433051234', 'the Chatham Islands', ['Pacific/Chatham']],
  ];
  for (const [number, what, zones] of cases) t.same([...(await zonesOfNumber(number))].sort(), zones, `${number}: ${what}`);
});

t.test('numbers that move about, or belong to no place, may be anywhere in their country', async (t) => {
  const has = async (number: string, zones: string[], not: string[]) => {
    const found = await zonesOfNumber(number);
    for (const zone of zones) t.ok(found.includes(zone), `${number} may be in ${zone}`);
    for (const zone of not) t.notOk(found.includes(zone), `${number} is not in ${zone}`);
    t.equal(new Set(found).size, found.length, 'each once');
  };
  await has('+79161234567', ['Europe/Moscow', 'Asia/Yekaterinburg', 'Asia/Vladivostok', 'Asia/Kamchatka'], []);
  await has('+61412345678', ['Australia/Sydney', 'Australia/Brisbane', 'Australia/Adelaide', 'Australia/Perth'], []);
  await has('+62812345678', ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'], []);
  await has('+34612345678', ['Europe/Madrid', 'Atlantic/Canary'], []);
  await has('+593991234567', ['America/Guayaquil', 'Pacific/Galapagos'], []);
  await has('+447400123456', ['Europe/London'], []);
  const american = [
    'America/New_York',
    'America/Chicago',
    'America/Denver',
    'America/Los_Angeles',
    'America/Anchorage',
    'Pacific/Honolulu',
  ];
  for (const number of ['+18005551234', '+18885551234', '+15005550006']) {
    await has(number, american, ['America/Toronto', 'America/Jamaica', 'Pacific/Guam']);
  }
  for (const number of ['+15550001234', '+19999999999']) await has(number, [...american, 'America/Toronto', 'Pacific/Guam'], []);
});

t.test('nothing is said of numbers of no country, of no plan, and of what is no number', async (t) => {
  for (const number of ['+80012345678', '+870773111632', '+881612345678', '+8835100012345', '+999123456789', '+', '', 'abc']) {
    t.same(await zonesOfNumber(number), [], `'${number}'`);
  }
});

t.test('for numbers of a place it says what libphonenumber-geo-carrier does, in the names of today', async (t) => {
  const digits = Array.from({ length: 400 }, (_, index) => String(2_000_000 + index * 19_937).slice(-7));
  const numbers = digits.flatMap((tail, index) => [`+1${200 + index * 2}${tail}`, `+49${20 + (index % 70)}${tail}`, `+612${tail}9`]);
  let compared = 0;
  for (const number of numbers) {
    const parsed = parsePhoneNumberFromString(number);
    if (!parsed?.getType()?.startsWith('FIXED_LINE') || compared >= 300) continue;
    compared++;
    t.same(await zonesOfNumber(number), await timezones(parsed), number);
  }
  t.equal(compared, 300);
});

t.test('every name is one that the clocks know, and the same number gets the same answer', async (t) => {
  for (const number of ['+79161234567', '+15550001234', '+9779841234567', '+2917123456', '+299221234', '+298211234', '+6917001234']) {
    const zones = await zonesOfNumber(number);
    t.ok(zones.length > 0 && zones.every(isZone), number);
    t.equal(await zonesOfNumber(number), zones, 'from memory');
    t.ok(Object.isFrozen(zones));
  }
});

t.test('data that cannot be read is an error, not a number without zones; and is read once it is there', async (t) => {
  const file = join(t.testdir({}), 'timezones.bson');
  const zonesOf = openNumberZones(file);
  await t.rejects(zonesOf('+919876543210'), { code: 'ENOENT' });
  await t.rejects(zonesOf('+919876543210'), { code: 'ENOENT' }, 'every time');
  // { "91": 5 } with a 32-bit number, which is no list of zones
  await writeFile(file, Buffer.from([13, 0, 0, 0, 0x10, 0x39, 0x31, 0, 5, 0, 0, 0, 0]));
  await t.rejects(zonesOf('+919876543210'), /Not a text/);
  const text = Buffer.from('Asia/Calcutta&Asia/Kolkata&Mars/Olympus\0');
  const document = Buffer.concat([Buffer.from([0, 0, 0, 0, 2, 0x39, 0x31, 0, text.length, 0, 0, 0]), text, Buffer.from([0])]);
  document.writeInt32LE(document.length, 0);
  await writeFile(file, document);
  t.same(await zonesOf('+919876543210'), ['Asia/Kolkata'], 'today’s name, once, and none that is unknown');
});
