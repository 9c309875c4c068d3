import t from 'tap';
import { CALL_STATUSES } from '../../core/call.ts';
import { type Verdict, WHY } from '../../core/gate.ts';
import { explain, type Reason, REASONS, sentenceOf, type WhyFacts } from '../../core/why.ts';

const NOW = new Date('2026-03-02T10:00:00.000Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const WAITS: WhyFacts = {
  direction: 'outbound',
  status: 'scheduled',
  verdict: null,
  dueAt: at(-1),
  heldUntil: null,
  failureReason: null,
  retryOpen: false,
  failedBy: null,
  failedFrom: null,
  nextRetryAt: null,
};
const ask = (verdict: Verdict) => ({ verdict, askedAt: NOW });
const stored = (why: Reason, until: Date) => ({
  answer: 'wait' as const,
  why: why as keyof typeof WHY,
  until: until.toISOString(),
  at: at(-5).toISOString(),
});

t.test('a call that waits tells what holds it and until when', async (t) => {
  const wait = (why: keyof typeof WHY, until: Date) => ask({ answer: 'wait', why, until });
  t.match(explain(WAITS, ask({ answer: 'dial' }), NOW), { decision: 'waiting', reason: 'in_line', nextTryAt: NOW, askedAt: NOW });
  t.match(explain({ ...WAITS, status: 'queued' }, ask({ answer: 'dial' }), NOW), {
    decision: 'waiting',
    reason: 'in_line',
    nextTryAt: NOW,
  });
  t.match(explain(WAITS, wait('carrier_paused', at(1)), NOW), {
    reason: 'carrier_paused',
    nextTryAt: at(1),
    message: /paused because it fails\.$/,
  });
  t.match(explain({ ...WAITS, dueAt: at(30) }, wait('not_due', at(30)), NOW), { reason: 'not_due', nextTryAt: at(30) });

  const moved = { ...WAITS, dueAt: at(30), verdict: stored('outside_hours', at(30)) };
  t.match(
    explain(moved, wait('not_due', at(30)), NOW),
    { reason: 'outside_hours', nextTryAt: at(30) },
    'the rule that moved it, not the clock',
  );
  const asked = { ...moved, verdict: stored('outside_hours', at(-10)) };
  t.match(explain(asked, wait('not_due', at(30)), NOW), { reason: 'not_due' }, 'an older reason explains no later moment');

  const held = { ...WAITS, heldUntil: at(2), verdict: stored('carrier_refused', at(2)) };
  t.match(explain(held, ask({ answer: 'dial' }), NOW), { reason: 'carrier_refused', nextTryAt: at(2) });
  t.match(explain(held, wait('no_credit', at(1)), NOW), { reason: 'carrier_refused', nextTryAt: at(2) }, 'the longer wait counts');
  t.match(explain(held, wait('outside_hours', at(3)), NOW), { reason: 'outside_hours', nextTryAt: at(3) });
  t.match(
    explain({ ...held, heldUntil: at(-1) }, ask({ answer: 'dial' }), NOW),
    { reason: 'in_line', nextTryAt: NOW },
    'a hold that is over holds nothing',
  );

  const doomed = explain({ ...WAITS, dueAt: at(9) }, ask({ answer: 'drop', why: 'suppressed' }), NOW);
  t.match(doomed, { decision: 'waiting', reason: 'suppressed', nextTryAt: at(9), message: /as things stand, will not be dialed/ });
  t.match(explain({ ...WAITS, status: 'unscheduled', dueAt: null }, undefined, NOW), {
    decision: 'waiting',
    reason: 'unscheduled',
    nextTryAt: null,
    message: /autoSchedule/,
  });
  t.match(explain(moved, undefined, NOW), { reason: 'outside_hours', askedAt: at(-5) }, 'without a live answer the stored one has to do');
});

