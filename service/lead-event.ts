import type { Contact } from '../db/query/contacts.ts';
import type { WebhookEvent } from './webhooks.ts';

/** The event `lead.updated`, in the words of the dialer document. */
export function leadUpdated(tenantId: number, contact: Omit<Contact, 'rootCallId'>): WebhookEvent {
  return {
    tenantId,
    type: 'lead.updated',
    data: {
      id: contact.id,
      campaignId: contact.campaignId,
      phoneNumber: contact.phone,
      name: contact.name,
      email: contact.email,
      status: contact.status,
      attempts: contact.attempts,
      lastContactedAt: contact.lastContactedAt?.toISOString() ?? null,
      dialState: contact.dialState,
      result: contact.result,
      tags: contact.tags,
      metadata: contact.customFields,
      updatedAt: contact.updatedAt.toISOString(),
    },
  };
}
