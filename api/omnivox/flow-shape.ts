import { type Static, Type } from '@sinclair/typebox';
import { type FlowGraph, LONGEST_MESSAGE, MOST_CONNECTIONS, MOST_NODES, NODE_TYPES } from '../../core/flow/graph.ts';
import { formatId } from '../../core/id.ts';
import type { FlowRow, FlowWithGraph } from '../../db/query/flows.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';

const Id = Type.String({ minLength: 1, maxLength: 100, examples: ['greeting'] });
const Action = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'For ACTION nodes: `type` and what it needs (docs/flows.md)',
    examples: [{ type: 'tag', tag: 'vip' }],
  },
);
/** What an action may hold; the rest is left out. */
const ACTION_FIELDS = ['type', 'tag', 'tags', 'field', 'value', 'number', 'agentId', 'timeoutSeconds', 'url'];

const Config = Type.Object({
  message: Type.Optional(Type.String({ description: `For MESSAGE and END nodes; at most ${LONGEST_MESSAGE} characters` })),
  condition: Type.Optional(Type.String({ description: 'For CONDITION nodes', examples: ["input mentions 'yes'"] })),
  action: Type.Optional(Action),
  listen: Type.Optional(Type.Boolean({ description: 'For MESSAGE nodes: whether they wait for an answer' })),
});

const Node = Type.Object({
  id: Id,
  type: OneOf(NODE_TYPES),
  config: Type.Optional(Config),
  position: Type.Optional(Type.Object({ x: Type.Number(), y: Type.Number() })),
});

const Connection = Type.Object({
  from: Type.String({ maxLength: 100, description: 'Node id' }),
  to: Type.String({ maxLength: 100, description: 'Node id' }),
  condition: Type.Optional(Type.String({ description: 'An expression; `else`; at a CONDITION also `true` and `false`' })),
});

export const GraphBody = {
  nodes: Type.Array(Node, { maxItems: MOST_NODES }),
  connections: Type.Array(Connection, { maxItems: MOST_CONNECTIONS }),
};

export const FlowParams = Type.Object({ id: Type.String({ maxLength: 40, description: '`flow_123` or `123`' }) });
export const VersionQuery = Type.Object({
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Default: the current one' })),
});

export const FlowFields = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  description: Type.String({ maxLength: 2000 }),
};

type Nodes = Static<typeof GraphBody.nodes>;
type Connections = Static<typeof GraphBody.connections>;

/** What we know of the nodes of a body, and nothing else. */
export function readNodes(nodes: Nodes): FlowGraph['nodes'] {
  return nodes.map(({ id, type, config = {}, position = { x: 0, y: 0 } }) => {
    const { message, condition, action, listen } = config;
    return {
      id,
      type,
      config: { message, condition, action: action && knownOf(action), listen },
      position: { x: position.x, y: position.y },
    };
  });
}

function knownOf(action: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isPlain = (value: unknown) =>
    typeof value !== 'object' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
  return Object.fromEntries(Object.entries(action).filter(([name, value]) => ACTION_FIELDS.includes(name) && isPlain(value)));
}

export function readConnections(connections: Connections): FlowGraph['connections'] {
  return connections.map(({ from, to, condition }) => ({ from, to, condition }));
}

const summary = {
  id: Type.String({ examples: ['flow_123'] }),
  name: Type.String(),
  description: Nullable(Type.String()),
  version: Type.Integer({ description: 'The current one; calls that are answered from now on go through it' }),
  isActive: Type.Boolean({ description: 'false: new calls do not go through it' }),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
};

export const ListedFlow = Type.Object({ ...summary, nodeCount: Type.Integer() });

export const Flow = Type.Object({
  ...summary,
  nodes: Type.Array(
    Type.Object({
      id: Type.String(),
      type: OneOf(NODE_TYPES),
      config: Config,
      position: Type.Object({ x: Type.Number(), y: Type.Number() }),
    }),
  ),
  connections: Type.Array(Connection),
});

export function presentSummary({ id, name, description, version, isActive, createdAt, updatedAt }: FlowRow) {
  const moments = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { id: formatId('flow', id), name, description, version, isActive, ...moments };
}

/** A flow with the nodes of the version that was asked for, which `version` tells. */
export function presentFlow(flow: FlowWithGraph): Static<typeof Flow> {
  return { ...presentSummary(flow), version: flow.graphVersion, nodes: flow.nodes, connections: flow.connections };
}
