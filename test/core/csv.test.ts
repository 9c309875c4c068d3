/** The CSV rules: counting, reading, columns, one row's verdict, duplicates; and the phone check they lean on. */
import fc from 'fast-check';
import metadata from 'libphonenumber-js/min/metadata';
import { isValidPhoneNumber } from 'libphonenumber-js/min';
import t from 'tap';
import { rowCounter } from '../../core/csv/count.ts';
import { firstRecord, isBlank, MAX_RECORD_SIZE, sniffDelimiter } from '../../core/csv/format.ts';
import { fileJudge } from '../../core/csv/judge.ts';
import { readLayout } from '../../core/csv/layout.ts';
import { BrokenCsvError, csvReader } from '../../core/csv/reader.ts';
import { judgeRow, type RowRules } from '../../core/csv/row.ts';
import { seenCalls } from '../../core/csv/seen.ts';
import { csvLine } from '../../core/csv/write.ts';
import { AppError } from '../../core/errors.ts';
import { looksAssigned } from '../../core/phone-validity.ts';
import { holds } from './holds.ts';

type Row = [row: number, ...cells: string[]];

async function read(text: string | Buffer, chunkBytes = 64 * 1024): Promise<Row[]> {
  const bytes = Buffer.from(text as string);
  const rows: Row[] = [];
  const reader = csvReader(sniffDelimiter(bytes), (record, row) => rows.push([row, ...record]));
  for (let at = 0; at < bytes.length; at += chunkBytes) await reader.write(bytes.subarray(at, at + chunkBytes));
  await reader.end();
  return rows;
}

function count(text: string | Buffer, chunkBytes = 64 * 1024): number {
  const bytes = Buffer.from(text as string);
  const counter = rowCounter();
  for (let at = 0; at < bytes.length; at += chunkBytes) counter.write(bytes.subarray(at, at + chunkBytes));
  return counter.end();
}

t.test('rows are known by the line they start on, whatever ends the lines', async (t) => {
  t.same(await read('a,b\n1,2\n3,4\n'), [
    [1, 'a', 'b'],
    [2, '1', '2'],
    [3, '3', '4'],
  ]);
  t.same(
    await read('a,b\r\n1,2\r3,4\n5,6'),
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, '3', '4'],
      [4, '5', '6'],
    ],
    'mixed',
  );
  t.same(
    await read('a,b\n\n\r\n1,2\n,,\n  \n3,4'),
    [
      [1, 'a', 'b'],
      [4, '1', '2'],
      [7, '3', '4'],
    ],
    'blank lines are no rows and count as lines',
  );
  t.same(
    await read('a,b\r\n"x\r\ny\r\nz",1\r\n"p\nq",2\r\nend,3\r\n'),
    [
      [1, 'a', 'b'],
      [2, 'x\r\ny\r\nz', '1'],
      [5, 'p\nq', '2'],
      [7, 'end', '3'],
    ],
    'lines inside quotes count, a CRLF as one',
  );
  t.same(
    await read('\ufeffa;b\n"1,5";2\n'),
    [
      [1, 'a', 'b'],
      [2, '1,5', '2'],
    ],
    'byte order mark, semicolons',
  );
  t.same(await read('a\tb\n1\t2'), [
    [1, 'a', 'b'],
    [2, '1', '2'],
  ]);
  t.same(
    await read('a,b\n5" pipe,2\n"say ""hi""",3\n"x" y,4'),
    [
      [1, 'a', 'b'],
      [2, '5" pipe', '2'],
      [3, 'say "hi"', '3'],
      [4, '"x" y', '4'],
    ],
    'stray quotes stay in their field',
  );
});

