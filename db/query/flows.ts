import type { Connection, FlowGraph, FlowNode } from '../../core/flow/graph.ts';
import type { Sql } from '../client.ts';

export interface FlowRow {
  id: number;
  name: string;
  description: string | null;
  version: number;
  isActive: boolean;
  createdBy: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A flow with one of its versions. */
export interface FlowWithGraph extends FlowRow {
  /** the version that was read; `version` is the current one */
  graphVersion: number;
  nodes: FlowNode[];
  connections: Connection[];
}

export interface FlowFilter {
  tenantId: number;
  /** a part of the name or the description */
  search: string | undefined;
}

export interface FlowSummary extends FlowRow {
  nodeCount: number;
}

/** A page of a tenant's flows, newest first. */
export async function listFlows(sql: Sql, filter: FlowFilter, page: { limit: number; offset: number }): Promise<FlowSummary[]> {
  return sql<FlowSummary[]>`
    select ${columns(sql)}, jsonb_array_length(v.nodes) as "nodeCount"
      from (select * from flows where ${found(sql, filter)} order by created_at desc, id desc limit ${page.limit} offset ${page.offset}) f
      join flow_versions v on v.flow_id = f.id and v.version = f.version
     order by f.created_at desc, f.id desc`;
}

/** How many flows a filter finds, counting no further than `most`. */
export async function countFlows(sql: Sql, filter: FlowFilter, most?: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`
    select count(*) as total from (select from flows where ${found(sql, filter)} limit ${most ?? null}) counted`;
  return row?.total ?? 0;
}

function found(sql: Sql, { tenantId, search }: FlowFilter) {
  if (search === undefined) return sql`tenant_id = ${tenantId} and deleted_at is null`;
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`tenant_id = ${tenantId} and deleted_at is null and (name ilike ${pattern} or description ilike ${pattern})`;
}

/** One flow that was not deleted, in a version, or as it is now. */
export async function findFlow(sql: Sql, tenantId: number, id: number, version?: number): Promise<FlowWithGraph | undefined> {
  const [row] = await sql<FlowWithGraph[]>`
    select ${columns(sql)}, v.version as "graphVersion", v.nodes, v.connections
      from flows f join flow_versions v on v.flow_id = f.id and v.version = coalesce(${version ?? null}::integer, f.version)
     where f.tenant_id = ${tenantId} and f.id = ${id} and f.deleted_at is null`;
  return row;
}

export interface NewFlow extends FlowGraph {
  name: string;
  description: string | undefined;
}

/** A flow and its first version. */
export async function insertFlow(sql: Sql, who: { tenantId: number; userId: number }, flow: NewFlow): Promise<FlowRow> {
  const [row] = await sql<FlowRow[]>`
    with f as (
      insert into flows (tenant_id, created_by, name, description)
      values (${who.tenantId}, ${who.userId}, ${flow.name}, ${flow.description ?? null}) returning *
    ), kept as (
      insert into flow_versions (flow_id, version, nodes, connections)
      select id, version, ${JSON.stringify(flow.nodes)}::jsonb, ${JSON.stringify(flow.connections)}::jsonb from f
    )
    select ${columns(sql)} from f`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

export interface FlowChange {
  name?: string;
  description?: string;
  isActive?: boolean;
  /** makes a new version */
  graph?: FlowGraph;
  /** the version that the change was made from; another one refuses it */
  version?: number;
}

/** Changes what is given. Undefined: there is no such flow, or not in this version any more. */
export async function updateFlow(sql: Sql, tenantId: number, id: number, change: FlowChange): Promise<FlowRow | undefined> {
  const { name, description, isActive, graph, version } = change;
  const [row] = await sql<FlowRow[]>`
    with f as (
      update flows
         set name = coalesce(${name ?? null}, name), description = coalesce(${description ?? null}, description),
             is_active = coalesce(${isActive ?? null}, is_active), version = version + ${graph ? 1 : 0}, updated_at = now()
       where tenant_id = ${tenantId} and id = ${id} and deleted_at is null and version = coalesce(${version ?? null}, version)
      returning *
    ), kept as (
      insert into flow_versions (flow_id, version, nodes, connections)
      select id, version, ${JSON.stringify(graph?.nodes ?? [])}::jsonb, ${JSON.stringify(graph?.connections ?? [])}::jsonb
        from f where ${graph !== undefined}
    )
    select ${columns(sql)} from f`;
  return row;
}

/** Takes a flow out of every list; calls that are in it go on. False when there is none, or a campaign that runs uses it. */
export async function deleteFlow(sql: Sql, tenantId: number, id: number): Promise<boolean> {
  const rows = await sql`
    update flows f set deleted_at = now(), is_active = false, updated_at = now()
     where f.tenant_id = ${tenantId} and f.id = ${id} and f.deleted_at is null and not exists (${users(sql, tenantId, id)})
    returning f.id`;
  return rows.length > 0;
}

/** Names of the campaigns that run, or are paused, with a flow; ten at most. */
export async function campaignsWith(sql: Sql, tenantId: number, id: number): Promise<string[]> {
  const rows = await sql<Array<{ name: string }>>`${users(sql, tenantId, id)} order by name limit 10`;
  return rows.map(({ name }) => name);
}

function users(sql: Sql, tenantId: number, id: number) {
  return sql`
    select name from campaigns where tenant_id = ${tenantId} and flow_id = ${id} and status in ('active', 'paused') and deleted_at is null`;
}

export interface FlowVersion {
  version: number;
  nodeCount: number;
  connectionCount: number;
  createdAt: Date;
}

/** A page of a flow's versions, newest first; the newest tells how many there are. */
export async function listFlowVersions(
  sql: Sql,
  tenantId: number,
  id: number,
  page: { limit: number; offset: number },
): Promise<FlowVersion[]> {
  return sql<FlowVersion[]>`
    select v.version, jsonb_array_length(v.nodes) as "nodeCount", jsonb_array_length(v.connections) as "connectionCount",
           v.created_at as "createdAt"
      from flows f join flow_versions v on v.flow_id = f.id
     where f.tenant_id = ${tenantId} and f.id = ${id} and f.deleted_at is null
     order by v.version desc limit ${page.limit} offset ${page.offset}`;
}

/** How many calls have entered each node of a version of a flow. */
export async function readNodeCounts(sql: Sql, tenantId: number, id: number, version: number): Promise<Map<string, number>> {
  const rows = await sql<Array<{ nodeId: string; entered: number }>>`
    select n.node_id as "nodeId", n.entered from flow_node_counts n join flows f on f.id = n.flow_id
     where f.tenant_id = ${tenantId} and n.flow_id = ${id} and n.version = ${version}`;
  return new Map(rows.map(({ nodeId, entered }) => [nodeId, entered]));
}

function columns(sql: Sql) {
  return sql`f.id, f.name, f.description, f.version, f.is_active as "isActive", f.created_by as "createdBy", f.created_at as "createdAt",
    f.updated_at as "updatedAt"`;
}
