/** Files of contacts: what their columns are, and what a row says. */
import fc from 'fast-check';
import t from 'tap';
import { contactColumnOf, readContactLayout } from '../../core/contact/columns.ts';
import { judgeContact, phoneReader } from '../../core/contact/row.ts';
import { toLeadStatus } from '../../core/contact/status.ts';
import { readTags } from '../../core/contact/tags.ts';
import { readArchive } from '../../core/xlsx/archive.ts';
import { cellText, numberText } from '../../core/xlsx/cell.ts';
import { storedArchive } from '../../core/xlsx/stored.ts';
import { zip } from '../xlsx.ts';

const PHONE = '+919876543210';

t.test('columns in the spellings of people', async (t) => {
  const known = {
    phone: [
      'phone',
      'Phone Number',
      'phone_number',
      'phoneNumber',
      'PHONE-NO.',
      'mobile',
      'Mobile #',
      'tel',
      'Tel.',
      'msisdn',
      'Customer Phone',
      'Téléphone',
      'WhatsApp',
      'Work Phone',
    ],
    name: ['Name', 'full name', 'Customer Name', 'contact_name'],
    firstName: ['First Name', 'firstname', 'FIRST_NAME', 'Vorname', 'Prénom'],
    lastName: ['Last Name', 'surname', 'Nachname'],
    email: ['E-Mail', 'email', 'Email Address', 'e_mail'],
    timezone: ['Time Zone', 'tz'],
    tags: ['Tags', 'labels'],
    status: ['status', 'Lead Status'],
  };
  for (const [column, names] of Object.entries(known)) for (const name of names) t.equal(contactColumnOf(name), column, name);
  for (const name of ['company', 'notes', '', '  ', 'phonetic', '__proto__', 'constructor'])
    t.equal(contactColumnOf(name), undefined, name);
});

t.test('where things are', async (t) => {
  const layout = readContactLayout(['Company', ' Mobile ', 'Company', '', 'name', 'Phone', 'import_error']);
  t.same(layout.at, { phone: 1, name: 4 });
  t.same(layout.extra, [
    { name: 'Company', at: 0 },
    { name: 'Company (2)', at: 2 },
    { name: 'Phone', at: 5 },
  ]);
  t.ok(layout.hasHeader);
  const bare = readContactLayout(['7', 'Jane Doe', PHONE, 'jane@example.com', 'Berlin']);
  t.same(bare.at, { phone: 2, name: 1, email: 3 });
  t.same(bare.extra, [
    { name: 'column_1', at: 0 },
    { name: 'column_5', at: 4 },
  ]);
  t.same(bare.names, ['column_1', 'name', 'phone', 'email', 'column_5']);
  t.notOk(bare.hasHeader);
  t.throws(() => readContactLayout(['Name', 'City', '']), {
    code: 'validation',
    message: /needs a column phone .*: Name, City$/,
    fields: [{ field: 'file', in: 'file' }],
  });
  t.throws(() => readContactLayout(['919876543210']), { code: 'validation' });
  t.match(readContactLayout(['919876543210'], phoneReader(true)), { hasHeader: false, at: { phone: 0 } });
});

t.test('a row in any order of its columns is the same contact', async (t) => {
  const cells = {
    Phone: PHONE,
    Name: 'Jane Doe',
    Email: 'jane@example.com',
    Tags: 'a,b',
    Status: 'Not Interested',
    City: 'Berlin',
    TZ: 'Asia/Kolkata',
  };
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.entries(cells), { minLength: 7 }), (entries) => {
      const layout = readContactLayout(entries.map(([name]) => name));
      const verdict = judgeContact(
        entries.map(([, cell]) => cell),
        layout,
        phoneReader(false),
      );
      t.match(
        verdict,
        {
          ok: {
            phone: PHONE,
            name: 'Jane Doe',
            firstName: 'Jane',
            lastName: 'Doe',
            email: 'jane@example.com',
            tags: ['a', 'b'],
            status: 'not_interested',
            timezone: 'Asia/Kolkata',
            customFields: { City: 'Berlin' },
          },
          warnings: [],
        },
        entries.map(([name]) => name).join(),
      );
    }),
    { numRuns: 20 },
  );
});

