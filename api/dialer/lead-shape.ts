import { type Static, Type } from '@sinclair/typebox';
import { LEAD_STATUSES } from '../../core/contact/status.ts';
import type { ListedContact } from '../../db/query/contact-list.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

export const Email = Type.String({ maxLength: 254, examples: ['jane@example.com'] });
export const Metadata = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), {
  description: 'Anything you want to keep with it',
  examples: [{ company: 'Acme Corp' }],
});

export const Lead = Type.Object({
  id: Type.Integer(),
  campaignId: Nullable(Type.Integer(), 'null: of no campaign'),
  phoneNumber: Type.String({ description: 'E.164', examples: ['+1234567890'] }),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  status: OneOf(LEAD_STATUSES),
  lastContactedAt: Nullable(Timestamp(), 'null: nobody was reached yet'),
  attempts: Type.Integer({ description: 'How often it was dialed' }),
  metadata: Metadata,
  tags: Type.Array(Type.String()),
  timezone: Nullable(Type.String(), 'null: that of its number'),
  dialState: OneOf(['idle', 'waiting', 'in_line', 'done'], { description: 'Where its campaign is with it' }),
  result: Nullable(Type.String(), 'How its dialing ended'),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});

/** A contact in the dialer document's dress. */
export function presentLead(contact: ListedContact): Static<typeof Lead> {
  const { id, campaignId, phone, name, email, status, attempts, tags, timezone, dialState, result } = contact;
  return {
    ...{ id, campaignId, phoneNumber: phone, name, email, status, attempts, tags, timezone, dialState, result },
    lastContactedAt: contact.lastContactedAt?.toISOString() ?? null,
    metadata: contact.customFields,
    createdAt: contact.createdAt.toISOString(),
    updatedAt: contact.updatedAt.toISOString(),
  };
}
