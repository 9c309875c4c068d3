import { mayEnd, readAction } from './action.ts';
import { ExpressionError, parseExpression } from './expression.ts';
import { type FlowGraph, type FlowNode, LONGEST_MESSAGE, MOST_CONNECTIONS, MOST_NODES } from './graph.ts';
import { templateFault } from './template.ts';
import { type Flow, labelOf, listens, openFlow } from './walk.ts';

/** One thing that keeps a flow from being used. */
export interface Problem {
  /** `nodes.2 (greeting)`, `connections.3 (a → b)`, `nodes` */
  field: string;
  /** of the node to blame, if it is one */
  nodeId: string | null;
  /** goes on after the field: "needs a way on" */
  message: string;
}

/**
 * All that is wrong with a flow: exactly one START, ids once each, what each type needs, conditions that can be read,
 * connections between nodes that exist, every node reachable, an end from everywhere, and no loop that nobody can leave
 * by speaking. Nothing: it can be talked through.
 */
export function findProblems(graph: FlowGraph): Problem[] {
  const { nodes, connections } = graph;
  if (nodes.length > MOST_NODES) return [{ field: 'nodes', nodeId: null, message: `must hold at most ${MOST_NODES}` }];
  if (connections.length > MOST_CONNECTIONS) {
    return [{ field: 'connections', nodeId: null, message: `must hold at most ${MOST_CONNECTIONS}` }];
  }
  const starts = nodes.filter(({ type }) => type === 'START').length;
  const flow = openFlow(graph);
  const apart = [...(starts === 1 ? [] : [{ field: 'nodes', nodeId: null, message: `must hold one START, not ${starts || 'none'}` }])];
  const ways = starts === 1 ? waysOf(flow) : undefined;
  const first = new Map<string, number>();
  const ofNodes = nodes.flatMap((node, index) => {
    const twin = first.get(node.id);
    if (twin === undefined) first.set(node.id, index);
    const faults = [
      ...(node.id.trim() === '' ? ['needs an id'] : []),
      ...(twin === undefined ? [] : [`has the same id as nodes.${twin}`]),
      ...configFaults(node),
      ...exitFaults(flow, node),
      ...(ways?.unreachable.has(node.id) ? ['cannot be reached from START'] : []),
      ...(ways?.endless.has(node.id) ? ['leads to no end'] : []),
      ...(ways?.looping.has(node.id) ? ['is in a loop without a MESSAGE that listens'] : []),
    ];
    return faults.map((message) => ({ field: `nodes.${index} (${node.id})`, nodeId: node.id, message }));
  });
  const ofConnections = connections.flatMap(({ from, to, condition }, index) => {
    const node = flow.nodes.get(from);
    const faults = [
      ...(node ? [] : [`comes from ${from}, which is no node`]),
      ...(flow.nodes.has(to) ? [] : [`leads to ${to}, which is no node`]),
      ...(flow.nodes.get(to)?.type === 'START' ? ['leads back to START'] : []),
      ...(node && labelOf(node, { from, to, condition }) === undefined ? conditionFaults('condition', condition ?? '') : []),
    ];
    return faults.map((message) => ({ field: `connections.${index} (${from} → ${to})`, nodeId: null, message }));
  });
  return [...apart, ...ofNodes, ...ofConnections];
}

function configFaults({ type, config }: FlowNode): string[] {
  switch (type) {
    case 'START':
      return [];
    case 'MESSAGE':
      return config.message?.trim() ? textFaults(config.message) : ['needs config.message'];
    case 'END':
      return textFaults(config.message ?? '');
    case 'CONDITION':
      return config.condition?.trim() ? conditionFaults('config.condition', config.condition) : ['needs config.condition'];
    case 'ACTION': {
      const read = readAction(config.action);
      return 'fault' in read ? [read.fault] : [];
    }
  }
}

function textFaults(text: string): string[] {
  if (text.length > LONGEST_MESSAGE) return [`config.message must have at most ${LONGEST_MESSAGE} characters`];
  const fault = templateFault(text);
  return fault === undefined ? [] : [`config.message ${fault}`];
}

function conditionFaults(what: string, text: string): string[] {
  try {
    parseExpression(text);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [`${what}: ${error.message}`];
  }
}

function exitFaults(flow: Flow, node: FlowNode): string[] {
  const exits = flow.exits.get(node.id) ?? [];
  const without = exits.filter((exit) => labelOf(node, exit) === 'else').length;
  if (endsAlways(node)) return exits.length > 0 ? ['ends the call, so nothing may follow'] : [];
  if (exits.length === 0) return endsSometimes(node) ? [] : ['needs a connection to what follows'];
  return [
    ...(without > 1 ? ['has more than one connection without a condition'] : []),
    ...(node.type === 'CONDITION' && exits.length < 2 && without === 0 ? ['needs two connections, or one for else'] : []),
  ];
}

function endsAlways({ type, config }: FlowNode): boolean {
  return type === 'END' || (type === 'ACTION' && config.action?.['type'] === 'hang_up');
}

/** The conversation may be over here, whatever connections there are. */
function endsSometimes(node: FlowNode): boolean {
  const read = node.type === 'ACTION' ? readAction(node.config.action) : undefined;
  return endsAlways(node) || (read !== undefined && 'action' in read && mayEnd(read.action.type));
}

interface Ways {
  unreachable: ReadonlySet<string>;
  endless: ReadonlySet<string>;
  looping: ReadonlySet<string>;
}

function waysOf(flow: Flow): Ways {
  const nodes = [...flow.nodes.values()];
  const ahead = new Map(nodes.map(({ id }) => [id, (flow.exits.get(id) ?? []).map(({ to }) => to).filter((to) => flow.nodes.has(to))]));
  const behind = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const [from, targets] of ahead) for (const to of targets) behind.get(to)?.push(from);
  const reached = reachable(
    ahead,
    idsOf(nodes, ({ type }) => type === 'START'),
  );
  // a way that is missing, or leads to no node, is told of by itself
  const isTorn = ({ id }: FlowNode) => ahead.get(id)?.length === 0 || ahead.get(id)?.length !== flow.exits.get(id)?.length;
  const ending = reachable(
    behind,
    idsOf(nodes, (node) => endsSometimes(node) || isTorn(node)),
  );
  const silent = new Set(idsOf(nodes, (node) => !listens(flow, node)));
  return {
    unreachable: new Set(idsOf(nodes, ({ id }) => !reached.has(id))),
    endless: new Set(idsOf(nodes, ({ id }) => !ending.has(id))),
    looping: circling(ahead, behind, silent),
  };
}

function idsOf(nodes: readonly FlowNode[], is: (node: FlowNode) => boolean): string[] {
  return nodes.filter(is).map(({ id }) => id);
}

function reachable(ways: ReadonlyMap<string, readonly string[]>, from: readonly string[]): Set<string> {
  const found = new Set(from);
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of ways.get(id) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** What is left of these nodes when those that nothing leads to, and those that lead nowhere, are taken away again and again. */
function circling(ahead: ReadonlyMap<string, string[]>, behind: ReadonlyMap<string, string[]>, among: ReadonlySet<string>): Set<string> {
  const left = new Set(among);
  for (const [into, out] of [
    [behind, ahead],
    [ahead, behind],
  ] as const) {
    const open = [...left];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (!left.has(id) || (into.get(id) ?? []).some((other) => left.has(other))) continue;
      left.delete(id);
      open.push(...(out.get(id) ?? []));
    }
  }
  return left;
}
