import t from 'tap';
import metadata from 'libphonenumber-js/min/metadata';
import { maskPhone, readMask } from '../../core/mask.ts';

/** Numbers that look random and are the same in every run. */
function* numbers(count: number): Generator<string> {
  let seed = 7;
  const draw = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let made = 0; made < count; made++) {
    const length = 7 + draw(9);
    yield `+${1 + draw(9)}${Array.from({ length: length - 1 }, () => draw(10)).join('')}`;
  }
}

t.test('the documented form', async (t) => {
  t.equal(maskPhone('+12125550145'), '+1*** **45');
  t.equal(maskPhone('+919876543210'), '+91*** **10');
  t.equal(maskPhone('+3725551234'), '+372*** **34');
  t.equal(maskPhone('+79161234567'), '+7*** **67');
});

t.test('calling codes are those of the world', async (t) => {
  for (const code of Object.keys(metadata.country_calling_codes)) t.equal(maskPhone(`+${code}5550145`), `+${code}*** **45`, code);
});

t.test('a mask shows the calling code and two digits, and nothing else of a number', async (t) => {
  const byMask = new Map<string, string[]>();
  for (const number of numbers(20_000)) {
    const mask = maskPhone(number);
    const parts = readMask(mask);
    if (!parts || !/^\+\d{1,3}$/.test(parts.prefix) || !number.startsWith(parts.prefix) || !number.endsWith(parts.suffix))
      t.fail(`${number} → ${mask}`);
    byMask.set(mask, [...(byMask.get(mask) ?? []), number]);
  }
  t.ok(byMask.size < 20_000, 'masks are shared');
  // exactly the numbers that begin and end as a mask says have it
  const all = [...byMask.values()].flat();
  for (const [mask, some] of [...byMask].slice(0, 200)) {
    const parts = readMask(mask) ?? { prefix: 'none', suffix: 'none' };
    const found = all.filter((number) => number.startsWith(parts.prefix) && number.endsWith(parts.suffix));
    if (found.sort().join() !== some.sort().join()) t.fail(`${mask}: ${found.join()} and ${some.join()}`);
  }
});

t.test('what is no mask', async (t) => {
  t.same(readMask('+1*** **45'), { prefix: '+1', suffix: '45' });
  for (const text of [
    '',
    '+1',
    '+12125550145',
    '1*** **45',
    '+1*****45',
    '+1*** **4',
    '+1*** **4x',
    '+12*** **45',
    '+0*** **45',
    '+*** **45',
    '+1*** **45 ',
  ]) {
    t.equal(readMask(text), undefined, text);
  }
});
