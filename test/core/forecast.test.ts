/** When a campaign will be through, with leads in several zones. */
import t from 'tap';
import { type ForecastFacts, forecast } from '../../core/forecast.ts';
import { EVERY_DAY } from '../../core/time/window.ts';

const hoursIn = (...zones: string[]) => ({ windows: [{ days: EVERY_DAY, start: '09:00', end: '18:00' }], holidays: [], zones });
const INDIA = { hours: hoursIn('Asia/Kolkata'), people: 1 };
const WEST = { hours: hoursIn('America/Los_Angeles'), people: 1 };
const NEVER = { hours: hoursIn('Asia/Kolkata', 'America/Los_Angeles'), people: 5 };
/** Noon in India, half past ten at night in California. */
const FROM = new Date('2026-11-23T06:30:00Z');

/** So many leads, a minute of a line each. */
function finish(contacts: number, turns: ForecastFacts['turns']): string | undefined {
  const experience = { isMeasured: true, answerRate: 1, talkSeconds: 40, costPerDial: 0 };
  const talkers = { kind: 'ai' as const, lines: 1 };
  const facts = { contacts, maxAttempts: 1, experience, talkers, startsPerSecond: 1, balance: 0, autoRefill: true, turns };
  return forecast(facts, FROM).finishAt?.toISOString();
}

t.test('each lead is dialed in its own hours', async (t) => {
  t.equal(finish(60, [INDIA]), '2026-11-23T07:30:00.000Z');
  t.equal(finish(60, [WEST]), '2026-11-23T18:00:00.000Z', 'from 9:00 in California');
  t.equal(finish(60, [INDIA, WEST]), '2026-11-23T17:30:00.000Z', 'half of them now, half from 9:00 in California');
  t.equal(finish(420, [INDIA]), '2026-11-24T04:30:00.000Z', 'six hours today, one tomorrow');
  t.equal(finish(60, [INDIA, { ...INDIA, hours: hoursIn('Asia/Colombo') }]), '2026-11-23T07:30:00.000Z', 'one line, whoever is open');
  t.equal(finish(60, [INDIA, NEVER]), '2026-11-23T07:30:00.000Z', 'who is never open keeps nobody');
  t.equal(finish(60, [NEVER]), undefined);
  t.equal(finish(0, []), FROM.toISOString());
  const far = finish(500_000, [INDIA, WEST]) ?? '';
  t.ok(far > '2028-02-27' && far < '2028-03-02', `463 days of eighteen hours, nine in each zone: ${far}`);
  t.equal(finish(1_000_000, [INDIA, WEST]), undefined, 'not within a year');
});
