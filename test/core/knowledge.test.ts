import fc from 'fast-check';
import t from 'tap';
import { cutPages, cutSpan, SIZES } from '../../core/knowledge/cut.ts';
import { derivedOf, kinshipOf } from '../../core/knowledge/forms.ts';
import { fuse } from '../../core/knowledge/fuse.ts';
import { textOfHtml } from '../../core/knowledge/html.ts';
import { judgeKind, MIME_TYPES, saysText, sniffDocument } from '../../core/knowledge/kind.ts';
import { sectionsOf } from '../../core/knowledge/outline.ts';
import { plainLetters } from '../../core/knowledge/letters.ts';
import { type PdfRun, textOfPages } from '../../core/knowledge/pdf-text.ts';
import { generalSpellings, misspelledOf, slotsOf, swapsOf, withSpellings } from '../../core/knowledge/question.ts';
import { rankByWords, type Term } from '../../core/knowledge/rank.ts';
import { askedWords, indexedWords, stemmerOf } from '../../core/knowledge/script-words.ts';
import { bestSpellings, likenessOf } from '../../core/knowledge/spelling.ts';
import { decodeText, plainText, withoutMarks } from '../../core/knowledge/text.ts';
import { unitVector } from '../../core/knowledge/vector.ts';

/** Text with words, sentences, lines, paragraphs, and stretches without any of those. */
const prose = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.stringMatching(/^[a-zé]{1,12}$/) },
      { weight: 2, arbitrary: fc.constantFrom('. ', '? ', '\n', '\n\n', '.\n\n', ', ') },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }) },
    ),
    { maxLength: 300 },
  )
  .map((parts) => parts.join(' '));
const sizes = fc.record({ longest: fc.integer({ min: 20, max: 300 }), overlap: fc.integer({ min: 0, max: 15 }) });

