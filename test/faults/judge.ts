/**
 * The judge of a fault run: reads what is left and names every broken promise (DESIGN §7) by the invariant that it breaks
 * (reliability_security §3). Pure: the same evidence, the same judgement.
 */
import type { Evidence } from './evidence.ts';
import { judgeAccepted } from './judge/accepted.ts';
import { judgeCampaigns } from './judge/campaigns.ts';
import { judgeCaps } from './judge/caps.ts';
import { openCase } from './judge/case.ts';
import { judgeEvents } from './judge/events.ts';
import { judgeForbidden } from './judge/forbidden.ts';
import { judgeHistory } from './judge/history.ts';
import { judgeImports } from './judge/imports.ts';
import { judgeMoney } from './judge/money.ts';
import { judgeOrder } from './judge/order.ts';
import { judgePeople } from './judge/people.ts';
import { judgeProbes } from './judge/probes.ts';
import { judgeRetries } from './judge/retries.ts';
import { judgeRings } from './judge/rings.ts';
import { judgeRollUps } from './judge/roll-ups.ts';
import { judgeRows } from './judge/rows.ts';
import { judgeSchedules } from './judge/schedules.ts';
import type { Violation } from './judge/violation.ts';

export type { Violation } from './judge/violation.ts';

const RULES = [
  judgeAccepted,
  judgeRings,
  judgeForbidden,
  judgeCaps,
  judgeOrder,
  judgeRetries,
  judgeHistory,
  judgeImports,
  judgeMoney,
  judgeRollUps,
  judgeRows,
  judgeSchedules,
  judgeCampaigns,
  judgePeople,
  judgeEvents,
  judgeProbes,
];

export function judge(evidence: Evidence): Violation[] {
  const found = openCase(evidence);
  return RULES.flatMap((rule) => rule(found));
}
