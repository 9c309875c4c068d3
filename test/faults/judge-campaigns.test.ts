/** The judge of campaigns, judged: silent on two that went well, and every rule speaks when its promise is broken. */
import t from 'tap';
import type { CampaignRow, ContactRow } from './campaign-evidence.ts';
import type { CallRow, Evidence } from './evidence.ts';
import { judge } from './judge.ts';
import type { AskedCampaign } from './promised.ts';
import { at, rollUp, START, tell } from './story.ts';

const TENANT = 6;
const [AI, PEOPLE] = [1, 2];
const [AGENT, ANN, BOB] = [TENANT, 20, 21];
const HOURS = [{ days: [1, 2, 3, 4, 5, 6, 7], start: '09:00', end: '18:00' }];

/** 1 to 4 an AI agent's leads, 11 to 13 people's; each number ends in what its phone does. */
const numberOf = (contact: number, ending: string) => `+120000${String(contact).padStart(2, '0')}${ending}`;

interface Dialed {
  call: number;
  contact: number;
  campaign: number;
  ending: string;
  status: CallRow['status'];
  claimMs: number;
  answered?: boolean;
  row?: Partial<CallRow>;
}

function dial(evidence: Evidence, { call, contact, campaign, ending, row, ...end }: Dialed): void {
  const own = { campaignId: campaign, contactId: contact, agentId: AGENT, context: null, timezone: 'Africa/Abidjan' };
  tell(evidence, { id: call, tenantId: TENANT, to: numberOf(contact, ending), ...end, row: { ...own, ...row } });
  deliver(evidence, 'call.ended', call);
  if (end.status !== 'busy') deliver(evidence, 'call.started', call);
}

function deliver(evidence: Evidence, type: string, subjectId: number, counts?: { totalLeads: number; completedLeads: number }): void {
  const eventId = `${type} ${subjectId}`;
  const event = { eventId, type, subjectId, status: 'delivered', totalLeads: null, completedLeads: null, createdAtMs: at(9500), ...counts };
  evidence.deliveries.push(event);
  evidence.promised.heard.push({ eventId, type });
}

function contact(id: number, campaignId: number, ending: string, given: Partial<ContactRow> = {}): ContactRow {
  const done = { attempts: 1, dialState: 'done', result: 'completed', rootCallId: id, nextAttemptAtMs: START, isDeleted: false } as const;
  return { id, campaignId, phone: numberOf(id, ending), status: 'contacted', ...done, ...given };
}

function campaign(id: number, given: Partial<CampaignRow>): CampaignRow {
  const counts = { overdial: 0, totalContacts: 0, completedContacts: 0, successfulContacts: 0, completedAtMs: null };
  return { id, status: 'active', maxAttempts: 2, hours: HOURS, ...counts, dials: 0, answered: 0, abandoned: 0, completed: 0, ...given };
}