t.test('pieces of a text', async (t) => {
  await t.test('cover every letter, in order, none longer than allowed, with an overlap no larger than allowed', async () => {
    fc.assert(
      fc.property(prose, sizes, (text, { longest, overlap }) => {
        const spans = cutSpan(text, { from: 0, to: text.length }, { longest, overlap });
        let covered = 0;
        for (const [index, { from, to }] of spans.entries()) {
          if (to <= from || to - from > longest) return false;
          if (text.slice(covered, Math.max(covered, from)).trim() !== '') return false;
          const before = spans[index - 1];
          if (before && (from <= before.from || to <= before.to || before.to - from > overlap)) return false;
          covered = to;
        }
        return text.slice(covered).trim() === '';
      }),
      { numRuns: 500 },
    );
  });

  await t.test('repeat the end of the one before wherever it has words', async (t) => {
    const text = Array.from({ length: 120 }, (_, n) => `Sentence number ${n} says a little.`).join(' ');
    const spans = cutSpan(text, { from: 0, to: text.length }, SIZES);
    t.ok(spans.length > 3);
    spans.forEach((span, index) => {
      t.match(text.slice(span.from, span.to), /^Sentence .*\.$/, 'whole sentences');
      const before = spans[index - 1];
      if (before) t.ok(before.to - span.from > 20, 'a sentence is in both');
    });
  });

  await t.test('no letter of two units is cut', async () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 40 }), fc.integer({ min: 0, max: 3 }), (longest, shift) => {
        const text = 'x'.repeat(shift) + '😀'.repeat(200);
        return cutSpan(text, { from: 0, to: text.length }, { longest, overlap: 0 }).every(
          ({ from, to }) => !/\p{Surrogate}/u.test(text.slice(from, to)),
        );
      }),
    );
  });

  await t.test('all words of all pages are in a piece or its headings', async () => {
    fc.assert(
      fc.property(
        fc.array(prose, { maxLength: 4 }),
        fc.array(fc.stringMatching(/^#{1,3} [a-z]{3,9}( [a-z]{3,9})?$/), { maxLength: 4 }),
        (texts, headings) => {
          const pages = texts.map((text, index) => ({ page: index + 1, text: plainText(`${headings[index] ?? ''}\n\n${text}`) }));
          const pieces = cutPages(pages, { longest: 200, overlap: 40 });
          const kept = pieces
            .map(({ above, heading, content }) => [...above, heading, content].join(' '))
            .join(' ')
            .replace(/[\s#]+/g, '');
          return pages.every(({ text }) => text.split(/[\s#]+/).every((word) => word.length > 60 || kept.includes(word)));
        },
      ),
      { numRuns: 200 },
    );
  });

  await t.test('know the page they begin on, and never cross a heading', async (t) => {
    const pieces = cutPages([
      { page: 1, text: '# Guide\n\nWelcome.\n\n## Returns\n\nReturns are free and go' },
      { page: 2, text: 'on for 30 days.\n\n## Repairs\n\nRepairs take a week.' },
      { page: 3, text: ' ' },
      { page: 4, text: 'More of it.' },
    ]);
    t.strictSame(
      pieces.map(({ page, above, heading, content }) => [page, above.join('/'), heading, content]),
      [
        [1, '', 'Guide', 'Welcome.'],
        [1, 'Guide', 'Returns', 'Returns are free and go\non for 30 days.'],
        [2, 'Guide', 'Repairs', 'Repairs take a week.'],
        [4, 'Guide', 'Repairs', 'More of it.'],
      ],
    );
  });

  await t.test('end with their page, but for a sentence or a line that goes on', async (t) => {
    const placed = (...texts: string[]) =>
      cutPages(texts.map((text, index) => ({ page: index + 1, text }))).map(({ page, content }) => [page, content]);
    t.strictSame(placed('One is. Two goes', 'on. Three is.', 'Four is.'), [
      [1, 'One is. Two goes\non.'],
      [2, 'Three is.'],
      [3, 'Four is.'],
    ]);
    t.strictSame(placed('- one\n- two', 'is long\n- three'), [
      [1, '- one\n- two\nis long'],
      [2, '- three'],
    ]);
    t.strictSame(placed('A sentence that', 'goes on', 'and on. Then ends.'), [
      [1, 'A sentence that\ngoes on\nand on.'],
      [3, 'Then ends.'],
    ]);
    t.strictSame(placed('यह पहला है।', 'दूसरा।'), [
      [1, 'यह पहला है।'],
      [2, 'दूसरा।'],
    ]);
    t.strictSame(placed('第一页', '还没完。第二句。'), [
      [1, '第一页\n还没完。'],
      [2, '第二句。'],
    ]);
  });

  await t.test('end with sentences of every script', async (t) => {
    for (const sentence of ['退货在三十天之内免费。', 'यह सेवा मुफ़्त है। ', 'الخدمة مجانية؟ ']) {
      const text = sentence.repeat(200).trim();
      for (const { from, to } of cutSpan(text, { from: 0, to: text.length }, SIZES).slice(0, -1))
        if (!text.slice(from, to).startsWith(sentence.trim()) || !text.slice(from, to).endsWith(sentence.trim()))
          t.fail(text.slice(from, to));
    }
  });
});

t.test('headings that nobody marked', async (t) => {
  const headings = (text: string) => sectionsOf(text).map(({ heading }) => heading);
  t.strictSame(headings('ACME\nThe rules\n\n1. Prices\n\nTen a month.\n\n2.1 Limits\n\nNone.'), ['', 'Prices', 'Limits']);
  t.strictSame(headings('One line.\n\nAnother one.\n\nA third'), [''], 'sentences are none');
  t.strictSame(headings('# Only a title'), [''], 'a title alone is text');
  t.strictSame(sectionsOf(''), []);
});

t.test('headings that are marked', async (t) => {
  const headings = (text: string) => sectionsOf(text).map(({ heading }) => heading);
  t.strictSame(headings('## Prices ##\n\nTen a month.\n\n#Tag.\n\n# #\nWords.'), ['Prices']);
  const long = 'x'.repeat(250);
  t.strictSame(
    sectionsOf(`# ${long}\n\nWords.`).map(({ heading, above }) => [heading, above]),
    [['', []]],
    'a long line is text',
  );
  const deep = Array.from({ length: 6 }, (_, level) => `${'#'.repeat(level + 1)} ${String(level).repeat(190)}\n`).join('\n');
  const [last] = sectionsOf(`${deep}\nWords.`).slice(-1);
  t.strictSame(
    last?.above.map((text) => text[0]),
    ['3', '4'],
    'of many long ones the innermost are kept',
  );
});

t.test('hostile texts take a time that grows with their length alone', async (t) => {
  const timeOf = (work: () => unknown) => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  };
  const signs = `# a${' #'.repeat(50_000)} b`;
  t.ok(timeOf(() => sectionsOf(signs)) < 500, 'a line of signs');
  const blanks = `# a${' '.repeat(200_000)}b`;
  t.ok(timeOf(() => sectionsOf(blanks)) < 500, 'a line of blanks');
  const pages = Array.from({ length: 2000 }, (_, index) => ({ page: index + 1, text: 'word. '.repeat(400).trim() }));
  t.ok(timeOf(() => cutPages(pages)) < 3000, 'many pages');
});

t.test('texts of files', async (t) => {
  t.equal(plainText('a\u0000b\u00adc \t d\r\n\r\n\r\n\r\ne\u0301'), 'abc d\n\né');
  t.equal(decodeText(Buffer.from('\ufeffhé', 'utf16le')), 'hé');
  t.equal(decodeText(Buffer.from('\ufeffhé')), 'hé');
  t.equal(
    withoutMarks('Title\n=====\n\nSee **the** [terms](https://x.test "t"), *now*: `a_b_c`, 2*3*4.\n> quoted'),
    '# Title\n\nSee the terms, now: a_b_c, 2*3*4.\nquoted',
  );
  const html =
    '<h1><a id="x"></a>Rules &amp; rates</h1><p>One<br />two</p><ul><li>first</li><li>second</li></ul><table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>';
  const text = plainText(textOfHtml(html));
  t.match(text, /^# Rules & rates\n\nOne\ntwo\n- first\n- second/);
  t.notMatch(text, /[<>]/);

  const run = (words: string, y: number, size = 10): PdfRun => ({ text: words, x: 50, y, width: words.length * 5, size, endsLine: true });
  const [page] = textOfPages([
    [
      run('Refunds', 700, 16),
      run('We refund in four-', 670),
      run('teen days, not a mo-', 658),
      run('ment later.', 646),
      run('Next part.', 600),
    ],
  ]);
  t.equal(page, '# Refunds\n\nWe refund in fourteen days, not a moment later.\n\nNext part.');
});

t.test('kinds of files', async (t) => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  t.equal(sniffDocument(bytes('%PDF-1.7 …'), false), 'pdf');
  t.equal(sniffDocument(bytes('PK\x03\x04'), true), 'archive');
  t.equal(sniffDocument(Buffer.from('Grüße'), true), 'text');
  t.equal(sniffDocument(Buffer.from('Grüße').subarray(0, 3), false), 'text', 'a letter that is cut');
  t.equal(sniffDocument(Buffer.from('Grüße').subarray(0, 3), true), undefined);
  t.equal(sniffDocument(bytes('\x89PNG\r\n\x1a\n'), true), undefined);
  t.equal(sniffDocument(bytes('a\x00b'), true), undefined);

  const about = bytes('A PDF begins with %PDF-1.7.');
  t.equal(sniffDocument(about, true, saysText('text/plain', 'formats.txt')), 'text', 'a text that speaks of PDF');
  t.equal(sniffDocument(about, true, saysText('application/octet-stream', 'formats.md')), 'text');
  t.equal(sniffDocument(about, true, saysText('text/plain', 'formats.pdf')), 'pdf');
  t.equal(sniffDocument(about, true, saysText('', 'formats')), 'pdf');
  t.equal(sniffDocument(bytes('%PDF-1.7 …'), true, true), 'pdf', 'a PDF that is called a text');
  t.equal(sniffDocument(bytes('\xff\x00 %PDF-1.7'), true, true), 'pdf');

  t.strictSame(judgeKind('pdf', 'application/pdf', 'a.pdf'), { kind: 'pdf' });
  t.strictSame(judgeKind('text', 'text/plain', 'a.md'), { kind: 'markdown' });
  t.strictSame(judgeKind('archive', 'application/octet-stream', 'a'), { kind: 'docx' });
  t.strictSame(judgeKind('text', MIME_TYPES.text, 'LICENSE'), { kind: 'text' });
  t.match(judgeKind('text', 'application/pdf', 'a.pdf'), { complaint: /sent as application\/pdf, but its content is text/ });
  t.match(judgeKind('pdf', 'application/octet-stream', 'a.docx'), { complaint: /called \.docx, but its content is a PDF/ });
  t.match(judgeKind('text', 'image/png', 'a.png'), { complaint: /must be a PDF, DOCX, TXT or MD file/ });
  t.match(judgeKind(undefined, 'text/plain', 'a.txt'), { complaint: /^must be UTF-8, or UTF-16 with a byte order mark/ });
  t.match(judgeKind(undefined, 'application/octet-stream', 'a.md'), { complaint: /^must be UTF-8/ });
  t.match(judgeKind(undefined, 'application/octet-stream', 'a.bin'), { complaint: /^must be a PDF/ });
  t.match(judgeKind(undefined, 'text/plain', 'a.pdf'), { complaint: /^must be a PDF/ });
});

t.test('words of all scripts', async (t) => {
  t.equal(plainLetters('Zürich, ÉTÉ, Straße, Łódź, đường, ﬁne １２'), 'zurich, ete, strasse, lodz, duong, fine 12');
  t.equal(plainLetters('जाँच फ़ीस हिन्दी क्ष\u200d'), 'जांच फीस हिंदी क्ष');
  t.equal(plainLetters('мой ёлка إسترداد ガギ 환불'), 'мой елка استرداد ガギ 환불');
  const { latin, words } = indexedWords('GST 18% लगता है।A4用纸 ฉันต้องการ заказы');
  t.strictSame(latin.match(/\S+/g), ['gst', '18%', 'a4']);
  t.strictSame(
    words.map(({ word, stemmer, at }) => [word, stemmer, at]),
    [
      ['लगता', 'hindi_stem', 1],
      ['है', 'hindi_stem', 2],
      ['用', 'simple', 3],
      ['用纸', 'simple', 3],
      ['纸', 'simple', 4],
      ['ฉัน', 'simple', 5],
      ['ต้องการ', 'simple', 6],
      ['заказы', 'russian_stem', 7],
    ],
  );
  const said = (question: string) => slotsOf(question).map((slot) => slot.said);
  t.strictSame(said('मुझे अपॉइंटमेंट रद्द करना है, कितने पैसे कटेंगे?'), ['अपॉइंटमेंट', 'रद्द', 'पैसे', 'कटेंगे']);
  t.strictSame(said('请问怎么退货？信用卡呢'), ['退货', '信用', '用卡']);
  t.ok(
    slotsOf('Résumé')[0]?.words.some(({ word }) => word === 'résumé'),
    'as it was written: for what is not indexed anew yet',
  );

  const letters = fc.constantFrom(...'aZé7 ßжёकािँ्ন退货のガ환ฉันعأֹ\u0301\u200d।。\'\\"😀½', 'ष'.repeat(101));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: letters, maxLength: 60 })), (text) => {
      const plain = plainLetters(text);
      const index = new Set(indexedWords(text).words.map(({ word }) => word));
      const asked = askedWords(plain, () => false).filter((word) => stemmerOf(word) && word.length <= 100);
      return plainLetters(plain) === plain && asked.every((word) => index.has(word)) && [...index].every((word) => !/['\\\s]/.test(word));
    }),
    { numRuns: 1000 },
  );
});

t.test('what a question asks about', async (t) => {
  const said = (question: string) => slotsOf(question).map((slot) => slot.said);
  t.strictSame(said('Hi, um, could you please tell me how much it’s to send a parcel?'), ['how much', 'send', 'parcel']);
  t.strictSame(said("what's the wifi password"), ['wifi', 'password']);
  t.strictSame(said('what is it?'), ['what', 'is', 'it'], 'a question of nothing else keeps its words');
  t.strictSame(said('???'), []);
  const words = new Map(slotsOf('kids')[0]?.words.map(({ word, weight }) => [word, weight]));
  t.ok((words.get('children') ?? 0) > 0.9, 'another form of the word');
  t.ok((words.get('baby') ?? 0) <= 0.5, 'another word of the kind');
  t.ok(swapsOf('recieve').includes('receive'));
  const unknown = (question: string, terms: Term[] = []) => misspelledOf(slotsOf(question), terms).map(({ word }) => word);
  t.strictSame(unknown(`recieve ${'x'.repeat(25)} usb a4b5c6 abc`), ['recieve'], 'neither long words, nor short ones, nor numbers');
  t.strictSame(unknown('alpha bravo charlie delta foxtrot golf').length, 4);
  t.strictSame(unknown('alpha bravo', [{ slot: 0, lexeme: 'alpha', words: ['alpha'], weight: 1, passages: 1 }]), ['bravo']);
  const [slot] = slotsOf('cancelation');
  t.ok(
    slot &&
      withSpellings(slot, [{ word: 'refund', likeness: 0.8 }]).words.some(({ word, weight }) => word === 'reimbursement' && weight < 0.5),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => slotsOf(text).length <= 24));
});

