import t from 'tap';
import { afterAttempt, RETRY_PAUSES_MS } from '../../core/webhook.ts';

const answer = (status: number, retryAfterSeconds?: number) => ({ status, retryAfterSeconds });

t.test('what follows an attempt', async (t) => {
  for (const status of [200, 201, 202, 204, 299]) t.same(afterAttempt(answer(status), 0, 0), { then: 'delivered' }, String(status));
  for (const status of [100, 301, 302, 304, 400, 401, 404, 429, 500, 503]) {
    t.same(afterAttempt(answer(status), 0, 0), { then: 'retry', inMs: 5000 }, String(status));
  }
  t.same(afterAttempt(answer(410), 0, 0), { then: 'dead', disables: true });
  t.same(afterAttempt(undefined, 0, 0), { then: 'retry', inMs: 5000 }, 'no answer');
});

t.test('each pause is longer, by no more than a fifth by chance, and the end is certain', async (t) => {
  const pauses = (random: number) =>
    RETRY_PAUSES_MS.map((_, failures) => {
      const next = afterAttempt(undefined, failures, random);
      return next.then === 'retry' ? next.inMs / 1000 : undefined;
    });
  t.same(pauses(0), [5, 30, 120, 600, 3600, 21_600, 86_400]);
  t.same(pauses(1), [6, 36, 144, 720, 4320, 25_920, 103_680]);
  t.same(afterAttempt(answer(500), RETRY_PAUSES_MS.length, 0), { then: 'dead', disables: false });
});

t.test('a receiver may ask for more patience, not for less, and not for ever', async (t) => {
  t.same(afterAttempt(answer(429, 60), 0, 0), { then: 'retry', inMs: 60_000 });
  t.same(afterAttempt(answer(503, 1), 2, 0), { then: 'retry', inMs: 120_000 });
  t.same(afterAttempt(answer(503, 999_999), 0, 0), { then: 'retry', inMs: 86_400_000 });
});