function goodRun(): Evidence {
  const tenant = { id: TENANT, maxCalls: null, hoursPolicy: 'campaigns' as const, hours: HOURS, autoRefill: false };
  const evidence: Evidence = {
    settings: { callsPerSecond: 40, carrierMaxCalls: 60, tenantMaxCalls: 40, watchdogSeconds: 2, carrierTimeoutMs: 1500 },
    backend: 'postgres',
    promised: {
      tenants: { normal: 1, tiny: 2, dry: 3, refill: 4, hours: 5, campaigns: TENANT },
      ...{ calls: [], imports: [], cancelled: [], suppressed: [], schedules: [], probes: [], refusedTags: [], campaigns: [], heard: [] },
      partings: [{ leadId: 4, how: 'deleted', answeredAtMs: at(6000) }],
      people: [ANN, BOB],
    },
    atMs: at(60_000),
    quiet: true,
    ...{ calls: [], events: [], imports: [], importErrors: [], suppressions: [], schedules: [], leases: [], rings: [], requests: [] },
    slots: [],
    agentSlots: [],
    ledger: [{ tenantId: TENANT, callId: null, kind: 'grant', component: null, amount: '10.000000', atMs: START - 9000 }],
    tenants: [{ ...tenant, balance: '10.000000', used: '0.000000' }],
    retryRules: [{ agentId: AGENT, outcome: 'busy', maxAttempts: 3, initialDelayMs: 1000, backoffMultiplier: 1 }],
    firstMinuteCost: '0.020000',
    campaigns: [
      campaign(AI, { totalContacts: 3, completedContacts: 2, successfulContacts: 1, dials: 3, answered: 1, completed: 1 }),
      campaign(PEOPLE, {
        ...{ status: 'completed', completedAtMs: at(9500), totalContacts: 3, completedContacts: 3, successfulContacts: 2 },
        ...{ dials: 3, answered: 3, abandoned: 1, completed: 2 },
      }),
    ],
    contacts: [
      contact(1, AI, '0005'),
      contact(2, AI, '0001', { attempts: 2, result: 'busy' }),
      contact(3, AI, '0005', { attempts: 0, dialState: 'waiting', result: null, rootCallId: null, nextAttemptAtMs: at(3_600_000) }),
      contact(4, AI, '0005', { attempts: 0, dialState: 'idle', result: null, rootCallId: null, isDeleted: true }),
      contact(11, PEOPLE, '0006'),
      contact(12, PEOPLE, '0006'),
      contact(13, PEOPLE, '0006', { result: 'abandoned' }),
    ],
    people: [ANN, BOB].map((id) => {
      return { id, state: 'available', stateSinceMs: at(9000), wrapUpUntilMs: null, currentCallId: null, sipUsername: `p${id}` };
    }),
    states: [],
    deliveries: [],
  };
  dial(evidence, { call: 1, contact: 1, campaign: AI, ending: '0005', status: 'completed', claimMs: 100, answered: true });
  dial(evidence, { call: 2, contact: 2, campaign: AI, ending: '0001', status: 'busy', claimMs: 200 });
  const retry = { originalCallId: 2, retryAttempt: 1 };
  dial(evidence, { call: 3, contact: 2, campaign: AI, ending: '0001', status: 'busy', claimMs: 8100, row: retry });
  const talk = { campaign: PEOPLE, ending: '0006', status: 'completed', answered: true } as const;
  const bridged = (ms: number) => ({ connectByMs: at(ms + 2000), bridgedAtMs: at(ms), agentId: ANN });
  dial(evidence, { ...talk, call: 11, contact: 11, claimMs: 300, row: bridged(350) });
  dial(evidence, { ...talk, call: 12, contact: 12, claimMs: 900, row: bridged(950) });
  const missed = { connectByMs: at(3600), abandonedAtMs: at(3600) };
  dial(evidence, { ...talk, call: 13, contact: 13, claimMs: 1500, status: 'abandoned', row: missed });
  for (const [state, callId] of [
    ['available', null],
    ['on_call', 11],
    ['wrap_up', 11],
    ['on_call', 12],
    ['available', 12],
  ] as const) {
    evidence.states.push({ agentId: ANN, state, callId, atMs: START });
  }
  for (const ring of evidence.rings) if (['CA11', 'CA12'].includes(ring.sid)) ring.connectedTo = 'sip:p20@x';
  deliver(evidence, 'campaign.completed', PEOPLE, { totalLeads: 3, completedLeads: 3 });
  evidence.promised.campaigns = [AI, PEOPLE].map((campaignId): AskedCampaign => {
    const own = evidence.contacts.filter((one) => one.campaignId === campaignId);
    const leads = own.map(({ id, phone }) => {
      return { phone, isShut: id === 3, outcome: 'accepted' as const, leadId: id, askedAtMs: START, answeredAtMs: at(10) };
    });
    const kind = campaignId === AI ? ('ai' as const) : ('people' as const);
    return {
      campaignId,
      kind,
      maxAttempts: 2,
      leads,
      pauses: campaignId === AI ? [{ answeredAtMs: at(5000), resumeAskedAtMs: at(8000) }] : [],
    };
  });
  rollUp(evidence);
  return evidence;
}

