import { isTerminal } from '../../../core/call.ts';
import type { DeliveryRow } from '../campaign-evidence.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import type { Violation } from './violation.ts';

/** A request that adds a lead and the end of its campaign may cross. */
const CROSSING_MS = 1000;
/** Ends that only a phone that rang comes to. */
const RANG = new Set<string>(['completed', 'voicemail', 'abandoned', 'no_answer']);

/**
 * C7: the account that listens is told of every call's beginning and end once, of a campaign's end as often as it came to one, and
 * of nothing that is not so; and what counts as delivered was heard.
 */
export function judgeEvents({ evidence, calls }: Case): Violation[] {
  const found: Violation[] = [];
  const fail = (detail: string, callId?: number) => found.push({ rule: 'C7', promise: 6, detail, callId });
  const bySubject = groupBy(evidence.deliveries, ({ type, subjectId }) => `${type} ${subjectId}`);
  const tenantId = evidence.promised.tenants.campaigns;
  for (const facts of calls.values()) {
    if (facts.row.tenantId !== tenantId) continue;
    const count = (type: string, expected: number) => {
      const told = bySubject.get(`${type} ${facts.row.id}`)?.length ?? 0;
      if (told !== expected) fail(`${type} was told ${told} times of a call that is ${facts.row.status}`, facts.row.id);
    };
    count('call.started', hasBegun(facts) ? 1 : 0);
    count('call.ended', isTerminal(facts.row.status) ? 1 : 0);
  }
  for (const campaign of evidence.promised.campaigns) {
    const told = bySubject.get(`campaign.completed ${campaign.campaignId}`) ?? [];
    const row = evidence.campaigns.find(({ id }) => id === campaign.campaignId);
    told.forEach((event, index) => {
      if (event.totalLeads !== event.completedLeads)
        fail(`campaign ${campaign.campaignId} completed with ${event.completedLeads} of ${event.totalLeads} leads done`);
      const before = told[index - 1];
      if (before && !campaign.leads.some((lead) => isBetween(lead, before, event))) {
        fail(`campaign ${campaign.campaignId} completed twice, and no lead came in between`);
      }
    });
    if (row?.status === 'completed' && told.length === 0) fail(`campaign ${campaign.campaignId} is completed and nobody was told`);
  }
  const heard = new Set(evidence.promised.heard.map(({ eventId }) => eventId));
  const written = new Set(evidence.deliveries.map(({ eventId }) => eventId));
  for (const { eventId, type, status, subjectId } of evidence.deliveries) {
    if (status === 'delivered' && !heard.has(eventId)) fail(`${type} of ${subjectId} counts as delivered and was not heard`);
    if (status === 'dead') fail(`${type} of ${subjectId} was given up`);
  }
  for (const { eventId, type } of evidence.promised.heard) if (!written.has(eventId)) fail(`${type} was heard and nobody wrote it down`);
  return found;
}

function hasBegun({ row, events }: Facts): boolean {
  return RANG.has(row.status) || events.some(({ type }) => type === 'ring' || type === 'answer');
}

function isBetween(lead: { askedAtMs: number; answeredAtMs: number }, before: DeliveryRow, event: DeliveryRow): boolean {
  return lead.answeredAtMs + CROSSING_MS >= before.createdAtMs && lead.askedAtMs <= event.createdAtMs;
}
