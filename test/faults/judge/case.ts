/** The evidence, sorted: each row with its events, its rings, its charges. */
import type { CampaignRow } from '../campaign-evidence.ts';
import type { CallRow, Evidence, EventRow, LedgerRow, TenantRow } from '../evidence.ts';

export interface Ring {
  to: string;
  sid: string;
  atMs: number;
  /** Infinity while it goes on */
  endMs: number;
  answered: boolean;
  status: string;
}

export interface Facts {
  row: CallRow;
  tenant: TenantRow;
  /** that it is made for, if any */
  campaign: CampaignRow | undefined;
  events: EventRow[];
  /** moments of its claims */
  claimsMs: number[];
  rings: Ring[];
  charges: LedgerRow[];
}

export interface Case {
  evidence: Evidence;
  calls: Map<number, Facts>;
  /** rings that no claim of any row explains */
  orphans: Ring[];
  /** how long after its claim a request may still reach the carrier: the worker's own bounds and the time-out of the request */
  placingMs: number;
}

/** The pace's patience and the age at which a claim is stale, of service/dial.ts, and a margin. */
const LONGEST_BEFORE_REQUEST_MS = 1000 + 5000 + 1000;
/** Script seconds in the carrier's queue before it rings, and clocks of milliseconds. */
const CLOCK_SLACK_MS = 1000;

export function openCase(evidence: Evidence): Case {
  const tenants = new Map(evidence.tenants.map((tenant) => [tenant.id, tenant]));
  const campaigns = new Map(evidence.campaigns.map((campaign) => [campaign.id, campaign]));
  const events = groupBy(evidence.events, (event) => event.callId);
  const charges = groupBy(
    evidence.ledger.filter((entry) => entry.kind === 'charge' && entry.callId !== null),
    (entry) => entry.callId as number,
  );
  const calls = new Map<number, Facts>();
  for (const row of evidence.calls) {
    const own = events.get(row.id) ?? [];
    const tenant = tenants.get(row.tenantId);
    if (!tenant) throw new Error(`Call ${row.id} has no tenant`);
    const claimsMs = own.filter((event) => event.type === 'claim').map((event) => event.atMs);
    const campaign = row.campaignId === null ? undefined : campaigns.get(row.campaignId);
    calls.set(row.id, { row, tenant, campaign, events: own, claimsMs, rings: [], charges: charges.get(row.id) ?? [] });
  }
  const placingMs = LONGEST_BEFORE_REQUEST_MS + evidence.settings.carrierTimeoutMs;
  return { evidence, calls, orphans: matchRings(evidence, calls), placingMs };
}

/** By the carrier's id, else to the latest claim of that number before the ring. Answers the rings that have no owner. */
function matchRings(evidence: Evidence, calls: Map<number, Facts>): Ring[] {
  const bySid = new Map([...calls.values()].map((facts) => [facts.row.carrierCallId, facts]));
  const byNumber = groupBy([...calls.values()], (facts) => facts.row.to);
  const orphans: Ring[] = [];
  for (const entry of evidence.rings) {
    const ring = {
      to: entry.to,
      sid: entry.sid,
      atMs: Date.parse(entry.at),
      endMs: entry.endedAt === null ? Infinity : Date.parse(entry.endedAt),
      answered: entry.answeredAt !== null,
      status: entry.status,
    };
    const owner = bySid.get(ring.sid) ?? latestClaim(byNumber.get(ring.to) ?? [], ring.atMs);
    if (owner) owner.rings.push(ring);
    else orphans.push(ring);
  }
  return orphans;
}

function latestClaim(rows: readonly Facts[], ringMs: number): Facts | undefined {
  let best: { facts: Facts; atMs: number } | undefined;
  for (const facts of rows) {
    for (const atMs of facts.claimsMs) if (atMs <= ringMs + CLOCK_SLACK_MS && (!best || atMs > best.atMs)) best = { facts, atMs };
  }
  return best?.facts;
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
