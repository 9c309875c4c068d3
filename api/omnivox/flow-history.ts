import { Type } from '@sinclair/typebox';
import { NODE_TYPES } from '../../core/flow/graph.ts';
import { formatId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { listFlowVersions, readNodeCounts } from '../../db/query/flows.ts';
import { flowOf } from '../../service/flows.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, errors } from './dialect.ts';
import { FlowParams, VersionQuery } from './flow-shape.ts';

const tags = ['Flows'];
const security = [{ bearer: [] }];

const NodeCount = Type.Object({
  id: Type.String(),
  type: OneOf(NODE_TYPES),
  entered: Type.Integer({ description: 'Calls that came by' }),
  share: Nullable(Type.Number(), 'Of the calls that started; null: none did'),
});

const Analytics = Type.Object({
  flowId: Type.String(),
  version: Type.Integer(),
  calls: Type.Integer({ description: 'Calls that started this version' }),
  nodes: Type.Array(NodeCount),
});

const Version = Type.Object({
  version: Type.Integer(),
  nodeCount: Type.Integer(),
  connectionCount: Type.Integer(),
  createdAt: Timestamp(),
  isCurrent: Type.Boolean(),
});

/** How a flow was, and how calls went through it. */
export function flowHistoryRoutes(scope: App, runtime: Runtime): void {
  const { sql } = runtime.db;

  scope.get(
    '/api/v1/flows/:id/versions',
    {
      config: { cached: ['flows'] },
      schema: {
        tags,
        security,
        summary: 'List the versions of a flow',
        description: 'Newest first. `GET /api/v1/flows/:id?version=` shows one.',
        params: FlowParams,
        querystring: Type.Object(PageQuery({ limit: 50, maximum: 100 })),
        response: { 200: DataPage(Version, 'A page of versions'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const { page, limit } = request.query;
      const who = principalOf(request);
      const { id, version } = await flowOf(runtime, who, request.params.id);
      const rows = await listFlowVersions(sql, who.tenantId, id, { limit, offset: offsetWithin({ page, limit }) });
      const versions = rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), isCurrent: row.version === version }));
      return dataPage(versions, version, { page, limit });
    },
  );

  scope.get(
    '/api/v1/flows/:id/analytics',
    {
      config: { cached: ['flows', 'calls'] },
      schema: {
        tags,
        security,
        summary: 'Get flow execution analytics',
        description: 'How many calls came by each node of a version; a call counts once, however often it comes by.',
        params: FlowParams,
        querystring: VersionQuery,
        response: { 200: Data(Analytics, 'The counts'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { id, graphVersion: version, nodes } = await flowOf(runtime, who, request.params.id, request.query.version);
      const counts = await readNodeCounts(sql, who.tenantId, id, version);
      const enteredOf = (nodeId: string) => counts.get(nodeId) ?? 0;
      const calls = nodes.reduce((sum, node) => (node.type === 'START' ? sum + enteredOf(node.id) : sum), 0);
      const counted = nodes.map(({ id: nodeId, type }) => {
        const entered = enteredOf(nodeId);
        return { id: nodeId, type, entered, share: calls === 0 ? null : Math.round((entered / calls) * 10_000) / 10_000 };
      });
      return data({ flowId: formatId('flow', id), version, calls, nodes: counted });
    },
  );
}
