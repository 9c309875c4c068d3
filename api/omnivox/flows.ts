import { Type } from '@sinclair/typebox';
import { offsetWithin } from '../../core/page.ts';
import { countFlows, type FlowFilter, listFlows, readNodeCounts } from '../../db/query/flows.ts';
import { changeFlow, createFlow, flowOf, problemsOf, removeFlow } from '../../service/flows.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable, PageQuery } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, Done, done, errors } from './dialect.ts';
import { flowHistoryRoutes } from './flow-history.ts';
import {
  Flow,
  FlowFields,
  GraphBody,
  FlowParams,
  ListedFlow,
  presentFlow,
  presentSummary,
  readConnections,
  readNodes,
  VersionQuery,
} from './flow-shape.ts';

const tags = ['Flows'];
const security = [{ bearer: [] }];
/** Five hundred long messages. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

const WRITE_ERRORS = [400, 403, 413, 415, 422] as const;

const Problem = Type.Object({
  field: Type.String({ examples: ['nodes.2 (greeting)'] }),
  nodeId: Nullable(Type.String()),
  message: Type.String({ examples: ['needs config.message'] }),
});

/** Conversation flows: what a call says and does, as nodes and connections. Everybody reads them, managers and above change them. */
export function flowRoutes(scope: App, { runtime }: Api): void {
  const { sql } = runtime.db;
  const totalOf = openListTotals<FlowFilter>((filter, most) => countFlows(sql, filter, most));

  scope.post(
    '/api/v1/flows',
    {
      preValidation: atLeast('manager'),
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        tags,
        security,
        summary: 'Create a conversation flow',
        description: 'Saved when it can be talked through from START to an end; else `details` names what is wrong with each node.',
        body: Type.Object({ name: FlowFields.name, description: Type.Optional(FlowFields.description), ...GraphBody }),
        response: { 201: Data(Flow, 'Created'), ...errors(...WRITE_ERRORS) },
      },
    },
    async (request, reply) => {
      const { name, description, nodes, connections } = request.body;
      const graph = { nodes: readNodes(nodes), connections: readConnections(connections) };
      const flow = await createFlow(runtime, principalOf(request), { name, description, ...graph });
      return reply.code(201).send(data(presentFlow(flow)));
    },
  );

  scope.post(
    '/api/v1/flows/validate',
    {
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        tags,
        security,
        summary: 'Check a flow',
        description: 'Tells all that keeps a flow from being saved. Nothing is saved.',
        body: Type.Object(
          { name: Type.Optional(FlowFields.name), description: Type.Optional(FlowFields.description), ...GraphBody },
          { additionalProperties: false },
        ),
        response: {
          200: Data(Type.Object({ valid: Type.Boolean(), problems: Type.Array(Problem) }), 'What is wrong'),
          ...errors(400, 413, 415, 422),
        },
      },
    },
    async (request) => {
      const { nodes, connections } = request.body;
      const graph = { nodes: readNodes(nodes), connections: readConnections(connections) };
      const problems = await problemsOf(runtime, principalOf(request), graph);
      return data({ valid: problems.length === 0, problems });
    },
  );

  scope.get(
    '/api/v1/flows',
    {
      config: { cached: ['flows'] },
      schema: {
        tags,
        security,
        summary: 'List flows',
        description: 'Newest first, without their nodes.',
        querystring: Type.Object({
          ...PageQuery({ limit: 50, maximum: 100 }),
          search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or a description' })),
        }),
        response: { 200: DataPage(ListedFlow, 'A page of flows'), ...errors(400) },
      },
    },
    async (request) => {
      const { page, limit, search } = request.query;
      const filter = { tenantId: principalOf(request).tenantId, search: search?.trim() || undefined };
      const offset = offsetWithin({ page, limit }, 'search for a name instead');
      const rows = await listFlows(sql, filter, { limit, offset });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      const flows = rows.map((row) => ({ ...presentSummary(row), nodeCount: row.nodeCount }));
      return dataPage(flows, total, { page, limit });
    },
  );

  scope.get(
    '/api/v1/flows/:id',
    {
      config: { cached: ['flows', 'calls'] },
      schema: {
        tags,
        security,
        summary: 'Get a flow',
        description: 'With its nodes and connections, as they are or as they were in a version, and how many calls came by each node.',
        params: FlowParams,
        querystring: VersionQuery,
        response: {
          200: Data(Type.Object({ ...Flow.properties, counts: Type.Record(Type.String(), Type.Integer()) }), 'The flow'),
          ...errors(400, 404),
        },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const flow = await flowOf(runtime, who, request.params.id, request.query.version);
      const counts = await readNodeCounts(sql, who.tenantId, flow.id, flow.graphVersion);
      return data({ ...presentFlow(flow), counts: Object.fromEntries(flow.nodes.map(({ id }) => [id, counts.get(id) ?? 0])) });
    },
  );

  scope.put(
    '/api/v1/flows/:id',
    {
      preValidation: atLeast('manager'),
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        tags,
        security,
        summary: 'Change a flow',
        description:
          'Changes what is given. Nodes or connections make a new version: calls in progress keep the version they started with. ' +
          'With `version` the change is refused when somebody else has changed the flow since that version was read.',
        params: FlowParams,
        body: Type.Object(
          {
            ...Type.Partial(Type.Object({ ...FlowFields, ...GraphBody })).properties,
            isActive: Type.Optional(Type.Boolean()),
            version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
          },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: Data(Flow, 'As it is now'), ...errors(404, 409, ...WRITE_ERRORS) },
      },
    },
    async (request) => {
      const { nodes, connections, ...change } = request.body;
      const flow = await changeFlow(runtime, principalOf(request), request.params.id, {
        ...change,
        nodes: nodes && readNodes(nodes),
        connections: connections && readConnections(connections),
      });
      return data(presentFlow(flow));
    },
  );

  scope.delete(
    '/api/v1/flows/:id',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        security,
        summary: 'Delete a flow',
        description: 'Refused while a campaign that is active or paused uses it. Calls that are in it go on to their end.',
        params: FlowParams,
        response: { 200: Done('Deleted'), ...errors(400, 403, 404, 409) },
      },
    },
    async (request) => {
      await removeFlow(runtime, principalOf(request), request.params.id);
      return done('Flow deleted successfully');
    },
  );

  flowHistoryRoutes(scope, runtime);
}
