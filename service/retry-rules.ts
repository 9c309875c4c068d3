import type { Principal } from '../core/principal.ts';
import { changeRules, RETRIED, type RetriedOutcome, type RetryRule, type RetryRules } from '../core/retry.ts';
import { lockAgent, readRetryRules, writeRetryRules } from '../db/query/retry-rules.ts';
import { agentOf } from './agents.ts';
import type { Runtime } from './runtime.ts';

/** An agent's retry rules, the documented defaults where it has none of its own. @throws AppError `not_found` */
export async function rulesOf(runtime: Runtime, who: Principal, agentId: string): Promise<{ agentId: number; rules: RetryRules }> {
  const agent = await agentOf(runtime, who, agentId);
  return { agentId: agent.id, rules: await readRetryRules(runtime.db.sql, agent.id) };
}

/** Changes the fields that are given; attempts that end from now on follow the new rules. @throws AppError `not_found` */
export async function changeRulesOf(
  runtime: Runtime,
  who: Principal,
  agentId: string,
  changes: Partial<Record<RetriedOutcome, Partial<RetryRule>>>,
): Promise<void> {
  const { id } = await agentOf(runtime, who, agentId);
  await runtime.db.sql.begin(async (sql) => {
    await lockAgent(sql, who.tenantId, id);
    const rules = changeRules(await readRetryRules(sql, id), changes);
    const changed = RETRIED.flatMap((outcome) => (changes[outcome] && rules[outcome] ? [[outcome, rules[outcome]] as const] : []));
    await writeRetryRules(sql, who.tenantId, id, Object.fromEntries(changed));
  });
}
