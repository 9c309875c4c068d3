/**
 * Two campaigns of an account of their own: one that an AI agent talks for, with leads that come while it runs, a pause, and
 * callees who sleep; and one that people talk for, who come and go. They are opened while all is well.
 */
import type postgres from 'postgres';
import { type Client, insertRetryRules } from './accounts.ts';
import { type CampaignPlan, type PlannedLead, type PlannedLeads, STAFF, WORKING_PHONES } from './campaign-plan.ts';
import { ask, outcomeOf, type Reply } from './client.ts';
import type { Fleet } from './fleet.ts';
import { type Listener, openListener } from './listener.ts';
import type { AskedCampaign, Promised } from './promised.ts';
import { at, insist, insistToTheEnd, type Work } from './work.ts';

export interface Campaigns {
  ai: AskedCampaign;
  people: AskedCampaign;
  listener: Listener;
}

const PASSWORD = 'SecurePassword123!';
/** Of the AI campaign's calls so many ring at once: some are always left in line. */
const AI_MAX_CALLS = 4;
const WRAP_UP_SECONDS = 1;

/** A zone where it is noon, and one where it is midnight, in the half hour in which a run takes place. Etc/GMT signs are reversed. */
export function zonesAt(now: Date): { open: string; shut: string } {
  const offset = (wanted: number) => ((wanted - now.getUTCHours() + 36) % 24) - 12;
  const name = (hours: number) => (hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`);
  return { open: name(offset(12)), shut: name(offset(0)) };
}

export async function openCampaigns(
  fleet: Fleet,
  sql: postgres.Sql,
  { token, tenantId, agentId }: Client,
  plan: CampaignPlan,
  promised: Promised,
): Promise<Campaigns> {
  const send = async (method: string, path: string, json: unknown): Promise<{ id: number; user: { id: number } }> => {
    const reply = await ask(`${fleet.url}/api${path}`, method, { token, json });
    if (outcomeOf(reply) !== 'accepted') throw new Error(`${path} answered ${reply.status ?? 'nothing'}: ${JSON.stringify(reply.body)}`);
    return reply.body.data as { id: number; user: { id: number } };
  };
  const listener = await openListener(promised.heard);
  await send('POST', '/webhooks', { url: listener.url, events: ['call.started', 'call.ended', 'campaign.completed', 'lead.updated'] });
  const schedule = { workingHours: { start: '09:00', end: '18:00' } };
  const ai = await send('POST', '/campaigns', {
    name: 'An AI agent talks',
    agentId,
    settings: { maxAttempts: plan.ai.maxAttempts, maxCalls: AI_MAX_CALLS },
    schedule,
  });
  for (const [n, name] of STAFF.entries()) {
    const { user } = await send('POST', '/auth/register', { email: `${name}@example.com`, password: PASSWORD, name, role: 'agent' });
    const sip = { extension: String(100 + n), sipUsername: name, sipPassword: PASSWORD };
    const person = await send('POST', '/agents', { userId: user.id, ...sip });
    await insertRetryRules(sql, { tenantId, agentId: person.id });
    promised.people.push(person.id);
  }
  const [first, ...others] = promised.people;
  const people = await send('POST', '/campaigns', {
    name: 'People talk',
    agentId: first,
    settings: { dialingMode: 'predictive', dialRatio: 2, maxAttempts: plan.people.maxAttempts, callDelay: WRAP_UP_SECONDS },
    schedule,
  });
  await send('PUT', `/campaigns/${people.id}/agents`, { agentIds: others });
  const opened = (kind: AskedCampaign['kind'], { id }: { id: number }, maxAttempts: number): AskedCampaign => {
    const campaign = { campaignId: id, kind, maxAttempts, leads: [], pauses: [] };
    promised.campaigns.push(campaign);
    return campaign;
  };
  return { ai: opened('ai', ai, plan.ai.maxAttempts), people: opened('people', people, plan.people.maxAttempts), listener };
}

/** Resolves when all that was planned for both has been asked. */
export async function runCampaigns(work: Work, { ai, people }: Campaigns): Promise<void> {
  const { plan } = work;
  await Promise.all([
    addLeads(work, ai, plan.campaigns.ai),
    addLeads(work, people, plan.campaigns.people),
    pauseAndResume(work, ai),
    ...plan.campaigns.people.shifts.map((shifts, n) => workShifts(work, n, shifts)),
  ]);
}

const request = ({ fleet, clients }: Work, method: string, path: string, what: { json?: unknown; form?: FormData } = {}): Promise<Reply> =>
  ask(`${fleet.url}/api${path}`, method, { token: clients.campaigns.token, ...what });

function refuse(what: string, { status, body }: Reply): never {
  throw new Error(`${what} was refused with ${status}: ${JSON.stringify(body)}`);
}

async function addLeads(work: Work, campaign: AskedCampaign, { files, singles }: PlannedLeads): Promise<void> {
  await Promise.all([
    ...files.map(({ askMs, leads }) => at(work, askMs, () => upload(work, campaign, leads))),
    ...singles.map((lead) => at(work, lead.askMs, () => addLead(work, campaign, lead))),
  ]);
}

const zoneOf = (work: Work, { isShut }: PlannedLead) => zonesAt(new Date(work.startMs))[isShut ? 'shut' : 'open'];

/** Sent again, a file counts what was taken before as duplicates. */
async function upload(work: Work, campaign: AskedCampaign, leads: readonly PlannedLead[]): Promise<void> {
  const askedAtMs = Date.now();
  const csv = ['phone,timezone', ...leads.map((lead) => `${lead.to},${zoneOf(work, lead)}`)].join('\n');
  const taken = await insist(work, async () => {
    const form = new FormData();
    form.set('campaignId', String(campaign.campaignId));
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'leads.csv');
    const reply = await request(work, 'POST', '/leads/bulk-upload', { form });
    if (outcomeOf(reply) === 'refused') refuse('A good file of leads', reply);
    return outcomeOf(reply) === 'accepted' || undefined;
  });
  const outcome = taken ? ('accepted' as const) : ('unsure' as const);
  const told = { outcome, leadId: undefined, askedAtMs, answeredAtMs: Date.now() };
  for (const { to, isShut } of leads) campaign.leads.push({ phone: to, isShut, ...told });
}

async function addLead(work: Work, campaign: AskedCampaign, lead: PlannedLead): Promise<void> {
  const { to, isShut, parting } = lead;
  const askedAtMs = Date.now();
  let isSent = false;
  const id = await insist<number | 'taken before'>(work, async () => {
    const json = { campaignId: campaign.campaignId, phoneNumber: to, timezone: zoneOf(work, lead) };
    const reply = await request(work, 'POST', '/leads', { json });
    if (reply.status === 409 && isSent) return 'taken before';
    isSent = true;
    if (outcomeOf(reply) === 'refused') refuse('A good lead', reply);
    return outcomeOf(reply) === 'accepted' ? Number(reply.body.data.id) : undefined;
  });
  const leadId = typeof id === 'number' ? id : undefined;
  campaign.leads.push({
    phone: to,
    isShut,
    outcome: id === undefined ? 'unsure' : 'accepted',
    leadId,
    askedAtMs,
    answeredAtMs: Date.now(),
  });
  if (leadId !== undefined && parting) await at(work, parting.askMs, () => part(work, leadId, parting.how));
}

async function part(work: Work, leadId: number, how: 'deleted' | 'not_interested'): Promise<void> {
  let isSent = false;
  await insist(work, async () => {
    const gone = how === 'deleted';
    const reply = await request(work, gone ? 'DELETE' : 'PUT', `/leads/${leadId}`, gone ? {} : { json: { status: how } });
    const { status, answeredAtMs } = reply;
    // it was done by a request that nobody answered
    const isDone = outcomeOf(reply) === 'accepted' || (status === 404 && gone && isSent);
    isSent = true;
    if (outcomeOf(reply) === 'refused' && !isDone && status !== 409) refuse('A good word about a lead', reply);
    if (!isDone) return undefined;
    work.promised.partings.push({ leadId, how, answeredAtMs });
    return true;
  });
}

async function pauseAndResume(work: Work, campaign: AskedCampaign): Promise<void> {
  const { pauseMs, resumeMs } = work.plan.campaigns.ai;
  const path = `/campaigns/${campaign.campaignId}`;
  const pause = { answeredAtMs: Infinity, resumeAskedAtMs: Infinity };
  await at(work, pauseMs, async () => {
    await insist(work, async () => {
      const { status, answeredAtMs } = await request(work, 'PUT', path, { json: { status: 'paused' } });
      if (status === 200) pause.answeredAtMs = answeredAtMs;
      // 409: it had nothing left to do, and is completed
      return status === 200 || status === 409 || undefined;
    });
  });
  if (pause.answeredAtMs < Infinity) campaign.pauses.push(pause);
  // however long the answer to the pause took, it lasts
  const leastMs = pause.answeredAtMs < Infinity ? pause.answeredAtMs + LEAST_PAUSE_MS - work.startMs : 0;
  await at(work, Math.max(resumeMs, leastMs), async () => {
    pause.resumeAskedAtMs = Date.now();
    await insistToTheEnd(async () => {
      const { status } = await request(work, 'PUT', path, { json: { status: 'active' } });
      return status === 200 || status === 409 || undefined;
    });
  });
}

const LEAST_PAUSE_MS = 2500;

/** One person's day. A wish that is not answered is not repeated, but the last one is: with a phone that works they take calls. */
async function workShifts(work: Work, n: number, shifts: CampaignPlan['people']['shifts'][number]): Promise<void> {
  const { promised, plan } = work;
  const wish = (state: string) => request(work, 'PUT', `/agents/${promised.people[n]}/status`, { json: { status: state } });
  for (const { askMs, state } of shifts) {
    await at(work, askMs, async () => {
      const reply = await wish(state);
      if (outcomeOf(reply) === 'refused') refuse(`The state ${state}`, reply);
    });
  }
  if (n >= WORKING_PHONES) return;
  await at(work, plan.campaigns.people.allInMs, async () => {
    await insistToTheEnd(async () => outcomeOf(await wish('available')) === 'accepted' || undefined);
  });
}
