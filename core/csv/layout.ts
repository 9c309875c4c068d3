import { badField } from '../errors.ts';

export const COLUMNS = ['phoneNumber', 'agentId', 'userId', 'scheduledFor', 'timezone', 'priority', 'context'] as const;
export type Column = (typeof COLUMNS)[number];

/** Where a file keeps what: the position of each known column, and the columns we don't know but keep. */
export interface Layout {
  /** the first record is a header, not a row */
  hasHeader: boolean;
  at: Readonly<Partial<Record<Column, number>>>;
  extra: ReadonlyArray<{ name: string; at: number }>;
}

/** The order of the document (calling.md "CSV Format"), for files without a header. */
const DOCUMENTED: Layout['at'] = { phoneNumber: 0, agentId: 1, userId: 2, scheduledFor: 3, timezone: 4, priority: 5 };

/** Names people use, in lower case without spaces, dashes and underscores. */
const SPELLINGS: Record<Column, readonly string[]> = {
  phoneNumber: ['phonenumber', 'phone', 'tophone', 'tonumber', 'to', 'number', 'mobile', 'mobilenumber', 'telephone', 'phoneno'],
  agentId: ['agentid', 'agent'],
  userId: ['userid', 'user'],
  scheduledFor: ['scheduledfor', 'scheduledat', 'scheduledtime', 'scheduletime', 'schedule', 'datetime'],
  timezone: ['timezone', 'tz', 'zone'],
  priority: ['priority'],
  context: ['context'],
};

const BY_SPELLING = new Map(COLUMNS.flatMap((column) => SPELLINGS[column].map((spelling) => [spelling, column] as const)));
const REQUIRED = ['phoneNumber', 'agentId'] as const;

/** Why a row was refused, in a report that is mended and imported again: it says nothing of the call. */
export const REPORT_COLUMN = 'importError';

const MAX_EXTRA_COLUMNS = 20;
const MAX_NAME_LENGTH = 64;

/**
 * Finds out what the columns are. A first record that names the phone or the agent column is a header, whatever
 * `skipHeader` says, since it can be no row; `skipHeader` true drops the first record also when its names mean nothing to
 * us, and the columns are then in the documented order.
 * @throws AppError naming `file` when the header lacks a required column
 */
export function readLayout(first: readonly string[], skipHeader: boolean): Layout {
  const names = first.map(columnOf);
  if (!REQUIRED.some((column) => names.includes(column))) return { hasHeader: skipHeader, at: DOCUMENTED, extra: [] };
  const at: Partial<Record<Column, number>> = {};
  const extra: Array<{ name: string; at: number }> = [];
  names.forEach((column, index) => {
    const name = (first[index] ?? '').trim();
    if (column && at[column] === undefined) at[column] = index;
    else if (name !== '' && name !== REPORT_COLUMN && name.length <= MAX_NAME_LENGTH && extra.length < MAX_EXTRA_COLUMNS)
      extra.push({ name, at: index });
  });
  const missing = REQUIRED.find((column) => at[column] === undefined);
  if (missing) throw badField('file', `has no column ${missing} in its header`, 'file');
  return { hasHeader: true, at, extra };
}

/** The column that a header's cell names, in one of the spellings people use. */
export function columnOf(name: string): Column | undefined {
  return BY_SPELLING.get(
    name
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, ''),
  );
}
