import type { Directory, RawAnswer } from '../carrier/directory.ts';
import { CarrierFailure } from '../carrier/failure.ts';
import { AppError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { type Approval, type DecidedCampaign, findAnyCampaign, keepDecision, lockDecision } from '../db/query/campaign-approvals.ts';
import { whileAsking } from './carrier-desk.ts';
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
 * resolved the gate lets nothing of a rejected campaign ring any more, also while it runs: its calls wait. A campaign that stands for
 * one of the phone company is started or stopped there first, by one administrator at a time; when that fails nothing changes here,
 * and asking again is always safe.
 * @throws AppError `not_found`, `conflict`, `carrier_failure`
 */
export async function decideCampaign(runtime: Runtime, who: Principal, id: number | undefined, verdict: Verdict): Promise<Approval> {
  if (id === undefined) throw missing();
  const status = verdict.approve ? 'approved' : 'rejected';
  const { record, tenantId } = await whileAsking(runtime, async (sql) => {
    // what the company heard last is then what the row says
    await lockDecision(sql, id);
    const campaign = await findAnyCampaign(sql, id);
    if (!campaign) throw missing();
    const answer = await tell(runtime, campaign, verdict);
    const kept = await keepDecision(sql, {
      campaignId: id,
      approvedBy: who.userId,
      status,
      reason: verdict.reason,
      carrierCampaignId: verdict.carrierCampaignId,
      carrierResponse: { success: true, status, ...answer },
    });
    if (!kept) throw missing();
    return { record: kept, tenantId: campaign.tenantId };
  });
  failpoint('campaign_changed');
  runtime.log.info({ campaignId: id, status, userId: who.userId }, 'campaign decided');
  await noteChange(runtime, tenantId, 'campaigns');
  return record;
}

/** The company's campaign that it stood for stops before another starts: never both of them dial. @throws AppError `carrier_failure` */
async function tell(runtime: Runtime, campaign: DecidedCampaign, { approve, carrierCampaignId }: Verdict): Promise<RawAnswer> {
  const { directory } = runtime;
  const before = campaign.carrierCampaignId;
  const id = carrierCampaignId ?? before;
  if (!directory || id === null) return {};
  if (before === null || before === id) return directory.decideCampaign(id, approve);
  await stop(directory, before);
  try {
    return await directory.decideCampaign(id, approve);
  } catch (error) {
    if (error instanceof CarrierFailure && campaign.approval === 'approved')
      await goBack(runtime, directory, { from: id, to: before, error });
    throw error;
  }
}

/** What the company no longer has is stopped. */
async function stop(directory: Directory, id: string): Promise<void> {
  try {
    await directory.decideCampaign(id, false);
  } catch (error) {
    if (!(error instanceof CarrierFailure && error.kind === 'missing')) throw error;
  }
}

/** The campaign that ran there runs again, once the other one is known not to. */
async function goBack(
  { log }: Runtime,
  directory: Directory,
  { from, to, error }: { from: string; to: string; error: CarrierFailure },
): Promise<void> {
  try {
    if (error.kind === 'unclear') await stop(directory, from);
    await directory.decideCampaign(to, true);
  } catch (failure) {
    log.error({ err: failure, stopped: to, instead: from }, 'a campaign of the phone company stands still until somebody decides again');
  }
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such campaign');
}
