import { measure, pace, type PacingState, readState } from '../core/pacing.ts';
import { findPaced, forgetOverdial, readPaced, readRecentDials, storePace, takeForPacing } from '../db/query/pacing.ts';
import type { Runtime } from './runtime.ts';

/** Dials that tell how many answer, how soon, and how long they talk. */
const REMEMBERED = 600;
/** As long as the answer stays the same, what is remembered is written down so often. */
const NOTE_EVERY_MS = 5000;

/** What `campaigns.pacing` holds: the pacer's memory, and what it went by, for who looks on. */
type Noted = PacingState & { atMs: number; answerRate: number; allowance: number };

/**
 * Looks at every campaign that predicts, and stores how many lines it may dial beyond one for each free person. Any number may
 * run at once: a campaign is paced by one of them at a time. Answers how many were looked at.
 */
export async function paceCampaigns(runtime: Runtime): Promise<number> {
  const { sql } = runtime.db;
  await forgetOverdial(sql);
  let looked = 0;
  for (const campaignId of await findPaced(sql)) {
    try {
      if (await paceCampaign(runtime, campaignId)) looked += 1;
    } catch (error) {
      runtime.log.error({ err: error, campaignId }, 'a campaign could not be paced; the next look comes in a second');
    }
  }
  return looked;
}

/** One look at one campaign; false when somebody else is at it, or it is gone. */
async function paceCampaign(runtime: Runtime, campaignId: number): Promise<boolean> {
  return runtime.db.sql.begin(async (sql) => {
    if (!(await takeForPacing(sql, campaignId))) return false;
    const campaign = await readPaced(sql, campaignId);
    if (!campaign) return false;
    const { tenantId, nowMs, overdial: before, pacing: stored } = campaign;
    const recent = await readRecentDials(sql, tenantId, campaignId, REMEMBERED);
    const measured = measure(recent, campaign.talkingSinceMs, nowMs);
    const { overdial, allowance, state } = pace({ ...campaign, measured }, readState(stored), nowMs);
    if (overdial !== before || nowMs - Number(stored?.atMs ?? 0) >= NOTE_EVERY_MS) {
      const noted: Noted = { ...state, atMs: nowMs, answerRate: measured.answerRate, allowance };
      await storePace(sql, { tenantId, campaignId }, overdial, { ...noted });
    }
    return true;
  });
}
