import { Type } from '@sinclair/typebox';
import { AppError } from '../../core/errors.ts';
import { formatId, parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { PRIORITY_NAMES, priorityName } from '../../core/priority.ts';
import { PATTERNS } from '../../core/time/recurrence.ts';
import { listSchedules, type Schedule } from '../../db/query/schedules.ts';
import type { Runtime } from '../../service/runtime.ts';
import { cancelSchedule, requestSchedule } from '../../service/schedules.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { onceOf } from '../plugin/idempotency.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { BODY_ERRORS, data, DataPage, Done, done, errors, pagination, Told, told } from './dialect.ts';

const Day = (description: string) => Type.Optional(Type.String({ maxLength: 40, description, examples: ['2025-11-01'] }));

const NewSchedule = Type.Object({
  agentId: Type.String({ maxLength: 40, description: 'Agent to use for the calls', examples: ['agent_123'] }),
  toPhone: Type.String({ maxLength: 40, description: 'Recipient, E.164', examples: ['+919876543210'] }),
  pattern: OneOf(PATTERNS, {
    description: 'Weekly: on the weekday of `startDate`; monthly: on its day of the month, or on the last day of a month without it',
  }),
  time: Type.String({ maxLength: 40, description: 'HH:MM (24-hour) by the wall clocks of `timezone`', examples: ['10:00'] }),
  timezone: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'IANA name; default: the account’s', examples: ['Asia/Kolkata'] }),
  ),
  startDate: Day('YYYY-MM-DD; default: today in that zone'),
  endDate: Day('YYYY-MM-DD, inclusive; default: it never ends'),
  businessHoursOnly: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Respect business hours (9 AM - 6 PM, or the account’s): a run outside waits until they open',
    }),
  ),
  context: Type.Optional(Type.String({ maxLength: 20_000, description: 'Additional context for the agent' })),
  priority: Type.Optional(OneOf(PRIORITY_NAMES, { description: 'Default: normal' })),
});

const ScheduleAnswer = Type.Object({
  _id: Type.String({ examples: ['schedule_123'] }),
  agentId: Type.String({ examples: ['agent_123'] }),
  toPhone: Type.String({ examples: ['+919876543210'] }),
  pattern: OneOf(PATTERNS),
  time: Type.String({ examples: ['10:00'] }),
  timezone: Type.String({ examples: ['Asia/Kolkata'] }),
  isActive: Type.Boolean({ description: 'false when no run is left' }),
  nextRunAt: Nullable(Timestamp(), 'The next run that is no call yet; a run becomes one a minute ahead. null: there is none'),
  startDate: Type.String({ examples: ['2025-11-01'] }),
  endDate: Nullable(Type.String({ examples: ['2025-11-30'] }), 'Inclusive; null: it never ends'),
  businessHoursOnly: Type.Boolean(),
  context: Nullable(Type.String()),
  priority: OneOf(PRIORITY_NAMES),
  createdAt: Timestamp(),
  lastRunAt: Nullable(Timestamp(), 'The last run that became a call; null: none did'),
});

function presentSchedule(row: Schedule) {
  const { id, agentId, to, priority, nextRunAt, lastRunAt, createdAt, ...rest } = row;
  return {
    ...rest,
    _id: formatId('schedule', id),
    agentId: formatId('agent', agentId),
    toPhone: to,
    priority: priorityName(priority),
    nextRunAt: nextRunAt?.toISOString() ?? null,
    lastRunAt: lastRunAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

/** Calls that come back: every day, week or month at a wall-clock time. */
export function schedulingRoutes(scope: App, rt: Runtime): void {
  const tags = ['Scheduling'];

  scope.post(
    '/scheduling/recurring',
    {
      config: { repeatable: true },
      schema: {
        tags,
        summary: 'Schedule recurring call',
        description:
          'A call for every day of the pattern, at `time` by the wall clocks of `timezone`, also when these change: a time that is skipped ' +
          'comes as much later, one that comes twice counts once. Of runs that were missed only the latest is made up for.',
        body: NewSchedule,
        response: { 201: Told(ScheduleAnswer, 'Scheduled'), ...errors(...BODY_ERRORS) },
      },
    },
    async (request, reply) => {
      const schedule = await requestSchedule(rt, principalOf(request), request.body, new Date(), onceOf(request));
      return reply.code(201).send(told('Recurring call scheduled successfully', presentSchedule(schedule)));
    },
  );

  scope.get(
    '/scheduling/list',
    {
      schema: {
        tags,
        summary: 'List scheduled calls',
        description: 'Recurring schedules that were not cancelled, the soonest next run first, those that are over last.',
        querystring: Type.Object({ isActive: Type.Optional(Type.Boolean()), ...PageQuery({ limit: 50, maximum: 100 }) }),
        response: {
          200: DataPage(ScheduleAnswer, 'A page of schedules'),
          ...errors(400),
        },
      },
    },
    async (request) => {
      const { isActive, page, limit } = request.query;
      const offset = offsetWithin({ page, limit });
      const { rows, total } = await listSchedules(rt.db.sql, principalOf(request).tenantId, { isActive, limit, offset });
      return { ...data(rows.map(presentSchedule)), pagination: pagination(total, { page, limit }) };
    },
  );

  scope.delete(
    '/scheduling/recurring/:id',
    {
      schema: {
        tags,
        summary: 'Cancel recurring schedule',
        description: 'For good, with those of its calls that nobody has begun to dial. A call that rings already goes on.',
        params: Type.Object({ id: Type.String({ maxLength: 40, description: '`schedule_123` or `123`' }) }),
        response: { 200: Done('Cancelled'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const id = parseId('schedule', request.params.id);
      if (id === undefined) throw new AppError('not_found', 'Schedule not found');
      await cancelSchedule(rt, principalOf(request).tenantId, id);
      return done('Recurring schedule cancelled successfully');
    },
  );
}
