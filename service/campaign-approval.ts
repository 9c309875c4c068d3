import { AppError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { type Approval, findAnyCampaign, keepDecision } from '../db/query/campaign-approvals.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import type { Runtime } from './runtime.ts';

export interface Verdict {
  approve: boolean;
  reason: string | undefined;
  /** the phone company's campaign that this one stands for from now on; undefined: as it was */
  carrierCampaignId: string | undefined;
}

/**
 * Approves or rejects a campaign of any account, as often as the administrator changes their mind; each word is kept. Once this has
 * resolved the gate lets nothing of a rejected campaign ring any more, also while it runs. A campaign that stands for one of the
 * phone company is started or stopped there first; when that fails nothing changes here.
 * @throws AppError `not_found`, `carrier_failure`
 */
export async function decideCampaign(runtime: Runtime, who: Principal, id: number | undefined, verdict: Verdict): Promise<Approval> {
  const { db, directory, log } = runtime;
  const campaign = id === undefined ? undefined : await findAnyCampaign(db.sql, id);
  if (!campaign) throw missing();
  const status = verdict.approve ? 'approved' : 'rejected';
  const carrierCampaignId = verdict.carrierCampaignId ?? campaign.carrierCampaignId;
  const answer = directory && carrierCampaignId !== null ? await directory.decideCampaign(carrierCampaignId, verdict.approve) : {};
  const record = await keepDecision(db.sql, {
    campaignId: campaign.id,
    approvedBy: who.userId,
    status,
    reason: verdict.reason,
    carrierCampaignId: verdict.carrierCampaignId,
    carrierResponse: { success: true, status, ...answer },
  });
  if (!record) throw missing();
  failpoint('campaign_changed');
  log.info({ campaignId: campaign.id, status, userId: who.userId }, 'campaign decided');
  await noteChange(runtime, campaign.tenantId, 'campaigns');
  return record;
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such campaign');
}
