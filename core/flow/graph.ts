export const NODE_TYPES = ['START', 'MESSAGE', 'CONDITION', 'ACTION', 'END'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

export const MOST_NODES = 500;
export const MOST_CONNECTIONS = 2000;
export const LONGEST_MESSAGE = 4000;

/** What a node says, asks or does; which of it counts depends on its type (docs/flows.md). */
export interface NodeConfig {
  /** MESSAGE: what is said; END: what is said last. May hold `{{variables}}`. */
  message?: string;
  /** CONDITION: an expression */
  condition?: string;
  /** ACTION: see `readAction` */
  action?: Record<string, unknown>;
  /** MESSAGE: whether it waits for an answer; left out: when what follows asks what was heard */
  listen?: boolean;
}

export interface FlowNode {
  id: string;
  type: NodeType;
  config: NodeConfig;
  /** where an editor draws it; nothing else reads it */
  position: { x: number; y: number };
}

/** A way from one node to another; the words or the expression that lead along it. */
export interface Connection {
  from: string;
  to: string;
  condition?: string;
}

/** A conversation as it is sent, stored and shown. */
export interface FlowGraph {
  nodes: readonly FlowNode[];
  connections: readonly Connection[];
}
