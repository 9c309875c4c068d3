import fc from 'fast-check';
import t from 'tap';
import {
  barOf,
  changeRules,
  DEFAULT_RULES,
  LONGEST_DELAY_MS,
  planRetry,
  RETRIED,
  type RetryRule,
  RULE_BOUNDS,
  ruleFor,
} from '../../core/retry.ts';
import { DEFAULT_HOURS, type Hours, isOpen } from '../../core/time/window.ts';
import { holds } from './holds.ts';

const MINUTE_MS = 60_000;

const rules = fc.record({
  maxAttempts: fc.integer({ min: RULE_BOUNDS.maxAttempts.minimum, max: RULE_BOUNDS.maxAttempts.maximum }),
  initialDelayMs: fc.integer({ min: RULE_BOUNDS.initialDelayMs.minimum, max: RULE_BOUNDS.initialDelayMs.maximum }),
  backoffMultiplier: fc.double({ min: RULE_BOUNDS.backoffMultiplier.minimum, max: RULE_BOUNDS.backoffMultiplier.maximum, noNaN: true }),
});
const endings = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const outcomes = fc.constantFrom(...RETRIED);
const clocks = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => new Date(minutes * MINUTE_MS).toISOString().slice(11, 16));
const hours: fc.Arbitrary<Hours> = fc.record({
  windows: fc.array(fc.record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), start: clocks, end: clocks }), {
    minLength: 1,
    maxLength: 3,
  }),
  zones: fc.uniqueArray(fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'), {
    minLength: 1,
    maxLength: 2,
  }),
  holidays: fc.constantFrom([], ['2026-01-01', '2026-12-25']),
});

function momentOf(plan: ReturnType<typeof planRetry>): number | undefined {
  return 'at' in plan ? plan.at.getTime() : undefined;
}

t.test('without calling hours a retry comes when the formula says, until maxAttempts dials', async (t) => {
  holds(
    t,
    fc.property(outcomes, rules, endings, fc.integer({ min: 1, max: 120 }), (outcome, rule, endedAt, dials) => {
      const plan = planRetry({ outcome, dials, endedAt, rule });
      if (dials >= rule.maxAttempts) return 'stop' in plan && plan.stop === 'exhausted';
      let delayMs = rule.initialDelayMs;
      for (let retry = 1; retry < dials; retry++) delayMs *= rule.backoffMultiplier;
      const waitedMs = (momentOf(plan) ?? NaN) - endedAt.getTime();
      // the one multiplies step by step, the other raises to a power: they differ in the last digits
      return Math.abs(waitedMs - Math.min(delayMs, LONGEST_DELAY_MS)) <= 1;
    }),
  );
});

t.test('each pause is at least as long as the one before, never shorter than the first, never longer than 30 days', async (t) => {
  holds(
    t,
    fc.property(rules, endings, (rule, endedAt) => {
      let last = rule.initialDelayMs;
      for (let dials = 1; dials < rule.maxAttempts; dials++) {
        const waitedMs = (momentOf(planRetry({ outcome: 'busy', dials, endedAt, rule })) ?? NaN) - endedAt.getTime();
        if (!(waitedMs >= last && waitedMs <= LONGEST_DELAY_MS)) return false;
        last = waitedMs;
      }
      return true;
    }),
    { numRuns: 50 },
  );
});

t.test('inside the calling hours, at the first moment that is not too early', async (t) => {
  holds(
    t,
    fc.property(rules, endings, hours, fc.integer({ min: 1, max: 5 }), (rule, endedAt, window, dials) => {
      fc.pre(dials < rule.maxAttempts);
      const [plan, free] = [{ hours: window }, {}].map((more) => planRetry({ outcome: 'no_answer', dials, endedAt, rule, ...more }));
      const [at, earliest] = [plan && momentOf(plan), free && momentOf(free)];
      if (earliest === undefined) return false;
      if (at === undefined) return plan !== undefined && 'stop' in plan && plan.stop === 'never_open';
      const opensBefore = at > earliest && isOpen(window, new Date(at - 1)) && isOpen(window, new Date(earliest));
      return at >= earliest && isOpen(window, new Date(at)) && !opensBefore;
    }),
  );
});

