import { Type } from '@sinclair/typebox';
import { CALL_STATUSES, type CallStatus } from '../../core/call.ts';
import { AppError } from '../../core/errors.ts';
import { formatId, parseId } from '../../core/id.ts';
import { DECISIONS, type Reason, REASONS, sentenceOf } from '../../core/why.ts';
import type { CallEventRow } from '../../db/query/call-history.ts';
import type { Runtime } from '../../service/runtime.ts';
import { type CallWhy, whyCall } from '../../service/why.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { Data, data, errors } from './dialect.ts';
import { statusesOf, WIRE_STATUSES } from './present.ts';

const CallId = Type.String({ examples: ['call_123'] });

const WhyAnswer = Type.Object({
  callId: CallId,
  status: OneOf(WIRE_STATUSES),
  exactStatus: OneOf(CALL_STATUSES),
  decision: OneOf(DECISIONS),
  reason: Nullable(OneOf(REASONS), 'A word for machines; null when nothing held it back'),
  message: Type.String({ description: 'The same, and how it ended, for people' }),
  nextTryAt: Nullable(Timestamp(), 'When it, or the retry that follows it, is looked at next; null: nothing more is tried'),
  askedAt: Nullable(Timestamp(), 'When the rules were last asked about it: just now for a call that waits'),
  retry: Type.Object({
    retryAttempt: Type.Integer({ description: '0: the first dial' }),
    originalCallId: Nullable(CallId, 'null: this is the original'),
    nextRetryId: Nullable(CallId, 'The attempt that followed this one'),
    nextRetryAt: Nullable(Timestamp(), 'When that is due; null when it no longer waits'),
  }),
  history: Type.Array(
    Type.Object({
      at: Timestamp(),
      event: Type.String({ examples: ['enqueue'] }),
      from: OneOf(CALL_STATUSES),
      to: OneOf(CALL_STATUSES),
      detail: Nullable(Type.String(), 'Why, where there was a reason'),
    }),
    { description: 'Its last 200 steps, oldest first' },
  ),
});

/** Why a call was or was not dialed, and when it is tried next: an addition to the document. */
export function whyRoutes(scope: App, rt: Runtime): void {
  scope.get(
    '/calls/outbound/:id/why',
    {
      schema: {
        tags: ['Outbound Calls'],
        summary: 'Why was this call (not) dialed?',
        description:
          'What was decided about a call, the reason, when it is tried next, and every step so far; one that came in was not dialed, with the reason `inbound`. While it waits, the rules ' +
          '(do-not-call list, calling hours, credit, caps, the carrier) are asked at this moment; nothing is changed by asking.',
        params: Type.Object({ id: Type.String({ maxLength: 40, description: '`call_123` or `123`' }) }),
        response: { 200: Data(WhyAnswer, 'The decision and its reason'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const id = parseId('call', request.params.id);
      if (id === undefined) throw new AppError('not_found', 'Call not found');
      return data(presentWhy(await whyCall(rt, principalOf(request).tenantId, id)));
    },
  );
}

function presentWhy({ story, events, decision, reason, message, nextTryAt, askedAt }: CallWhy) {
  const callId = (id: number | null) => (id === null ? null : formatId('call', id));
  return {
    callId: formatId('call', story.id),
    status: documented(story.status),
    exactStatus: story.status,
    decision,
    reason,
    message,
    nextTryAt: nextTryAt?.toISOString() ?? null,
    askedAt: askedAt?.toISOString() ?? null,
    retry: {
      retryAttempt: story.retryAttempt,
      originalCallId: callId(story.originalCallId),
      nextRetryId: callId(story.nextRetryId),
      nextRetryAt: story.nextRetryAt?.toISOString() ?? null,
    },
    history: events.map((event) => ({
      at: event.at.toISOString(),
      event: event.type,
      from: event.from,
      to: event.to,
      detail: detailOf(event),
    })),
  };
}

function documented(status: CallStatus) {
  const word = WIRE_STATUSES.find((wire) => statusesOf(wire).includes(status));
  if (!word) throw new Error(`The document has no word for ${status}`);
  return word;
}

function detailOf({ detail }: CallEventRow): string | null {
  const word = REASONS.find((reason): reason is Reason => reason === detail?.why);
  return detail?.reason ?? (word ? sentenceOf(word) : null);
}
