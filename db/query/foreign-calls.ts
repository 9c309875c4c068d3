import type { CallStatus } from '../../core/call.ts';
import type { Sql } from '../client.ts';
import { countedColumns, rollUps } from './roll-ups.ts';

/** A call that was made elsewhere. */
export interface NewRecord {
  tenantId: number;
  createdBy: number;
  agentId: number;
  destination: string;
  direction: 'outbound' | 'inbound';
  status: CallStatus;
  durationSeconds: number;
  startedAt: Date;
  endedAt: Date;
  campaignId: number | undefined;
  contactId: number | undefined;
  disposition: string | undefined;
  metadata: Record<string, unknown>;
}

/** What of a new record is not there for the tenant. */
export interface MissingParts {
  agent: boolean;
  campaign: boolean;
  contact: boolean;
}

/**
 * Keeps a call that was made elsewhere, ended as it is, and counts it: it is never dialed, never charged and never tried again.
 * When something that it names is not the tenant's nothing is written, and what is missing is answered.
 */
export async function insertRecord(sql: Sql, record: NewRecord): Promise<{ id: number } | MissingParts> {
  const [row] = await sql<Array<MissingParts & { id: number | null }>>`
    with named as materialized (
      select not exists (select from agents where tenant_id = ${record.tenantId} and id = ${record.agentId} and deleted_at is null) as agent,
             ${record.campaignId !== undefined} and not exists (
               select from campaigns where tenant_id = ${record.tenantId} and id = ${record.campaignId ?? null} and deleted_at is null) as campaign,
             ${record.contactId !== undefined} and not exists (
               select from contacts where tenant_id = ${record.tenantId} and id = ${record.contactId ?? null} and deleted_at is null) as contact
    ), moved as (
      insert into calls as c (tenant_id, agent_id, campaign_id, contact_id, to_number, direction, status, scheduled_for, claimed_at, answered_at,
                              ended_at, duration_seconds, disposition, metadata, created_by, created_at)
      select ${record.tenantId}::bigint, ${record.agentId}::bigint, ${record.campaignId ?? null}::bigint, ${record.contactId ?? null}::bigint,
             ${record.destination}, ${record.direction}, ${record.status}, ${record.startedAt}::timestamptz, ${record.startedAt}::timestamptz,
             case when ${record.status} = 'completed' then ${record.endedAt}::timestamptz - ${record.durationSeconds}::int * interval '1 second' end,
             ${record.endedAt}::timestamptz, ${record.durationSeconds}::int, ${record.disposition ?? null},
             ${JSON.stringify(record.metadata)}::text::jsonb, ${record.createdBy}::bigint, ${record.startedAt}::timestamptz
        from named where not agent and not campaign and not contact
      returning c.id, ${countedColumns(sql)}
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status, detail)
      select id, 'end', 'unscheduled', status, '{"reason": "made elsewhere"}'::jsonb from moved
    ), ${rollUps(sql)}
    select (select id from moved) as id, named.* from named`;
  if (!row) throw new Error('A select without a row');
  const { id, ...missing } = row;
  return id === null ? missing : { id };
}
