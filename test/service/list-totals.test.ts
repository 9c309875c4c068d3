/** Totals of long lists: how old they may be, and how often a table is counted for how many that ask. */
import t, { type Test } from 'tap';
import { openListTotals } from '../../service/list-totals.ts';

const FULL = { rows: 25, limit: 25, offset: 0 };

/** A table whose counts are answered when the test says so, and a clock that the test moves. */
function openTable(t: Test) {
  let nowMs = 1_000_000;
  t.intercept(Date, 'now', { value: () => nowMs });
  const waiting: Array<(answer: () => number) => void> = [];
  const table = { rows: 5000, isSlow: false, full: 0 };
  const totalOf = openListTotals<string>((_filter, most) => {
    if (most !== undefined) return Promise.resolve(Math.min(most, table.rows));
    table.full++;
    if (!table.isSlow) return Promise.resolve(table.rows);
    return new Promise<() => number>((resolve) => waiting.push(resolve)).then((answer) => answer());
  });
  return {
    table,
    ask: (filter = 'all', read = FULL) => totalOf(filter, read),
    pass: (ms: number) => (nowMs += ms),
    /** lets the counts under way end, with these totals or so */
    finish: (answer = () => table.rows) => waiting.splice(0).forEach((end) => end(answer)),
    settled: () => new Promise(setImmediate),
  };
}

t.test('what is short is counted every time, and what a page tells not at all', async (t) => {
  const { table, ask } = openTable(t);
  t.equal(await ask('all', { rows: 7, limit: 25, offset: 50 }), 57);
  t.equal(await ask('all', { rows: 0, limit: 25, offset: 0 }), 0);
  for (const rows of [25, 1000, 999]) {
    table.rows = rows;
    t.equal(await ask(), rows);
  }
  t.equal(table.full, 0);
});

t.test('many that ask at once have it counted once', async (t) => {
  const { table, ask, pass, finish, settled } = openTable(t);
  table.isSlow = true;
  const asked = [ask(), ask(), ask()];
  await settled();
  asked.push(ask());
  await settled();
  t.equal(table.full, 1);
  finish();
  t.same(await Promise.all(asked), [5000, 5000, 5000, 5000]);
  pass(5001);
  const later = [ask(), ask(), ask('another'), ask()];
  await settled();
  t.equal(table.full, 3, 'one more, and one of the other list');
  finish();
  t.same(await Promise.all(later), [5000, 5000, 5000, 5000]);
});

t.test('who asks all the time never waits, and is told nothing older than five seconds', async (t) => {
  const { table, ask, pass, finish, settled } = openTable(t);
  t.equal(await ask(), 5000);
  table.isSlow = true;
  table.rows = 5001;
  pass(2900);
  t.equal(await ask(), 5000);
  t.equal(table.full, 1, 'young enough');
  pass(200);
  t.equal(await ask(), 5000, 'it is counted again meanwhile');
  t.equal(await ask(), 5000);
  t.equal(table.full, 2);
  finish();
  await settled();
  t.equal(await ask(), 5001);

  pass(3100);
  table.rows = 5002;
  t.equal(await ask(), 5001);
  pass(2000);
  const late = ask();
  await settled();
  t.equal(table.full, 3, 'the count under way is waited for, not begun once more');
  finish();
  t.equal(await late, 5002);
  t.equal(await ask('all', { rows: 25, limit: 25, offset: 5000 }), 5025, 'a total is no less than what was read');

  pass(1500);
  table.rows = 10;
  t.equal(await ask(), 5002);
  finish();
  await settled();
  t.equal(await ask(), 10, 'a list that has become short is counted');
});

t.test('a count that fails is told to who waits for it, and tried again', async (t) => {
  const { table, ask, pass, finish, settled } = openTable(t);
  const fail = () => {
    throw new Error('the database is away');
  };
  table.isSlow = true;
  const first = [ask(), ask()];
  await settled();
  finish(fail);
  t.same(
    (await Promise.allSettled(first)).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const second = ask();
  await settled();
  finish();
  t.equal(await second, 5000);

  pass(3500);
  t.equal(await ask(), 5000);
  finish(fail);
  await settled();
  t.equal(await ask(), 5000, 'it is not too old yet');
  t.equal(table.full, 4, 'and counted once more');
  finish();
  await settled();
});
