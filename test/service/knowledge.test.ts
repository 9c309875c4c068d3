import { createServer } from 'node:http';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { deflateRawSync, constants, createDeflateRaw } from 'node:zlib';
import t, { type Test } from 'tap';
import { presentCall } from '../../api/calling/present.ts';
import { cutPages } from '../../core/knowledge/cut.ts';
import { findCallWithTranscript } from '../../db/query/call-list.ts';
import { type DocumentRow, listDocuments } from '../../db/query/documents.ts';
import { hasVectorType, nearestPassages } from '../../db/query/embeddings.ts';
import { findSpellings, findWritten } from '../../db/query/passages.ts';
import { removeAgent } from '../../service/agents.ts';
import { continueTalk, startTalk } from '../../service/conversation.ts';
import { embed } from '../../service/embeddings.ts';
import { readDocument, UnreadableDocument } from '../../service/document-read.ts';
import { storedArchive } from '../../core/xlsx/stored.ts';
import { runDocument } from '../../service/document-run.ts';
import { storeDocument } from '../../service/document-store.ts';
import { addDocument, documentJobId, removeDocument, removeOrphanDocuments, requeueDocuments } from '../../service/knowledge.ts';
import { searchKnowledge } from '../../service/knowledge-search.ts';
import type { Runtime } from '../../service/runtime.ts';
import { pdfOf } from '../contract/knowledge.ts';
import { zip } from '../xlsx.ts';
import { eventually } from '../eventually.ts';
import { context, fixture, measure, openKnowledge as open, type Question, rowOf } from './knowledge-base.ts';
import { leg, speech, TOKEN, transcript } from './talk.ts';

