import type { Sql } from '../client.ts';

/** What a tenant may still spend and has spent: the sums of its ledger, which the account is kept equal to. */
export interface Billing {
  balance: string;
  used: string;
  autoRefill: boolean;
}

/** Undefined: the tenant has no account. */
export async function findBilling(sql: Sql, tenantId: number): Promise<Billing | undefined> {
  const [row] = await sql<Billing[]>`select balance, used, auto_refill as "autoRefill" from credit_accounts where tenant_id = ${tenantId}`;
  return row;
}
