import { isTerminal } from '../../../core/call.ts';
import type { CampaignRow, ContactRow } from '../campaign-evidence.ts';
import type { AskedCampaign, AskedLead } from '../promised.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import type { Rule, Violation } from './violation.ts';

/** What the campaign's word holds for: what is claimed may reach the phone that much later, when nobody is struck (issue: "within 2 s"). */
const PAUSE_MS = 2000;

type Fail = (rule: Rule, promise: number, detail: string, callId?: number) => void;

/**
 * Every lead of a campaign is accounted for (C1, C2, C3), was dialed no more often than allowed by rows and by the ring log (I10),
 * and not while its campaign was paused or after it was taken out (I7); and the counts of campaigns are those of the rows (I15).
 */
export function judgeCampaigns(found: Case): Violation[] {
  const violations: Violation[] = [];
  const fail: Fail = (rule, promise, detail, callId) => violations.push({ rule, promise, detail, callId });
  const byContact = groupBy([...found.calls.values()], ({ row }) => row.contactId);
  for (const asked of found.evidence.promised.campaigns) {
    const campaign = found.evidence.campaigns.find(({ id }) => id === asked.campaignId);
    if (!campaign) {
      fail('C1', 1, `campaign ${asked.campaignId} is gone`);
      continue;
    }
    const contacts = found.evidence.contacts.filter(({ campaignId }) => campaignId === campaign.id);
    judgeLeads(found, asked, contacts, fail);
    for (const contact of contacts) {
      const calls = (byContact.get(contact.id) ?? []).sort((a, b) => a.row.retryAttempt - b.row.retryAttempt);
      judgeDials(campaign, contact, calls, fail);
      if (found.evidence.quiet) judgeRest(found, campaign, contact, calls, fail);
    }
    const own = [...found.calls.values()].filter((facts) => facts.row.campaignId === campaign.id);
    for (const pause of asked.pauses) for (const facts of own) judgePause(found, pause, facts, fail);
    judgeCounts(found, campaign, contacts, own, fail);
  }
  judgePartings(found, byContact, fail);
  return violations;
}

/** C1. Of a lead whose request was not answered nobody knows; but it is one contact at most. */
function judgeLeads({ evidence }: Case, asked: AskedCampaign, contacts: readonly ContactRow[], fail: Fail): void {
  const byPhone = groupBy(contacts, ({ phone }) => phone);
  const wrong = (lead: AskedLead, detail: string) => fail('C1', 1, `lead ${lead.phone} of campaign ${asked.campaignId} ${detail}`);
  for (const lead of asked.leads) {
    const rows = byPhone.get(lead.phone) ?? [];
    if (rows.length > 1) wrong(lead, `is ${rows.length} contacts`);
    if (rows.length === 0 && lead.outcome === 'accepted') wrong(lead, 'was taken and is gone');
    if (lead.leadId !== undefined && rows.every(({ id }) => id !== lead.leadId)) wrong(lead, `was told to be ${lead.leadId}`);
    const parted = evidence.promised.partings.find(({ how, leadId }) => how === 'deleted' && leadId === lead.leadId);
    if (parted && rows.some(({ isDeleted }) => !isDeleted)) wrong(lead, 'was deleted and is there');
  }
  const known = new Set(asked.leads.map(({ phone }) => phone));
  for (const { id, phone } of contacts) if (!known.has(phone)) fail('C1', 1, `nobody asked for contact ${id} (${phone})`);
}

/** I10, and I2 for the number of attempts. A retry by hand may exceed the limit; nobody asks for one here. */
function judgeDials(campaign: CampaignRow, contact: ContactRow, calls: readonly Facts[], fail: Fail): void {
  const who = `contact ${contact.id} (${contact.phone})`;
  const roots = calls.filter(({ row }) => row.originalCallId === null && !wasTakenBack(contact, row));
  if (roots.length > 1) fail('I2', 2, `${who} was put in line ${roots.length} times`, roots[1]?.row.id);
  const dials = calls.filter(isDial).length;
  const rings = calls.reduce((sum, facts) => sum + facts.rings.length, 0);
  if (dials > campaign.maxAttempts) fail('I10', 2, `${who} was dialed ${dials} times, ${campaign.maxAttempts} are allowed`);
  if (rings > campaign.maxAttempts) fail('I10', 2, `${who} rang ${rings} times, ${campaign.maxAttempts} are allowed`);
  if (rings > dials) fail('I2', 2, `${who} rang ${rings} times for ${dials} dials`);
}

/** Its campaign was over before anybody had begun to dial it, so that its contact was put in line again later. */
function wasTakenBack({ rootCallId }: ContactRow, { id, status }: Facts['row']): boolean {
  return status === 'cancelled' && id !== rootCallId;
}

function isDial({ row }: Facts): boolean {
  return row.claimedAtMs !== null && row.status !== 'cancelled' && (row.verdict?.answer ?? 'dial') === 'dial';
}

