export interface StoredFile {
  name: string;
  data: Uint8Array;
}

const HEADER_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;
const VERSION = 20;

/** A ZIP archive of files that are not packed (APPNOTE 6.3.10), without checksums: for a reader that we feed ourselves. */
export function storedArchive(files: readonly StoredFile[]): ArrayBuffer {
  const named = files.map(({ name, data }) => ({ name: Buffer.from(name), data }));
  const directoryBytes = named.reduce((sum, { name }) => sum + ENTRY_BYTES + name.length, 0);
  const directoryAt = named.reduce((sum, { name, data }) => sum + HEADER_BYTES + name.length + data.length, 0);
  const bytes = new ArrayBuffer(directoryAt + directoryBytes + END_BYTES);
  const archive = Buffer.from(bytes);
  let at = 0;
  let entryAt = directoryAt;
  for (const { name, data } of named) {
    archive.writeUInt32LE(0x04034b50, at);
    writeFacts(archive, at + 4, data.length, name.length);
    name.copy(archive, at + HEADER_BYTES);
    archive.set(data, at + HEADER_BYTES + name.length);

    archive.writeUInt32LE(0x02014b50, entryAt);
    archive.writeUInt16LE(VERSION, entryAt + 4);
    writeFacts(archive, entryAt + 6, data.length, name.length);
    archive.writeUInt32LE(at, entryAt + 42);
    name.copy(archive, entryAt + ENTRY_BYTES);

    at += HEADER_BYTES + name.length + data.length;
    entryAt += ENTRY_BYTES + name.length;
  }
  archive.writeUInt32LE(0x06054b50, entryAt);
  archive.writeUInt16LE(named.length, entryAt + 8);
  archive.writeUInt16LE(named.length, entryAt + 10);
  archive.writeUInt32LE(directoryBytes, entryAt + 12);
  archive.writeUInt32LE(directoryAt, entryAt + 16);
  return bytes;
}

/** The part that a file's header and its entry in the directory share. */
function writeFacts(archive: Buffer, at: number, dataBytes: number, nameBytes: number): void {
  archive.writeUInt16LE(VERSION, at);
  archive.writeUInt32LE(dataBytes, at + 14);
  archive.writeUInt32LE(dataBytes, at + 18);
  archive.writeUInt16LE(nameBytes, at + 22);
}
