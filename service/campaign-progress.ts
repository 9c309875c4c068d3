import type { CompletedCampaign } from '../db/query/campaign-run.ts';
import type { WebhookEvent } from './webhooks.ts';

/** Of a campaign's contacts whose dialing is over, how many percent ended in a completed call, to one decimal; 0 when none is over. */
export function successRate({ completedContacts, successfulContacts }: { completedContacts: number; successfulContacts: number }): number {
  return completedContacts === 0 ? 0 : Math.round((successfulContacts / completedContacts) * 1000) / 10;
}

export function completedEvent(campaign: CompletedCampaign): WebhookEvent {
  const { id, tenantId, name, totalContacts, completedContacts, completedAt } = campaign;
  return {
    tenantId,
    type: 'campaign.completed',
    data: {
      campaignId: id,
      name,
      totalLeads: totalContacts,
      completedLeads: completedContacts,
      successRate: successRate(campaign),
      completedAt: completedAt.toISOString(),
    },
  };
}
