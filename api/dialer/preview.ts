import { Type } from '@sinclair/typebox';
import { parseId } from '../../core/id.ts';
import { dialLead, nextLead, type ReservedLead, skip } from '../../service/preview.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { GivenId, readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { onceOf } from '../plugin/idempotency.ts';
import { Nullable, Timestamp } from '../plugin/schema.ts';
import { Data, data, Done, done, errors, Told, told } from './dialect.ts';

const PreviewLead = Type.Object({
  id: Type.Integer(),
  campaignId: Nullable(Type.Integer()),
  phoneNumber: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  status: Type.String(),
  attempts: Type.Integer(),
  lastContactedAt: Nullable(Timestamp()),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  reservedUntil: Timestamp('Nobody else gets it before'),
});
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`12` or `contact_12`' }) });

/** Leads that a person looks at before they are dialed. */
export function previewRoutes(scope: App, { runtime: rt }: Api): void {
  scope.post(
    '/agents/me/next-lead',
    {
      config: { repeatable: true },
      schema: {
        tags: ['Agents'],
        summary: 'Next lead to look at',
        description: 'Of the preview campaigns that one works for, in their order; nobody else gets it for five minutes.',
        body: Type.Optional(Type.Object({ campaignId: Type.Optional(GivenId('campaign')) }, { additionalProperties: false })),
        response: { 200: Data(PreviewLead, 'Reserved'), ...errors(400, 404, 413, 415, 422) },
      },
    },
    async (request) => data(presentLead(await nextLead(rt, principalOf(request), readId('campaign', request.body?.campaignId)))),
  );

  scope.post(
    '/leads/:id/dial',
    {
      config: { repeatable: true },
      schema: {
        tags: ['Leads'],
        summary: 'Dial the lead one looks at',
        description: 'The call is one’s own: whoever asks is on it from now on, and is connected when the lead answers.',
        params: Params,
        response: { 200: Told(Type.Object({ callId: Type.Integer() }), 'On its way'), ...errors(400, 404, 409) },
      },
    },
    async (request) =>
      told('Call started', await dialLead(rt, principalOf(request), parseId('contact', request.params.id), onceOf(request))),
  );

  scope.post(
    '/leads/:id/skip',
    {
      schema: {
        tags: ['Leads'],
        summary: 'Skip the lead one looks at',
        description: 'Its turn comes again in a quarter of an hour, for anybody.',
        params: Params,
        response: { 200: Done('Skipped'), ...errors(400, 404, 409) },
      },
    },
    async (request) => {
      await skip(rt, principalOf(request), parseId('contact', request.params.id));
      return done('Lead skipped');
    },
  );
}

function presentLead(lead: ReservedLead) {
  const { id, campaignId, phone, name, email, status, attempts, lastContactedAt, customFields, reservedUntil } = lead;
  return {
    id,
    campaignId,
    phoneNumber: phone,
    name,
    email,
    status,
    attempts,
    lastContactedAt: lastContactedAt?.toISOString() ?? null,
    metadata: customFields,
    reservedUntil: reservedUntil.toISOString(),
  };
}