const PDF = 'application/pdf';
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** A document's text as a PDF of several pages: headings large, lines wrapped. */
function asPdf(text: string): Uint8Array {
  const lines = text.split('\n').flatMap((line) => {
    if (line.startsWith('#'))
      return [{ text: '' }, { text: line.replace(/^#+ /, ''), size: line.startsWith('## ') ? 14 : 18 }, { text: '' }];
    return (line.match(/.{1,88}(?:\s|$)/g) ?? []).map((part) => ({ text: part.trim() }));
  });
  const pages = Array.from({ length: Math.ceil(lines.length / 45) }, (_, page) => lines.slice(page * 45, (page + 1) * 45));
  return pdfOf(pages);
}

/** The same as the least that is a Word document (ECMA-376, part 1, §11). */
function asWord(text: string): Buffer {
  const escape = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const paragraphs = text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const level = /^#+/.exec(line)?.[0].length ?? 0;
      const style = level > 0 ? `<w:pPr><w:pStyle w:val="Heading${level}"/></w:pPr>` : '';
      return `<w:p>${style}<w:r><w:t xml:space="preserve">${escape(line.replace(/^#+ /, ''))}</w:t></w:r></w:p>`;
    });
  const types = 'http://schemas.openxmlformats.org/package/2006';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zip([
    {
      name: '[Content_Types].xml',
      data: `<?xml version="1.0"?><Types xmlns="${types}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${WORD}.main+xml"/></Types>`,
    },
    {
      name: '_rels/.rels',
      data: `<?xml version="1.0"?><Relationships xmlns="${types}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
    },
    {
      name: 'word/document.xml',
      data: `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs.join('')}</w:body></w:document>`,
    },
  ]);
}

const HANDBOOKS: ReadonlyArray<[name: string, type: string, as: (text: string) => Uint8Array | string, title: string]> = [
  ['dental-clinic.md', 'text/markdown', (text) => text, 'Patient handbook'],
  ['telecom-tariffs.txt', 'text/plain', (text) => text, 'Tariffs'],
  ['parcel-claims.docx', WORD, asWord, 'Rules for claims'],
  ['hotel-policies.pdf', PDF, asPdf, 'Guest information'],
  ['software-admin.md', 'text/markdown', (text) => text, 'Administrator guide'],
];

/** Reads all five handbooks into one agent's knowledge base. */
async function readHandbooks(t: Test, env: Record<string, string> = {}) {
  const opened = await open(t, env);
  for (const [name, type, as, title] of HANDBOOKS) {
    const text = await fixture(name.replace(/docx|pdf/, 'txt'));
    t.match(await opened.read(await opened.upload(name, type, as(text), title)), { status: 'ready', error: null, progress: 100 }, name);
  }
  return opened;
}

t.test('five handbooks and what callers ask, by words alone', async (t) => {
  const opened = await readHandbooks(t);
  const { runtime, sql, scope } = opened;
  const questions = JSON.parse(await fixture('questions.json')) as Question[];
  t.equal(questions.length, 30);
  const found = await measure(opened, questions);
  t.comment(`30 questions: first ${found.first.toFixed(2)}, first three ${found.three.toFixed(2)}; not first: ${found.missed.join(' | ')}`);
  t.ok(found.first >= 0.8, `the right passage first: ${found.first}`);
  t.ok(found.three >= 0.95, `in the first three: ${found.three}`);
  // written before the ranking; which of them it misses was not looked at while it was made
  const unseen = await measure(opened, JSON.parse(await fixture('held-out-questions.json')) as Question[]);
  t.comment(`held out: first ${unseen.first.toFixed(2)}, first three ${unseen.three.toFixed(2)}; not first: ${unseen.missed.join(' | ')}`);
  t.ok(unseen.first >= 0.8 && unseen.three >= 0.9, `questions that were held out: ${unseen.first}, ${unseen.three}`);

  await t.test('scores are between 0 and 1, fall, and tell passages apart', async (t) => {
    const places: number[][] = [[], [], [], [], []];
    for (const { ask } of questions) {
      const scores = (await searchKnowledge(runtime, scope, ask, 5)).map(({ score }) => score);
      scores.forEach((score, place) => places[place]?.push(score));
      if (!scores.every((score, index) => score > 0 && score <= (scores[index - 1] ?? 1))) t.fail(`${ask}: ${scores.join(' ')}`);
    }
    const mean = (scores: number[] = []) => scores.reduce((sum, score) => sum + score, 0) / scores.length;
    t.comment(`mean scores: ${places.map((scores) => mean(scores).toFixed(2)).join(' ')}`);
    t.comment(
      `of the first: ${places[0]
        ?.map((score) => score.toFixed(2))
        .sort()
        .join(' ')}`,
    );
    t.ok(mean(places[0]) > 1.5 * mean(places[2]), 'the first is well above the third');
    t.ok((places[0]?.filter((score) => score > 0.99).length ?? 30) <= 3, 'hardly any has all of a whole question');
    t.strictSame(await searchKnowledge(runtime, scope, 'What is the capital of France?', 3), []);
    await t.resolves(
      searchKnowledge(runtime, scope, `'); drop table passages; -- & | ! <-> :* \\ '' "\u0007`, 3),
      'signs of queries are no words',
    );
  });

  await t.test('a PDF knows its pages, and every passage its heading', async (t) => {
    const [parking] = await searchKnowledge(runtime, scope, 'how much is the underground garage', 1);
    t.match(parking, { documentTitle: 'Guest information', heading: 'Parking and transport', page: Number });
    const pages = await sql<Array<{ page: number }>>`select distinct page from passages where page is not null order by 1`;
    t.ok(pages.length >= 2, 'more than one page');
    const [bare] = await sql<Array<{ n: number }>>`select count(*)::int as n from passages where heading = '' or length(content) > 900`;
    t.ok((bare?.n ?? 9) <= 1, 'but for what stands before the first heading');
  });

  await t.test('a document that is uploaded twice answers once', async (t) => {
    const [name, type, , title] = HANDBOOKS[0] ?? ['', '', '', ''];
    const alone = await searchKnowledge(runtime, scope, 'do you do laughing gas', 5);
    const copy = await opened.upload(name, type, await fixture(name), `${title} again`);
    t.match(await opened.read(copy), { status: 'ready' });
    const found = await searchKnowledge(runtime, scope, 'do you do laughing gas', 5);
    t.equal(new Set(found.map(({ content }) => content)).size, found.length, 'no text twice');
    t.equal(found[0]?.content, alone[0]?.content);
    t.equal(found.length, alone.length);
    await removeDocument(runtime, opened.who, `doc_${copy.id}`);
  });

  await t.test('another tenant, and another agent, find nothing', async (t) => {
    t.strictSame(await searchKnowledge(runtime, { tenantId: scope.tenantId + 1, agentId: undefined }, 'can I bring my dog', 3), []);
    t.strictSame(await searchKnowledge(runtime, { ...scope, agentId: scope.agentId + 1 }, 'can I bring my dog', 3), []);
    t.ok((await searchKnowledge(runtime, { ...scope, agentId: undefined }, 'can I bring my dog', 3)).length > 0);
  });

  await t.test('an agent in a call answers from it, and the turn names what it was answered from', async (t) => {
    const [call] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, carrier, claimed_at, claim_token)
      values (${scope.tenantId}, ${scope.agentId}, '+14155550199', 'dialing', 'twilio', now(), ${TOKEN}) returning id`;
    const callId = call?.id ?? 0;
    await startTalk(runtime, leg(callId), 'human');
    await continueTalk(runtime, leg(callId), 1, speech('Can I bring my dog to the hotel?'));
    await continueTalk(runtime, leg(callId), 2, speech('What is the capital of France?'));
    const turns = await transcript(runtime, callId);
    t.match(turns[2]?.content, /Dogs up to 20 kilograms/);
    t.match(turns[2]?.metadata, {
      answered: true,
      passages: [{ passageId: Number, documentId: Number, documentTitle: 'Guest information', page: Number, score: Number }],
    });
    t.strictSame(turns[4]?.metadata, { answered: false });

    const found = await findCallWithTranscript(sql, scope.tenantId, callId);
    const shown = found && presentCall(found).transcript;
    t.match(shown?.[2]?.metadata, {
      passages: [{ documentId: /^doc_\d+$/, documentTitle: 'Guest information', page: Number, score: Number }],
    });
    t.notOk(shown?.[4]?.metadata, 'a turn without sources has none');
  });
});

t.test('reading a document', async (t) => {
  const opened = await open(t);
  const { runtime, sql, who, dataDir, upload, read, tenantId } = opened;
  const files = async () =>
    (await readdir(join(dataDir, 'documents'), { recursive: true }).catch(() => [])).filter((name) => name.includes('/'));
  const passages = async ({ id }: DocumentRow) =>
    (await sql<Array<{ n: number }>>`select count(*)::int as n from passages where document_id = ${id}`)[0]?.n;

  await t.test('twice, or by two jobs at once, writes it once', async (t) => {
    const document = await upload('a.txt', 'text/plain', 'Lamps may be returned within 30 days.');
    t.match(document, { status: 'processing', title: 'a', passageCount: 0 });
    await Promise.all([runDocument(runtime, document.id, context()), runDocument(runtime, document.id, context())]);
    t.match(await read(document), { status: 'ready', passages: 1 });
    t.equal(await passages(document), 1);
  });

  await t.test('interrupted, it is tried again; after the last try it has failed', async (t) => {
    const stopped = new AbortController();
    stopped.abort(new Error('stopping'));
    const document = await upload('b.txt', 'text/plain', 'Words.');
    await t.rejects(runDocument(runtime, document.id, context(stopped.signal)), /stopping/);
    t.match(await rowOf(runtime, document.id), { status: 'processing' });
    t.match(await read(document), { status: 'ready' });
  });

  await t.test('deleted before, while and after: nothing of it is left', async (t) => {
    const before = (await files()).length;
    const early = await upload('c.txt', 'text/plain', 'Words.');
    await removeDocument(runtime, who, `doc_${early.id}`);
    await runDocument(runtime, early.id, context());
    const during = await upload('d.txt', 'text/plain', 'Words. '.repeat(10_000));
    const reading = runDocument(runtime, during.id, context());
    await removeDocument(runtime, who, `doc_${during.id}`);
    await reading;
    const late = await upload('e.txt', 'text/plain', 'Words.');
    await read(late);
    await removeDocument(runtime, who, `doc_${late.id}`);
    for (const document of [early, during, late]) {
      t.equal(await passages(document), 0);
      t.equal(await rowOf(runtime, document.id), undefined);
    }
    t.equal((await files()).length, before, 'no file is left');
    await t.rejects(removeDocument(runtime, who, `doc_${late.id}`), { code: 'not_found' });
  });

  await t.test('files that cannot be read fail, and say why', async (t) => {
    const cases: Array<[name: string, type: string, bytes: Uint8Array | string, error: RegExp]> = [
      ['a.pdf', PDF, '%PDF-1.4\nnothing of a PDF', /damaged|cut off/],
      ['b.pdf', PDF, pdfOf([[{ text: '' }]]), /no text: it may be a scan/],
      ['c.txt', 'text/plain', ' \n ', /has no text/],
      ['signs.pdf', PDF, pdfOf([[{ text: '\0\0:\0\0' }], [{ text: '\0 -' }]]), /no text: it may be a scan/],
      ['signs.txt', 'text/plain', '… : …', /has no text/],
      ['signs.md', 'text/markdown', '# ***\n\n---\n', /has no text/],
      ['signs.docx', WORD, asWord('… : …'), /has no text/],
    ];
    for (const [name, type, bytes, error] of cases)
      t.match(await read(await upload(name, type, bytes)), { status: 'failed', error, passages: 0 }, name);
    const gone = await upload('d.txt', 'text/plain', 'Words.');
    await rm(join(dataDir, 'documents'), { recursive: true });
    await t.rejects(runDocument(runtime, gone.id, context()), /ENOENT/, 'a fault of the system');
    t.match(await rowOf(runtime, gone.id), { status: 'processing' }, 'is tried again');
    await t.rejects(runDocument(runtime, gone.id, context(undefined, true)), /ENOENT/);
    t.match(await rowOf(runtime, gone.id), { status: 'failed', error: /faults of the system/ });
  });

  await t.test('a text that speaks of PDF files is a text', async (t) => {
    const document = await upload('formats.txt', 'text/plain', 'A PDF begins with %PDF-1.7.');
    t.match(await read(document), { status: 'ready', passages: 1 });
    await removeDocument(runtime, who, `doc_${document.id}`);
  });

  await t.test('files that are not what they say are refused, and leave nothing', async (t) => {
    const word = zip([{ name: 'xl/workbook.xml', data: '<x/>' }]);
    const cases: Array<[name: string, type: string, bytes: Uint8Array | string, code: string, message: RegExp]> = [
      ['a.pdf', PDF, 'Plain words.', 'unsupported_media_type', /^file is sent as application\/pdf, but its content is text$/],
      ['a.docx', 'application/octet-stream', pdfOf([[{ text: 'x' }]]), 'unsupported_media_type', /called \.docx/],
      ['a.docx', WORD, word, 'unsupported_media_type', /no Word document/],
      ['a.docx', WORD, word.subarray(0, 60), 'unsupported_media_type', /damaged/],
      ['a.txt', 'text/plain', Buffer.concat([Buffer.alloc(5000, 'x'), Buffer.from([0xe9, 0x20])]), 'unsupported_media_type', /UTF-8/],
      ['a.txt', 'text/plain', Buffer.concat([Buffer.alloc(5000, 'x'), Buffer.alloc(9)]), 'unsupported_media_type', /NUL/],
      ['a.txt', 'text/plain', Buffer.from('caf\xe9', 'latin1'), 'unsupported_media_type', /^file must be UTF-8, or UTF-16/],
      ['a.txt', 'text/plain', Buffer.from('words', 'utf16le'), 'unsupported_media_type', /UTF-16 with a byte order mark/],
      ['a.txt', 'text/plain', '', 'validation', /^file is empty$/],
      ['a.txt', 'text/plain', Buffer.alloc(runtime.config.DOCUMENT_MAX_BYTES + 1, 'x'), 'payload_too_large', /^file must have at most/],
    ];
    const before = await files();
    for (const [name, type, bytes, code, message] of cases)
      await t.rejects(upload(name, type, bytes), { code, message }, `${name}: ${message}`);
    t.strictSame(await files(), before);
  });

  await t.test('lost jobs come back, orphaned files go', async (t) => {
    const document = await upload('f.txt', 'text/plain', 'Words.');
    await sql`update documents set status = 'failed' where status = 'processing' and id <> ${document.id}`;
    t.equal(await requeueDocuments(runtime), 0, 'its job waits');
    const id = documentJobId(document.id);
    const queue = runtime.producer.queuesForBoard().find(({ name }) => name === 'documents');
    await queue?.remove(id);
    t.equal(await requeueDocuments(runtime), 1);
    t.equal((await runtime.producer.jobState('documents', [id])).get(id), 'present');
    await storeDocument(runtime.config, tenantId, Readable.from([Buffer.from('x')]), { mimeType: 'text/plain', fileName: 'x' });
    const dayAfterTomorrow = new Date(Date.now() + 2 * 24 * 3600 * 1000);
    const before = await files();
    t.equal(await removeOrphanDocuments(runtime, dayAfterTomorrow), before.length - 1);
    t.match(await read(document), { status: 'ready' });
  });
});

t.test('documents of an agent that is deleted go with it', async (t) => {
  const { runtime, sql, who, dataDir, upload, read, tenantId, agentId, scope } = await open(t);
  const [other] = await sql<Array<{ id: number }>>`
    insert into agents (tenant_id, kind, name) values (${tenantId}, 'ai', 'Bo') returning id`;
  const spared = await upload('spared.txt', 'text/plain', 'Lamps are green.');
  await sql`update documents set agent_id = ${other?.id ?? 0} where id = ${spared.id}`;
  await read(spared);
  await read(await upload('a.txt', 'text/plain', 'Lamps are red.'));
  const unread = await upload('b.txt', 'text/plain', 'Lamps are blue.');
  const files = async () => (await readdir(join(dataDir, 'documents', String(tenantId)))).length;
  t.equal(await files(), 3);

  await removeAgent(runtime, who, `agent_${agentId}`);
  t.match(
    await listDocuments(sql, tenantId, { limit: 10, offset: 0 }),
    { total: 1, rows: [{ id: spared.id }] },
    'neither listed nor counted',
  );
  const found = await searchKnowledge(runtime, { ...scope, agentId: undefined }, 'lamps', 10);
  t.strictSame(
    found.map(({ content }) => content),
    ['Lamps are green.'],
    'nor found',
  );
  t.equal(await files(), 1, 'nor kept');
  const [left] = await sql<Array<{ n: number }>>`select count(*)::int as n from passages`;
  t.equal(left?.n, 1);
  await runDocument(runtime, unread.id, context());
  t.equal(await rowOf(runtime, unread.id), undefined, 'a job of one that was not read finds nothing to do');

  await t.test('also one that is uploaded at the same time', async (t) => {
    const file = await storeDocument(runtime.config, tenantId, Readable.from([Buffer.from('x')]), {
      mimeType: 'text/plain',
      fileName: 'x.txt',
    });
    let uploaded: Promise<unknown> = Promise.resolve();
    await sql.begin(async (deletion) => {
      await deletion`update agents set deleted_at = now() where id = ${other?.id ?? 0}`;
      uploaded = addDocument(runtime, who, file, { agentId: `agent_${other?.id}` }).catch((error: unknown) => error);
      await eventually(async () => {
        const [waiting] = await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return waiting;
      });
    });
    t.match(await uploaded, { code: 'invalid_agent' });
  });
});

t.test('a hostile file can take only so much memory and time', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'dialfleet-hostile-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const signal = new AbortController().signal;
  const path = join(dir, 'bomb.pdf');
  const limits = { heapMib: 256, dataMib: 768, patienceMs: 30_000 };
  await writeFile(path, await paddedPdf(2));
  t.match(await readDocument({ path, kind: 'pdf' }, signal, limits), [{ page: 1, content: 'Hello' }], 'some mebibytes are read');
  await writeFile(path, await paddedPdf(4000));
  await t.rejects(readDocument({ path, kind: 'pdf' }, signal, limits), /more memory or time/, 'four gibibytes are not');

  const bomb = join(dir, 'bomb.docx');
  await writeFile(bomb, zip([{ name: 'word/document.xml', data: Buffer.alloc(70 * 1024 * 1024, ' ') }]));
  await t.rejects(readDocument({ path: bomb, kind: 'docx' }, signal), /unpacks to much more/);
  await t.rejects(readDocument({ path: bomb, kind: 'docx' }, signal, { ...limits, patienceMs: 1 }), /more memory or time/);

  const lie = Buffer.from(storedArchive([{ name: 'word/document.xml', data: Buffer.from('<x/>'.repeat(100)) }]));
  lie.writeUInt32LE(1, lie.lastIndexOf('PK\x01\x02') + 24);
  await writeFile(bomb, lie);
  await t.rejects(readDocument({ path: bomb, kind: 'docx' }, signal), /is damaged/, 'what is stored is as long as it is');
  const word = asWord('Words.');
  await writeFile(bomb, word);
  t.match(await readDocument({ path: bomb, kind: 'docx' }, signal), [{ content: 'Words.' }]);
  await writeFile(bomb, overlap(word, 50));
  await t.rejects(readDocument({ path: bomb, kind: 'docx' }, signal), /is damaged/, 'files that lie over each other');

  const many = join(dir, 'many.txt');
  await writeFile(many, Array.from({ length: 20_001 }, (_, n) => `# h${n}\n\nx`).join('\n\n'));
  await t.rejects(readDocument({ path: many, kind: 'markdown' }, signal), /has 20001 passages/);
});