t.test('forms of words that a stemmer parts, or throws together', async (t) => {
  for (const word of ['pay', 'pays', 'paying', 'paid']) {
    const words = slotsOf(word)[0]?.words ?? [];
    t.ok(
      words.some((one) => one.word === 'payment' && one.weight > 0.9),
      word,
    );
  }
  t.ok(derivedOf('shipping').includes('shipment') && derivedOf('agreed').includes('agreement') && derivedOf('moving').includes('movement'));
  t.strictSame(derivedOf('payments'), ['pay']);
  t.strictSame([derivedOf('installment'), derivedOf('install'), derivedOf('department'), derivedOf('usage')].flat(), []);
  t.equal(kinshipOf('instalment', 'installments'), 'same');
  t.equal(kinshipOf('installment', 'installing'), 'kin');
  t.equal(kinshipOf('installment', 'installation'), 'parted');
  t.equal(kinshipOf('activities', 'activity'), 'same');
});

t.test('slips of spelling', async (t) => {
  const slips = [
    'warrenty warranty, refnd refund, polcy policy, garantee guarantee, delivry delivery, adress address, retrun return',
    'reinbursement reimbursement, apoinment appointment, retun return, grievence grievance, restorant restaurant, एमबुलेंस एंबुलेंस',
  ];
  for (const slip of slips.join(', ').split(', ')) {
    const [said = '', meant = ''] = slip.split(' ');
    const likeness = likenessOf(said, meant) ?? 0;
    t.ok(likeness > 0.75 && likeness < 1, `${slip}: ${likeness}`);
  }
  for (const others of 'prime price, france finance, weather leather, plan plant, winter winner, france frame, card cord'.split(', ')) {
    const [one = '', other = ''] = others.split(' ');
    t.equal(likenessOf(one, other), undefined, others);
  }
  t.equal(likenessOf('refund', 'refund'), 1);
  const found = (...words: string[]) => words.map((word) => ({ word, likeness: 0.5 }));
  t.strictSame(
    bestSpellings('grievence', found('grievances', 'grieve', 'relieve')).map(({ word }) => word),
    ['grievances'],
  );
  t.strictSame(
    bestSpellings('reimbursable', found('reimbursement')).map(({ word }) => word),
    ['reimbursement'],
    'else what trigrams found',
  );
  t.strictSame(bestSpellings('reimbursable', [{ word: 'reimbursement', likeness: 0.4 }]), []);
  t.match(generalSpellings('garantee'), [{ word: 'guarantee' }]);
  t.strictSame(misspelledOf(slotsOf('refund guarantees'), []), [], 'general words are no slips');
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(fc.property(word, word, (a, b) => (likenessOf(a, b) ?? 0) <= 1 && (a.length < 5 || likenessOf(a, a) === 1)));
});

