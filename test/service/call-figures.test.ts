import t from 'tap';
import { slotsWithin } from '../../service/call-figures.ts';

const at = (time: string) => new Date(`2025-11-01T${time}Z`);
const touched = (from: string, to: string) => {
  const { from: first, before } = slotsWithin({ from: at(from), to: at(to) });
  return [first, before].map((instant) => instant.toISOString().slice(11, 16));
};

t.test('a range is widened to whole quarters of an hour; ranges that meet have none in common', async (t) => {
  t.strictSame(touched('10:00:00', '10:15:00'), ['10:00', '10:15']);
  t.strictSame(touched('10:15:00', '10:30:00'), ['10:15', '10:30']);
  t.strictSame(touched('10:07:00', '10:15:00.001'), ['10:00', '10:30']);
  t.strictSame(touched('10:07:00', '10:14:59.999'), ['10:00', '10:15']);
  t.strictSame(touched('10:15:00', '10:15:00'), ['10:15', '10:30'], 'one at least');
  t.strictSame(slotsWithin({ from: undefined, to: at('10:15:00') }), { from: undefined, before: at('10:15:00') });
  t.strictSame(slotsWithin({ from: at('10:20:00'), to: undefined }), { from: at('10:15:00'), before: undefined });
});
