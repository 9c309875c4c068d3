import { createHmac } from 'node:crypto';
import t from 'tap';
import { MAC_BYTES, type Place, readCursor, type Sign, writeCursor } from '../../core/signed-cursor.ts';

const signer =
  (key: string): Sign =>
  (text) =>
    createHmac('sha256', key).update(text).digest();
const sign = signer('one');

t.test('a cursor leads back to its place, and tells nobody of it', async (t) => {
  const places: Place[] = [
    { at: new Date(0), id: 1 },
    { at: new Date('2024-01-15T14:30:00.123Z'), id: 123_456 },
    { at: new Date('9999-12-31T23:59:59.999Z'), id: Number.MAX_SAFE_INTEGER },
  ];
  for (const place of places) {
    const cursor = writeCursor(place, sign);
    t.match(cursor, /^[\w-]{26,80}$/);
    t.same(readCursor(cursor, sign), place);
    t.equal(readCursor(cursor, signer('two')), undefined, 'another key');
  }
});

t.test('no character of a cursor can be changed, added or left out', async (t) => {
  const cursor = writeCursor({ at: new Date('2024-01-15T14:30:00Z'), id: 77 }, sign);
  const forged: string[] = [
    '',
    'nonsense',
    `${cursor}=`,
    `${cursor}A`,
    ` ${cursor}`,
    cursor.slice(1),
    cursor.slice(0, -1),
    cursor + cursor,
  ];
  for (let at = 0; at < cursor.length; at++) {
    for (const letter of 'AZaz09-_') if (letter !== cursor[at]) forged.push(cursor.slice(0, at) + letter + cursor.slice(at + 1));
  }
  for (const text of forged) if (readCursor(text, sign)) t.fail(`read ${text}`);
  const unsigned = Buffer.concat([Buffer.alloc(MAC_BYTES), Buffer.from('lr000000.25')]).toString('base64url');
  t.equal(readCursor(unsigned, sign), undefined);
  t.equal(readCursor(writeCursor({ at: new Date(NaN), id: 1 }, sign), sign), undefined, 'signed, but no place');
});