t.test('ranking', async (t) => {
  const term = (slot: number, lexeme: string, passages: number, weight = 1, words = [lexeme]): Term => ({
    slot,
    lexeme,
    words,
    passages,
    weight,
  });
  const hit = (lexeme: string, positions: number[], part = 'D') => ({ lexeme, positions, parts: positions.map(() => part) });
  const terms = [term(0, 'parcel', 40), term(1, 'perfum', 2)];
  const passage = (passageId: number, ...hits: Array<ReturnType<typeof hit>>) => ({ passageId, length: 50, hits, text: null });
  const order = (...candidates: Array<ReturnType<typeof passage>>) => rankByWords(terms, candidates, 100).map(({ passageId }) => passageId);

  t.strictSame(order(passage(1, hit('parcel', [1, 5, 9])), passage(2, hit('perfum', [4]))), [2, 1], 'rare words count more');
  t.strictSame(order(passage(1, hit('perfum', [4])), passage(2, hit('perfum', [1], 'B'))), [2, 1], 'headings more than text');
  t.strictSame(
    order(passage(1, hit('parcel', [1]), hit('perfum', [40])), passage(2, hit('parcel', [1]), hit('perfum', [2]))),
    [2, 1],
    'words together more than apart',
  );
  const [both, one] = rankByWords(terms, [passage(1, hit('parcel', [1]), hit('perfum', [2])), passage(2, hit('parcel', [1]))], 100);
  t.equal(both?.score, 1);
  t.ok((one?.score ?? 1) < 0.3);
  const three = [term(0, 'baggage', 5), term(1, 'weight', 5), term(2, 'limit', 5)];
  const [whole, apart, two, single] = rankByWords(
    three,
    [
      passage(1, hit('baggage', [7]), hit('weight', [8]), hit('limit', [9])),
      passage(2, hit('baggage', [7]), hit('weight', [60]), hit('limit', [30])),
      passage(3, hit('baggage', [7]), hit('weight', [8])),
      passage(4, hit('limit', [7])),
    ],
    100,
  ).map(({ score }) => score);
  t.equal(whole, 1, 'all that was asked, in a row');
  t.ok(apart && apart > 0.5 && apart < 0.8, `all, but apart: ${apart}`);
  t.ok(two && apart && two < apart - 0.1 && two > 0.3, `two of three: ${two}`);
  t.ok(single && single < 0.3, `one of three: ${single}`);
  const [meant] = rankByWords([term(0, 'fee', 0), term(0, 'charg', 5, 0.5)], [passage(1, hit('charg', [1]))], 100);
  t.equal(meant?.score, 0.5, 'another word for the same');
  const [more, less] = rankByWords([term(0, 'fee', 9)], [passage(1, hit('fee', [1, 4, 9])), passage(2, hit('fee', [5]))], 100);
  t.ok(more?.score === 1 && less && less.score < 0.9, `one that says less of it: ${less?.score}`);
  const paid = [passage(1, hit('paid', [1, 4, 9])), passage(2, { lexeme: 'payment', positions: [1, 7], parts: ['B', 'D'] })];
  t.equal(rankByWords([term(0, 'paid', 9), term(0, 'payment', 9, 0.95)], paid, 100)[0]?.passageId, 2, 'one thing: whose heading says it');
  t.strictSame(rankByWords([], [], 0), []);

  const instalments = (text: string, passageId: number) => ({ ...passage(passageId, hit('instal', [1, 5])), text });
  const stem = [term(0, 'instal', 3, 1, ['installment', 'instalments'])];
  const texts = ['The installation of an instalment plan', 'Install it by our installation guide', 'Installation', 'Instant instalments'];
  const byForm = (...which: number[]) =>
    rankByWords(
      stem,
      which.map((one) => instalments(texts[one] ?? '', one)),
      100,
    ).map(({ passageId, score }) => [passageId, Math.round(score * 100)]);
  t.strictSame(
    byForm(0, 1, 2, 3),
    [
      [0, 100],
      [3, 100],
      [1, 25],
      [2, 4],
    ],
    'the word itself, then what has the verb, then another noun of the stem',
  );
  t.strictSame(byForm(1, 2)[0], [1, 100], 'the verb will do where nobody says the noun');
  t.strictSame(byForm(2), [[2, 20]]);

  const evidence = fc.array(
    fc.record({ passageId: fc.integer({ min: 1, max: 30 }), evidence: fc.double({ min: -1, max: 2, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.array(evidence, { maxLength: 3 }), (lists) => {
      const fused = fuse(lists);
      const found = new Set(lists.flat().map(({ passageId }) => passageId));
      return (
        fused.length === found.size &&
        fused.every(({ score }, index) => score >= 0 && score <= 1 && score <= (fused[index - 1]?.score ?? 1))
      );
    }),
  );
  const list = (...ids: number[]) => ids.map((passageId) => ({ passageId, evidence: 0.5 }));
  t.equal(fuse([list(1, 2, 3), list(4, 2, 5)])[0]?.passageId, 2, 'what both find comes before what one finds');
  t.strictSame(unitVector([3, 4]), [Math.fround(0.6), Math.fround(0.8)]);
  t.strictSame(unitVector([1, 1e-60, 1e-40]), [1, 0, 0], 'what four bytes cannot keep');
  t.equal(unitVector([1, NaN]), undefined);
  t.equal(unitVector([1, Infinity]), undefined);
  t.equal(unitVector([0, 0]), undefined);
});
