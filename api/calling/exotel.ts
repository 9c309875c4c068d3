import { type Static, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { INCOMING_PATH, knowsSecret } from '../../carrier/exotel/callback.ts';
import { hearIncoming } from '../../service/incoming.ts';
import { acceptCarrierForms } from '../carrier/form.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { MINUTE_MS } from '../plugin/limits.ts';
import { BODY_ERRORS, Done, done, errors } from './dialect.ts';

const FORM_MAX_BYTES = 64 * 1024;
const Text = (description: string, example: string) => Type.String({ maxLength: 200, description, examples: [example] });
const CallSid = Type.String({ minLength: 1, maxLength: 200, description: 'Exotel’s id of the call', examples: ['exotel_call_sid'] });
const fields = {
  From: Type.Optional(Text('Who calls; left out or unreadable: withheld', '+919876543210')),
  CallStatus: Type.Optional(Text('`in-progress` …; an ending ends the call', 'in-progress')),
  Direction: Type.Optional(Text('`inbound` or `incoming`; default', 'inbound')),
};
const Incoming = Type.Object({ CallSid, To: Text('The number of ours that is called', '+919876543211'), ...fields });
/** As a Passthru applet sends it; it has more fields than these. */
const Passthru = Type.Object({
  CallSid,
  secret: Type.Optional(Text('The secret that Exotel was given', 'EXOTEL_WEBHOOK_SECRET')),
  To: Type.Optional(Text('The number of ours that is called', '+919876543211')),
  CallTo: Type.Optional(Text('The same', '+919876543211')),
  CallFrom: Type.Optional(Text('Who calls', '+919876543210')),
  CallType: Type.Optional(Text('Which way the flow has gone', 'call-attempt')),
  digits: Type.Optional(Text('Keys that were pressed before, in double quotes', '"1"')),
  ...fields,
});

/** Calls to our numbers, as the document has Exotel tell them and as it really does. */
export async function exotelRoutes(scope: App, { runtime, limits }: Api): Promise<void> {
  const tags = ['Webhooks'];
  const security =
    'The address needs `?secret=` with `EXOTEL_WEBHOOK_SECRET`: Exotel signs nothing. Where `CARRIER` is another than exotel it is acknowledged and nothing is taken.';
  const strangers = limits.perAddress('exotel', { max: 1000, windowMs: MINUTE_MS });
  // Exotel comes from few addresses with all its calls: no number of them is too many, and nobody's guesses use it up
  const company = limits.perAddress('exotel_known', { max: 1_000_000, windowMs: MINUTE_MS });
  const limit: typeof strangers = (request, reply) =>
    (knowsSecret(runtime.config.EXOTEL_WEBHOOK_SECRET, request.url) ? company : strangers)(request, reply);
  const hear = (request: FastifyRequest, body?: Static<typeof Incoming>) =>
    hearIncoming(runtime, { path: request.url, headers: request.headers, form: [], json: body });

  await scope.register(async (open: App) => {
    acceptCarrierForms(open, FORM_MAX_BYTES);

    open.post(
      INCOMING_PATH,
      {
        onRequest: limit,
        schema: {
          tags,
          summary: 'Exotel incoming call',
          description: `A call to one of the numbers, as JSON or as a form: it becomes a call of direction inbound of the number’s agent. Later words about the same call go here as well. ${security}`,
          body: Incoming,
          response: { 200: Done('Taken, whether or not the number is known'), ...errors(...BODY_ERRORS) },
        },
      },
      async (request) => {
        await hear(request, request.body);
        return done('Webhook received');
      },
    );

    open.get(
      INCOMING_PATH,
      {
        onRequest: limit,
        schema: {
          tags,
          summary: 'Exotel Passthru',
          description: `The same from a Passthru applet of a call flow: 200 when the number’s agent takes the call or goes on talking, 302 when the flow is to go its other way. ${security}`,
          querystring: Passthru,
          response: { 200: Done('Ours'), 302: Type.Null({ description: 'Not ours, or over' }), ...errors(400) },
        },
      },
      async (request, reply) => {
        const answer = await hear(request);
        if (answer?.status === 302) return reply.code(302).send(null);
        return done('Webhook received');
      },
    );
  });
}
