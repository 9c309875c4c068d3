import t, { type Test } from 'tap';
import { type CampaignFacts, gate, type GateFacts, PACE_PATIENCE_MS, storedVerdict, type Verdict, type Why, WHY } from '../../core/gate.ts';
import { DEFAULT_HOURS } from '../../core/time/window.ts';

const NOW = new Date('2025-06-11T12:00:00.000Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);

const CAMPAIGN: CampaignFacts = {
  status: 'active',
  approval: 'approved',
  approvalRequired: true,
  startsAt: undefined,
  endsAt: undefined,
  nextCallAt: NOW,
};

const FREE: GateFacts = {
  dueAt: NOW,
  tenantActive: true,
  agent: 'on',
  campaign: CAMPAIGN,
  suppressed: false,
  notInterested: false,
  hours: { windows: DEFAULT_HOURS, zones: ['UTC'], holidays: [] },
  credit: { balance: 0.1, held: 0.05, needed: 0.05, autoRefill: false },
  numberLive: false,
  tenantCap: { live: 9, max: 10 },
  campaignCap: { live: 4, max: 5 },
  agentCap: { live: 1, max: 2 },
  peopleCap: { live: 2, max: 3 },
  carrierCap: { live: 99, max: 100 },
  paceOpensAt: after(PACE_PATIENCE_MS),
  carrierPausedUntil: NOW,
};

const CLOSED = { windows: DEFAULT_HOURS, zones: ['Asia/Tokyo'], holidays: [] };
const NEVER = { windows: [], zones: ['UTC'], holidays: [] };

/** Each hindrance just beyond its boundary, in the order in which the gate names them; `FREE` stands just before all of them. */
const HINDRANCES: Array<{ why: Why; facts: Partial<GateFacts>; answer: 'drop' | 'ask again' | Date }> = [
  { why: 'suppressed', facts: { suppressed: true }, answer: 'drop' },
  { why: 'not_interested', facts: { notInterested: true }, answer: 'drop' },
  { why: 'agent_inactive', facts: { agent: 'deleted' }, answer: 'drop' },
  { why: 'not_due', facts: { dueAt: after(1) }, answer: after(1) },
  { why: 'tenant_inactive', facts: { tenantActive: false }, answer: 'ask again' },
  { why: 'campaign_rejected', facts: { campaign: { ...CAMPAIGN, approval: 'rejected', approvalRequired: false } }, answer: 'ask again' },
  {
    why: 'campaign_not_running',
    facts: { campaign: { ...CAMPAIGN, status: 'paused' } },
    answer: 'ask again',
  },
  { why: 'agent_off', facts: { agent: 'off' }, answer: 'ask again' },
  { why: 'never_open', facts: { hours: NEVER }, answer: 'drop' },
  { why: 'outside_hours', facts: { hours: CLOSED }, answer: new Date('2025-06-12T00:00:00.000Z') },
  { why: 'no_credit', facts: { credit: { balance: 0.1, held: 0.050001, needed: 0.05, autoRefill: false } }, answer: 'ask again' },
  { why: 'number_busy', facts: { numberLive: true }, answer: 'ask again' },
  { why: 'tenant_cap', facts: { tenantCap: { live: 10, max: 10 } }, answer: 'ask again' },
  { why: 'campaign_cap', facts: { campaignCap: { live: 5, max: 5 } }, answer: 'ask again' },
  { why: 'agent_cap', facts: { agentCap: { live: 2, max: 2 } }, answer: 'ask again' },
  { why: 'no_free_person', facts: { peopleCap: { live: 3, max: 3 } }, answer: 'ask again' },
  { why: 'call_delay', facts: { campaign: { ...CAMPAIGN, nextCallAt: after(1) } }, answer: after(1) },
  { why: 'carrier_cap', facts: { carrierCap: { live: 100, max: 100 } }, answer: 'ask again' },
  { why: 'carrier_paused', facts: { carrierPausedUntil: after(1) }, answer: after(1) },
  { why: 'carrier_pace', facts: { paceOpensAt: after(PACE_PATIENCE_MS + 1) }, answer: after(PACE_PATIENCE_MS + 1) },
];

const MINUTE_MS = 60_000;

/** The verdict is the hindrance's; how soon a passing one is asked about again is a matter of tuning, but within a minute. */
function checkVerdict(t: Test, verdict: Verdict, { why, answer }: (typeof HINDRANCES)[number], message: string): void {
  if (answer !== 'ask again') {
    t.strictSame(verdict, answer === 'drop' ? { answer, why } : { answer: 'wait', why, until: answer }, message);
    return;
  }
  t.match(verdict, { answer: 'wait', why }, message);
  const waitMs = verdict.answer === 'wait' ? verdict.until.getTime() - NOW.getTime() : 0;
  t.ok(waitMs > 0 && waitMs <= MINUTE_MS, `${message}: asks again after ${waitMs} ms`);
}

t.test('with nothing in the way, each fact at its last allowed value, it dials', async (t) => {
  t.strictSame(gate(FREE, NOW), { answer: 'dial' });
});

t.test('each hindrance by itself', async (t) => {
  t.strictSame(HINDRANCES.map(({ why }) => why).sort(), Object.keys(WHY).sort(), 'no reason is left out');
  for (const hindrance of HINDRANCES) {
    checkVerdict(t, gate({ ...FREE, ...hindrance.facts }, NOW), hindrance, hindrance.why);
  }
});

t.test('of two hindrances the earlier one is named', async (t) => {
  for (const [index, first] of HINDRANCES.entries()) {
    for (const second of HINDRANCES.slice(index + 1)) {
      const [one, other] = [Object.keys(first.facts), Object.keys(second.facts)];
      if (one.some((fact) => other.includes(fact))) continue; // one fact can't stand in the way twice
      checkVerdict(t, gate({ ...FREE, ...second.facts, ...first.facts }, NOW), first, `${first.why} before ${second.why}`);
    }
  }
});

t.test('what does not apply does not hinder', async (t) => {
  const bare: GateFacts = {
    ...FREE,
    campaign: undefined,
    campaignCap: undefined,
    agentCap: undefined,
    peopleCap: undefined,
    hours: undefined,
    carrierPausedUntil: undefined,
  };
  t.strictSame(gate(bare, NOW), { answer: 'dial' });
  t.strictSame(
    gate({ ...FREE, credit: { balance: -5, held: 0, needed: 1, autoRefill: true } }, NOW),
    { answer: 'dial' },
    'an account that refills itself',
  );
  const unapproved = { ...CAMPAIGN, approval: 'pending', approvalRequired: false };
  t.strictSame(gate({ ...FREE, campaign: unapproved }, NOW), { answer: 'dial' }, 'approval is not asked for');
});

t.test('an agent that is switched off ends its own calls, and keeps those of its campaign waiting', async (t) => {
  t.strictSame(gate({ ...FREE, agent: 'off', campaign: undefined }, NOW), { answer: 'drop', why: 'agent_inactive' });
  t.strictSame(gate({ ...FREE, agent: 'deleted', campaign: undefined }, NOW), { answer: 'drop', why: 'agent_inactive' });
});

t.test('a campaign runs only when active and, where required, approved', async (t) => {
  for (const status of ['draft', 'paused', 'completed', 'active']) {
    for (const approval of ['pending', 'approved']) {
      for (const approvalRequired of [true, false]) {
        const runs = status === 'active' && (approval === 'approved' || !approvalRequired);
        const verdict = gate({ ...FREE, campaign: { ...CAMPAIGN, status, approval, approvalRequired } }, NOW);
        t.equal(verdict.answer, runs ? 'dial' : 'wait', `${status}, ${approval}, required: ${approvalRequired}`);
      }
    }
  }
});

t.test('a campaign runs from its start until just before its end', async (t) => {
  const at = (campaign: Partial<CampaignFacts>) => gate({ ...FREE, campaign: { ...CAMPAIGN, ...campaign } }, NOW);
  t.equal(at({ startsAt: NOW, endsAt: after(1) }).answer, 'dial');
  t.match(at({ startsAt: after(1) }), { answer: 'wait', why: 'campaign_not_running' });
  t.match(at({ endsAt: NOW }), { answer: 'wait', why: 'campaign_not_running' });
});

t.test('a verdict as it is kept', async (t) => {
  const at = NOW.toISOString();
  t.strictSame(storedVerdict({ answer: 'dial' }, NOW), { answer: 'dial', at });
  t.strictSame(storedVerdict({ answer: 'drop', why: 'suppressed' }, NOW), { answer: 'drop', why: 'suppressed', at });
  t.strictSame(storedVerdict({ answer: 'wait', why: 'no_credit', until: after(60_000) }, NOW), {
    answer: 'wait',
    why: 'no_credit',
    at,
    until: '2025-06-11T12:01:00.000Z',
  });
});

t.test('the hours are those of the moment when its turn comes', async (t) => {
  const hours = { windows: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '09:00', end: '12:00' }], zones: ['UTC'], holidays: [] };
  const before = new Date('2025-06-11T11:59:59.500Z');
  const at = (paceOpensAt: Date) =>
    gate({ ...FREE, campaign: undefined, carrierPausedUntil: undefined, dueAt: before, hours, paceOpensAt }, before);
  t.strictSame(at(before), { answer: 'dial' });
  t.strictSame(at(NOW), { answer: 'wait', why: 'outside_hours', until: new Date('2025-06-12T09:00:00.000Z') });
});

t.test('credit that is only spoken for comes back soon', async (t) => {
  const waitMs = (credit: Pick<GateFacts['credit'], 'balance' | 'held'>) => {
    const verdict = gate({ ...FREE, credit: { ...credit, needed: 0.05, autoRefill: false } }, NOW);
    return verdict.answer === 'wait' && verdict.why === 'no_credit' ? verdict.until.getTime() - NOW.getTime() : undefined;
  };
  t.ok((waitMs({ balance: 1, held: 1 }) ?? Infinity) < (waitMs({ balance: 0, held: 0 }) ?? 0));
});
