import t from 'tap';
import { remember } from '../../service/remember.ts';
import { openTurns } from '../../service/turns.ts';

/** Work that ends when it is told to. */
function task() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end, work: () => ended };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

t.test('so many at work, the others in their order, and who gave up has left the line', async (t) => {
  const turns = openTurns(2, 3, 'Too many');
  const tasks = Array.from({ length: 5 }, task);
  const begun: number[] = [];
  const client = new AbortController();
  const all = tasks.map(({ work }, n) =>
    turns(
      async () => {
        begun.push(n);
        await work();
        if (n === 1) throw new Error('failed');
      },
      n === 2 ? client.signal : undefined,
    ),
  );
  const results = Promise.allSettled(all);
  await settled();
  t.same(begun, [0, 1]);
  await t.rejects(
    turns(async () => undefined),
    { code: 'unavailable', message: 'Too many', retryAfterSeconds: 2 },
  );
  client.abort(new Error('gone'));
  await t.rejects(all[2] ?? Promise.resolve(), /gone/);
  tasks[1]?.end();
  await settled();
  t.same(begun, [0, 1, 3], 'a failure gives its place on, past the one that left');
  for (const { end } of tasks) end();
  t.same(
    (await results).map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
  );
  await t.rejects(
    turns(async () => 'never', AbortSignal.abort(new Error('gone before'))),
    /gone before/,
  );
  const both = [task(), task()];
  const last = both.map(({ work }, n) => turns(() => (begun.push(10 + n), work())));
  await settled();
  t.same(begun.slice(-2), [10, 11], 'all places are free again');
  for (const { end } of both) end();
  await Promise.all(last);
});

t.test('an abort after its turn came harms nobody', async (t) => {
  const turns = openTurns(1, 5, 'Too many');
  const [first, second] = [task(), task()];
  const client = new AbortController();
  const one = turns(first.work);
  const two = turns(second.work, client.signal);
  const three = turns(async () => 'third');
  first.end();
  await one;
  client.abort();
  second.end();
  await two;
  t.equal(await three, 'third');
});

t.test('a value is loaded once for all who ask, a failure is asked for again', async (t) => {
  let nowMs = 0;
  let loads = 0;
  let broken = false;
  const valueOf = remember(
    async (key: string) => {
      loads++;
      if (broken) throw new Error('away');
      return `${key}${loads}`;
    },
    2000,
    () => nowMs,
  );
  t.same(await Promise.all([valueOf('a'), valueOf('a'), valueOf('b')]), ['a1', 'a1', 'b2']);
  nowMs = 1999;
  t.equal(await valueOf('a'), 'a1');
  nowMs = 2000;
  broken = true;
  await t.rejects(Promise.all([valueOf('a'), valueOf('a')]), /away/);
  t.equal(loads, 3);
  broken = false;
  t.equal(await valueOf('a'), 'a4');
});
