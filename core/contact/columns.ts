import { badField } from '../errors.ts';
import { toE164 } from '../phone.ts';

export const CONTACT_COLUMNS = ['phone', 'name', 'firstName', 'lastName', 'email', 'timezone', 'tags', 'status'] as const;
export type ContactColumn = (typeof CONTACT_COLUMNS)[number];

/** Where a file of contacts keeps what: the columns we know, and those that are kept as custom fields under their header. */
export interface ContactLayout {
  /** the first record is a header, not a contact */
  hasHeader: boolean;
  at: Readonly<Partial<Record<ContactColumn, number>>> & { phone: number };
  extra: ReadonlyArray<{ name: string; at: number }>;
  /** a name for every column, for the report of bad rows */
  names: readonly string[];
}

/** Names people use, in lower case, without accents, blanks and punctuation. */
const SPELLINGS: Record<ContactColumn, readonly string[]> = {
  phone: [
    ...['phone', 'phonenumber', 'phoneno', 'phonenr', 'phonenum', 'phone1', 'number', 'no', 'tel', 'telno', 'telephone', 'telephonenumber'],
    ...['mobile', 'mobileno', 'mobilenumber', 'mobilephone', 'cell', 'cellno', 'cellnumber', 'cellphone', 'msisdn', 'whatsapp', 'e164'],
    ...[
      'tophone',
      'tonumber',
      'destination',
      'telefon',
      'telefonnummer',
      'rufnummer',
      'handy',
      'handynummer',
      'mobil',
      'telefono',
      'movil',
    ],
  ],
  name: ['name', 'fullname', 'displayname'],
  firstName: ['firstname', 'first', 'fname', 'givenname', 'forename', 'vorname', 'prenom'],
  lastName: ['lastname', 'last', 'lname', 'surname', 'familyname', 'nachname', 'apellido', 'apellidos'],
  email: ['email', 'emailaddress', 'emailid', 'mail', 'mailaddress', 'correo'],
  timezone: ['timezone', 'tz', 'zone'],
  tags: ['tags', 'tag', 'labels', 'label'],
  status: ['status', 'leadstatus'],
};
const BY_SPELLING = new Map(CONTACT_COLUMNS.flatMap((column) => SPELLINGS[column].map((spelling) => [spelling, column] as const)));
/** `Customer Phone` is a phone. */
const WHOSE = /^(?:customer|contact|client|lead|person|primary|main|work|business)s?(?=.)/;

/** The columns that our report of bad rows adds: sent back with the corrected rows, they are no fields of anybody. */
export const REPORT_COLUMNS = ['import_row', 'import_error'] as const;

const MAX_EXTRA_COLUMNS = 100;
const OURS: readonly string[] = REPORT_COLUMNS;
const MAX_NAME_LENGTH = 100;
const FOUND_TOLD = 20;

/** The column that a header's cell names, in one of the spellings people use. */
export function contactColumnOf(name: string): ContactColumn | undefined {
  const plain = name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  return BY_SPELLING.get(plain) ?? BY_SPELLING.get(plain.replace(WHOSE, ''));
}

/**
 * Finds out what the columns are. A first record with a phone column in its header is one. Without, a first record that holds
 * a number is a contact itself: the number's column has the phones, a cell with an `@` the e-mail, the first other text the
 * name. A column that is named twice counts the first time; what we don't know is kept under its header.
 * @throws AppError naming `file`, with the columns that were found, when there is no number
 */
export function readContactLayout(first: readonly string[], toPhone: (text: string) => string | undefined = toE164): ContactLayout {
  const columns = first.map(contactColumnOf);
  if (columns.includes('phone')) return withHeader(first, columns);
  const phone = first.findIndex((cell) => toPhone(cell) !== undefined);
  if (phone < 0) {
    const found = first.flatMap((cell) => (cell.trim() === '' ? [] : [shortened(cell.trim())])).slice(0, FOUND_TOLD);
    throw badField('file', `needs a column phone (or phoneNumber, mobile, …); its first row has: ${found.join(', ')}`, 'file');
  }
  return withoutHeader(first, phone);
}

function withHeader(first: readonly string[], columns: ReadonlyArray<ContactColumn | undefined>): ContactLayout {
  const at: Partial<Record<ContactColumn, number>> = {};
  const extra = new Map<string, number>();
  columns.forEach((column, index) => {
    const name = shortened((first[index] ?? '').trim());
    if (column && at[column] === undefined) at[column] = index;
    else if (name !== '' && !OURS.includes(name) && extra.size < MAX_EXTRA_COLUMNS) extra.set(freeName(name, extra), index);
  });
  return layoutOf(true, at, extra, first.map(shortened));
}

function withoutHeader(first: readonly string[], phone: number): ContactLayout {
  const email = first.findIndex((cell, index) => index !== phone && cell.includes('@'));
  const name = first.findIndex((cell, index) => index !== phone && index !== email && /\p{L}/u.test(cell));
  const at = { phone, ...(email >= 0 && { email }), ...(name >= 0 && { name }) };
  const known = new Map(Object.entries(at).map(([column, index]) => [index, column]));
  const names = first.map((_, index) => known.get(index) ?? `column_${index + 1}`);
  const extra = new Map(names.flatMap((own, index) => (known.has(index) || index >= MAX_EXTRA_COLUMNS ? [] : [[own, index] as const])));
  return layoutOf(false, at, extra, names);
}

function layoutOf(
  hasHeader: boolean,
  at: Partial<Record<ContactColumn, number>>,
  extra: ReadonlyMap<string, number>,
  names: readonly string[],
): ContactLayout {
  const { phone = 0 } = at;
  return { hasHeader, at: { ...at, phone }, extra: [...extra].map(([name, index]) => ({ name, at: index })), names };
}

/** The name, or with a number behind it when a column before has it: nothing of the file is lost. */
function freeName(name: string, taken: ReadonlyMap<string, number>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}

function shortened(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name;
}
