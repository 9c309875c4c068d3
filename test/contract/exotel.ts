import { parseConfig } from '../../core/config.ts';
import { rowsFor } from './rows.ts';

const { built } = rowsFor<'VALIDATION_ERROR' | 'UNAUTHORIZED', unknown>('VALIDATION_ERROR');

/** Exotel signs nothing: what its address has beside the documented path is what it is believed for. */
const query = { secret: parseConfig({}).EXOTEL_WEBHOOK_SECRET };
const json = {
  CallSid: 'exotel_call_sid',
  From: '+919876543210',
  To: '+919876543211',
  CallStatus: 'in-progress',
  Direction: 'inbound',
};
const unproven = (what: string, given: Record<string, string>) =>
  ({ what, status: 401, code: 'UNAUTHORIZED', example: () => ({ json, query: given }) }) as const;

export const EXOTEL = [
  built('Webhooks', 'POST', '/exotel/webhook/incoming', {
    auth: 'none',
    example: () => ({ json, query }),
    required: ['CallSid', 'To'],
    status: 200,
    message: 'Webhook received',
    fields: {},
    wrong: [
      unproven('without the secret', {}),
      unproven('with an empty secret', { secret: '' }),
      unproven('with a wrong secret', { secret: `${query.secret}x` }),
    ],
  }),
];
