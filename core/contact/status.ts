/** What people say of a lead (dialer.md names the first four); how its dialing goes is `dial_state`. */
export const LEAD_STATUSES = ['new', 'contacted', 'interested', 'not_interested', 'callback', 'do_not_call'] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];

/** `Not Interested` → not_interested; undefined for any other word. */
export function toLeadStatus(text: string): LeadStatus | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return LEAD_STATUSES.find((status) => status === word);
}