const found = <T extends { id: number }>(list: T[], id: number): T => {
  const one = list.find((item) => item.id === id);
  if (!one) throw new Error(`the good run has no ${id}`);
  return one;
};
const call = (e: Evidence, id: number) => found(e.calls, id);
const lead = (e: Evidence, id: number) => found(e.contacts, id);
const ringOf = (e: Evidence, id: number) => {
  const ring = e.rings.find(({ sid }) => sid === `CA${id}`);
  if (!ring) throw new Error(`call ${id} has no ring`);
  return ring;
};
const drop = <T>(list: T[], which: (item: T) => boolean) => list.splice(list.findIndex(which), 1);
const claimAt = (e: Evidence, id: number, ms: number) => {
  for (const event of e.events) if (event.callId === id && event.type === 'claim') event.atMs = at(ms);
};

const BROKEN: Array<[string, string, (evidence: Evidence) => void]> = [
  ['a lead that was taken is gone', 'C1', (e) => drop(e.contacts, ({ id }) => id === 3)],
  ['a lead that is two contacts', 'C1', (e) => e.contacts.push({ ...lead(e, 3), id: 30 })],
  ['a contact that nobody asked for', 'C1', (e) => e.contacts.push({ ...lead(e, 3), id: 30, phone: '+12999990005' })],
  ['a lead that was deleted and is there', 'C1', (e) => Object.assign(lead(e, 4), { isDeleted: false, dialState: 'waiting' })],
  ['a campaign that is gone', 'C1', (e) => drop(e.campaigns, ({ id }) => id === AI)],
  ['a result that the last call does not say', 'C2', (e) => Object.assign(lead(e, 2), { result: 'completed' })],
  ['fewer attempts than dials', 'C2', (e) => Object.assign(lead(e, 2), { attempts: 1 })],
  ['a contact that waits without a reason', 'C2', (e) => Object.assign(lead(e, 3), { nextAttemptAtMs: at(100) })],
  ['a contact that waits in a campaign that is completed', 'C2', (e) => Object.assign(lead(e, 12), { dialState: 'waiting', result: null })],
  ['done while its chain is open', 'C2', (e) => Object.assign(call(e, 3), { retryOpen: true })],
  ['a deleted contact with a call that waits', 'C2', (e) => e.calls.push({ ...call(e, 1), id: 40, contactId: 4, status: 'scheduled' })],
  ['completed with contacts left', 'C2', (e) => Object.assign(found(e.campaigns, AI), { status: 'completed' })],
  ['in line without an open chain', 'C3', (e) => Object.assign(lead(e, 1), { dialState: 'in_line', result: null })],
  ['put in line twice', 'I2', (e) => e.calls.push({ ...call(e, 1), id: 40, carrierCallId: null })],
  ['more dials than the campaign allows', 'I10', (e) => Object.assign(found(e.campaigns, AI), { maxAttempts: 1 })],
  ['fewer dials than the campaign asks for', 'I10', (e) => Object.assign(found(e.campaigns, AI), { maxAttempts: 3 })],
  ['more rings than the campaign allows', 'I10', (e) => [1, 2].forEach((n) => e.rings.push({ ...ringOf(e, 3), sid: `CAx${n}` }))],
  ['claimed in the pause', 'I7', (e) => claimAt(e, 3, 6000)],
  [
    'rang in the pause, long after its claim',
    'I7',
    (e) => {
      Object.assign(e.promised.campaigns[0]?.pauses[0] ?? {}, { resumeAskedAtMs: at(20_000) });
      claimAt(e, 3, 4000);
      Object.assign(ringOf(e, 3), { at: new Date(at(15_000)).toISOString(), endedAt: new Date(at(15_100)).toISOString() });
    },
  ],
  ['dialed after it was deleted', 'I7', (e) => Object.assign(call(e, 3), { contactId: 4 })],
  ['claimed where it is night', 'I4', (e) => Object.assign(call(e, 1), { timezone: 'Asia/Tokyo' })],
  ['contacts that are not counted', 'I15', (e) => Object.assign(found(e.campaigns, AI), { totalContacts: 4 })],
  ['ends that are not counted', 'I15', (e) => Object.assign(found(e.campaigns, PEOPLE), { completedContacts: 2 })],
  ['a success too many', 'I15', (e) => Object.assign(found(e.campaigns, AI), { successfulContacts: 2 })],
  ['dials that its days do not know', 'I15', (e) => Object.assign(found(e.campaigns, AI), { dials: 2 })],
  ['an abandoned call that its days do not know', 'I15', (e) => Object.assign(found(e.campaigns, PEOPLE), { abandoned: 0 })],
  ['a risk where too many were abandoned', 'I22', (e) => Object.assign(found(e.campaigns, PEOPLE), { overdial: 1 })],
  ['from one call into another', 'C4', (e) => drop(e.states, ({ state }) => state === 'wrap_up')],
  ['two callees at once', 'C4', (e) => Object.assign(ringOf(e, 11), { endedAt: new Date(at(1100)).toISOString() })],
  ['bound to a call that is over', 'C5', (e) => Object.assign(found(e.people, ANN), { state: 'on_call', currentCallId: 12 })],
  ['on call without a call', 'C5', (e) => Object.assign(found(e.people, ANN), { state: 'on_call' })],
  ['a wrap-up without an end', 'C5', (e) => Object.assign(found(e.people, ANN), { state: 'wrap_up', wrapUpUntilMs: at(10_000) })],
  ['answered, and nobody was there', 'C6', (e) => Object.assign(call(e, 11), { bridgedAtMs: null })],
  ['put through too late', 'C6', (e) => Object.assign(call(e, 11), { connectByMs: at(100) })],
  ['put through and counted as abandoned', 'C6', (e) => Object.assign(call(e, 13), { bridgedAtMs: at(1600), abandonedAtMs: null })],
  ['more lines than people', 'I6', (e) => Object.assign(e.promised, { people: [] })],
  ['an end that nobody was told of', 'C7', (e) => drop(e.deliveries, ({ type }) => type === 'call.ended')],
  ['a beginning told twice', 'C7', (e) => deliver(e, 'call.started', 1)],
  ['completed twice for nothing', 'C7', (e) => deliver(e, 'campaign.completed', PEOPLE, { totalLeads: 3, completedLeads: 3 })],
  ['completed and nobody told', 'C7', (e) => drop(e.deliveries, ({ type }) => type === 'campaign.completed')],
  ['delivered and not heard', 'C7', (e) => drop(e.promised.heard, () => true)],
  ['heard and not written down', 'C7', (e) => e.promised.heard.push({ eventId: 'x', type: 'call.ended' })],
];

t.test('two campaigns in which all went well are judged well', async (t) => {
  t.same(judge(goodRun()), []);
});

for (const [what, rule, breakIt] of BROKEN) {
  t.test(what, async (t) => {
    const evidence = goodRun();
    breakIt(evidence);
    const said = judge(evidence);
    t.ok(
      said.some((violation) => violation.rule === rule),
      `${rule} among ${JSON.stringify(said)}`,
    );
  });
}

t.test('a lead that comes when a campaign is completed lets it complete once more', async (t) => {
  const evidence = goodRun();
  deliver(evidence, 'campaign.completed', PEOPLE, { totalLeads: 3, completedLeads: 3 });
  const last = evidence.deliveries.at(-1);
  Object.assign(last ?? {}, { eventId: 'again', createdAtMs: at(20_000) });
  Object.assign(evidence.promised.heard.at(-1) ?? {}, { eventId: 'again' });
  Object.assign(evidence.promised.campaigns[1]?.leads[0] ?? {}, { askedAtMs: at(12_000), answeredAtMs: at(12_100) });
  t.same(judge(evidence), []);
});
