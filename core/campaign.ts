/** The life of a campaign (DESIGN §4): what its people may make of it. */
export const CAMPAIGN_STATUSES = ['draft', 'active', 'paused', 'completed'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const CAMPAIGN_KINDS = ['outbound', 'inbound', 'predictive'] as const;
export const DIALING_MODES = ['auto', 'progressive', 'predictive', 'preview'] as const;
export const CONTACT_ORDERS = ['oldest_first', 'newest_first'] as const;

const FROM: Record<CampaignStatus, readonly CampaignStatus[]> = {
  // what has begun to dial is no draft any more
  draft: [],
  active: ['draft', 'paused', 'completed'],
  paused: ['draft', 'active'],
  completed: ['draft', 'active', 'paused'],
};

/** Whether people may take a campaign from one status to another; staying is always allowed. */
export function mayBecome(from: CampaignStatus, to: CampaignStatus): boolean {
  return from === to || FROM[to].includes(from);
}

/** What the settings of a campaign may hold. */
export const CAMPAIGN_BOUNDS = {
  dialRatio: { minimum: 1, maximum: 10 },
  callDelaySeconds: { minimum: 0, maximum: 86_400 },
  maxAttempts: { minimum: 1, maximum: 100 },
  retryIntervalMinutes: { minimum: 0, maximum: 43_200 },
  callTimeoutSeconds: { minimum: 5, maximum: 600 },
  maxCalls: { minimum: 1, maximum: 100_000 },
} as const;
