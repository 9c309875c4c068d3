import { sql, type SQL } from 'drizzle-orm';
import { bigint, check, customType, foreignKey, index, integer, pgTable, real, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { agents } from './agent.ts';
import { createdAt, identity, ref, updatedAt } from './column.ts';
import { users } from './tenant.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const documents = pgTable(
  'documents',
  {
    id: identity(),
    tenantId: ref('tenant_id').notNull(),
    agentId: ref('agent_id').notNull(),
    title: text('title').notNull(),
    category: text('category'),
    fileName: text('file_name').notNull(),
    mimeType: text('mime_type').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    storageKey: text('storage_key').notNull(),
    status: text('status', { enum: ['processing', 'ready', 'failed'] })
      .notNull()
      .default('processing'),
    error: text('error'),
    passageCount: integer('passage_count').notNull().default(0),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    index('documents_list').on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    check('documents_status', sql`${t.status} in ('processing', 'ready', 'failed')`),
  ],
);

/** A piece of a document small enough to quote in a call. */
export const passages = pgTable(
  'passages',
  {
    id: identity(),
    documentId: ref('document_id')
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    agentId: ref('agent_id')
      .notNull()
      .references(() => agents.id),
    position: integer('position').notNull(),
    page: integer('page'),
    content: text('content').notNull(),
    searchable: tsvector('searchable').generatedAlwaysAs((): SQL => sql`to_tsvector('english', ${passages.content})`),
    embedding: real('embedding').array(),
  },
  (t) => [
    uniqueIndex('passages_position').on(t.documentId, t.position),
    index('passages_agent').on(t.agentId),
    index('passages_search').using('gin', t.searchable),
  ],
);
