/** All that is left after a run: the rows, what the phone company saw, and what clients were told. Times are epoch ms. */
import { writeFile } from 'node:fs/promises';
import postgres from 'postgres';
import type { CallStatus } from '../../core/call.ts';
import type { StoredVerdict } from '../../core/gate.ts';
import type { CallingHours } from '../../core/time/window.ts';
import { openDb } from '../../db/client.ts';
import type { RingLogEntry } from '../../sandbox/ring-log.ts';
import type { RequestLogEntry } from '../../sandbox/request-log.ts';
import { type Verdict, verifyRows } from '../../service/verify.ts';
import { type CampaignEvidence, campaignsAtWork, readCampaignRows } from './campaign-evidence.ts';
import type { Fleet } from './fleet.ts';
import type { Promised } from './promised.ts';

export interface CallRow {
  id: number;
  tenantId: number;
  status: CallStatus;
  priority: 1 | 2 | 3;
  to: string;
  agentId: number;
  direction: string;
  campaignId: number | null;
  contactId: number | null;
  scheduleId: number | null;
  importId: number | null;
  importRow: number | null;
  originalCallId: number | null;
  retryAttempt: number;
  retryOpen: boolean;
  context: string | null;
  timezone: string | null;
  scheduledForMs: number | null;
  dueAtMs: number | null;
  heldUntilMs: number | null;
  queueRound: number;
  refusals: number;
  claimedAtMs: number | null;
  answeredAtMs: number | null;
  /** by when somebody had to be found for it, when it was put through to a person, when it was given up */
  connectByMs: number | null;
  bridgedAtMs: number | null;
  abandonedAtMs: number | null;
  endedAtMs: number | null;
  durationSeconds: number | null;
  carrierCallId: string | null;
  failureReason: string | null;
  cost: string | null;
  verdict: StoredVerdict | null;
  createdAtMs: number;
}

export interface EventRow {
  callId: number;
  type: string;
  from: CallStatus;
  to: CallStatus;
  atMs: number;
}

export interface LedgerRow {
  tenantId: number;
  callId: number | null;
  kind: string;
  component: string | null;
  amount: string;
  atMs: number;
}

export interface TenantRow {
  id: number;
  maxCalls: number | null;
  hoursPolicy: 'campaigns' | 'all';
  hours: CallingHours | null;
  balance: string;
  used: string;
  autoRefill: boolean;
}

export interface ImportRow {
  id: number;
  tenantId: number;
  status: string;
  totalRows: number;
  processedRows: number;
  successfulRows: number;
  failedRows: number;
}

/** Calls that ended within a quarter of an hour in one way; a direction of those of the account, an agent of those of one agent. */
export interface SlotRow {
  tenantId: number;
  slotMs: number;
  of: string;
  status: CallStatus;
  calls: number;
  durationSeconds: number;
  cost: string;
}

export interface RetryRule {
  agentId: number;
  outcome: string;
  maxAttempts: number;
  initialDelayMs: number;
  backoffMultiplier: number;
}

export interface Evidence extends CampaignEvidence {
  settings: Fleet['settings'];
  backend: Fleet['backend'];
  promised: Promised;
  /** when it was gathered */
  atMs: number;
  calls: CallRow[];
  events: EventRow[];
  ledger: LedgerRow[];
  /** the roll-ups: by direction and by agent */
  slots: SlotRow[];
  agentSlots: SlotRow[];
  tenants: TenantRow[];
  imports: ImportRow[];
  importErrors: Array<{ importId: number; row: number }>;
  suppressions: Array<{ tenantId: number | null; phone: string; createdAtMs: number }>;
  schedules: Array<{ id: number; nextRunAtMs: number | null; isActive: boolean; businessHoursOnly: boolean }>;
  retryRules: RetryRule[];
  /** places under the caps that are still held */
  leases: number[];
  /** an account without refill that has less than this rings nobody */
  firstMinuteCost: string;
  rings: RingLogEntry[];
  requests: RequestLogEntry[];
  /** false: the fleet did not come to rest in time, so what is unfinished is judged by I20 alone */
  quiet: boolean;
  /** what `dialfleet verify` says of the same rows */
  verdicts?: Verdict[];
  /** what the processes wrote, when it was kept */
  logs?: string;
}

/** How far off a moment is that a quiet fleet may be waiting for. */
const FAR = '30 seconds';

/** Nothing is under way or about to be: what still waits waits for a far moment, or for credit that will not come. */
export async function isQuiet(fleet: Fleet): Promise<boolean> {
  const rings = await readSandbox<RingLogEntry>(fleet, 'calls');
  if (rings.some((ring) => ring.endedAt === null)) return false;
  return withSql(fleet, async (sql) => {
    const [busy] = await sql`
      select 1 where exists (select from calls where status in ('queued', 'dialing', 'unknown', 'ringing', 'in_progress') or retry_open)
        or exists (select from calls where status = 'scheduled' and greatest(due_at, held_until) <= now() + ${FAR}::interval
                    and not exists (select from credit_accounts a where a.tenant_id = calls.tenant_id and not a.auto_refill
                                     and a.balance < (${firstMinute(sql)})))
        or ${campaignsAtWork(sql, FAR)}
        or exists (select from imports where kind = 'calls' and status in ('pending', 'processing'))
        or exists (select from schedules where is_active and cancelled_at is null and next_run_at <= now() + ${FAR}::interval)`;
    return busy === undefined;
  });
}