t.test('what is known by hand', async (t) => {
  const endedAt = new Date('2025-11-03T10:00:00Z');
  const rule = DEFAULT_RULES.no_answer;
  const utc = (windows: Hours['windows']): Hours => ({ windows, zones: ['UTC'], holidays: [] });
  t.same(planRetry({ outcome: 'no_answer', dials: 1, endedAt, rule }), { at: new Date('2025-11-03T10:05:00Z') });
  t.same(planRetry({ outcome: 'no_answer', dials: 2, endedAt, rule }), { at: new Date('2025-11-03T10:10:00Z') });
  t.same(planRetry({ outcome: 'no_answer', dials: 3, endedAt, rule }), { stop: 'exhausted' });
  t.same(
    planRetry({ outcome: 'no_answer', dials: 1, endedAt: new Date('2025-11-03T17:56:00Z'), rule, hours: utc(DEFAULT_HOURS) }),
    { at: new Date('2025-11-04T09:00:00Z') },
    'closed at six: the next morning',
  );
  t.same(planRetry({ outcome: 'busy', dials: 1, endedAt, rule: DEFAULT_RULES.busy, hours: utc([]) }), { stop: 'never_open' });
  t.same(planRetry({ outcome: 'completed', dials: 1, endedAt, rule }), { stop: 'succeeded' });
  t.same(planRetry({ outcome: 'voicemail', dials: 1, endedAt, rule: undefined }), { stop: 'no_rule' });
});

t.test('which rule holds', async (t) => {
  const campaign = (retryIntervalMinutes?: number) => ({ maxAttempts: 7, retryIntervalMinutes });
  t.same(ruleFor('busy', DEFAULT_RULES, undefined), DEFAULT_RULES.busy);
  t.same(ruleFor('busy', DEFAULT_RULES, campaign()), { ...DEFAULT_RULES.busy, maxAttempts: 7 });
  t.same(ruleFor('busy', DEFAULT_RULES, campaign(45)), { maxAttempts: 7, initialDelayMs: 45 * MINUTE_MS, backoffMultiplier: 1 });
  for (const outcome of ['voicemail', 'abandoned', 'completed'] as const) {
    t.equal(ruleFor(outcome, DEFAULT_RULES, campaign(45)), undefined, `${outcome} is not tried again`);
  }
});

t.test('a change keeps what it does not name', async (t) => {
  const changed = changeRules(DEFAULT_RULES, { no_answer: { maxAttempts: 5, initialDelayMs: 600_000 }, voicemail: { maxAttempts: 2 } });
  t.same(changed, {
    ...DEFAULT_RULES,
    no_answer: { maxAttempts: 5, initialDelayMs: 600_000, backoffMultiplier: 2 },
    voicemail: { maxAttempts: 2, initialDelayMs: 300_000, backoffMultiplier: 2 },
  });
  const own: RetryRule = { maxAttempts: 9, initialDelayMs: 1, backoffMultiplier: 3 };
  t.same(changeRules({ abandoned: own }, { abandoned: { backoffMultiplier: 4 } }), { abandoned: { ...own, backoffMultiplier: 4 } });
});

t.test('what forbids every further dial', async (t) => {
  const fine = { suppressed: false, notInterested: false, agent: 'on' as const, campaign: { status: 'active' } };
  t.equal(barOf(fine), undefined);
  t.equal(barOf({ ...fine, campaign: { status: 'paused' } }), undefined, 'a pause only keeps it waiting');
  t.equal(barOf({ ...fine, suppressed: true }), 'suppressed');
  t.equal(barOf({ ...fine, notInterested: true }), 'not_interested');
  t.equal(barOf({ ...fine, agent: 'deleted' }), 'agent_inactive');
  t.equal(barOf({ ...fine, agent: 'off', campaign: undefined }), 'agent_inactive');
  t.equal(barOf({ ...fine, agent: 'off' }), undefined, 'what a campaign waits for may come back');
  t.equal(barOf({ ...fine, campaign: { status: 'completed' } }), 'campaign_over');
});
