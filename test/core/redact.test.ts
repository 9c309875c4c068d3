import t from 'tap';
import { redact } from '../../core/redact.ts';
import { isCard } from '../../core/redact/card.ts';

t.test('phone numbers, as they are written and spoken', async (t) => {
  const P = '[phone number]';
  for (const [said, shown] of [
    ['My number is +1 (415) 555-0123, call me.', `My number is ${P}, call me.`],
    ['Call 415-555-0123 at 5', `Call ${P} at 5`],
    ['(415) 555-0123', P],
    ['It is 415.555.0123, thanks', `It is ${P}, thanks`],
    ['4155550123', P],
    ['14155550123 or 98765 43210', `${P} or ${P}`],
    ['+91 98765 43210 and +919876543210', `${P} and ${P}`],
    ['Reach us on 020 7946 0958 or 0044 20 7946 0958', `Reach us on ${P} or ${P}`],
    ['06 12 34 56 78', P],
    ['1-800-555-0199 is toll free', `${P} is toll free`],
    ['call me on 555-0123', `call me on ${P}`],
    ['WhatsApp-9876543210', `WhatsApp-${P}`],
    ['Phone:4155550123', `Phone:${P}`],
    ['415\u00a0555\u20110123', P],
    ['nine eight seven six five four three two one zero', P],
    ['Nine, eight, seven, six, five... no: 98765 43210', `Nine, eight, seven, six, five... no: ${P}`],
    ['it is four one five, double five five, oh one two three, thanks', `it is ${P}, thanks`],
    ['four one five 555 0123', P],
    ['415-555-0123 2024-01-15', `${P} 2024-01-15`],
  ] as const) {
    t.equal(redact(said), shown, said);
  }
});

t.test('payment cards, with whatever stands between their digits', async (t) => {
  const C = '[card number]';
  for (const [said, shown] of [
    ['My card is 4111 1111 1111 1111', `My card is ${C}`],
    ['4111-1111-1111-1111 12/26 cvv 123', `${C} 12/26 cvv 123`],
    ['4111111111111111 exp 12 26', `${C} exp 12 26`],
    ['3782 822463 10005', C],
    ['card 5555 5555 5555 4444.', `card ${C}.`],
    ['4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', C],
    ['four one one one, one one one one, one one one one, one one one one', C],
    ['The order is 4111 1111 1111 1111', `The order is ${C}`],
    ['6011000990139424 and 2223003122003222', `${C} and ${C}`],
  ] as const) {
    t.equal(redact(said), shown, said);
  }
  for (const card of ['4242424242424242', '5105105105105100', '30569309025904', '3530111333300000', '6200000000000005', '2200700000000009'])
    t.ok(isCard(card), card);
  for (const none of ['4242424242424241', '1234567812345670', '424242424242', '', '0000000000000000', '42424242424242424242'])
    t.notOk(isCard(none), none);
});

t.test('e-mail addresses', async (t) => {
  const E = '[email]';
  for (const [said, shown] of [
    ['write to john.smith+x@mail.example.co.uk.', `write to ${E}.`],
    ['JOHN_99@EXAMPLE.COM, thanks', `${E}, thanks`],
    ['mailto:jürgen@müller.de', `mailto:${E}`],
    ['4155550123@example.com', E],
    ['it is john dot smith at example dot com', `it is ${E}`],
    ['a@b and @home', 'a@b and @home'],
    ['meet me at noon', 'meet me at noon'],
  ] as const) {
    t.equal(redact(said), shown, said);
  }
});

t.test('what is nobody’s stays as it was said', async (t) => {
  for (const text of [
    'on 2024-01-15 at 14:30, or 01/15/2024, or 15.01.2024',
    '2024-01-15T14:30:00.000Z',
    'call me on 2024-01-15 10:30',
    'call me at 10:30, between 9:00 and 18:00',
    'It costs $1,234,567.89, or 1500000 dollars, or ₹98,76,543, or Rs. 5000000',
    'I would pay EUR 4155550 or 10000000 rupees',
    'up 1234567% and 3 percent',
    'order 4155550123',
    'your order number is 415-555-0123',
    'ticket #4155550123, ref: 9876543210, booking no. 9876543210',
    'sess_4155550123 INV-4155550123 A4155550123',
    '550e8400-e29b-41d4-a716-446655440000',
    '4111 1111 1111 1112 has a wrong check digit',
    'order 112-1234567-1234567',
    'unix time 1705344000',
    'version 1.2.3.4567 at 192.168.100.200',
    'room 1234, code 123456, zip 90210-1234',
    'the years 1999 2000 2001, 2020-2024',
    'a population of 1,234,567',
    'press one for sales, two for support',
    'one two three, testing',
    'Oh, one moment. I have two kids, three dogs and one cat',
    'order number one two three four five six seven eight',
    '123456789012345678901234567890',
    '',
  ]) {
    t.equal(redact(text), text);
  }
});

t.test('whatever is said is read in a time that grows with its length', async (t) => {
  for (const piece of ['1', '1 ', 'a', 'a.', 'a@', 'one ', '4111 ', '+', '(', 'a at a dot ', '٣', 'call 1-']) {
    const text = piece.repeat(20_000);
    const started = performance.now();
    redact(text);
    t.ok(performance.now() - started < 2000, JSON.stringify(piece));
  }
});