export async function gatherEvidence(fleet: Fleet, promised: Promised): Promise<Evidence> {
  const quiet = await isQuiet(fleet);
  const [rings, requests] = await Promise.all([readSandbox<RingLogEntry>(fleet, 'calls'), readSandbox<RequestLogEntry>(fleet, 'requests')]);
  const rows = await withSql(fleet, async (sql) => ({ ...(await readRows(sql)), ...(await readCampaignRows(sql)) }));
  const verdicts = await verdictsOf(fleet);
  const evidence = {
    settings: fleet.settings,
    backend: fleet.backend,
    promised,
    atMs: Date.now(),
    quiet,
    ...rows,
    verdicts,
    rings,
    requests,
  };
  // to judge the same run again, with a judge that was changed
  if (process.env.FAULTS_EVIDENCE) await writeFile(process.env.FAULTS_EVIDENCE, JSON.stringify(evidence));
  return evidence;
}

async function verdictsOf(fleet: Fleet): Promise<Verdict[]> {
  const db = openDb(fleet.databaseUrl, { max: 1, name: 'dialfleet judge' });
  try {
    return await verifyRows({ db }, { statementTimeoutMs: 30_000, patienceMs: 60_000 });
  } finally {
    await db.close();
  }
}

async function readRows(sql: postgres.Sql) {
  const ms = (column: string) => sql.unsafe(`(extract(epoch from ${column}) * 1000)::float8`);
  return {
    calls: await sql<CallRow[]>`
      select id::int, tenant_id::int as "tenantId", status, priority, to_number as "to", agent_id::int as "agentId", direction,
             campaign_id::int as "campaignId", contact_id::int as "contactId", ${ms('answered_at')} as "answeredAtMs",
             ${ms('connect_by')} as "connectByMs", ${ms('bridged_at')} as "bridgedAtMs", ${ms('abandoned_at')} as "abandonedAtMs",
             schedule_id::int as "scheduleId", import_id::int as "importId", import_row as "importRow",
             original_call_id::int as "originalCallId", retry_attempt as "retryAttempt", retry_open as "retryOpen", context, timezone,
             ${ms('scheduled_for')} as "scheduledForMs", ${ms('due_at')} as "dueAtMs", ${ms('held_until')} as "heldUntilMs",
             queue_round as "queueRound", refusals, ${ms('claimed_at')} as "claimedAtMs", ${ms('ended_at')} as "endedAtMs",
             duration_seconds as "durationSeconds", carrier_call_id as "carrierCallId", failure_reason as "failureReason", cost, verdict,
             ${ms('created_at')} as "createdAtMs"
        from calls order by id`,
    events: await sql<EventRow[]>`
      select call_id::int as "callId", type, from_status as "from", to_status as "to", ${ms('at')} as "atMs" from call_events order by id`,
    ledger: await sql<LedgerRow[]>`
      select tenant_id::int as "tenantId", call_id::int as "callId", kind, component, amount, ${ms('created_at')} as "atMs"
        from ledger_entries order by id`,
    slots: await sql<SlotRow[]>`
      select tenant_id::int as "tenantId", ${ms('slot')} as "slotMs", direction as of, status, calls, duration_seconds::int as "durationSeconds", cost
        from call_slots order by 1, 2, 3, 4`,
    agentSlots: await sql<SlotRow[]>`
      select tenant_id::int as "tenantId", ${ms('slot')} as "slotMs", agent_id::text as of, status, calls,
             duration_seconds::int as "durationSeconds", cost
        from agent_slots order by 1, 2, 3, 4`,
    tenants: await sql<TenantRow[]>`
      select t.id::int, t.max_calls as "maxCalls", t.calling_hours_policy as "hoursPolicy", t.calling_hours as hours,
             coalesce(a.balance, 0) as balance, coalesce(a.used, 0) as used, coalesce(a.auto_refill, false) as "autoRefill"
        from tenants t left join credit_accounts a on a.tenant_id = t.id order by t.id`,
    imports: await sql<ImportRow[]>`
      select id::int, tenant_id::int as "tenantId", status, total_rows as "totalRows", processed_rows as "processedRows",
             successful_rows as "successfulRows", failed_rows as "failedRows" from imports where kind = 'calls' order by id`,
    importErrors: await sql<Evidence['importErrors']>`
      select import_id::int as "importId", row from import_errors where severity = 'error' order by import_id, row`,
    suppressions: await sql<Evidence['suppressions']>`
      select tenant_id::int as "tenantId", phone, ${ms('created_at')} as "createdAtMs" from suppressions order by id`,
    schedules: await sql<Evidence['schedules']>`
      select id::int, ${ms('next_run_at')} as "nextRunAtMs", is_active as "isActive", business_hours_only as "businessHoursOnly"
        from schedules order by id`,
    retryRules: await sql<RetryRule[]>`
      select agent_id::int as "agentId", outcome, max_attempts as "maxAttempts", initial_delay_ms as "initialDelayMs",
             backoff_multiplier as "backoffMultiplier" from retry_rules`,
    firstMinuteCost: (await sql<Array<{ sum: string }>>`${firstMinute(sql)}`)[0]?.sum ?? '0',
    leases: (await sql<Array<{ id: number }>>`select call_id::int as id from capacity_leases where expires_at > now()`).map(({ id }) => id),
  };
}

/** What is held for a call before it is dialed: the first minute of all that is paid by the minute. */
function firstMinute(sql: postgres.Sql) {
  return sql`select sum(price) from rates where tenant_id = 0 and unit in ('started_minute', 'minute')`;
}

async function withSql<T>(fleet: Fleet, read: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await read(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function readSandbox<T>(fleet: Fleet, what: 'calls' | 'requests'): Promise<T[]> {
  const response = await fetch(`${fleet.sandboxUrl}/_sandbox/${what}`);
  return (await response.json()) as T[];
}
