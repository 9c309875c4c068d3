import { sql } from 'drizzle-orm';
import { bigint, boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, identity, moment, ref, updatedAt } from './column.ts';
import { tenants, users } from './tenant.ts';

/** A conversation as a graph. Editing makes a new version; calls keep the one they started with. */
export const flows = pgTable(
  'flows',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    description: text('description'),
    version: integer('version').notNull().default(1),
    isActive: boolean('is_active').notNull().default(true),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    unique('flows_tenant_id').on(t.tenantId, t.id),
    index('flows_list')
      .on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`deleted_at is null`),
  ],
);

export const flowVersions = pgTable(
  'flow_versions',
  {
    flowId: ref('flow_id')
      .notNull()
      .references(() => flows.id),
    version: integer('version').notNull(),
    nodes: jsonb('nodes').$type<unknown[]>().notNull(),
    connections: jsonb('connections').$type<unknown[]>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.flowId, t.version] })],
);

/** How often each node of a flow was entered. */
export const flowNodeCounts = pgTable(
  'flow_node_counts',
  {
    flowId: ref('flow_id').notNull(),
    version: integer('version').notNull(),
    nodeId: text('node_id').notNull(),
    entered: bigint('entered', { mode: 'number' }).notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.flowId, t.version, t.nodeId] }),
    foreignKey({ columns: [t.flowId, t.version], foreignColumns: [flowVersions.flowId, flowVersions.version] }),
  ],
);
