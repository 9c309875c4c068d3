import { Type } from '@sinclair/typebox';
import { offsetWithin } from '../../core/page.ts';
import { insertAgent, listAgents } from '../../db/query/agents.ts';
import { agentOf, changeAgent, removeAgent } from '../../service/agents.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { NOT_BLANK, PageQuery } from '../plugin/schema.ts';
import { BODY_ERRORS, Data, data, Done, done, errors, Pagination, pagination, Told, told } from './dialect.ts';
import { Agent, ListedAgent, presentAgent, presentListedAgent } from './present.ts';

const Fields = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: NOT_BLANK, examples: ['Customer Support Agent'] }),
  systemPrompt: Type.String({
    minLength: 1,
    maxLength: 50_000,
    pattern: NOT_BLANK,
    examples: ['You are a helpful customer support agent for Acme Corp.'],
  }),
  voice: Type.String({ minLength: 1, maxLength: 200, examples: ['Rachel'] }),
  model: Type.String({ minLength: 1, maxLength: 200, examples: ['gpt-4'] }),
  temperature: Type.Number({ minimum: 0, maximum: 2, examples: [0.7] }),
  maxTokens: Type.Integer({ minimum: 1, maximum: 100_000, examples: [150] }),
  isActive: Type.Boolean({
    description:
      'A switched-off agent dials nothing: calls of its campaigns wait until it is switched on, its others fail with that reason',
  }),
  greeting: Type.String({ minLength: 1, maxLength: 2000, description: 'What it says first' }),
  voicemailMessage: Type.String({ minLength: 1, maxLength: 2000, description: 'What it leaves on an answering machine' }),
  language: Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35, description: 'BCP 47; default en-US' }),
};

const NewAgent = Type.Object({ ...Type.Partial(Type.Object(Fields)).properties, name: Fields.name, systemPrompt: Fields.systemPrompt });
const Change = Type.Partial(Type.Object(Fields));
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`agent_123` or `123`' }) });

/** AI agents of the caller's tenant. */
export function agentRoutes(scope: App, rt: Runtime): void {
  const tags = ['Agents'];

  scope.post(
    '/agents',
    {
      schema: {
        tags,
        summary: 'Create agent',
        description: 'An AI agent with its instructions. It is active unless `isActive` says otherwise.',
        body: NewAgent,
        response: { 201: Told(Agent, 'Created'), ...errors(...BODY_ERRORS) },
      },
    },
    async (request, reply) => {
      const row = await insertAgent(rt.db.sql, principalOf(request), known(request.body));
      return reply.code(201).send(told('Agent created successfully', presentAgent(row)));
    },
  );

  scope.get(
    '/agents',
    {
      constraints: { surface: 'bearer' },
      schema: {
        tags,
        summary: 'List agents',
        description: 'Newest first, page by page.',
        querystring: Type.Object({ isActive: Type.Optional(Type.Boolean()), ...PageQuery({ limit: 10, maximum: 100 }) }),
        response: {
          200: Data(Type.Object({ agents: Type.Array(ListedAgent), pagination: Pagination }), 'A page of agents'),
          ...errors(400),
        },
      },
    },
    async (request) => {
      const { isActive, page, limit } = request.query;
      const offset = offsetWithin({ page, limit });
      const { rows, total } = await listAgents(rt.db.sql, principalOf(request).tenantId, { isActive, limit, offset });
      return data({ agents: rows.map(presentListedAgent), pagination: pagination(total, { page, limit }) });
    },
  );

  scope.get(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'Get agent',
        description: 'One agent.',
        params: Params,
        response: { 200: Data(Agent, 'The agent'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentAgent(await agentOf(rt, principalOf(request), request.params.id))),
  );

  scope.put(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'Update agent',
        description: 'Changes the fields that are given.',
        params: Params,
        body: Change,
        response: { 200: Told(Agent, 'Updated'), ...errors(404, ...BODY_ERRORS) },
      },
    },
    async (request) => {
      const row = await changeAgent(rt, principalOf(request), request.params.id, known(request.body));
      return told('Agent updated successfully', presentAgent(row));
    },
  );

  scope.delete(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'Delete agent',
        description:
          'Its finished calls stay readable; waiting ones fail with that reason; its numbers stand without an agent; its documents are deleted with it.',
        params: Params,
        response: { 200: Done('Deleted'), ...errors(400, 404) },
      },
    },
    async (request) => {
      await removeAgent(rt, principalOf(request), request.params.id);
      return done('Agent deleted successfully');
    },
  );
}

/** Takes the fields we know out of a body, whatever else it holds. */
function known<B extends { temperature?: number }>(body: B): B {
  const fields = Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(Fields, name))) as B;
  // the column is a real: it refuses what is nearer to nothing than it can tell
  return body.temperature === undefined ? fields : { ...fields, temperature: Math.fround(body.temperature) };
}
