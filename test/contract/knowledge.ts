import type * as form from './endpoint.ts';
import { rowsFor } from './rows.ts';

type Code = 'VALIDATION_ERROR' | 'INVALID_AGENT_ID' | 'UNSUPPORTED_MEDIA_TYPE';

/** What of the calling document's world the chapter needs. */
interface World {
  agentId: string;
  /** was read, and is for whoever deletes it */
  spareDocumentId: string;
}

const { built, invalid, badQuery } = rowsFor<Code, World>('VALIDATION_ERROR');

const NOBODY = 'agent_999999999';

/** A file as somebody sends it. */
export const documentFile = (content: string | Uint8Array<ArrayBuffer>, name: string, type: string) => new File([content], name, { type });

/** The least that is a PDF with words (ISO 32000-1, §7.5): a page of them each. Cross references are left to the reader's repair. */
export function pdfOf(pages: ReadonlyArray<ReadonlyArray<{ text: string; size?: number }>>): Uint8Array<ArrayBuffer> {
  const escaped = (text: string) => text.replace(/[\\()]/g, '\\$&');
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects = [
    '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj',
    `2 0 obj << /Type /Pages /Kids [${kids}] /Count ${pages.length} >> endobj`,
    '3 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj',
    ...pages.map((lines, index) => {
      let y = 800;
      const drawn = lines.map(({ text, size = 11 }) => {
        y -= text === '' ? 12 : 14;
        return text === '' ? '' : `BT /F1 ${size} Tf 1 0 0 1 50 ${y} Tm (${escaped(text)}) Tj ET`;
      });
      const stream = drawn.filter(Boolean).join('\n');
      const page = 4 + index * 2;
      return `${page} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${page + 1} 0 R >> endobj
${page + 1} 0 obj << /Length ${stream.length} >> stream
${stream}
endstream endobj`;
    }),
  ];
  return new TextEncoder().encode(`%PDF-1.4\n${objects.join('\n')}\ntrailer << /Root 1 0 R /Size ${4 + pages.length * 2} >>\n%%EOF\n`);
}

const MANUAL = [
  [{ text: 'Return policy', size: 18 }, { text: '' }, { text: 'Our return policy allows returns within 30 days of purchase.' }],
];
export const manual = () => documentFile(pdfOf(MANUAL), 'manual.pdf', 'application/pdf');

const upload = (world: World) => ({ agentId: world.agentId, title: 'Product Manual', category: 'Manuals', file: manual() });
const search = ({ agentId }: World) => ({ query: 'What is the return policy?', agentId, limit: 5 });

/** The chapter of calling.md; `W` has more. */
export const KNOWLEDGE_BASE: Array<form.Endpoint<Code, World>> = [
  built('Knowledge Base', 'POST', '/knowledge-base/upload', {
    example: (world) => ({ form: upload(world) }),
    status: 201,
    message: 'Document uploaded successfully',
    fields: {
      'data._id': 'doc id',
      'data.title': 'text',
      'data.fileName': 'text',
      'data.agentId': 'agent id',
      'data.status': ['processing'],
      'data.createdAt': 'time',
    },
    wrong: [
      invalid('no file', 'file', ({ agentId }) => ({ form: { agentId } })),
      invalid('an empty file', 'file', (world) => ({ form: { ...upload(world), file: documentFile('', 'a.txt', 'text/plain') } })),
      invalid('no agent', 'agentId', () => ({ form: { file: manual() } })),
      invalid('an agent that is not there', 'agentId', (world) => ({ form: { ...upload(world), agentId: NOBODY } }), {
        code: 'INVALID_AGENT_ID',
      }),
      invalid('a title without end', 'title', (world) => ({ form: { ...upload(world), title: 'x'.repeat(201) } })),
      {
        what: 'a picture',
        example: (world) => ({ form: { ...upload(world), file: documentFile('\x89PNG\r\n\x1a\n', 'manual.png', 'image/png') } }),
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        field: 'file',
      },
      {
        what: 'a text that says it is a PDF',
        example: (world) => ({ form: { ...upload(world), file: documentFile('Plain words.', 'manual.pdf', 'application/pdf') } }),
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        field: 'file',
      },
      { what: 'JSON instead of a form', example: () => ({ json: { file: 'manual.pdf' } }), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
    ],
  }),
  built('Knowledge Base', 'GET', '/knowledge-base', {
    example: ({ agentId }) => ({ query: { agentId } }),
    status: 200,
    fields: {
      'data[]._id': 'doc id',
      'data[].title': 'text',
      'data[].fileName': 'text',
      'data[].agentId': 'agent id',
      'data[].status': ['processing', 'ready', 'failed'],
      'data[].vectorCount': 'integer',
      'data[].createdAt': 'time',
    },
    beside: ['pagination'],
    wrong: [
      badQuery('an id of something else', 'agentId', 'phone_1'),
      badQuery('page 0', 'page', '0'),
      badQuery('too many results', 'limit', '101'),
    ],
  }),
  built('Knowledge Base', 'DELETE', '/knowledge-base/:id', {
    example: ({ spareDocumentId }) => ({ params: { id: spareDocumentId } }),
    status: 200,
    message: 'Document deleted successfully',
    fields: {},
  }),
  built('Knowledge Base', 'POST', '/knowledge-base/search', {
    example: (world) => ({ json: search(world) }),
    required: ['query'],
    status: 200,
    fields: {
      'data.results[].content': 'text',
      'data.results[].score': 'number',
      'data.results[].documentId': 'doc id',
      'data.results[].documentTitle': 'text',
    },
    wrong: [
      invalid('a blank question', 'query', (world) => ({ json: { ...search(world), query: '  ' } })),
      invalid('no text', 'query', (world) => ({ json: { ...search(world), query: 7 } })),
      invalid('no results', 'limit', (world) => ({ json: { ...search(world), limit: 0 } })),
      invalid('too many results', 'limit', (world) => ({ json: { ...search(world), limit: 51 } })),
      invalid('an agent that is not there', 'agentId', (world) => ({ json: { ...search(world), agentId: NOBODY } }), {
        code: 'INVALID_AGENT_ID',
      }),
    ],
  }),
];
