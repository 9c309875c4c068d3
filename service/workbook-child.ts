/**
 * Reads one workbook in a process of its own, with a heap of its own and without our secrets: whatever a hostile file does
 * to its reader ends here. Started by `workbook.ts`; speaks over IPC.
 */
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { readSheet } from 'read-excel-file/universal';
import { AppError } from '../core/errors.ts';
import { type ArchiveLimits, damaged, packedBytes, readArchive, tooMuch } from '../core/xlsx/archive.ts';
import { cellText, numberText } from '../core/xlsx/cell.ts';
import { storedArchive } from '../core/xlsx/stored.ts';
import type { ChildWord, ParentWord } from './workbook.ts';

const BATCH_ROWS = 1000;
const MIB = 1024 * 1024;
const LIMITS: ArchiveLimits = { entries: 2000, bytes: 96 * MIB, ratio: 200, ratioFromBytes: 8 * MIB };

const isXml = (name: string) => name.endsWith('.xml') || name.endsWith('.rels');
const tell = (word: ChildWord) =>
  new Promise<void>((resolve, reject) => process.send?.(word, (error: Error | null) => (error ? reject(error) : resolve())));

let goOn: (() => void) | undefined;
// what was loaded before us may have let the channel go, and we would end with the first pause
process.channel?.ref();
process.on('disconnect', () => process.exit());
process.on('message', (word: ParentWord) => {
  if (word.type === 'next') return goOn?.();
  void read(word.path, word.maxRows).catch(async (error: unknown) => {
    if (error instanceof AppError) await tell({ type: 'refused', message: error.message.replace(/^file /, '') });
    else await tell({ type: 'refused', message: damaged().message.replace(/^file /, '') });
  });
});

async function read(path: string, maxRows: number): Promise<void> {
  const vetted = unpack(await readFile(path));
  const rows = await readSheet(vetted, 1, { parseNumber: numberText });
  if (rows.length > maxRows)
    return tell({ type: 'refused', message: `has ${rows.length} rows, and a workbook may have at most ${maxRows}; save it as CSV` });
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    const next = new Promise<void>((resolve) => (goOn = resolve));
    await tell({ type: 'rows', from: from + 1, rows: rows.slice(from, from + BATCH_ROWS).map((row) => row.map(cellText)) });
    await next;
  }
  await tell({ type: 'end' });
}

/** The workbook's XML, unpacked to no more than it declares and we allow, in an archive that is safe to open. */
function unpack(archive: Buffer): ArrayBuffer {
  const entries = readArchive(archive, isXml, LIMITS);
  return storedArchive(
    entries.map((entry) => {
      const packed = packedBytes(archive, entry);
      return { name: entry.name, data: entry.method === 'stored' ? packed : inflate(packed, entry.bytes) };
    }),
  );
}

function inflate(packed: Buffer, declaredBytes: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(declaredBytes, 1) });
  } catch (error) {
    throw error instanceof RangeError ? tooMuch(LIMITS) : damaged();
  }
}
