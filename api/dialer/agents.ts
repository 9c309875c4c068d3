import { type Static, Type } from '@sinclair/typebox';
import { offsetWithin } from '../../core/page.ts';
import { listPeople, listStates, type Person, type PersonState } from '../../db/query/people.ts';
import { askState, ASKED_STATES, changePerson, createPerson, personOf, personWithCampaigns, removePerson } from '../../service/people.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { GivenId, readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, Done, done, errors, Told, told } from './dialect.ts';

const tags = ['Agents'];
const STATES = ['available', 'busy', 'on_call', 'wrap_up', 'paused', 'offline'] as const satisfies readonly PersonState[];
/** What is shown of a password. */
const MASK = '********';

const State = OneOf(STATES, { description: '`on_call` and `wrap_up` come and go with their calls; the others are asked for' });
const Stats = Type.Object({
  totalCalls: Type.Integer(),
  answeredCalls: Type.Integer(),
  avgDuration: Type.Integer({ description: 'Seconds, of the answered calls' }),
  successRate: Type.Number({ description: 'Answered calls, in per cent of all' }),
});
const Listed = Type.Object({
  id: Type.Integer(),
  userId: Type.Integer(),
  name: Type.String(),
  email: Type.String(),
  extension: Nullable(Type.String()),
  status: State,
  sipUsername: Nullable(Type.String()),
  isActive: Type.Boolean(),
  statusSince: Timestamp(),
  nextStatus: Nullable(Type.String(), 'Asked for during a call, true when that is over'),
  currentCallId: Nullable(Type.Integer()),
  wrapUpUntil: Nullable(Timestamp(), 'Available again by themselves from then on'),
  stats: Stats,
});
const Agent = Type.Object({
  ...Listed.properties,
  sipPassword: Nullable(Type.String({ description: 'Encrypted at rest and never shown: always the same asterisks' })),
  activeCampaigns: Type.Array(Type.Integer()),
});
const Created = Type.Object({
  id: Type.Integer(),
  userId: Type.Integer(),
  extension: Nullable(Type.String()),
  sipUsername: Nullable(Type.String()),
});

const Sip = {
  extension: Type.String({ pattern: '^[A-Za-z0-9*#]{1,20}$', examples: ['1002'] }),
  sipUsername: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', examples: ['agent1002'] }),
  sipPassword: Type.String({ minLength: 6, maxLength: 128 }),
};
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`12`, `agent_12`, or `me` for whoever asks' }) });

