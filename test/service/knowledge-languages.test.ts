import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { migrate } from '../../db/migrate.ts';
import { migrateQueues } from '../../queue/connection.ts';
import { requeueDocuments } from '../../service/knowledge.ts';
import { searchKnowledge } from '../../service/knowledge-search.ts';
import { testDatabaseUrl } from '../database.ts';
import { continueTalk, startTalk } from '../../service/conversation.ts';
import { fixture, measure, openKnowledge, type Question } from './knowledge-base.ts';
import { leg, speech, TOKEN, words } from './talk.ts';

/** An empty database whose parser knows the letters of all scripts, as the one of PostgreSQL's image does; the embedded one has C. */
async function openUtf8Database(t: Test): Promise<Record<string, string>> {
  const url = new URL(await testDatabaseUrl());
  url.pathname = '/postgres';
  const admin = postgres(url.href, { max: 1, onnotice: () => undefined });
  const name = `test_${randomBytes(6).toString('hex')}`;
  const [locale] = await admin<Array<{ name: string }>>`
    select collctype as name from pg_collation where collprovider = 'c' and collctype ~* 'utf-?8$' order by collctype !~ '^en_US', 1 limit 1`;
  await admin.unsafe(`
    create database ${name} template template0 encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype '${locale?.name}'`);
  t.teardown(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end({ timeout: 5 });
  });
  url.pathname = `/${name}`;
  await migrate(url.href, pino({ level: 'silent' }));
  await migrateQueues(url.href);
  return { DATABASE_URL: url.href };
}

for (const locale of ['C', 'UTF-8'] as const) {
  t.test(`what is asked in other scripts, in a database of the locale ${locale}`, async (t) => {
    const opened = await openKnowledge(t, locale === 'C' ? {} : await openUtf8Database(t));
    const { runtime, sql, scope, upload, read } = opened;
    const [{ ctype } = { ctype: '' }] = await sql<Array<{ ctype: string }>>`
      select datctype as ctype from pg_database where datname = current_database()`;
    t.match(ctype, locale === 'C' ? /^C$/ : /utf-?8/i);
    const ask = async (question: string) => (await searchKnowledge(runtime, scope, question, 3))[0]?.content;

    for (const [file, questions] of [
      ['hindi-hospital.md', 'hindi-questions.json'],
      ['chinese-shop.md', 'chinese-questions.json'],
    ] as const) {
      t.match(await read(await upload(file, 'text/markdown', await fixture(file))), { status: 'ready' });
      const found = await measure(opened, JSON.parse(await fixture(questions)) as Question[]);
      t.comment(
        `${questions}: first ${found.first.toFixed(2)}, first three ${found.three.toFixed(2)}; not first: ${found.missed.join(' | ')}`,
      );
      t.ok(found.first >= 0.85 && found.three >= 0.95, `${questions}: ${found.first}, ${found.three}`);
    }

    const [call] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, carrier, claimed_at, claim_token)
      values (${scope.tenantId}, ${scope.agentId}, '+919999900199', 'dialing', 'twilio', now(), ${TOKEN}) returning id`;
    const talk = leg(call?.id ?? 0);
    await startTalk(runtime, talk, 'human');
    t.match(words(await continueTalk(runtime, talk, 1, speech('एंबुलेंस का किराया कितना है?'))), /800 रुपये/, 'an agent answers in a call');
    t.match(words(await continueTalk(runtime, talk, 2, speech('忘记密码怎么办？'))), /短信验证码/);

    const others: Array<[text: string, ...questions: string[]]> = [
      ['சேவை கட்டணம் மாதம் 300 ரூபாய்.', 'கட்டணத்தை எப்படி செலுத்துவது?'],
      ['ফেরত নীতি: পণ্য সাত দিনের মধ্যে ফেরত দেওয়া যায়।', 'পণ্য ফেরত দেওয়া যায় কি?'],
      ['يمكن استرداد المبلغ خلال ثلاثين يوما.', 'كيف يتم إسترداد المبلغ؟', 'استردادُ'],
      ['Доставка заказов занимает три дня. Ёлки не доставляем.', 'Когда доставят заказ?', 'елка'],
      ['ลูกค้าสามารถคืนสินค้าได้ภายในสามสิบวัน', 'ฉันต้องการคืนสินค้า'],
      ['返品は三十日以内に承ります。', '返品したいです'],
      ['환불은 영업일 기준 3일이 걸립니다.', '환불 며칠 걸리나요'],
      ['ÜBERNAHME der Kosten in Zürich, Straße 5.', 'zurich', 'Übernahme', 'ZÜRICH', 'strasse'],
      ['Send us your résumé.', 'resume', 'résumés', 'my Résumé'],
    ];
    for (const [text] of others) await read(await upload('a.txt', 'text/plain', text));
    for (const [text, ...questions] of others) for (const question of questions) t.equal(await ask(question), text, question);
    for (const letter of 'आაᚠབⴰ字กxøﷺ𐐷') t.equal(await ask(letter.repeat(700)), undefined, `no word is as long: ${letter}`);

    await t.test('documents of before are found as before, and indexed anew by a job', async (t) => {
      await sql`update passages set searchable = to_tsvector('english', content)`;
      await sql`update documents set words_version = 0`;
      t.equal(await ask('когда доставка заказов'), others[3]?.[0], 'a word as it was written');
      t.match(await ask('ZÜRICH'), /Zürich/);
      t.match(await ask('Send'), /résumé/);
      t.not(await ask('strasse'), others[7]?.[0]);
      await runtime.producer
        .queuesForBoard()
        .find(({ name }) => name === 'documents')
        ?.drain();
      const [{ count } = { count: 0 }] = await sql<Array<{ count: number }>>`select count(*)::int as count from documents`;
      t.equal(await requeueDocuments(runtime), count);
      for (const row of await sql<Array<{ id: number }>>`select id from documents`) await read(row);
      t.equal(await ask('strasse'), others[7]?.[0]);
      t.equal(await ask('елка'), others[3]?.[0]);
      t.equal(await requeueDocuments(runtime), 0, 'once');
    });
  });
}
