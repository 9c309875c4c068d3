import { DEFAULT_RULES, type RetriedOutcome, type RetryRule, type RetryRules } from '../../core/retry.ts';
import type { Sql } from '../client.ts';

/** An agent's rules over the documented defaults. */
export async function readRetryRules(sql: Sql, agentId: number): Promise<RetryRules> {
  const rows = await sql<Array<RetryRule & { outcome: RetriedOutcome }>>`
    select outcome, max_attempts as "maxAttempts", initial_delay_ms as "initialDelayMs", backoff_multiplier as "backoffMultiplier"
      from retry_rules where agent_id = ${agentId}`;
  return { ...DEFAULT_RULES, ...Object.fromEntries(rows.map(({ outcome, ...rule }) => [outcome, rule])) };
}

/** Keeps others from changing an agent's rules until the transaction ends. */
export async function lockAgent(sql: Sql, tenantId: number, agentId: number): Promise<void> {
  await sql`select from agents where tenant_id = ${tenantId} and id = ${agentId} for no key update`;
}

export async function writeRetryRules(sql: Sql, tenantId: number, agentId: number, rules: RetryRules): Promise<void> {
  const rows = Object.entries(rules);
  await sql`
    insert into retry_rules (tenant_id, agent_id, outcome, max_attempts, initial_delay_ms, backoff_multiplier)
    select ${tenantId}, ${agentId}, * from unnest(
      ${rows.map(([outcome]) => outcome)}::text[], ${rows.map(([, rule]) => rule.maxAttempts)}::int[],
      ${rows.map(([, rule]) => rule.initialDelayMs)}::bigint[], ${rows.map(([, rule]) => rule.backoffMultiplier)}::float8[])
    on conflict (agent_id, outcome) do update set max_attempts = excluded.max_attempts, initial_delay_ms = excluded.initial_delay_ms,
       backoff_multiplier = excluded.backoff_multiplier, updated_at = now()`;
}
