import { Type } from '@sinclair/typebox';
import { formatId, parseId } from '../../core/id.ts';
import type { Approval } from '../../db/query/campaign-approvals.ts';
import { decideCampaign } from '../../service/campaign-approval.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { OneOf, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';

const Status = OneOf(['approved', 'rejected']);

const ApprovalRecord = Type.Object({
  campaignId: Type.String(),
  approvedBy: Type.String({ description: 'Who decided' }),
  status: Status,
  reason: Type.String({ description: 'Empty: none was given' }),
  millisResponse: Type.Object(
    { success: Type.Boolean(), status: Type.String() },
    { additionalProperties: true, description: 'What the phone company answered, where the campaign stands for one of it' },
  ),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});

/** Which campaigns may dial. */
export function campaignRoutes(scope: App, { runtime }: Api): void {
  scope.post(
    '/admin/campaigns/:id/approve',
    {
      config: { repeatable: true },
      schema: {
        tags: ['Campaign Management'],
        security: [{ bearer: [] }],
        summary: 'Approve or reject a campaign',
        description:
          'Of any account, also while it runs: nothing of a rejected campaign rings any more. What of it stands in line waits; approved ' +
          'again, it goes on from there. Each word is kept.',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 50, examples: ['campaign_123'] }) }),
        body: Type.Object({
          approve: Type.Boolean(),
          reason: Type.Optional(Type.String({ maxLength: 1000, examples: ['Meets compliance requirements'] })),
          carrierCampaignId: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'The phone company’s campaign that this one stands for, which is started and stopped with it from now on',
            }),
          ),
        }),
        response: {
          200: Type.Object({ status: Status, record: ApprovalRecord }, { description: 'Decided' }),
          ...errors(400, 401, 403, 404, 409, 413, 415, 502),
        },
      },
    },
    async (request) => {
      const { approve, reason, carrierCampaignId } = request.body;
      const id = parseId('campaign', request.params.id);
      const record = await decideCampaign(runtime, principalOf(request), id, { approve, reason, carrierCampaignId });
      return { status: record.status, record: presentRecord(record) };
    },
  );
}

function presentRecord({ campaignId, approvedBy, status, reason, carrierResponse, createdAt, updatedAt }: Approval) {
  return {
    campaignId: formatId('campaign', campaignId),
    approvedBy: formatId('user', approvedBy),
    status,
    reason: reason ?? '',
    millisResponse: { success: true, status, ...carrierResponse },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