t.test('a call that was dropped, refused or could not be placed was not dialed', async (t) => {
  const failed = { ...WAITS, status: 'failed' as const, dueAt: null };
  const dropped: WhyFacts = {
    ...failed,
    verdict: { answer: 'drop' as const, why: 'suppressed' as const, at: NOW.toISOString() },
    failedBy: 'fail',
    failedFrom: 'queued' as const,
  };
  t.match(explain({ ...dropped, failureReason: `Not dialed: ${WHY.suppressed}` }, undefined, NOW), {
    decision: 'not_dialed',
    reason: 'suppressed',
    message: 'Not dialed: the number is on the do-not-call list.',
    nextTryAt: null,
    askedAt: NOW,
  });
  t.match(explain(dropped, undefined, NOW), { message: 'Not dialed: the number is on the do-not-call list.' });
  t.match(
    explain(
      { ...failed, failedBy: 'fail', failedFrom: 'dialing', failureReason: 'The carrier says that the number is invalid: 21211' },
      undefined,
      NOW,
    ),
    {
      decision: 'not_dialed',
      reason: 'carrier_refused',
      message: 'The carrier says that the number is invalid: 21211.',
    },
  );
  t.match(explain({ ...failed, failedBy: 'fail', failedFrom: 'queued', failureReason: 'Our workers failed on it' }, undefined, NOW), {
    decision: 'not_dialed',
    reason: null,
    message: 'Our workers failed on it.',
  });
});

t.test('a call that was dialed tells how it went and what follows', async (t) => {
  const busy = { ...WAITS, status: 'busy' as const, dueAt: null };
  t.match(explain(busy, undefined, NOW), {
    decision: 'dialed',
    reason: null,
    nextTryAt: null,
    message: 'It was dialed and the line was busy.',
  });
  t.match(explain({ ...busy, retryOpen: true }, undefined, NOW), { message: /tried again is being decided\.$/, nextTryAt: null });
  t.match(explain({ ...busy, nextRetryAt: at(5) }, undefined, NOW), { message: /It is tried again\.$/, nextTryAt: at(5) });
  t.match(
    explain(
      { ...busy, status: 'failed', failedBy: 'fail', failedFrom: 'unknown', failureReason: 'The carrier cannot tell' },
      undefined,
      NOW,
    ),
    {
      decision: 'dialed',
      message: 'It was dialed and failed. The carrier cannot tell.',
    },
    'it may have rung',
  );
  t.match(
    explain({ ...busy, status: 'failed', failedBy: 'end', failedFrom: 'dialing', failureReason: 'sip 503' }, undefined, NOW),
    { decision: 'dialed', reason: null, message: 'It was dialed and failed. sip 503.' },
    'the carrier took it, and it failed there',
  );
  t.match(explain({ ...busy, status: 'unknown', failureReason: 'no answer in time' }, undefined, NOW), {
    decision: 'dialed',
    message: /asked what became of it\. no answer in time\.$/,
  });
  t.match(explain({ ...busy, status: 'cancelled' }, undefined, NOW), { decision: 'cancelled', message: /before it was dialed/ });
});

t.test('a call that came in was not dialed, however it ended', async (t) => {
  for (const status of ['in_progress', 'completed', 'failed'] as const)
    t.same(explain({ ...WAITS, status, direction: 'inbound' }, undefined, NOW), {
      decision: 'not_dialed',
      reason: 'inbound',
      message: 'Not dialed: it is a call that came in.',
      nextTryAt: null,
      askedAt: null,
    });
});

t.test('every status and every reason has a sentence', async (t) => {
  for (const status of CALL_STATUSES)
    t.match(
      explain({ ...WAITS, status, failedBy: 'fail', failedFrom: 'dialing' }, undefined, NOW).message,
      /^(It|The carrier) .*\.$/,
      status,
    );
  t.equal(new Set(REASONS.map(sentenceOf)).size, REASONS.length);
  for (const reason of REASONS) t.match(sentenceOf(reason), /^[a-z].*[^.]$/, reason);
});