/** C2, C3: at rest a contact is done with the end of its last call, or waits for a reason that holds, or is out of it. */
function judgeRest({ evidence }: Case, campaign: CampaignRow, contact: ContactRow, calls: readonly Facts[], fail: Fail): void {
  const who = `contact ${contact.id} (${contact.phone})`;
  const last = calls.at(-1);
  const dials = calls.filter(isDial).length;
  if (contact.attempts !== dials) fail('C2', 1, `${who} says ${contact.attempts} dials, and ${dials} were made`, last?.row.id);
  const isOpenChain = last !== undefined && (!isTerminal(last.row.status) || last.row.retryOpen);
  if (contact.isDeleted) {
    if (contact.dialState !== 'idle') fail('C2', 1, `${who} is deleted and ${contact.dialState}`);
    if (isOpenChain) fail('C2', 1, `${who} is deleted, and its call is ${last.row.status}`, last.row.id);
    return;
  }
  switch (contact.dialState) {
    case 'idle':
      return fail('C2', 1, `${who} is idle in a campaign`);
    case 'in_line':
      // that one waits for a reason is judged with the call (I1)
      return isOpenChain ? undefined : fail('C3', 1, `${who} is in line, and its last call is ${last?.row.status ?? 'none'}`, last?.row.id);
    case 'waiting': {
      const isShut = isAsleep(evidence.promised.campaigns, contact) && contact.nextAttemptAtMs > evidence.atMs;
      if (campaign.status === 'completed') fail('C2', 1, `${who} waits in a campaign that is completed`);
      else if (!isShut && campaign.status === 'active') fail('C2', 1, `${who} waits without a reason`);
      return;
    }
    case 'done': {
      const expected = resultOf(contact, calls);
      if (isOpenChain) fail('C2', 1, `${who} is done, and its last call is ${last.row.status}`, last.row.id);
      if (contact.result !== expected) fail('C2', 1, `${who} is done as ${contact.result}, its calls say ${expected}`, last?.row.id);
    }
  }
}

function isAsleep(campaigns: readonly AskedCampaign[], { phone }: ContactRow): boolean {
  return campaigns.some(({ leads }) => leads.some((lead) => lead.isShut && lead.phone === phone));
}

function resultOf({ status }: ContactRow, calls: readonly Facts[]): string {
  const last = calls.at(-1);
  if (!last) return status;
  if (last.row.status === 'failed' && last.row.verdict?.answer === 'drop') return last.row.verdict.why ?? 'failed';
  if (last.row.status !== 'cancelled') return last.row.status;
  return calls.filter(isDial).at(-1)?.row.status ?? 'cancelled';
}

/**
 * I7: nothing is claimed by who began to look after the pause was answered. What was claimed before may ring a little later: within
 * two seconds where nothing was struck, which shows in how long it took from the claim; never later than the worker's own bounds.
 */
function judgePause({ placingMs }: Case, pause: AskedCampaign['pauses'][number], { row, claimsMs, rings }: Facts, fail: Fail): void {
  const within = (ms: number, afterMs: number) => ms > pause.answeredAtMs + afterMs && ms < pause.resumeAskedAtMs;
  const claimed = claimsMs.find((ms) => within(ms, 0));
  if (claimed !== undefined) {
    fail('I7', 3, `was claimed ${Math.round(claimed - pause.answeredAtMs)} ms after its campaign was paused`, row.id);
    return;
  }
  const rang = rings.find((ring) => within(ring.atMs, PAUSE_MS) && !claimsMs.some((ms) => ring.atMs - ms <= placingMs && ms <= ring.atMs));
  if (rang) fail('I7', 3, `rang ${Math.round(rang.atMs - pause.answeredAtMs)} ms after its campaign was paused`, row.id);
}

/** I7: from the answer on, who was deleted or is not interested is not dialed, nor tried again. */
function judgePartings({ evidence }: Case, byContact: ReadonlyMap<number | null, Facts[]>, fail: Fail): void {
  for (const { leadId, how, answeredAtMs } of evidence.promised.partings) {
    for (const { row, claimsMs } of byContact.get(leadId) ?? []) {
      const late = claimsMs.find((ms) => ms > answeredAtMs);
      if (late !== undefined) fail('I7', 3, `was claimed ${Math.round(late - answeredAtMs)} ms after its contact was ${how}`, row.id);
    }
  }
}

/** I15: the counters of a campaign are its contacts', counted; its days are its dials', counted. I22: who abandons too many takes no risk. */
function judgeCounts(
  { evidence }: Case,
  campaign: CampaignRow,
  contacts: readonly ContactRow[],
  calls: readonly Facts[],
  fail: Fail,
): void {
  const own = contacts.filter(({ isDeleted }) => !isDeleted);
  const done = own.filter(({ dialState }) => dialState === 'done');
  const equal = (what: string, told: number, counted: number) => {
    if (told !== counted) fail('I15', 6, `campaign ${campaign.id} says ${told} ${what}, and ${counted} are counted`);
  };
  equal('contacts', campaign.totalContacts, own.length);
  equal('completed contacts', campaign.completedContacts, done.length);
  equal('successful contacts', campaign.successfulContacts, done.filter(({ result }) => result === 'completed').length);
  if (!evidence.quiet) return;
  const dialed = calls.filter((facts) => isDial(facts) && isTerminal(facts.row.status));
  const abandoned = dialed.filter(({ row }) => row.abandonedAtMs !== null || row.status === 'abandoned');
  equal('dials', campaign.dials, dialed.length);
  equal('completed calls', campaign.completed, dialed.filter(({ row }) => row.status === 'completed').length);
  equal('abandoned calls', campaign.abandoned, abandoned.length);
  if (campaign.overdial > 0 && campaign.abandoned > MOST_ABANDONED * campaign.answered) {
    fail(
      'I22',
      3,
      `campaign ${campaign.id} abandoned ${campaign.abandoned} of ${campaign.answered} and dials ${campaign.overdial} lines too many`,
    );
  }
  const isLeft = own.some(({ dialState }) => dialState === 'waiting' || dialState === 'in_line');
  if (own.length > 0 && (campaign.status === 'completed') === isLeft)
    fail('C2', 1, `campaign ${campaign.id} is ${campaign.status}, ${isLeft ? 'with' : 'without'} contacts to call`);
}

const MOST_ABANDONED = 0.03;
