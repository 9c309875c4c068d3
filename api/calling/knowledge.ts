import { type Static, Type } from '@sinclair/typebox';
import { badField } from '../../core/errors.ts';
import { formatId } from '../../core/id.ts';
import { MOST_LETTERS, MOST_PAGES } from '../../core/knowledge/limits.ts';
import { offsetWithin } from '../../core/page.ts';
import { type DocumentRow, listDocuments } from '../../db/query/documents.ts';
import type { FoundPassage } from '../../db/query/passages.ts';
import { openDocument, type ReceivedDocument, removeDocumentFile, storeDocument } from '../../service/document-store.ts';
import { addDocument, agentMeant, documentOf, removeDocument } from '../../service/knowledge.ts';
import { searchKnowledge } from '../../service/knowledge-search.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { readId } from '../plugin/given-id.ts';
import { NOT_BLANK, Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { acceptForms, cleanName, type FileForm, receiveForm } from '../plugin/upload.ts';
import { BODY_ERRORS, Data, data, DataPage, Done, done, errors, pagination, Told, told } from './dialect.ts';

const tags = ['Knowledge Base'];
const LONGEST_TITLE = 200;
const LONGEST_CATEGORY = 100;

const Document = Type.Object({
  _id: Type.String({ examples: ['doc_123'] }),
  title: Type.String({ examples: ['Product Manual'] }),
  fileName: Type.String({ examples: ['manual.pdf'] }),
  agentId: Type.String({ examples: ['agent_123'] }),
  status: OneOf(['processing', 'ready', 'failed'], { description: 'ready: the agent answers from it' }),
  createdAt: Timestamp(),
  category: Nullable(Type.String()),
  mimeType: Type.String({ examples: ['application/pdf'] }),
  sizeBytes: Type.Integer(),
  progress: Type.Integer({ description: 'Percent of the reading that is done' }),
  error: Nullable(Type.String(), 'Why it failed, in words'),
});
const ListedDocument = Type.Object({
  ...Document.properties,
  vectorCount: Type.Integer({ description: 'Passages that it was cut into; 0 until it is ready' }),
});

function presentDocument(row: DocumentRow): Static<typeof Document> {
  const { title, fileName, status, category, mimeType, sizeBytes, progress, error } = row;
  return {
    _id: formatId('doc', row.id),
    ...{ title, fileName, agentId: formatId('agent', row.agentId), status, createdAt: row.createdAt.toISOString() },
    ...{ category, mimeType, sizeBytes, progress, error },
  };
}

const presentListed = (row: DocumentRow) => ({ ...presentDocument(row), vectorCount: row.passageCount });

const Result = Type.Object({
  content: Type.String(),
  score: Type.Number({
    minimum: 0,
    maximum: 1,
    description:
      'How well the passage answers, 0 to 1, falling down the list. The share of the words asked that it has: rare words count more, a word that means the same half. Less where they stand apart, or where a passage above says more of them. 1: it has all that was asked, side by side. With embeddings, the likeness of its meaning where that is higher.',
  }),
  documentId: Type.String({ examples: ['doc_123'] }),
  documentTitle: Type.String(),
  heading: Nullable(Type.String(), 'What the passage stands under'),
  page: Nullable(Type.Integer(), 'Of a PDF: the page that it stands on, from 1; only the end of its last sentence may be on the next'),
});

function presentResult({ content, score, documentId, documentTitle, heading, page }: FoundPassage): Static<typeof Result> {
  const rounded = Math.round(score * 10_000) / 10_000;
  return { content, score: rounded, documentId: formatId('doc', documentId), documentTitle, heading: heading || null, page };
}

/** The documents that agents answer from (calling.md, Knowledge Base). */
export function knowledgeRoutes(scope: App, runtime: Runtime): void {
  uploadRoute(scope, runtime);

  scope.get(
    '/knowledge-base',
    {
      schema: {
        tags,
        summary: 'List documents',
        description: 'Newest first.',
        querystring: Type.Object({
          agentId: Type.Optional(Type.String({ minLength: 1, maxLength: 40, description: '`agent_123` or `123`' })),
          ...PageQuery({ limit: 50, maximum: 100 }),
        }),
        response: { 200: DataPage(ListedDocument, 'The documents'), ...errors(400) },
      },
    },
    async (request) => {
      const { query } = request;
      const agentId = readId('agent', query.agentId, 'agentId', 'query');
      const { tenantId } = principalOf(request);
      const { rows, total } = await listDocuments(runtime.db.sql, tenantId, { agentId, limit: query.limit, offset: offsetWithin(query) });
      return { ...data(rows.map(presentListed)), pagination: pagination(total, query) };
    },
  );

  const params = Type.Object({ id: Type.String({ maxLength: 40, description: '`doc_123` or `123`' }) });

  scope.get(
    '/knowledge-base/:id',
    {
      schema: {
        tags,
        summary: 'Get document',
        description: 'How far its reading is, or why it failed.',
        params,
        response: { 200: Data(ListedDocument, 'The document'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentListed(await documentOf(runtime, principalOf(request), request.params.id))),
  );

  scope.delete(
    '/knowledge-base/:id',
    {
      schema: {
        tags,
        summary: 'Delete document',
        description:
          'With its passages and its file, also while it is being read. Transcripts keep the titles of what they were answered from.',
        params,
        response: { 200: Done('Deleted'), ...errors(400, 404) },
      },
    },
    async (request) => {
      await removeDocument(runtime, principalOf(request), request.params.id);
      return done('Document deleted successfully');
    },
  );

  scope.post(
    '/knowledge-base/search',
    {
      schema: {
        tags,
        summary: 'Search knowledge base',
        description:
          'The passages that answer a question best, as an agent finds them in a call: by words of any script, what means the same (English) and what is spelled alike, and by meaning where an embeddings endpoint is configured. The same text under the same heading is answered once, whichever documents have it.',
        body: Type.Object({
          query: Type.String({ minLength: 1, maxLength: 1000, pattern: NOT_BLANK, examples: ['What is the return policy?'] }),
          agentId: Type.Optional(
            Type.String({ minLength: 1, maxLength: 40, description: '`agent_123` or `123`; without it all documents are searched' }),
          ),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 5 })),
        }),
        response: { 200: Data(Type.Object({ results: Type.Array(Result) }), 'Best first'), ...errors(...BODY_ERRORS) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { query, agentId, limit = 5 } = request.body;
      const meant = await agentMeant(runtime, who, agentId);
      const found = await searchKnowledge(runtime, { tenantId: who.tenantId, agentId: meant }, query, limit);
      return data({ results: found.map(presentResult) });
    },
  );
}

function uploadRoute(scope: App, runtime: Runtime): void {
  const { config } = runtime;

  scope.register(async (forms: App) => {
    await acceptForms(forms);
    // forms are read as they stream in; their schemas are for readers
    forms.setValidatorCompiler(() => () => true);

    forms.post(
      '/knowledge-base/upload',
      {
        schema: {
          tags,
          summary: 'Upload document',
          description: `A PDF, DOCX, TXT or MD file of at most ${config.DOCUMENT_MAX_BYTES} bytes and ${MOST_LETTERS} letters, a PDF also of at most ${MOST_PAGES} pages; its content must be what its type and its name say. It is read in the background: \`status\` tells when it is ready, or failed.`,
          consumes: ['multipart/form-data'],
          body: Type.Object({
            file: Type.String({ format: 'binary', description: 'PDF, DOCX, TXT or MD; texts in UTF-8, or UTF-16 with a byte order mark' }),
            agentId: Type.String({ description: '`agent_123` or `123`' }),
            title: Type.Optional(Type.String({ maxLength: LONGEST_TITLE, description: 'Default: the name of the file' })),
            category: Type.Optional(Type.String({ maxLength: LONGEST_CATEGORY })),
          }),
          response: { 201: Told(Document, 'Accepted'), ...errors(400, 409, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const who = principalOf(request);
        const form = await receiveForm<ReceivedDocument>(request, {
          name: 'file',
          maxBytes: config.DOCUMENT_MAX_BYTES,
          store: (part) => {
            const fileName = part.filename ? cleanName(part.filename) : 'document';
            return storeDocument(config, who.tenantId, part.file, { mimeType: part.mimetype, fileName });
          },
          discard: ({ storageKey }) => removeDocumentFile(config, storageKey),
          read: ({ storageKey }) => openDocument(config, storageKey),
        });
        const row = await addDocument(runtime, who, form.file, await fieldsOf(runtime, form));
        return reply.code(201).send(told('Document uploaded successfully', presentDocument(row)));
      },
    );
  });
}

/** The form's texts. @throws AppError naming the one that is wrong; the file is then removed */
async function fieldsOf({ config }: Runtime, { file, fields }: FileForm<{ storageKey: string }>) {
  try {
    return {
      agentId: fields.agentId,
      title: shortText(fields, 'title', LONGEST_TITLE),
      category: shortText(fields, 'category', LONGEST_CATEGORY),
    };
  } catch (error) {
    await removeDocumentFile(config, file.storageKey);
    throw error;
  }
}

function shortText(fields: FileForm<unknown>['fields'], name: string, longest: number): string | undefined {
  const text = fields[name];
  if (text === undefined) return undefined;
  if (text.length > longest) throw badField(name, `must have at most ${longest} characters`);
  // eslint-disable-next-line no-control-regex -- NUL and halves of letters: no database keeps them
  if (/\u0000|\p{Surrogate}/u.test(text)) throw badField(name, 'holds characters that cannot be kept');
  return text;
}
