/** The accounts of a fault run: each strains another rule. */
import type postgres from 'postgres';
import type { CallingHours } from '../../core/time/window.ts';
import { ask, numberOf } from './client.ts';
import type { Fleet } from './fleet.ts';
import type { Account } from './promised.ts';

export interface Client {
  account: Account;
  tenantId: number;
  token: string;
  agentId: number;
}

interface Terms {
  maxCalls?: number;
  credit?: number;
  autoRefill?: boolean;
  hours?: CallingHours;
}

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const ALWAYS: CallingHours = [{ days: DAYS, start: '00:00', end: '24:00' }];
const MINUTE_MS = 60_000;

/** Calls in flight that the `tiny` account may hold. */
export const TINY_MAX_CALLS = 2;
/** What the `dry` account may spend: a few calls, then it waits for ever. */
export const DRY_CREDIT = 0.12;

/** Zones by what the hours account's windows mean there: they end in UTC, which Abidjan keeps, at `closesAt` and reach eight hours back. */
export const ZONES = {
  closing: ['Africa/Abidjan'],
  open: ['America/New_York', 'America/Sao_Paulo'],
  shut: ['Asia/Kolkata', 'Asia/Tokyo'],
} as const;

/** Small delays, so that a whole chain fits into a run; what is not named keeps the product's defaults of minutes. */
export const RETRY_RULES = {
  busy: { maxAttempts: 3, initialDelay: 700, backoffMultiplier: 2 },
  no_answer: { maxAttempts: 2, initialDelay: 1000, backoffMultiplier: 1.5 },
  failed: { maxAttempts: 2, initialDelay: 600, backoffMultiplier: 1 },
};

/** Signs the accounts up over the api and sets the terms that have no route by SQL. Faults come after this. */
export async function openAccounts(fleet: Fleet, sql: postgres.Sql, closesAt: Date): Promise<Record<Account, Client>> {
  const windows: CallingHours = [{ days: DAYS, start: clock(closesAt.getTime() - 8 * 60 * MINUTE_MS), end: clock(closesAt.getTime()) }];
  return {
    normal: await open(fleet, sql, 'normal', {}),
    tiny: await open(fleet, sql, 'tiny', { maxCalls: TINY_MAX_CALLS }),
    dry: await open(fleet, sql, 'dry', { credit: DRY_CREDIT }),
    refill: await open(fleet, sql, 'refill', { credit: 0.03, autoRefill: true }),
    hours: await open(fleet, sql, 'hours', { hours: windows }),
    campaigns: await open(fleet, sql, 'campaigns', {}),
  };
}

async function open(fleet: Fleet, sql: postgres.Sql, account: Account, terms: Terms): Promise<Client> {
  const email = `${account}@example.com`;
  const post = async (path: string, json: unknown, token?: string): Promise<{ _id: string; token: string }> => {
    const reply = await ask(`${fleet.url}/api/v1${path}`, 'POST', { json, token });
    if (reply.status !== 201) throw new Error(`${path} answered ${reply.status ?? 'nothing'}: ${JSON.stringify(reply.body)}`);
    return reply.body.data as { _id: string; token: string };
  };
  const { token } = await post('/auth/register', { email, password: 'SecurePassword123!', name: account });
  const agentId = numberOf((await post('/agents', { name: 'Agent', systemPrompt: 'You help.', voice: 'Rachel' }, token))._id);
  const [user] = await sql<Array<{ tenantId: number }>>`select tenant_id::int as "tenantId" from users where email = ${email}`;
  if (!user) throw new Error(`No user ${email}`);
  const client = { account, tenantId: user.tenantId, token, agentId };
  await setTerms(sql, client, terms);
  if (account !== 'dry') await setRetryRules(fleet, sql, client);
  return client;
}

async function setTerms(sql: postgres.Sql, { tenantId }: Client, { maxCalls, credit, autoRefill, hours }: Terms): Promise<void> {
  await sql`
    update tenants set max_calls = ${maxCalls ?? null}, calling_hours_policy = ${hours ? 'all' : 'campaigns'},
           calling_hours = ${JSON.stringify(hours ?? ALWAYS)}::text::jsonb
     where id = ${tenantId}`;
  if (credit === undefined) return;
  await sql.begin(async (tx) => {
    await tx`
      insert into ledger_entries (tenant_id, kind, amount, description)
      select tenant_id, 'adjustment', ${credit} - balance, 'terms of the account' from credit_accounts where tenant_id = ${tenantId}`;
    await tx`
      update credit_accounts set balance = ${credit}, auto_refill = ${autoRefill ?? false}, refill_amount = 0.5 where tenant_id = ${tenantId}`;
  });
}

/** By the route; while it has limits or is not there, by the row that it writes. */
async function setRetryRules(fleet: Fleet, sql: postgres.Sql, { tenantId, token, agentId }: Client): Promise<void> {
  const reply = await ask(`${fleet.url}/api/v1/retry/config/agent_${agentId}`, 'PUT', { token, json: RETRY_RULES });
  if (reply.status === 200) return;
  await insertRetryRules(sql, { tenantId, agentId });
}

/** The same for people, whose rules have no route. */
export async function insertRetryRules(sql: postgres.Sql, { tenantId, agentId }: Pick<Client, 'tenantId' | 'agentId'>): Promise<void> {
  for (const [outcome, rule] of Object.entries(RETRY_RULES)) {
    await sql`
      insert into retry_rules (tenant_id, agent_id, outcome, max_attempts, initial_delay_ms, backoff_multiplier)
      values (${tenantId}, ${agentId}, ${outcome}, ${rule.maxAttempts}, ${rule.initialDelay}, ${rule.backoffMultiplier})`;
  }
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}
