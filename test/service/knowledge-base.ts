/** A knowledge base of one agent, and what tests do with it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Test } from 'tap';
import type { Principal } from '../../core/principal.ts';
import type { DocumentRow } from '../../db/query/documents.ts';
import { runDocument } from '../../service/document-run.ts';
import { storeDocument } from '../../service/document-store.ts';
import { addDocument } from '../../service/knowledge.ts';
import { searchKnowledge } from '../../service/knowledge-search.ts';
import type { Runtime } from '../../service/runtime.ts';
import { PROJECT } from '../project.ts';
import { openTalk } from './talk.ts';

const FIXTURES = join(PROJECT, 'test', 'fixtures', 'knowledge');
export const fixture = (name: string) => readFile(join(FIXTURES, name), 'utf8');
export const context = (signal = new AbortController().signal, lastAttempt = false) => ({
  signal,
  lastAttempt,
  progress: async () => undefined,
});

export async function openKnowledge(t: Test, env: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-knowledge-'));
  const talk = await openTalk(t, { DATA_DIR: dataDir, ...env });
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const { runtime, sql, tenantId, agentId } = talk;
  const [user] = await sql<Array<{ id: number }>>`
    insert into users (tenant_id, email, name, password_hash, role) values (${tenantId}, 'o@example.com', 'O', 'x', 'owner') returning id`;
  const who: Principal = {
    ...{ userId: user?.id ?? 0, tenantId, sessionId: 0, email: 'o@example.com', name: 'O' },
    ...{ role: 'owner' as const, platformRole: 'user' as const },
  };
  const upload = async (name: string, mimeType: string, bytes: Uint8Array | string, title?: string): Promise<DocumentRow> => {
    const file = await storeDocument(runtime.config, tenantId, Readable.from([Buffer.from(bytes)]), { mimeType, fileName: name });
    return addDocument(runtime, who, file, { agentId: `agent_${agentId}`, title });
  };
  const read = async ({ id }: { id: number }) => {
    await runDocument(runtime, id, context());
    return rowOf(runtime, id);
  };
  return { ...talk, who, dataDir, upload, read, scope: { tenantId, agentId } };
}

export async function rowOf({ db: { sql } }: Runtime, id: number) {
  const [row] = await sql<
    Array<{ status: string; error: string | null; passages: number; progress: number; model: string | null; faults: number }>
  >`
    select status, error, passage_count as passages, progress, embedding_model as model, embed_faults as faults from documents where id = ${id}`;
  return row;
}

export interface Question {
  ask: string;
  answer: string;
}

/** Share of questions whose answer is in the first passage, and in the first three. */
export async function measure({ runtime, scope }: Awaited<ReturnType<typeof openKnowledge>>, questions: readonly Question[]) {
  const places: number[] = [];
  for (const { ask, answer } of questions) {
    const found = await searchKnowledge(runtime, scope, ask, 5);
    places.push(found.findIndex(({ content }) => content.replace(/\s+/g, ' ').includes(answer)));
  }
  const share = (deep: number) => places.filter((place) => place >= 0 && place < deep).length / questions.length;
  return { first: share(1), three: share(3), missed: questions.filter((_, index) => places[index] !== 0).map(({ ask }) => ask) };
}
