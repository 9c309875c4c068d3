/** What a workload asks for, drawn before it starts, so that one seed means one plan. Moments are ms from its start. */
import { type CampaignPlan, planCampaigns } from './campaign-plan.ts';
import type { Account } from './promised.ts';

export interface PlannedCall {
  tag: string;
  account: Account;
  to: string;
  priority: 'high' | 'normal' | 'low';
  askMs: number;
  /** undefined: now */
  dueMs: number | undefined;
  /** a call of the hours account: what its callee's clocks say */
  zone: 'closing' | 'open' | 'shut' | undefined;
  zoneIndex: number;
  cancelMs: number | undefined;
}

export interface PlannedRow {
  kind: 'good' | 'duplicate' | 'bad_number' | 'bad_agent';
  tag: string;
  to: string;
  priority: PlannedCall['priority'];
}

export interface Plan {
  calls: PlannedCall[];
  file: { account: Account; askMs: number; dueMs: number; rows: PlannedRow[] };
  suppressions: Array<{ account: Account; to: string; askMs: number }>;
  schedules: Array<{ tag: string; to: string; nextInMs: number }>;
  probesMs: number[];
  campaigns: CampaignPlan;
}

/** How the phones behave, from often to rarely; `0007` and `0008` cost seconds each, `0010` pauses the carrier for one. */
const COMMON = ['0001', '0002', '0003', '0004', '0005', '0005', '0006', '0009'];
const RARE = ['0007', '0008', '0010'];
const PRIORITIES = ['high', 'normal', 'low'] as const;
const ACCOUNTS: readonly Account[] = ['normal', 'normal', 'normal', 'tiny', 'dry', 'refill', 'hours'];
const ZONE_KINDS = ['closing', 'open', 'shut'] as const;

const FILE_SHARE = 0.4;
const RARE_SHARE = 0.04;
const LATER_SHARE = 0.6;
const CANCEL_SHARE = 0.12;
const SUPPRESS_SHARE = 0.12;
const SAME_NUMBER_SHARE = 0.04;

export function planWork({ random, calls, overSeconds }: { random: () => number; calls: number; overSeconds: number }): Plan {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const overMs = overSeconds * 1000;
  let numbers = 0;
  const number = (ending: string) => `+1${200_000 + numbers++}${ending}`;
  const anyNumber = () => number(random() < RARE_SHARE ? pick(RARE) : pick(COMMON));
  const fileRows = Math.round(calls * FILE_SHARE);

  const plan: Omit<Plan, 'campaigns'> = {
    calls: [],
    file: { account: 'normal', askMs: overMs * 0.1, dueMs: overMs * 0.4, rows: [] },
    suppressions: [],
    schedules: [],
    probesMs: [0.3, 0.7].map((share) => overMs * share),
  };
  for (let n = 0; n < calls - fileRows; n++) {
    const account = pick(ACCOUNTS);
    const askMs = random() * overMs;
    const later = random() < LATER_SHARE ? askMs + 1000 + random() * 9000 : undefined;
    // more at once than the account may hold
    const dueMs = account === 'tiny' ? Math.max(askMs, overMs * 0.6) : later;
    const before = plan.calls.at(-1);
    const paired = before && random() < SAME_NUMBER_SHARE;
    const to = paired ? before.to : anyNumber();
    const call: PlannedCall = {
      tag: `call-${n}`,
      account,
      to,
      priority: pick(PRIORITIES),
      askMs: paired ? before.askMs : askMs,
      dueMs: paired ? before.dueMs : dueMs,
      zone: account === 'hours' ? pick(ZONE_KINDS) : undefined,
      zoneIndex: n,
      cancelMs: undefined,
    };
    const fate = random();
    const waitMs = (call.dueMs ?? call.askMs) - call.askMs;
    const wordMs = call.askMs + waitMs * random();
    if (!paired && waitMs > 0 && fate < CANCEL_SHARE) call.cancelMs = random() < 0.5 ? wordMs : call.askMs + waitMs - 100 + 1600 * random();
    else if (!paired && waitMs > 0 && fate < CANCEL_SHARE + SUPPRESS_SHARE) plan.suppressions.push({ account, to, askMs: wordMs });
    plan.calls.push(call);
  }
  for (let n = 0; n < fileRows; n++) {
    const row: PlannedRow = { kind: 'good', tag: `row-${n}`, to: anyNumber(), priority: pick(PRIORITIES) };
    plan.file.rows.push(row);
    if (random() < 0.06) plan.file.rows.push({ ...row, kind: 'duplicate' });
    if (random() < 0.06) plan.file.rows.push({ ...row, kind: pick(['bad_number', 'bad_agent']), tag: `bad-${n}` });
  }
  const DAY_MS = 86_400_000;
  for (const nextInMs of [-3 * DAY_MS, -DAY_MS - 60_000, overMs * 0.5]) {
    plan.schedules.push({ tag: `schedule-${plan.schedules.length}`, to: number('0005'), nextInMs });
  }
  return { ...plan, campaigns: planCampaigns({ random, calls, overMs, number }) };
}
