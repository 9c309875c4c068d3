import { sql } from 'drizzle-orm';
import { bigint, check, customType, foreignKey, index, integer, pgTable, real, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { agents } from './agent.ts';
import { createdAt, identity, moment, ref, updatedAt } from './column.ts';
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
    /** percent of the reading that is done */
    progress: integer('progress').notNull().default(0),
    passageCount: integer('passage_count').notNull().default(0),
    /** whose vectors all of its passages have; null: none, or not all yet */
    embeddingModel: text('embedding_model'),
    /** the endpoint failed: when it is asked again, and how often it has failed in a row */
    embedAfter: moment('embed_after'),
    embedFaults: integer('embed_faults').notNull().default(0),
    /** how the words of its passages were found; another than today's: they are found anew */
    wordsVersion: integer('words_version').notNull().default(0),
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
    /** the document's, and the headings above the passage: they say what its own words leave out */
    title: text('title').notNull().default(''),
    heading: text('heading').notNull().default(''),
    content: text('content').notNull(),
    /** weights: A title, B heading, D text */
    searchable: tsvector('searchable'),
    embedding: real('embedding').array(),
    embeddingModel: text('embedding_model'),
  },
  (t) => [
    uniqueIndex('passages_position').on(t.documentId, t.position),
    index('passages_agent').on(t.agentId),
    index('passages_search').using('gin', t.searchable),
  ],
);