/** A ZIP archive whose last file is listed so many times more. */
function overlap(archive: Buffer, times: number): Buffer {
  const endAt = archive.lastIndexOf('PK\x05\x06');
  const end = Buffer.from(archive.subarray(endAt));
  const entry = Buffer.from(archive.subarray(archive.lastIndexOf('PK\x01\x02'), endAt));
  const name = entry.indexOf('word/');
  const others = Array.from({ length: times }, (_, n) => {
    const other = Buffer.from(entry);
    other.write(String(n).padStart(4, '0'), name);
    return other;
  });
  const count = end.readUInt16LE(10) + times;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  return Buffer.concat([archive.subarray(0, endAt), ...others, end]);
}

t.test('a reader that is ended from outside, or cannot start, is no fault of the file', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'dialfleet-fault-'));
  const node = process.execPath;
  t.teardown(async () => {
    process.execPath = node;
    await rm(dir, { recursive: true, force: true });
  });
  const path = join(dir, 'a.txt');
  await writeFile(path, 'Words.');
  const { signal } = new AbortController();
  const isOurs = (error: Error) => !(error instanceof UnreadableDocument);
  const killed = readDocument({ path, kind: 'text' }, signal).catch((error: Error) => error);
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  process.kill(Number(children.trim().split(' ').at(-1)), 'SIGKILL');
  t.match(await killed, { message: /ended from outside/ });
  process.execPath = join(dir, 'nothing');
  const unstarted = await readDocument({ path, kind: 'text' }, signal).catch((error: Error) => error);
  t.ok(unstarted instanceof Error && isOurs(unstarted), 'it may be tried again');
});

