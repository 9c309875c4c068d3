import type { FlowGraph } from '../../core/flow/graph.ts';
import type { Scalar } from '../../core/flow/variable.ts';
import type { Sql } from '../client.ts';
import type { NewTurn } from './transcript.ts';

/** Where a call is in its flow, and what the flow knows of it; kept in `calls.flow_state`. */
export interface FlowState {
  /** the MESSAGE that waits for an answer, or the ACTION that waits for its transfer to end */
  nodeId: string | null;
  vars: Record<string, Scalar>;
  transfer: 'talked' | 'no_answer' | 'busy' | 'failed' | null;
  webhook: boolean | null;
  /** nodes that were counted for this call */
  counted: string[];
  /** how often in a row an answer led nowhere */
  misses: number;
  /** whose call it is when no person has it */
  agentId: number;
}

/** What of a call and its contact a flow may look at. */
export interface FlowRun extends FlowGraph {
  state: FlowState | null;
  /** connections to somebody so far */
  bridges: number;
  attempt: number;
  firstName: string | null;
  lastName: string | null;
  name: string | null;
  email: string | null;
  status: string | null;
  tags: string[] | null;
  customFields: Record<string, unknown> | null;
}

/**
 * Settles which version of which flow a call that has been answered goes through: its own flow, else its campaign's, else its
 * agent's, as it is now. What is settled stays. False when there is none that may be used.
 */
export async function beginFlow(sql: Sql, { callId, token }: { callId: number; token: string }): Promise<boolean> {
  const rows = await sql`
    update calls c
       set flow_id = coalesce(begun.flow_id, c.flow_id), flow_version = coalesce(c.flow_version, begun.version), updated_at = now()
      from (select call.id, f.id as flow_id, f.version
              from calls call join agents a on a.id = call.agent_id left join campaigns g on g.id = call.campaign_id
              left join flows f on f.tenant_id = call.tenant_id and f.id = coalesce(call.flow_id, g.flow_id, a.flow_id)
                                and (f.deleted_at is null and f.is_active or call.flow_version is not null)
             where call.id = ${callId}) begun
     where c.id = begun.id and c.status = 'in_progress' and c.claim_token = ${token}::uuid
       and coalesce(c.flow_version, begun.version) is not null
    returning c.id`;
  return rows.length > 0;
}

/** The flow of a call in its version, and what it may look at. Undefined when the call is in no flow. */
export async function readFlowRun(sql: Sql, callId: number): Promise<FlowRun | undefined> {
  const [row] = await sql<FlowRun[]>`
    select v.nodes, v.connections, c.flow_state as state, c.bridges, c.retry_attempt + 1 as attempt, p.first_name as "firstName",
           p.last_name as "lastName", p.name, p.email, p.status, p.tags, p.custom_fields as "customFields"
      from calls c join flow_versions v on v.flow_id = c.flow_id and v.version = c.flow_version
      left join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
     where c.id = ${callId}`;
  return row;
}

/** What a turn of a flow changes, all of it or nothing. */
export interface FlowTurn {
  turn: NewTurn;
  state: FlowState;
  /** of the connection that it asks for, if it asks for one; else 0 */
  bridges: number;
  /** nodes that this call has entered for the first time */
  entered: readonly string[];
  /** of its contact */
  tags: readonly string[];
  fields: Readonly<Record<string, Scalar>>;
  /** when the watchdog asks about the call next */
  checkSeconds: number;
}

/**
 * Writes a turn of a flow, where the call is, the counts of its nodes and what it makes of the contact, in one statement. False, and nothing is
 * changed, when the position is taken: a repeated callback was quicker.
 */
export async function keepFlowTurn(sql: Sql, callId: number, given: FlowTurn): Promise<boolean> {
  const { turn, state, bridges, entered, tags, fields, checkSeconds } = given;
  const [row] = await sql<Array<{ kept: boolean }>>`
    with kept as (
      insert into transcript_turns (call_id, position, role, content, metadata, at)
      values (${callId}, ${turn.position}, ${turn.role}, ${turn.content}, ${JSON.stringify(turn.metadata ?? {})}::jsonb, clock_timestamp())
      on conflict do nothing returning call_id
    ), moved as (
      update calls c set flow_state = ${JSON.stringify(state)}::jsonb, bridges = greatest(c.bridges, ${bridges}), check_at = now() + ${checkSeconds} * interval '1 second'
        from kept where c.id = kept.call_id
      returning c.tenant_id, c.contact_id, c.flow_id, c.flow_version
    ), counted as (
      insert into flow_node_counts as n (flow_id, version, node_id, entered)
      select flow_id, flow_version, node_id, 1 from moved, unnest(${entered as string[]}::text[]) as node_id order by node_id
      on conflict (flow_id, version, node_id) do update set entered = n.entered + 1
    ), marked as (
      update contacts p
         set tags = p.tags || array(select t from unnest(${tags as string[]}::text[]) t where t <> all(p.tags)),
             custom_fields = p.custom_fields || ${JSON.stringify(fields)}::jsonb, updated_at = now()
        from moved
       where p.tenant_id = moved.tenant_id and p.id = moved.contact_id and (${tags.length} > 0 or ${JSON.stringify(fields)}::jsonb <> '{}')
    )
    select exists (select from kept) as kept`;
  return row?.kept ?? false;
}
