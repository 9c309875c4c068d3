import fc from 'fast-check';
import t from 'tap';
import { breakerPauseMs, FAILING_AFTER, PROBE_EVERY_MS, probingStepMs } from '../../core/breaker.ts';
import { agedPriority, AGEING_MS, PRIORITY, type Priority } from '../../core/priority.ts';
import { holds } from './holds.ts';

const anyPriority = fc.constantFrom<Priority>(1, 2, 3);
const anyWait = fc.integer({ min: -AGEING_MS, max: 20 * AGEING_MS });

t.test('who waits longer is never less urgent, and never more than high', async (t) => {
  holds(
    t,
    fc.property(anyPriority, anyWait, fc.nat({ max: 10 * AGEING_MS }), (priority, waited, longer) => {
      const now = agedPriority(priority, waited);
      const then = agedPriority(priority, waited + longer);
      return then <= now && now <= priority && then >= PRIORITY.high;
    }),
  );
  holds(
    t,
    fc.property(anyPriority, anyPriority, anyWait, (one, other, waited) =>
      one <= other ? agedPriority(one, waited) <= agedPriority(other, waited) : true,
    ),
  );
});

t.test('each step takes as long as the last', async (t) => {
  const aged = (steps: number) => [1, 2, 3].map((p) => agedPriority(p as Priority, steps * AGEING_MS));
  t.same(
    [aged(-1), aged(0), aged(0.999), aged(1), aged(1.999), aged(2), aged(100)],
    [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
      [1, 1, 2],
      [1, 1, 2],
      [1, 1, 1],
      [1, 1, 1],
    ],
  );
});

t.test('a carrier that fails again and again is left alone longer each time, 15 seconds at most', async (t) => {
  const pauses = Array.from({ length: 12 }, (_, failures) => breakerPauseMs(failures));
  t.same(pauses.slice(0, FAILING_AFTER), Array<number>(FAILING_AFTER).fill(0));
  t.same(pauses.slice(FAILING_AFTER), [2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000]);
  t.equal(probingStepMs(10, FAILING_AFTER - 1), 10);
  t.equal(probingStepMs(10, FAILING_AFTER), PROBE_EVERY_MS, 'then single calls try it');
  t.equal(probingStepMs(5000, FAILING_AFTER), 5000, 'never faster than its pace');
});