/** A PDF of one word and so many mebibytes of blanks, packed to a thousandth. */
async function paddedPdf(mebibytes: number): Promise<Buffer> {
  const words = await packed(Buffer.from('BT /F1 11 Tf 1 0 0 1 50 700 Tm (Hello) Tj ET\n'));
  const blanks = await packed(Buffer.alloc(1024 * 1024, ' '));
  const end = deflateRawSync(Buffer.alloc(0));
  const stream = Buffer.concat([Buffer.from([0x78, 0x9c]), words, ...Array.from({ length: mebibytes }, () => blanks), end]);
  const plain = Buffer.from(pdfOf([[{ text: 'x' }]])).toString('latin1');
  const head = `${plain.slice(0, plain.indexOf('/Length'))}/Filter /FlateDecode /Length ${stream.length} >> stream\n`;
  return Buffer.concat([Buffer.from(head), stream, Buffer.from('\nendstream endobj\ntrailer << /Root 1 0 R /Size 6 >>\n%%EOF\n')]);
}

/** One part of a deflate stream that others may follow. */
async function packed(bytes: Buffer): Promise<Buffer> {
  const deflate = createDeflateRaw();
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  deflate.write(bytes);
  await new Promise<void>((resolve) => deflate.flush(constants.Z_FULL_FLUSH, resolve));
  deflate.destroy();
  return Buffer.concat(chunks);
}

