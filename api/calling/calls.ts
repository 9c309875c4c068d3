import { Type } from '@sinclair/typebox';
import { AppError, badField } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { PRIORITY_NAMES } from '../../core/priority.ts';
import { MUST_BE_TIME, parseInstant } from '../../core/time/parse.ts';
import { type CallFilter, countCalls, findCallWithTranscript, listCalls } from '../../db/query/call-list.ts';
import { cancelCall, requestCall } from '../../service/calls.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { onceOf } from '../plugin/idempotency.ts';
import { OneOf, PageQuery } from '../plugin/schema.ts';
import { BODY_ERRORS, Data, data, Done, done, errors, Pagination, pagination, Told, told } from './dialect.ts';
import {
  AcceptedCallAnswer,
  CallAnswer,
  ListedCallAnswer,
  presentAccepted,
  presentCall,
  presentListedCall,
  STATUS_FILTERS,
  statusesOf,
} from './present.ts';

const DAY = /^\s*\d{4}-\d\d-\d\d\s*$/;
const DAY_MS = 24 * 60 * 60 * 1000;

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`call_123` or `123`' }) });
const Instant = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 40, description }));

/** Outbound calls: ask for one, find it, read it, take it back. */
export function callRoutes(scope: App, rt: Runtime): void {
  const tags = ['Outbound Calls'];
  const totalOf = openListTotals<CallFilter>((filter, most) => countCalls(rt.db.sql, filter, most));

  scope.post(
    '/calls/outbound',
    {
      config: { repeatable: true },
      schema: {
        tags,
        summary: 'Initiate call',
        description:
          'Accepts a call. Without `scheduledFor` it is dialed now. A moment without an offset is local time in `timezone`. ' +
          'From here on it is dialed, or `GET` says why not.',
        body: Type.Object({
          toPhone: Type.String({ maxLength: 40, description: 'Recipient, E.164', examples: ['+919876543210'] }),
          agentId: Type.String({ maxLength: 40, description: 'Agent to use for the call', examples: ['agent_123'] }),
          context: Type.Optional(Type.String({ maxLength: 20_000, description: 'Additional context for the agent' })),
          scheduledFor: Instant('ISO 8601; default: now'),
          timezone: Type.Optional(
            Type.String({ minLength: 1, maxLength: 64, description: 'IANA name; default: UTC', examples: ['Asia/Kolkata'] }),
          ),
          priority: Type.Optional(OneOf(PRIORITY_NAMES, { description: 'Default: normal' })),
        }),
        response: { 201: Told(AcceptedCallAnswer, 'Accepted'), ...errors(...BODY_ERRORS) },
      },
    },
    async (request, reply) => {
      const call = await requestCall(rt, principalOf(request), request.body, onceOf(request));
      return reply.code(201).send(told('Call initiated successfully', presentAccepted(call)));
    },
  );

  scope.get(
    '/calls/outbound',
    {
      schema: {
        tags,
        summary: 'List calls',
        description:
          'Newest first. `status` is one of the documented words or an exact one such as `busy`. Dates bound `createdAt`, both inclusive; a day without a time is all of that day in UTC.',
        querystring: Type.Object({
          status: Type.Optional(OneOf(STATUS_FILTERS)),
          agentId: Type.Optional(Type.String({ maxLength: 40, description: '`agent_123` or `123`' })),
          startDate: Instant('ISO 8601'),
          endDate: Instant('ISO 8601'),
          ...PageQuery({ limit: 10, maximum: 100 }),
        }),
        response: {
          200: Data(Type.Object({ calls: Type.Array(ListedCallAnswer), pagination: Pagination }), 'A page of calls'),
          ...errors(400),
        },
      },
    },
    async (request) => {
      const { page, limit, status } = request.query;
      const offset = offsetWithin({ page, limit }, 'narrow the dates');
      const filter = {
        tenantId: principalOf(request).tenantId,
        statuses: status && statusesOf(status),
        agentId: readId('agent', request.query.agentId, 'agentId', 'query'),
        ...datesOf(request.query),
      };
      const rows = await listCalls(rt.db.sql, filter, { limit, offset });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      return data({ calls: rows.map(presentListedCall), pagination: pagination(total, { page, limit }) });
    },
  );

  scope.get(
    '/calls/outbound/:id',
    {
      schema: {
        tags,
        summary: 'Get call details',
        description: 'One call with its transcript, cost and, while it waits, the reason.',
        params: Params,
        response: { 200: Data(CallAnswer, 'The call'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const id = parseId('call', request.params.id);
      const found = id === undefined ? undefined : await findCallWithTranscript(rt.db.sql, principalOf(request).tenantId, id);
      if (!found) throw new AppError('not_found', 'Call not found');
      return data(presentCall(found));
    },
  );

  scope.delete(
    '/calls/outbound/:id',
    {
      schema: {
        tags,
        summary: 'Cancel scheduled call',
        description: 'Possible until it is dialed, and again while a retry of it waits, which is cancelled then; else 409.',
        params: Params,
        response: { 200: Done('Cancelled'), ...errors(400, 404, 409) },
      },
    },
    async (request) => {
      const id = parseId('call', request.params.id);
      if (id === undefined) throw new AppError('not_found', 'Call not found');
      await cancelCall(rt, principalOf(request).tenantId, id);
      return done('Call cancelled successfully');
    },
  );
}

/** A day without a time ends with it. @throws AppError naming the date that is none, or the first when they are in the wrong order */
function datesOf({ startDate, endDate }: { startDate?: string; endDate?: string }): Pick<CallFilter, 'from' | 'to'> {
  const from = instantFilter('startDate', startDate);
  const end = instantFilter('endDate', endDate);
  // rows know their moment to the millisecond
  const to = end && DAY.test(endDate ?? '') ? new Date(end.getTime() + DAY_MS - 1) : end;
  if (from && to && from > to) throw badField('startDate', 'must not be after endDate', 'query');
  return { from, to };
}

function instantFilter(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  // a plus sign in a query reads as a space: 2025-11-01T10:00:00+05:30
  const instant = parseInstant(text.replace(/ (?=\d\d:?\d\d$)/, '+'));
  if (!instant) throw badField(name, MUST_BE_TIME, 'query');
  return instant;
}
