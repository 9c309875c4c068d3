/** The judge of the fault runs, judged: silent on a run in which all went well, and every rule speaks when its promise is broken. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PRIORITY } from '../../core/priority.ts';
import { PROJECT } from '../project.ts';
import type { CallRow, Evidence } from './evidence.ts';
import { cutOut, MUTATIONS } from './mutations.ts';
import { judge } from './judge.ts';
import { mostAtOnce } from './judge/caps.ts';
import { at, rollUp, START, tell } from './story.ts';

const [NORMAL, TINY, DRY, REFILL, HOURS, CAMPAIGNS] = [1, 2, 3, 4, 5, 6];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const FILE = 9;
/** A run in which everything that the judge looks at happened once, and rightly. */
function goodRun(): Evidence {
  const terms = {
    maxCalls: null,
    hoursPolicy: 'campaigns' as const,
    hours: null,
    balance: '10.000000',
    used: '0.000000',
    autoRefill: false,
  };
  const tenants: Evidence['tenants'] = [NORMAL, TINY, DRY, REFILL, HOURS, CAMPAIGNS].map((id) => ({ ...terms, id }));
  Object.assign(tenants[TINY - 1] ?? {}, { maxCalls: 1 });
  Object.assign(tenants[DRY - 1] ?? {}, { balance: '0.020000' });
  Object.assign(tenants[HOURS - 1] ?? {}, { hoursPolicy: 'all', hours: [{ days: EVERY_DAY, start: '09:00', end: '18:00' }] });
  const evidence: Evidence = {
    settings: { callsPerSecond: 40, carrierMaxCalls: 60, tenantMaxCalls: 40, watchdogSeconds: 2, carrierTimeoutMs: 1500 },
    backend: 'postgres',
    promised: {
      tenants: { normal: NORMAL, tiny: TINY, dry: DRY, refill: REFILL, hours: HOURS, campaigns: CAMPAIGNS },
      calls: [],
      imports: [],
      cancelled: [{ callId: 4, answeredAtMs: at(50) }],
      suppressed: [{ account: 'normal', to: '+12000050005', answeredAtMs: at(60) }],
      schedules: [{ scheduleId: 7, runs: 1 }],
      probes: [
        { promise: 7, what: 'GET', expected: [404], status: 404 },
        { promise: 8, what: 'POST', expected: [422], status: undefined },
      ],
      refusedTags: ['refused-0'],
      campaigns: [],
      partings: [],
      people: [],
      heard: [],
    },
    atMs: at(60_000),
    quiet: true,
    calls: [],
    events: [],
    slots: [],
    agentSlots: [],
    ledger: tenants.map(({ id, balance }) => ({
      tenantId: id,
      callId: null,
      kind: 'grant',
      component: null,
      amount: balance,
      atMs: START - 9000,
    })),
    tenants,
    imports: [{ id: FILE, tenantId: NORMAL, status: 'completed', totalRows: 26, processedRows: 26, successfulRows: 24, failedRows: 2 }],
    importErrors: [
      { importId: FILE, row: 4 },
      { importId: FILE, row: 8 },
    ],
    suppressions: [{ tenantId: NORMAL, phone: '+12000050005', createdAtMs: at(55) }],
    schedules: [{ id: 7, nextRunAtMs: at(86_400_000), isActive: true, businessHoursOnly: false }],
    retryRules: [{ agentId: NORMAL, outcome: 'busy', maxAttempts: 2, initialDelayMs: 3000, backoffMultiplier: 2 }],
    leases: [],
    firstMinuteCost: '0.020000',
    rings: [],
    requests: [],
    campaigns: [],
    contacts: [],
    people: [],
    states: [],
    deliveries: [],
  };
  tell(evidence, { id: 1, to: '+12000010005', status: 'completed', claimMs: 100, answered: true });
  tell(evidence, { id: 2, to: '+12000020001', status: 'busy', claimMs: 200 });
  const retry = { originalCallId: 2, retryAttempt: 1, context: 'call-2' };
  tell(evidence, { id: 3, to: '+12000020001', status: 'busy', claimMs: 4000, row: retry });
  tell(evidence, { id: 4, to: '+12000040005', status: 'cancelled' });
  const suppressed = { verdict: { answer: 'drop', why: 'suppressed', at: '' } as const, failureReason: 'Not dialed' };
  tell(evidence, { id: 5, to: '+12000050005', status: 'failed', row: suppressed });
  tell(evidence, {
    id: 6,
    tenantId: HOURS,
    to: '+12000060005',
    status: 'completed',
    claimMs: 300,
    answered: true,
    row: { timezone: 'Asia/Kolkata' },
  });
  const shut = { timezone: 'America/New_York', dueAtMs: at(7_200_000), verdict: { answer: 'wait', why: 'outside_hours', at: '' } as const };
  tell(evidence, { id: 7, tenantId: HOURS, to: '+12000070005', status: 'scheduled', row: shut });
  tell(evidence, { id: 8, tenantId: DRY, to: '+12000080005', status: 'completed', claimMs: 100, answered: true });
  const dry = { dueAtMs: at(90_000), verdict: { answer: 'wait', why: 'no_credit', at: '' } as const };
  tell(evidence, { id: 9, tenantId: DRY, to: '+12000090005', status: 'scheduled', row: dry });
  tell(evidence, { id: 10, tenantId: TINY, to: '+12000100004', status: 'voicemail', claimMs: 400, answered: true });
  tell(evidence, { id: 11, tenantId: TINY, to: '+12000110004', status: 'voicemail', claimMs: 700, answered: true });
  const fired = { scheduleId: 7, context: 'schedule-0' };
  tell(evidence, { id: 12, to: '+12000120005', status: 'completed', claimMs: 800, answered: true, row: fired });
  for (let n = 0; n < 24; n++) {
    const id = 100 + n;
    const priority = n < 12 ? PRIORITY.high : PRIORITY.low;
    const row = { importId: FILE, importRow: n + 2, priority, context: `row-${n}` };
    tell(evidence, { id, to: `+12001${id}0005`, status: 'completed', claimMs: 1000 + n * 25, answered: true, row });
  }
  const asked = evidence.calls.filter(({ id }) => id < 12 && id !== 3);
  const accounts = ['normal', 'tiny', 'dry', 'refill', 'hours'] as const;
  evidence.promised.calls = asked.map(({ id, to, tenantId, context }) => {
    return { tag: context ?? '', account: accounts[tenantId - 1] ?? 'normal', to, outcome: 'accepted', callId: id };
  });
  const good = evidence.calls.filter(({ importId }) => importId !== null);
  rollUp(evidence);
  evidence.promised.imports.push({
    account: 'normal',
    outcome: 'accepted',
    importId: FILE,
    good: good.map(({ context, to }) => ({ tag: context ?? '', account: 'normal', to, outcome: 'accepted', callId: undefined })),
    badRows: [4, 8],
    dueAtMs: START,
  });
  return evidence;
}

