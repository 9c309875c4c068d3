import { badField } from '../errors.ts';

/** A file inside a ZIP archive (APPNOTE 6.3.10, §4.3.12), as its directory describes it. */
export interface ArchiveEntry {
  name: string;
  method: 'stored' | 'deflated';
  packedBytes: number;
  /** as declared; who unpacks it must not trust it */
  bytes: number;
  headerAt: number;
}

export interface ArchiveLimits {
  entries: number;
  /** of all files that are read, unpacked */
  bytes: number;
  /** how many times larger than the archive they may be, once they are larger than `ratioFromBytes` */
  ratio: number;
  ratioFromBytes: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const HEADER_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const HEADER_BYTES = 30;
const MAX_COMMENT = 0xffff;
const ENCRYPTED = 1;

/**
 * The files of an archive that `wanted` names, from its directory alone: nothing is unpacked for it.
 * @throws AppError naming `file` when it is no whole archive, or would unpack to more than the limits allow
 */
export function readArchive(archive: Buffer, wanted: (name: string) => boolean, limits: ArchiveLimits): ArchiveEntry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  if (count > limits.entries) throw badFile(`holds ${count} files, and may hold at most ${limits.entries}`);
  const entries: ArchiveEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let n = 0; n < count; n++) {
    if (at + ENTRY_BYTES > end || archive.readUInt32LE(at) !== ENTRY_SIGNATURE) throw damaged();
    const nameEnd = at + ENTRY_BYTES + archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + ENTRY_BYTES, nameEnd);
    if (wanted(name)) entries.push(readEntry(archive, at, name));
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const isBomb = bytes > limits.ratioFromBytes && bytes > limits.ratio * archive.length;
  if (bytes > limits.bytes || isBomb) throw tooMuch(limits);
  return entries;
}

/** The packed bytes of an entry. @throws AppError naming `file` */
export function packedBytes(archive: Buffer, { headerAt, packedBytes: length }: ArchiveEntry): Buffer {
  if (headerAt + HEADER_BYTES > archive.length || archive.readUInt32LE(headerAt) !== HEADER_SIGNATURE) throw damaged();
  const from = headerAt + HEADER_BYTES + archive.readUInt16LE(headerAt + 26) + archive.readUInt16LE(headerAt + 28);
  if (from + length > archive.length) throw damaged();
  return archive.subarray(from, from + length);
}

/** What an archive with too much in it is told, also when it only shows while it is unpacked. */
export function tooMuch(limits: Pick<ArchiveLimits, 'bytes'>) {
  return badFile(`unpacks to more than ${Math.floor(limits.bytes / 1024 / 1024)} MiB, or much more than it should; save it as CSV`);
}

export function damaged() {
  return badFile('is damaged, or was cut off: it is no whole Excel workbook');
}

function readEntry(archive: Buffer, at: number, name: string): ArchiveEntry {
  const method = archive.readUInt16LE(at + 10);
  if (archive.readUInt16LE(at + 8) & ENCRYPTED) throw badFile('is protected by a password');
  if (method !== 0 && method !== 8) throw damaged();
  const sizes = {
    packedBytes: archive.readUInt32LE(at + 20),
    bytes: archive.readUInt32LE(at + 24),
    headerAt: archive.readUInt32LE(at + 42),
  };
  return { name, method: method === 0 ? 'stored' : 'deflated', ...sizes };
}

function findEnd(archive: Buffer): number {
  const lowest = Math.max(0, archive.length - END_BYTES - MAX_COMMENT);
  for (let at = archive.length - END_BYTES; at >= lowest; at--) if (archive.readUInt32LE(at) === END_SIGNATURE) return at;
  throw damaged();
}

function badFile(message: string) {
  return badField('file', message, 'file');
}