t.test('the counter of the upload and the reader of the import agree on every text', async (t) => {
  const text = fc
    .array(fc.constantFrom('a', '1', ',', ';', '"', '""', '\n', '\r\n', '\r', ' ', '\n\n', 'é', '","'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (body, chunk) => {
      const records = await read(body, chunk).catch((error: unknown) => {
        // a quote that is never closed: the rest is one record that can't be read
        if (error instanceof BrokenCsvError) return undefined;
        throw error;
      });
      if (records && records.length !== count(body, chunk)) throw new Error(`${records.length} read, ${count(body, chunk)} counted`);
      if (records && new Set(records.map(([row]) => row)).size !== records.length) throw new Error('two records on one line');
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

t.test('lines are numbered as an editor numbers them', async (t) => {
  const line = fc.constantFrom('x', 'x,y', '"p\nq",z', '"p\r\nq\r\n"', '', ',,', '"a""\nb"');
  // a lone CR before a line that begins with LF would be one line end
  const files = fc
    .oneof(fc.constant(['\n', '\r\n']), fc.constant(['\r']))
    .chain((ends) => fc.array(fc.tuple(line, fc.constantFrom(...ends)), { maxLength: 12 }));
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 9 }), async (lines, chunk) => {
      const expected: number[] = [];
      let at = 1;
      for (const [content] of lines) {
        if (!/^,*$/.test(content)) expected.push(at);
        at += content.split(/\r\n|\n|\r/).length;
      }
      const found = await read(lines.flat().join(''), chunk);
      if (JSON.stringify(found.map(([row]) => row)) !== JSON.stringify(expected))
        throw new Error(`${JSON.stringify(found)} instead of ${expected.join()}`);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

t.test('what cannot be read names its row and takes no memory', async (t) => {
  const unclosed = await read('a,b\n1,2\n"3,4\n5,6\n').catch((error: unknown) => error);
  t.match(unclosed, { row: 3, message: /^Row 3: a quote is opened and never closed/ });
  let rows = 0;
  const reader = csvReader(',', () => rows++);
  await reader.write(Buffer.from('a,b\n1,2\n'));
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  let written = 0;
  const endless = await (async () => {
    for (; written < 1024; written++) await reader.write(megabyte);
  })().catch((error: unknown) => error);
  t.match(endless, { row: 3, message: /^Row 3: too long/ });
  t.equal(rows, 2);
  t.equal(written, 0, `a line of a gigabyte ends at ${MAX_RECORD_SIZE} characters`);
  const wide = await read(`${'c,'.repeat(9_999)}c\n${'1,'.repeat(9_999)}1\n`);
  t.equal(wide[1]?.length, 10_001, 'ten thousand columns are read');
});

t.test('the head of a file tells delimiter and columns', async (t) => {
  t.equal(sniffDelimiter(Buffer.from('\n\n"a,b,c";d;e\n')), ';', 'quoted commas do not count');
  t.equal(sniffDelimiter(Buffer.from('+911234567,agent_1')), ',');
  t.equal(sniffDelimiter(Buffer.from('one')), ',');
  t.same(firstRecord(Buffer.from('\n,,\n\ufeffx,y\n'), ','), ['\ufeffx', 'y']);
  for (const empty of ['', '\n\n', '\ufeff', ' ', ',,\n""\n'])
    t.throws(() => firstRecord(Buffer.from(empty), ','), { code: 'validation', fields: [{ field: 'file' }] }, JSON.stringify(empty));
  t.throws(() => firstRecord(Buffer.alloc(MAX_RECORD_SIZE * 2, 'x'), ','), { code: 'validation' }, 'endless first line');
  t.ok(isBlank(['', ' ', '\t']));
});

t.test('columns are found by name in any order and spelling; without names they are the documented ones', async (t) => {
  t.same(readLayout(['phoneNumber', 'agentId', 'userId', 'scheduledFor', 'timezone', 'priority'], false), {
    hasHeader: true,
    at: { phoneNumber: 0, agentId: 1, userId: 2, scheduledFor: 3, timezone: 4, priority: 5 },
    extra: [],
  });
  t.same(readLayout([' Priority', 'AGENT_ID', 'First name', 'Phone Number ', ''], true), {
    hasHeader: true,
    at: { priority: 0, agentId: 1, phoneNumber: 3 },
    extra: [{ name: 'First name', at: 2 }],
  });
  t.same(readLayout(['importError', 'phone', 'agent', 'name'], false).extra, [{ name: 'name', at: 3 }], 'a report that was mended');
  for (const phone of ['phone', 'phone_number', 'toPhone', 'to_phone', 'Mobile', 'PHONENUMBER'])
    t.equal(readLayout([phone, 'agent'], false).at.phoneNumber, 0, phone);
  const data = ['+919876543210', 'agent_1'];
  t.same(readLayout(data, false), {
    hasHeader: false,
    at: { phoneNumber: 0, agentId: 1, userId: 2, scheduledFor: 3, timezone: 4, priority: 5 },
    extra: [],
  });
  t.equal(readLayout(data, true).hasHeader, true, 'skipHeader: the first row is no call');
  t.equal(readLayout(['Kontakt', 'Zuständig'], true).at.agentId, 1, 'names that mean nothing: documented order');
  t.throws(() => readLayout(['phone', 'name'], false), { code: 'validation', message: /no column agentId/, fields: [{ field: 'file' }] });
  t.throws(() => readLayout(['agent', 'name'], false), { message: /no column phoneNumber/ });
  const wide = readLayout(['phone', 'agent', 'phone', ...Array.from({ length: 10_000 }, (_, i) => `c${i}`)], false);
  t.equal(wide.at.phoneNumber, 0, 'the first of two columns of one name');
  t.equal(wide.extra.length, 20, 'a few columns more are kept, not ten thousand');
});

const NOW = Date.UTC(2025, 10, 1);
const header = ['phoneNumber', 'agentId', 'userId', 'scheduledFor', 'timezone', 'priority', 'context', 'city'];
const rules: RowRules = { layout: readLayout(header, false), agents: new Set([123]), users: new Set([7]), nowMs: NOW };

t.test('a good row', async (t) => {
  const judged = judgeRow(
    ['+919876543210', 'agent_123', 'user_7', '2025-11-02T10:00:00Z', 'Asia/Kolkata', 'high', 'about order 5', 'Pune'],
    rules,
  );
  t.same(judged, {
    ok: {
      phone: '+919876543210',
      agentId: 123,
      scheduledForMs: Date.UTC(2025, 10, 2, 10),
      timezone: 'Asia/Kolkata',
      priority: 1,
      context: 'about order 5',
      extra: Object.assign(Object.create(null), { city: 'Pune' }),
    },
    warnings: [],
  });
  t.match(
    judgeRow(['+919876543210', '123'], rules),
    { ok: { agentId: 123, priority: 2, scheduledForMs: undefined, timezone: undefined, context: undefined } },
    'short rows, bare ids',
  );
  t.match(
    judgeRow(['+919876543210', '123', '', '2025-11-02 10:00', 'Asia/Kolkata', 'LOW'], rules),
    { ok: { scheduledForMs: Date.UTC(2025, 10, 2, 4, 30), priority: 3 } },
    'local time',
  );
  for (const phone of ['+91 98765 43210', '+91-98765-43210', '+91 (98765) 43210', "'+919876543210", ' +91.98765.43210 ']) {
    t.match(judgeRow([phone, '123'], rules), { ok: { phone: '+919876543210' } }, phone);
  }
  t.match(judgeRow(['+919876543210', ' "agent_123"'], rules), { ok: { agentId: 123 } }, 'a quote after a blank');
});

t.test('a bad row names its column, says what is wrong, and shows the value', async (t) => {
  const phone = '+919876543210';
  const cases: Array<[record: string[], field: string, message: RegExp]> = [
    [['', '123'], 'phoneNumber', /missing/],
    [['9876543210', '123'], 'phoneNumber', /Invalid phone number/],
    [['00919876543210', '123'], 'phoneNumber', /Invalid phone number/],
    [['(91) 98765-43210', '123'], 'phoneNumber', /Invalid phone number/],
    [['+0123456789', '123'], 'phoneNumber', /Invalid phone number/],
    [['+9198765432109876', '123'], 'phoneNumber', /Invalid phone number/],
    [['=cmd|calc', '123'], 'phoneNumber', /Invalid phone number/],
    [['+91 98765 4321O', '123'], 'phoneNumber', /Invalid phone number/],
    [[phone, ''], 'agentId', /missing/],
    [[phone], 'agentId', /missing/],
    [[phone, 'agent_124'], 'agentId', /no active agent/],
    [[phone, 'user_123'], 'agentId', /no active agent/],
    [[phone, '123', 'user_8'], 'userId', /no user/],
    [[phone, '123', 'x'], 'userId', /no user/],
    [[phone, '123', '', 'tomorrow'], 'scheduledFor', /ISO 8601/],
    [[phone, '123', '', '2025-02-30T10:00:00Z'], 'scheduledFor', /ISO 8601/],
    [[phone, '123', '', '', 'Kolkata'], 'timezone', /IANA/],
    [[phone, '123', '', '', '+05:30'], 'timezone', /IANA/],
    [[phone, '123', '', '', '', 'urgent'], 'priority', /high, normal or low/],
    [[phone, '123', '', '', '', 'constructor'], 'priority', /high, normal or low/],
    [[phone, '123', '', '', '', '', 'x'.repeat(5001)], 'context', /longer/],
  ];
  for (const [record, field, message] of cases)
    t.match(judgeRow(record, rules), { error: { field, message } }, `${record.join().slice(0, 40)}`);
  const long = judgeRow(['x'.repeat(10_000), '123'], rules);
  t.ok('error' in long && long.error.value.length <= 101, 'the value is cut');
});

t.test('warnings let a row pass', async (t) => {
  const past = judgeRow(['+919876543210', '123', '', '2025-10-31T00:00:00Z'], rules);
  t.match(past, { ok: { scheduledForMs: Date.UTC(2025, 9, 31) }, warnings: [{ field: 'scheduledFor', message: /over/ }] });
  t.match(judgeRow(['+12025550', '123'], rules), {
    ok: { phone: '+12025550' },
    warnings: [{ field: 'phoneNumber', message: /not assigned/ }],
  });
});

t.test('a column may be called anything', async (t) => {
  const layout = readLayout(['phone', 'agent', '__proto__', 'constructor', 'long'], false);
  const judged = judgeRow(['+919876543210', '123', 'a', 'b', 'x'.repeat(300)], { ...rules, layout });
  t.ok('ok' in judged);
  if ('ok' in judged) t.equal(JSON.stringify(judged.ok.extra), '{"__proto__":"a","constructor":"b"}', 'and what is long is left out');
});

t.test('a duplicate names the row it repeats', async (t) => {
  const judge = fileJudge(rules, 10);
  t.match(judge(['+919876543210', '123'], 2), { ok: {} });
  t.match(
    judge(['+91 98765 43210', 'agent_123'], 3),
    { error: { message: 'Duplicate of row 2', duplicateOf: 2 } },
    'however it is written',
  );
  t.match(judge(['+919876543210', '123', '', '2025-11-02T10:00:00Z'], 4), { ok: {} }, 'another time is another call');
  t.match(
    judge(['+919876543210', '123', '', '2025-11-02T15:30', 'Asia/Kolkata'], 5),
    { error: { duplicateOf: 4 } },
    'the same moment in another zone',
  );
  t.match(judge(['+919876543210', '124'], 6), { error: { field: 'agentId' } });
  t.match(judge(['+919876543210', '123', '', '2025-11-02T10:00:00Z', '', 'low'], 7), { error: { duplicateOf: 4 } });
});

t.test('the memory for duplicates says what a map would say, also when more rows come than were expected', async (t) => {
  const call = fc.record({
    phone: fc.integer({ min: 0, max: 40 }),
    agentId: fc.integer({ min: 1, max: 3 }),
    scheduledForMs: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  });
  holds(
    t,
    fc.property(fc.array(call, { maxLength: 200 }), (calls) => {
      const seen = seenCalls(0);
      const map = new Map<string, number>();
      return calls.every(({ phone, agentId, scheduledForMs }, row) => {
        const at = scheduledForMs === undefined ? undefined : NOW + scheduledForMs * 2 ** 32;
        const key = `${phone} ${agentId} ${at}`;
        const expected = map.get(key);
        if (expected === undefined) map.set(key, row);
        return (
          seen.firstRow(
            {
              phone: `+9198765432${phone}`,
              agentId,
              scheduledForMs: at,
              timezone: undefined,
              priority: 2,
              context: undefined,
              extra: undefined,
            },
            row,
          ) === expected
        );
      });
    }),
  );
  const seen = seenCalls(10);
  let wrong = 0;
  for (let i = 0; i < 200_000; i++) {
    const call = {
      phone: `+91${9_000_000_000 + i}`,
      agentId: 1,
      scheduledForMs: undefined,
      timezone: undefined,
      priority: 2 as const,
      context: undefined,
      extra: undefined,
    };
    if (seen.firstRow(call, i) !== undefined) wrong++;
  }
  t.equal(wrong, 0, '200,000 numbers in a row, and the table grew 100-fold');
});

t.test('assigned or not: the verdict of libphonenumber-js, number by number', async (t) => {
  const codes = [...Object.keys(metadata.country_calling_codes), ...Object.keys(metadata.nonGeographic), '999', '21', '3'];
  const number = fc
    .tuple(
      fc.constantFrom(...codes),
      fc.constantFrom('', '0', '1', '8', '9', '98', '415'),
      fc.integer({ min: 3, max: 10 }),
      fc.nat(2 ** 31 - 1),
      fc.nat(99_999),
    )
    .map(([code, prefix, length, a, b]) =>
      `+${code}${prefix}${String(a).padStart(10, '7')}${b}`.slice(0, 1 + code.length + prefix.length + length),
    )
    .filter((text) => /^\+[1-9]\d{6,14}$/.test(text));
  let valid = 0;
  holds(
    t,
    fc.property(number, (text) => {
      const expected = isValidPhoneNumber(text);
      if (expected) valid++;
      return looksAssigned(text) === expected;
    }),
    { numRuns: 10_000 },
  );
  t.ok(valid > 300, `and ${valid} of them were valid`);
  for (const text of [
    '+12025550123',
    '+919876543210',
    '+442079460958',
    '+390612345678',
    '+5491123456789',
    '+18005550199',
    '+77012345678',
  ]) {
    t.equal(looksAssigned(text), isValidPhoneNumber(text), text);
  }
});

t.test('written cells are never formulas, and read back as they were', async (t) => {
  t.equal(
    csvLine(['+9198', '=1+1', '-2', '@x', 'a,b', 'say "hi"', 'two\nlines', '']),
    `'+9198,'=1+1,'-2,'@x,"a,b","say ""hi""","two\nlines",\r\n`,
  );
  t.equal(
    csvLine([{ ours: '+1*** **45' }, { ours: '+919876543210' }, -5, 0.15, null, { ours: null }, '+1*** **45']),
    `+1*** **45,+919876543210,-5,0.15,,,'+1*** **45\r\n`,
    'what is ours stands as it is',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ minLength: 1 }).filter((text) => !text.includes('\0')),
        { minLength: 2, maxLength: 4 },
      ),
      async (cells) => {
        const [row] = await read(`h,h\n${csvLine(['x', ...cells])}`).then((rows) => rows.slice(1));
        const back = row?.slice(2) as string[];
        cells.forEach((cell, index) => {
          if (back[index] !== cell && back[index] !== `'${cell}`)
            throw new Error(`${JSON.stringify(cell)} came back as ${JSON.stringify(back[index])}`);
          if (/^\s*[=+\-@]/.test(back[index] ?? '')) throw new Error(`a formula: ${JSON.stringify(back[index])}`);
        });
      },
    ),
  );
  t.pass();
});

t.test('errors about the file are meant for the client', async (t) => {
  t.throws(() => firstRecord(Buffer.alloc(0), ','), AppError);
});