t.test('what is wrong with a row', async (t) => {
  const judge = (header: string[], cells: string[], included = false) =>
    judgeContact(cells, readContactLayout(header, phoneReader(included)), phoneReader(included));
  t.match(judge(['phone'], ['']), { error: { field: 'phone', message: 'phone is missing' } });
  t.match(judge(['phone'], []), { error: { field: 'phone' } });
  t.match(judge(['phone'], ['98765']), {
    error: { message: 'Invalid phone number: E.164 is needed, such as +919876543210', value: '98765' },
  });
  t.match(judge(['phone'], ['919876543210']), { error: { message: /only the plus is lost/ } });
  t.match(judge(['phone', 'tz'], [PHONE, 'Mars']), { error: { field: 'timezone', value: 'Mars' } });
  t.match(judge(['phone', 'name'], [PHONE, 'x'.repeat(201)]), { error: { field: 'name' } });
  t.match(judge(['phone', 'a'], [PHONE, 'x'.repeat(5001)]), { error: { field: 'customFields', message: /^a is longer/ } });
  t.match(judge(['phone', 'email'], [PHONE, 'jane at home']), { ok: { email: null }, warnings: [{ field: 'email' }] });
  t.match(judge(['phone'], ['+1234567890']), { ok: { phone: '+1234567890' }, warnings: [{ message: /not assigned/ }] });
  t.match(judge(['phone', 'status'], [PHONE, 'Open']), { ok: { status: 'new', customFields: { status: 'Open' } } });
  t.match(judge(['phone', 'first name', 'last name'], [PHONE, 'Jane', '']), { ok: { name: 'Jane', firstName: 'Jane', lastName: null } });
  const strange = judge(['phone', '__proto__'], [PHONE, 'x']);
  t.ok('ok' in strange && Object.hasOwn(strange.ok.customFields ?? {}, '__proto__'), 'a column may be called so');
  for (const text of ['919876543210', '00919876543210', "'919876543210", '91 98765-43210', PHONE])
    t.equal(phoneReader(true)(text), PHONE, text);
  for (const text of ['', '0', '12', 'phone', '0987654321']) t.equal(phoneReader(true)(text), undefined, text);
});

t.test('words and tags', async (t) => {
  t.same([' Not-Interested', 'NEW', 'do not call', 'open', ''].map(toLeadStatus), [
    'not_interested',
    'new',
    'do_not_call',
    undefined,
    undefined,
  ]);
  t.same(readTags(' vip; Berlin,vip |x,, '), ['vip', 'Berlin', 'x']);
  t.equal(readTags(Array.from({ length: 80 }, (_, n) => n).join()).length, 50);
});

t.test('a spreadsheet’s cells as texts', async (t) => {
  t.same(['919876543210', '9.1987654321E+11', '9.1987654321E11', '1.5', '0.1', '-3', '0.30000000000000004', 'x'].map(numberText), [
    ...['919876543210', '919876543210', '919876543210', '1.5', '0.1', '-3', '0.3', 'x'],
  ]);
  t.same(
    [null, undefined, 'a\0b\ud800', true, 7, new Date('2025-01-02T00:00:00Z'), new Date('2025-01-02T03:04:05Z'), new Date(NaN)].map(
      cellText,
    ),
    [...['', '', 'ab', 'true', '7', '2025-01-02', '2025-01-02T03:04:05.000Z', '']],
  );
});

t.test('an archive is judged by its directory', async (t) => {
  const limits = { entries: 3, bytes: 10_000, ratio: 20, ratioFromBytes: 1000 };
  const all = () => true;
  const read = (archive: Buffer) => readArchive(archive, all, limits);
  const good = zip([
    { name: 'a.xml', data: 'hello' },
    { name: 'b.png', data: 'x' },
  ]);
  t.match(read(good), [{ name: 'a.xml', bytes: 5, method: 'deflated' }, { name: 'b.png' }]);
  t.match(
    readArchive(good, (name) => name.endsWith('.xml'), limits),
    { length: 1 },
  );
  t.match(read(Buffer.from(storedArchive([{ name: 'ä.xml', data: Buffer.from('hi') }]))), [{ name: 'ä.xml', method: 'stored', bytes: 2 }]);
  const parts = (count: number, bytes: number) =>
    zip(Array.from({ length: count }, (_, n) => ({ name: `${n}.xml`, data: Buffer.alloc(bytes, 97) })));
  t.throws(() => read(parts(4, 1)), { message: /holds 4 files/ });
  t.throws(() => read(parts(3, 4000)), { message: /unpacks to more/ }, 'too much in all');
  t.throws(() => read(parts(1, 9000)), { message: /unpacks to more/ }, 'too small for what it holds');
  const bytes = Buffer.from(good);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = byte;
      try {
        read(spoilt.subarray(0, bytes.length - (at % 7)));
      } catch (error) {
        t.match(error, { code: 'validation' }, 'never anything else');
      }
    }),
    { numRuns: 500 },
  );
});