const call = (evidence: Evidence, id: number): CallRow => {
  const found = evidence.calls.find((row) => row.id === id);
  if (!found) throw new Error(`no call ${id}`);
  return found;
};
const ringOf = (evidence: Evidence, id: number) => {
  const found = evidence.rings.find(({ sid }) => sid === `CA${id}`);
  if (!found) throw new Error(`call ${id} has no ring`);
  return found;
};
const later = (iso: string, ms: number) => new Date(Date.parse(iso) + ms).toISOString();
const remove = <T>(list: T[], which: (item: T) => boolean) => list.splice(list.findIndex(which), 1);
/** Moves claim, ring and end of a call together. */
const move = (evidence: Evidence, id: number, ms: number) => {
  const row = call(evidence, id);
  Object.assign(row, { claimedAtMs: (row.claimedAtMs ?? 0) + ms, endedAtMs: (row.endedAtMs ?? 0) + ms });
  for (const event of evidence.events) if (event.callId === id) event.atMs += ms;
  const ring = ringOf(evidence, id);
  Object.assign(ring, { at: later(ring.at, ms), endedAt: ring.endedAt && later(ring.endedAt, ms) });
};

/** What is broken, the rule and the promise that must say so. */
const BROKEN: Array<[string, string, number, (evidence: Evidence) => void]> = [
  ['an accepted call is gone', 'I1', 1, (e) => remove(e.calls, ({ id }) => id === 1)],
  ['one request became two rows', 'I1', 1, (e) => e.calls.push({ ...call(e, 9), id: 50 })],
  ['a row that nobody asked for', 'I1', 1, (e) => e.calls.push({ ...call(e, 9), id: 50, context: 'surprise' })],
  ['another number than was asked for', 'I1', 1, (e) => Object.assign(call(e, 9), { to: '+12000099999' })],
  ['a row left under way', 'I1', 1, (e) => Object.assign(call(e, 9), { status: 'queued' })],
  ['a due row that nobody dials', 'I1', 1, (e) => Object.assign(call(e, 7), { dueAtMs: at(100), verdict: null })],
  ['a wait for hours that are open', 'I1', 1, (e) => Object.assign(call(e, 7), { timezone: 'Asia/Kolkata', dueAtMs: at(70_000) })],
  ['a wait for credit that is there', 'I1', 1, (e) => Object.assign(call(e, 9), { tenantId: REFILL })],
  ['failed without a ring or a reason', 'I1', 1, (e) => Object.assign(call(e, 5), { verdict: null, failureReason: 'our workers failed' })],
  ['a fleet that never rests', 'I20', 1, (e) => Object.assign(e, { quiet: false })],
  ['a row rang twice', 'I2', 2, (e) => e.rings.push({ ...ringOf(e, 1), sid: 'CA1b', at: later(ringOf(e, 1).at, 5000) })],
  ['a ring that no row claimed', 'I2', 2, (e) => e.rings.push({ ...ringOf(e, 1), sid: 'CA0', to: '+12099990005' })],
  ['completed without a ring', 'I2', 2, (e) => remove(e.rings, ({ sid }) => sid === 'CA1')],
  ['one number rang twice at the same time', 'I3', 2, (e) => Object.assign(ringOf(e, 2), { endedAt: later(ringOf(e, 3).at, 50) })],
  ['an end that the phone did not give', 'script', 6, (e) => Object.assign(call(e, 1), { status: 'busy' })],
  ['claimed outside the hours', 'I4', 3, (e) => Object.assign(call(e, 6), { timezone: 'America/New_York' })],
  ['rang long after the hours had ended', 'I4', 3, (e) => Object.assign(ringOf(e, 6), { at: later(ringOf(e, 6).at, 3_600_000) })],
  [
    'claimed after it was suppressed',
    'I5',
    3,
    (e) => e.promised.suppressed.push({ account: 'normal', to: '+12000010005', answeredAtMs: at(90) }),
  ],
  [
    'cancelled and rang all the same',
    'I7',
    3,
    (e) => Object.assign(call(e, 4), { carrierCallId: 'CA1' }) && Object.assign(call(e, 1), { carrierCallId: null }),
  ],
  ['a cancel was answered and nothing cancelled', 'I7', 3, (e) => Object.assign(call(e, 4), { status: 'scheduled', dueAtMs: at(90_000) })],
  ['a retry dialed after the cancel', 'I7', 3, (e) => e.promised.cancelled.push({ callId: 2, answeredAtMs: at(3000) })],
  ['more calls at once than the account may have', 'I6', 3, (e) => move(e, 11, -260)],
  ['more calls at once than the carrier takes', 'I6', 3, (e) => Object.assign(e.settings, { carrierMaxCalls: 1 })],
  ['claims ahead of the pace', 'I6', 3, (e) => Object.assign(e.settings, { callsPerSecond: 10 })],
  [
    'more requests in a second than the pace allows',
    'I6',
    3,
    (e) =>
      e.requests.push(
        ...Array.from({ length: 200 }, () => ({
          method: 'POST',
          path: '/Calls.json',
          to: null,
          at: new Date(START).toISOString(),
          status: 429,
        })),
      ),
  ],
  [
    'the patient before the urgent',
    'I8',
    4,
    (e) => e.calls.forEach((row) => row.importId && (row.priority = row.id < 112 ? PRIORITY.low : PRIORITY.high)),
  ],
  ['a gap between attempts', 'I10', 2, (e) => Object.assign(call(e, 3), { retryAttempt: 2 })],
  ['a retry before its pause was over', 'I10', 2, (e) => move(e, 3, -2500)],
  ['more dials than the rule allows', 'I10', 2, (e) => Object.assign(e.retryRules[0] ?? {}, { maxAttempts: 1 })],
  ['fewer dials than the rule asks for', 'I10', 2, (e) => Object.assign(e.retryRules[0] ?? {}, { maxAttempts: 3 })],
  ['a successful call tried again', 'I10', 2, (e) => Object.assign(call(e, 3), { originalCallId: 1 })],
  [
    'something moved what had ended',
    'I11',
    6,
    (e) => e.events.push({ callId: 1, type: 'refuse', from: 'completed', to: 'scheduled', atMs: at(900) }),
  ],
  ['a step that is none', 'I11', 6, (e) => Object.assign(e.events.find(({ type }) => type === 'claim') ?? {}, { type: 'wait' })],
  ['a change without its event', 'I13', 6, (e) => remove(e.events, ({ callId, type }) => callId === 1 && type === 'claim')],
  ['an end without its event', 'I13', 6, (e) => remove(e.events, ({ callId, type }) => callId === 1 && type === 'end')],
  ['a good row of a file twice', 'I14', 5, (e) => e.calls.push({ ...call(e, 105), id: 205, carrierCallId: null })],
  ['a good row of a file lost', 'I14', 5, (e) => remove(e.calls, ({ id }) => id === 105)],
  ['a bad row unreported', 'I14', 5, (e) => e.importErrors.pop()],
  ['an import that never ended', 'I14', 5, (e) => Object.assign(e.imports[0] ?? {}, { status: 'processing' })],
  ['counts of an import that do not add up', 'I14', 5, (e) => Object.assign(e.imports[0] ?? {}, { failedRows: 3 })],
  ['a balance that is not the sum', 'I15', 6, (e) => Object.assign(e.tenants[NORMAL - 1] ?? {}, { balance: '9' })],
  ['a component charged twice', 'I15', 6, (e) => e.ledger.push(e.ledger.find(({ callId }) => callId === 1) ?? fail())],
  ['answered and not charged', 'I15', 6, (e) => remove(e.ledger, ({ callId }) => callId === 1)],
  ['an ended call that is counted nowhere', 'I15', 6, (e) => remove(e.slots, () => true)],
  ['a call counted for an agent twice', 'I15', 6, (e) => (e.agentSlots[0] ?? fail()).calls++],
  ['costs that are not the calls’', 'I15', 6, (e) => Object.assign(e.slots[0] ?? {}, { cost: '99' })],
  ['counted in another hour', 'I15', 6, (e) => ((e.agentSlots[0] ?? fail()).slotMs += 900_000)],
  [
    'rows that verify finds broken',
    'C4',
    6,
    (e) => (e.verdicts = [{ rule: 'C4', promise: 6, says: '', count: 1, first: [{ subject: 'agent_1', detail: 'is in two calls' }] }]),
  ],
  ['charged and never answered', 'I15', 6, (e) => Object.assign(ringOf(e, 1), { answeredAt: null })],
  [
    'dialed without credit',
    'credit',
    3,
    (e) => e.ledger.forEach((entry) => entry.tenantId === DRY && entry.callId === null && (entry.amount = '0')),
  ],
  ['an account that owes', 'credit', 3, (e) => Object.assign(e.tenants[DRY - 1] ?? {}, { balance: '-1' })],
  ['a schedule that fired twice', 'schedule', 1, (e) => e.calls.push({ ...call(e, 12), id: 60, carrierCallId: null })],
  ['a schedule that never fired', 'schedule', 1, (e) => remove(e.calls, ({ id }) => id === 12)],
  ['a schedule without a next run', 'schedule', 1, (e) => Object.assign(e.schedules[0] ?? {}, { nextRunAtMs: at(0) })],
  ["another account's call was shown", 'I17', 7, (e) => Object.assign(e.promised.probes[0] ?? {}, { status: 200 })],
  ['nonsense was accepted', 'input', 8, (e) => Object.assign(e.promised.probes[1] ?? {}, { status: 201 })],
  ['nonsense became a row', 'input', 8, (e) => e.calls.push({ ...call(e, 9), id: 70, context: 'refused-0' })],
  ['a log with a number', 'I18', 7, (e) => Object.assign(e, { logs: 'dialing +12025550123' })],
];

