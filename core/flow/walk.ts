import { actionRoots } from './action.ts';
import { holds, rootsOf } from './evaluate.ts';
import { type Expression, ExpressionError, parseExpression } from './expression.ts';
import type { Connection, FlowGraph, FlowNode } from './graph.ts';
import { type Facts, HEARD } from './variable.ts';

/** A flow, with its ways at hand. */
export interface Flow {
  nodes: ReadonlyMap<string, FlowNode>;
  /** by node, in the order in which they are tried */
  exits: ReadonlyMap<string, readonly Connection[]>;
  /** reads a condition, each once */
  read(condition: string): Condition | undefined;
}

interface Condition {
  expression: Expression;
  /** the variables that it looks at, by the first part of their names */
  roots: readonly string[];
}

/** The way that a connection is for, in the words that stand for no expression. */
type Label = 'else' | 'true' | 'false';

const LABELS = new Map<string, Label>([
  ['', 'else'],
  ['else', 'else'],
  ['default', 'else'],
]);
/** At a CONDITION they mean its own condition. */
const OUTCOMES = new Map<string, Label>([
  ['true', 'true'],
  ['yes', 'true'],
  ['false', 'false'],
  ['no', 'false'],
]);

export function openFlow({ nodes, connections }: FlowGraph): Flow {
  const exits = new Map<string, Connection[]>(nodes.map(({ id }) => [id, []]));
  for (const connection of connections) exits.get(connection.from)?.push(connection);
  const known = new Map<string, Condition | undefined>();
  const read = (condition: string) => {
    if (!known.has(condition)) known.set(condition, tryCondition(condition));
    return known.get(condition);
  };
  return { nodes: new Map(nodes.map((node) => [node.id, node])), exits, read };
}

/** What the condition of a connection says when it is a label, not an expression. */
export function labelOf(node: FlowNode, { condition = '' }: Connection): Label | undefined {
  const word = condition.trim().toLowerCase();
  return LABELS.get(word) ?? (node.type === 'CONDITION' ? OUTCOMES.get(word) : undefined);
}

/**
 * The id of the node after this one: along the first connection whose condition holds, else along the one without a
 * condition. Undefined when there is neither. `onlyIf` leaves the second out.
 */
export function nextNode(flow: Flow, node: FlowNode, facts: Facts, { onlyIf = false } = {}): string | undefined {
  const isTrue = node.type === 'CONDITION' && isHeld(flow, node.config.condition, facts);
  let otherwise: string | undefined;
  for (const exit of flow.exits.get(node.id) ?? []) {
    const label = labelOf(node, exit);
    if (label === 'else') otherwise ??= exit.to;
    else if (label === undefined ? isHeld(flow, exit.condition, facts) : isTrue === (label === 'true')) return exit.to;
  }
  return onlyIf ? undefined : otherwise;
}

/** Whether a MESSAGE waits for an answer: as it says, else when what comes next asks what was heard. */
export function listens(flow: Flow, node: FlowNode): boolean {
  if (node.type !== 'MESSAGE') return false;
  return node.config.listen ?? asksWhatWasHeard(flow, node);
}

export function asksWhatWasHeard(flow: Flow, node: FlowNode): boolean {
  const roots = rootsAfter(flow, node);
  return HEARD.some((name) => roots.has(name));
}

/** Whether what comes next has an answer to silence of its own. */
export function knowsSilence(flow: Flow, node: FlowNode): boolean {
  return rootsAfter(flow, node).has('silence');
}

/** The variables that are looked at on the ways out of a node, through CONDITIONs and ACTIONs, until something is said. */
function rootsAfter(flow: Flow, start: FlowNode): Set<string> {
  const roots = new Set<string>();
  const seen = new Set([start.id]);
  const open = [start];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const { to, condition } of flow.exits.get(node.id) ?? []) {
      for (const root of rootsIn(flow, condition)) roots.add(root);
      const next = flow.nodes.get(to);
      if (!next || seen.has(to) || (next.type !== 'CONDITION' && next.type !== 'ACTION')) continue;
      seen.add(to);
      open.push(next);
      for (const root of next.type === 'CONDITION' ? rootsIn(flow, next.config.condition) : actionRoots(next.config.action))
        roots.add(root);
    }
  }
  return roots;
}

function rootsIn(flow: Flow, condition: string | undefined): readonly string[] {
  return (condition !== undefined && flow.read(condition)?.roots) || [];
}

/** What can't be read never holds: a flow is checked when it is saved, and a call must go on whatever was stored. */
function isHeld(flow: Flow, condition: string | undefined, facts: Facts): boolean {
  const read = condition === undefined ? undefined : flow.read(condition);
  return read !== undefined && holds(read.expression, facts);
}

function tryCondition(condition: string): Condition | undefined {
  try {
    const expression = parseExpression(condition);
    return { expression, roots: rootsOf(expression) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return undefined;
  }
}