/** People who talk. */
export function agentRoutes(scope: App, { runtime: rt }: Api): void {
  scope.get(
    '/agents',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'List agents',
        description: 'The people of the account who talk, with what became of their calls. For managers and administrators.',
        querystring: Type.Object({ status: Type.Optional(State), ...PageQuery({ limit: 20, maximum: 100 }) }),
        response: { 200: DataPage(Listed, 'A page of agents'), ...errors(400, 403) },
      },
    },
    async (request) => {
      const { status: state, ...page } = request.query;
      const { rows, total } = await listPeople(
        rt.db.sql,
        { tenantId: principalOf(request).tenantId, state },
        { limit: page.limit, offset: offsetWithin(page) },
      );
      return dataPage(rows.map(present), total, page);
    },
  );

  scope.post(
    '/agents',
    {
      preValidation: atLeast('admin'),
      schema: {
        tags,
        summary: 'Create agent',
        description: 'Makes an agent of a user of the account. The SIP password is encrypted and never shown again. For administrators.',
        body: Type.Object({ userId: GivenId('user'), ...Sip }),
        response: { 201: Told(Created, 'Created'), ...errors(400, 403, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { extension, sipUsername, sipPassword } = request.body;
      const userId = readId('user', request.body.userId);
      const person = await createPerson(rt, principalOf(request), { userId, extension, sipUsername, sipPassword });
      const { id } = person;
      return reply.code(201).send(told('Agent created successfully', { id, userId, extension, sipUsername }));
    },
  );

  scope.get(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'Get agent',
        description: 'Oneself, or for managers and administrators anybody. `sipPassword` is masked.',
        params: Params,
        response: { 200: Data(Agent, 'The agent'), ...errors(400, 403, 404) },
      },
    },
    async (request) => data(presentWhole(await personWithCampaigns(rt, principalOf(request), request.params.id))),
  );

  scope.put(
    '/agents/:id',
    {
      preValidation: atLeast('admin'),
      schema: {
        tags,
        summary: 'Update agent',
        description: 'Changes the fields that are given. Who is switched off gets no more calls. For administrators.',
        params: Params,
        body: Type.Object(
          { ...Type.Partial(Type.Object(Sip)).properties, isActive: Type.Optional(Type.Boolean()) },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: Told(Agent, 'Updated'), ...errors(400, 403, 404, 409, 413, 415, 422) },
      },
    },
    async (request) => {
      const person = await changePerson(rt, principalOf(request), request.params.id, request.body);
      return told('Agent updated successfully', presentWhole(person));
    },
  );

  scope.delete(
    '/agents/:id',
    {
      preValidation: atLeast('admin'),
      schema: {
        tags,
        summary: 'Delete agent',
        description: 'Their calls and history stay. Refused while a campaign that is not over belongs to them. For administrators.',
        params: Params,
        response: { 200: Done('Deleted'), ...errors(400, 403, 404, 409) },
      },
    },
    async (request) => {
      await removePerson(rt, principalOf(request), request.params.id);
      return done('Agent deleted successfully');
    },
  );

  scope.put(
    '/agents/:id/status',
    {
      schema: {
        tags,
        summary: 'Update agent status',
        description:
          '`available` signs in and ends a wrap-up, `offline` signs out. During a call it is kept as `nextStatus` until the call is over. ' +
          'One’s own; for managers and administrators anybody’s.',
        params: Params,
        body: Type.Object({
          status: OneOf(ASKED_STATES),
          reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Kept in the history' })),
        }),
        response: {
          200: Data(
            Type.Object({ id: Type.Integer(), status: State, nextStatus: Nullable(Type.String()), updatedAt: Timestamp() }),
            'The status now',
          ),
          ...errors(400, 403, 404, 409, 413, 415, 422),
        },
      },
    },
    async (request) => {
      const { status: state, reason } = request.body;
      const changed = await askState(rt, principalOf(request), request.params.id, { state, reason });
      return data({ id: changed.id, status: changed.state, nextStatus: changed.nextState, updatedAt: changed.updatedAt.toISOString() });
    },
  );

  scope.get(
    '/agents/:id/states',
    {
      schema: {
        tags,
        summary: 'Status history',
        description: 'Newest first. One’s own; for managers and administrators anybody’s.',
        params: Params,
        querystring: Type.Object(PageQuery({ limit: 50, maximum: 200 })),
        response: {
          200: DataPage(
            Type.Object({
              id: Type.Integer(),
              status: Type.String(),
              reason: Nullable(Type.String()),
              callId: Nullable(Type.Integer()),
              at: Timestamp(),
            }),
            'A page of the history',
          ),
          ...errors(400, 403, 404),
        },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { id } = await personOf(rt, who, request.params.id);
      const { limit } = request.query;
      const { rows, total } = await listStates(rt.db.sql, who.tenantId, id, { limit, offset: offsetWithin(request.query) });
      const past = rows.map(({ state: status, at, ...row }) => ({ ...row, status, at: at.toISOString() }));
      return dataPage(past, total, request.query);
    },
  );
}

function present(person: Person): Static<typeof Listed> {
  const { id, userId, name, email, extension, sipUsername, isActive, totalCalls, answeredCalls, talkSeconds } = person;
  return {
    id,
    userId,
    name,
    email,
    extension,
    status: person.state,
    sipUsername,
    isActive,
    statusSince: person.stateSince.toISOString(),
    nextStatus: person.nextState,
    currentCallId: person.currentCallId,
    wrapUpUntil: person.wrapUpUntil?.toISOString() ?? null,
    stats: {
      totalCalls,
      answeredCalls,
      avgDuration: answeredCalls === 0 ? 0 : Math.round(talkSeconds / answeredCalls),
      successRate: totalCalls === 0 ? 0 : Math.round((answeredCalls / totalCalls) * 1000) / 10,
    },
  };
}

function presentWhole(person: Person & { activeCampaigns: number[] }): Static<typeof Agent> {
  return { ...present(person), sipPassword: person.hasSipPassword ? MASK : null, activeCampaigns: person.activeCampaigns };
}