/** A stand-in for an embeddings endpoint: it knows a few topics, whatever words they come in. */
async function openEndpoint(t: Test) {
  const topics = [
    /dog|pet|puppy|animal|pug/i,
    /tooth|teeth|dent/i,
    /refund|money|return/i,
    /router|internet|fibre/i,
    /pool|swim/i,
    /eat|meal|breakfast/i,
  ];
  const state = {
    isDown: false,
    refuses: undefined as RegExp | undefined,
    answer: undefined as unknown,
    requests: [] as Array<{ model: string; input: string[]; key: string | undefined }>,
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { model: string; input: string[] };
      state.requests.push({ ...body, key: request.headers.authorization });
      const isRefused = body.input.some((text) => state.refuses?.test(text));
      response.statusCode = state.isDown ? 503 : isRefused ? 400 : request.url === '/v1/embeddings' ? 200 : 404;
      const data = body.input.map((text, index) => ({ index, embedding: [...topics.map((topic) => (topic.test(text) ? 1 : 0)), 0.05] }));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(state.answer ?? { data: data.reverse() }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const address = server.address();
  return { state, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1` };
}

t.test('with an embeddings endpoint', async (t) => {
  const endpoint = await openEndpoint(t);
  const opened = await open(t, { EMBEDDINGS_URL: endpoint.url, EMBEDDINGS_API_KEY: 'k', EMBEDDINGS_MODEL: 'm1' });
  const { runtime, sql, scope, upload, read } = opened;
  const warnings: string[] = [];
  runtime.log.warn = ((_: object, message: string) => void warnings.push(message)) as typeof runtime.log.warn;
  const hotel = await fixture('hotel-policies.txt');
  const vectors = async () =>
    (await sql<Array<{ n: number }>>`select count(embedding)::int as n from passages where embedding_model = 'm1'`)[0]?.n;
  const ASKED = 'what about our pug';

  const document = await upload('hotel.txt', 'text/plain', hotel);
  t.match(await read(document), { status: 'ready', model: 'm1' });
  t.equal(await vectors(), cutPages([{ page: null, text: hotel }]).length);
  t.match(endpoint.state.requests[0], { model: 'm1', key: 'Bearer k' });
  t.match((await searchKnowledge(runtime, scope, ASKED, 1))[0], { heading: 'Pets' }, 'by meaning: no word is shared');
  t.ok(((await searchKnowledge(runtime, scope, ASKED, 1))[0]?.score ?? 0) > 0.5);
  t.match(
    (await searchKnowledge(runtime, scope, 'is the swimming pool open in the evening', 1))[0],
    { heading: 'Spa and pool' },
    'and by words',
  );
  const requests = endpoint.state.requests.length;
  await runDocument(runtime, document.id, context());
  t.equal(endpoint.state.requests.length, requests, 'vectors are made once');

  await t.test('compared by pgvector where there is one', async (t) => {
    // stands in for the extension: the same type, casts and operator, of which we use no more
    await sql.unsafe(`
      create type vector;
      create function vector_in(cstring) returns vector language internal immutable strict as 'textin';
      create function vector_out(vector) returns cstring language internal immutable strict as 'textout';
      create type vector (input = vector_in, output = vector_out, like = text);
      create function array_to_vector(real[]) returns vector language sql immutable as $$ select ('[' || array_to_string($1, ',') || ']')::vector $$;
      create cast (real[] as vector) with function array_to_vector(real[]);
      create function cosine_distance(a vector, b vector) returns float8 language sql immutable as
        $$ select 1 - sum(x * y) from unnest(translate(a::text, '[]', '{}')::real[], translate(b::text, '[]', '{}')::real[]) v(x, y) $$;
      create operator <=> (leftarg = vector, rightarg = vector, function = cosine_distance);`);
    const [vector = []] = await embed(runtime, [ASKED], 1000);
    const wanted = { model: 'm1', vector, question: ASKED, limit: 5, patienceMs: 5000 };
    const plain = await nearestPassages(runtime.db, scope, { ...wanted, pgvector: false });
    const own = await nearestPassages(runtime.db, scope, { ...wanted, pgvector: true });
    t.strictSame(
      own.map(({ passageId }) => passageId),
      plain.map(({ passageId }) => passageId),
    );
    t.ok(await hasVectorType(sql), 'and is found');
  });

  await t.test('that refuses some texts: the others have vectors, and nobody else waits', async (t) => {
    endpoint.state.refuses = /zebra/;
    const text = Array.from({ length: 9 }, (_, n) => `# Part ${n}\n\n${n === 4 ? 'A zebra.' : 'A horse.'}`).join('\n\n');
    const some = await upload('zoo.md', 'text/markdown', text);
    t.match(await read(some), { status: 'ready', model: 'm1', faults: 0 });
    const [count] = await sql<Array<{ all: number; made: number }>>`
      select count(*)::int as all, count(embedding)::int as made from passages where document_id = ${some.id} and embedding_model = 'm1'`;
    t.strictSame({ ...count }, { all: 9, made: 8 });
    await t.resolves(embed(runtime, [ASKED], 1000), 'the endpoint is not left alone');
    endpoint.state.refuses = /./;
    const none = await upload('ark.md', 'text/markdown', text);
    t.match(await read(none), { status: 'ready', model: null, faults: 1 }, 'one that refuses all is asked again');
    endpoint.state.refuses = undefined;
    await t.resolves(embed(runtime, [ASKED], 1000));
    await sql`delete from documents where id in (${some.id}, ${none.id})`;
  });

  await t.test('whose vectors cannot be used: words go on', async (t) => {
    endpoint.state.answer = { data: [{ index: 0, embedding: [1, 1e-60] }] };
    t.match((await searchKnowledge(runtime, scope, 'can I bring my dog', 1))[0], { heading: 'Pets' });
    endpoint.state.answer = undefined;
    await sql.unsafe('alter table passages rename column embedding to embedding_gone');
    const broken = await upload('later.txt', 'text/plain', 'Words about a horse.');
    t.match((await searchKnowledge(runtime, scope, 'can I bring my dog', 1))[0], { heading: 'Pets' }, 'whatever fails');
    await t.rejects(runDocument(runtime, broken.id, context()), /embedding/);
    t.match(await rowOf(runtime, broken.id), { status: 'ready', faults: 0 }, 'is tried again');
    await t.rejects(runDocument(runtime, broken.id, context(undefined, true)), /embedding/);
    t.match(await rowOf(runtime, broken.id), { status: 'ready', faults: 1 }, 'and put off at last');
    await sql.unsafe('alter table passages rename column embedding_gone to embedding');
    await sql`delete from documents where id = ${broken.id}`;
  });

  await t.test('what takes too long is left out', async (t) => {
    const lasts = { code: '57014' };
    const vector = (await embed(runtime, [ASKED], 1000))[0] ?? [];
    await sql.begin(async (other) => {
      await other`lock table passages in access exclusive mode`;
      const patienceMs = 50;
      await t.rejects(findSpellings(runtime.db, scope, [{ slot: 0, word: 'anmials' }], patienceMs), lasts);
      await t.rejects(findWritten(runtime.db, scope, [{ slot: 0, word: 'animals' }], patienceMs), lasts);
      const wanted = { model: 'm1', vector, question: ASKED, limit: 5, pgvector: false, patienceMs };
      await t.rejects(nearestPassages(runtime.db, scope, wanted), lasts);
    });
    const tried = ['dosg', 'dogs'].map((word) => ({ slot: 3, word }));
    t.strictSame(
      (await findWritten(runtime.db, scope, tried, 5000)).map(({ slot, word, likeness }) => [slot, word, likeness]),
      [[3, 'dogs', 1]],
    );
    const alike = await findSpellings(runtime.db, scope, [{ slot: 2, word: 'kilogrems' }], 5000);
    t.match(alike[0], { slot: 2, word: 'kilograms', likeness: Number });
    await sql.unsafe(`
      alter function similarity(text, text) rename to true_similarity;
      create function similarity(text, text) returns real language sql as $$ select 1::real from pg_sleep(5) $$`);
    t.match((await searchKnowledge(runtime, scope, 'can I bring my dog to the restorant', 1))[0], { heading: 'Pets' });
    t.ok(warnings.some((warning) => /not found in time/.test(warning)));
    await sql.unsafe('drop function similarity(text, text); alter function true_similarity(text, text) rename to similarity');
  });

  await t.test('that is down: words go on, and vectors follow later', async (t) => {
    endpoint.state.isDown = true;
    t.match((await searchKnowledge(runtime, scope, 'can I bring my dog', 1))[0], { heading: 'Pets' });
    t.ok(
      warnings.some((warning) => /by words alone/.test(warning)),
      'the log says so',
    );
    const later = await upload('dental.md', 'text/markdown', await fixture('dental-clinic.md'));
    t.match(await read(later), { status: 'ready', model: null, faults: 1 });
    t.match((await searchKnowledge(runtime, scope, 'laughing gas', 1))[0], { heading: /Sedation/ }, 'found by its words meanwhile');
    t.ok(warnings.some((warning) => /no vectors for a document yet/.test(warning)));
    endpoint.state.isDown = false;
    t.equal(await requeueDocuments(runtime), 0, 'not at once');
    await sql`update documents set embed_after = now() where id = ${later.id}`;
    await runtime.producer
      .queuesForBoard()
      .find(({ name }) => name === 'documents')
      ?.drain();
    t.equal(await requeueDocuments(runtime), 1, 'but when its time has come');
    t.match(await read(later), { status: 'ready', model: 'm1', faults: 0 });
  });

  await t.test('with another model: all is made anew', async (t) => {
    const other: Runtime = { ...runtime, config: { ...runtime.config, EMBEDDINGS_MODEL: 'm2' } };
    await runtime.producer
      .queuesForBoard()
      .find(({ name }) => name === 'documents')
      ?.drain();
    t.equal(await requeueDocuments(other), 2);
    await runDocument(other, document.id, context());
    t.match(await rowOf(runtime, document.id), { model: 'm2' });
    t.match((await searchKnowledge(other, scope, ASKED, 1))[0], { heading: 'Pets' });
  });
});
