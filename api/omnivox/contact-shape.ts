import { type Static, Type } from '@sinclair/typebox';
import { LEAD_STATUSES } from '../../core/contact/status.ts';
import { formatId } from '../../core/id.ts';
import { splitName } from '../../core/person-name.ts';
import type { ListedContact } from '../../db/query/contact-list.ts';
import { Nullable, NOT_BLANK, OneOf, Timestamp } from '../plugin/schema.ts';

export const CustomFields = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), {
  description: 'Anything you want to keep with it',
  examples: [{ company: 'Acme Corp' }],
});
const Part = Type.String({ minLength: 1, maxLength: 100, pattern: NOT_BLANK });
const Status = OneOf(LEAD_STATUSES, { description: '`do_not_call` also puts the number on the do-not-call list' });
const text = (maxLength: number, examples: string[] = []) => Type.Union([Type.String({ maxLength, examples }), Type.Null()]);

const FIELDS = {
  firstName: Part,
  lastName: Part,
  phone: Type.String({ maxLength: 40, description: 'E.164', examples: ['+1234567890'] }),
  email: text(254, ['jane@example.com']),
  customFields: CustomFields,
  tags: Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: NOT_BLANK }), { maxItems: 50 }),
  campaignId: text(40, ['campaign_1']),
  status: Status,
  timezone: text(64, ['Asia/Kolkata']),
};
const { firstName, lastName, phone, ...optional } = FIELDS;

export const NewContact = Type.Object({ firstName, lastName, phone, ...Type.Partial(Type.Object(optional)).properties });
export const ContactChange = Type.Partial(Type.Object(FIELDS), { description: 'What is left out stays as it is' });

export const Contact = Type.Object({
  id: Type.String({ examples: ['contact_1'] }),
  firstName: Type.String({ description: 'Empty when it is not known' }),
  lastName: Type.String({ description: 'Empty when it is not known' }),
  phone: Type.String({ description: 'E.164', examples: ['+1234567890'] }),
  email: Nullable(Type.String()),
  customFields: CustomFields,
  tags: Type.Array(Type.String()),
  campaignId: Nullable(Type.String(), 'null: of no campaign'),
  status: OneOf(LEAD_STATUSES),
  timezone: Nullable(Type.String(), 'null: that of its number'),
  attempts: Type.Integer({ description: 'How often it was dialed' }),
  lastContactedAt: Nullable(Timestamp(), 'null: nobody was reached yet'),
  dialState: OneOf(['idle', 'waiting', 'in_line', 'done'], { description: 'Where its campaign is with it' }),
  result: Nullable(Type.String(), 'How its dialing ended'),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});

/** A contact in the omnivox document's dress. A name that came in one piece is taken apart. */
export function presentContact(contact: ListedContact): Static<typeof Contact> {
  const { phone, email, customFields, tags, status, timezone, attempts, dialState, result } = contact;
  const { firstName, lastName } =
    contact.firstName === null && contact.lastName === null
      ? splitName(contact.name ?? '')
      : { firstName: contact.firstName ?? '', lastName: contact.lastName ?? '' };
  return {
    id: formatId('contact', contact.id),
    ...{ firstName, lastName, phone, email, customFields, tags, status, timezone, attempts, dialState, result },
    campaignId: contact.campaignId === null ? null : formatId('campaign', contact.campaignId),
    lastContactedAt: contact.lastContactedAt?.toISOString() ?? null,
    createdAt: contact.createdAt.toISOString(),
    updatedAt: contact.updatedAt.toISOString(),
  };
}
