import { findBilling } from '../db/query/billing.ts';
import type { Runtime } from './runtime.ts';

/** In the account's money, to a millionth. */
export interface BillingSnapshot {
  /** what may still be spent */
  credit: number;
  used_credit: number;
  /** calls go on when the credit is used up */
  auto_refill: boolean;
}

/** What a tenant may spend and has spent, now; without an account, nothing. */
export async function billingOf({ db }: Pick<Runtime, 'db'>, tenantId: number): Promise<BillingSnapshot> {
  const found = await findBilling(db.sql, tenantId);
  return { credit: Number(found?.balance ?? 0), used_credit: Number(found?.used ?? 0), auto_refill: found?.autoRefill ?? false };
}