function fail(): never {
  throw new Error('the good run lacks what this breaks');
}

t.test('a run in which all went well is judged well', async (t) => {
  t.same(judge(goodRun()), []);
});

t.test('requests without an answer may have been taken or not', async (t) => {
  const taken = goodRun();
  Object.assign(taken.promised.calls[0] ?? fail(), { outcome: 'unsure', callId: undefined });
  t.same(judge(taken), []);
  const lost = goodRun();
  lost.promised.calls.push({ tag: 'call-99', account: 'normal', to: '+12000990005', outcome: 'unsure', callId: undefined });
  t.same(judge(lost), []);
});

t.test('a ring whose answer was lost belongs to the claim before it', async (t) => {
  const evidence = goodRun();
  Object.assign(call(evidence, 2), { carrierCallId: null });
  t.same(judge(evidence), []);
});

for (const [what, rule, promise, breakIt] of BROKEN) {
  t.test(what, async (t) => {
    const evidence = goodRun();
    breakIt(evidence);
    const found = judge(evidence);
    t.ok(
      found.some((violation) => violation.rule === rule && violation.promise === promise),
      `${rule}, promise ${promise}, among ${JSON.stringify(found)}`,
    );
  });
}

t.test('calls at once', async (t) => {
  t.equal(mostAtOnce([]), 0);
  t.equal(
    mostAtOnce([
      [0, 10],
      [10, 20],
      [5, 15],
    ]),
    2,
    'an end makes room at its moment',
  );
});

t.test('every guard that the mutations cut out stands where they look for it, once', async (t) => {
  for (const mutation of MUTATIONS) {
    for (const file of new Set(mutation.cuts.map((cut) => cut.file))) {
      const text = readFileSync(join(PROJECT, file), 'utf8');
      t.not(cutOut(mutation, file, text), text, `${mutation.name} in ${file}`);
    }
  }
});
