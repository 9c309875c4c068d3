import t from 'tap';
import { batcher } from '../../service/batch.ts';

interface Run {
  items: number[];
  answer: (results: string[]) => void;
  fail: (error: Error) => void;
}

/** A batch verb whose every run is held until the test answers it. */
function held() {
  const runs: Run[] = [];
  const run = (items: number[]) => new Promise<string[]>((answer, fail) => void runs.push({ items, answer, fail }));
  return { runs, run };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const words = (items: number[]) => items.map((item) => `#${item}`);

t.test('one request alone is run at once', async (t) => {
  const { runs, run } = held();
  const asked = batcher(run, 10)(1);
  await turn();
  t.strictSame(
    runs.map(({ items }) => items),
    [[1]],
  );
  runs[0]?.answer(['one']);
  t.equal(await asked, 'one');
});

t.test('what is asked in the same turn travels together, what comes later gathers for the next run', async (t) => {
  const { runs, run } = held();
  const ask = batcher(run, 3);
  const first = [ask(1), ask(2)];
  await turn();
  const later = [ask(3), ask(4), ask(5), ask(6)];
  await turn();
  t.strictSame(
    runs.map(({ items }) => items),
    [[1, 2]],
    'only one run at a time',
  );
  runs[0]?.answer(words([1, 2]));
  t.strictSame(await Promise.all(first), ['#1', '#2']);
  await turn();
  t.strictSame(runs[1]?.items, [3, 4, 5], 'no more than fit');
  runs[1]?.answer(words([3, 4, 5]));
  await turn();
  t.strictSame(runs[2]?.items, [6]);
  runs[2]?.answer(words([6]));
  t.strictSame(await Promise.all(later), ['#3', '#4', '#5', '#6'], 'each its own answer');
});

t.test('a run that fails fails its own requests only', async (t) => {
  const { runs, run } = held();
  const ask = batcher(run, 2);
  const settled = Promise.allSettled([ask(1), ask(2), ask(3)]);
  await turn();
  runs[0]?.fail(new Error('no connection'));
  await turn();
  runs[1]?.answer(['three']);
  t.match(await settled, [
    { status: 'rejected', reason: { message: 'no connection' } },
    { status: 'rejected', reason: { message: 'no connection' } },
    { status: 'fulfilled', value: 'three' },
  ]);
  const again = ask(4);
  await turn();
  runs[2]?.answer(['four']);
  t.equal(await again, 'four', 'and the next one is run as ever');
});

t.test('idle waits for all that was asked for, failed or not', async (t) => {
  const { runs, run } = held();
  const ask = batcher(run, 1);
  await ask.idle();
  const settled = Promise.allSettled([ask(1), ask(2)]);
  let isIdle = false;
  const idle = ask.idle().then(() => {
    isIdle = true;
  });
  await turn();
  runs[0]?.fail(new Error('away'));
  await turn();
  t.equal(isIdle, false);
  runs[1]?.answer(['two']);
  await idle;
  t.match(await settled, [{ status: 'rejected' }, { status: 'fulfilled' }]);
});
