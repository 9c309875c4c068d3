import { CsvError, Parser } from 'csv-parse';
import { isBlank, parseOptions } from './format.ts';

/** The file cannot be read beyond `row`. `message` says why, and where. */
export class BrokenCsvError extends Error {
  readonly row: number;

  constructor(row: number, message: string) {
    super(message);
    this.name = 'BrokenCsvError';
    this.row = row;
  }
}

export interface CsvReader {
  /** Reads one chunk; every record that ends in it is handed over before this resolves. @throws BrokenCsvError */
  write(chunk: Buffer): Promise<void>;
  /** @throws BrokenCsvError */
  end(): Promise<void>;
}

/**
 * csv-parse, handing each record with text to `onRecord` together with the line of the file it starts on, as an editor
 * shows it: the first is 1.
 */
export function csvReader(delimiter: string, onRecord: (record: string[], row: number) => void): CsvReader {
  const parser = new LineParser(delimiter, onRecord);
  const broken = (error: Error) =>
    error instanceof CsvError ? new BrokenCsvError(parser.lastLine + 1, explain(error, parser.lastLine + 1)) : error;
  // the writes below report it
  parser.on('error', () => undefined);
  parser.resume();
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        parser.write(chunk, (error) => (error ? reject(broken(error)) : resolve()));
      }),
    end: () =>
      new Promise((resolve, reject) => {
        parser.once('finish', resolve);
        parser.once('error', (error) => reject(broken(error)));
        parser.end();
      }),
  };
}

/**
 * Takes records where the parser makes them. Its own ways to learn a record's line (`info`, `on_record`) halve its speed,
 * and it counts a CRLF inside quotes as two lines.
 */
class LineParser extends Parser {
  /** last line of the last record */
  lastLine = 0;
  #parserLine = 0;
  #countedTwice = 0;
  readonly #onRecord: (record: string[], row: number) => void;

  constructor(delimiter: string, onRecord: (record: string[], row: number) => void) {
    super(parseOptions(delimiter));
    this.#onRecord = onRecord;
  }

  override push(record: string[] | null): boolean {
    if (record === null) return super.push(null);
    const line = this.info.lines;
    const inside = line - this.#parserLine > 1 ? this.#linesInside(record) : 0;
    this.#parserLine = line;
    this.lastLine = line - this.#countedTwice;
    if (!isBlank(record)) this.#onRecord(record, this.lastLine - inside);
    return true;
  }

  #linesInside(record: readonly string[]): number {
    let inside = 0;
    for (const field of record) {
      for (const [end] of field.matchAll(/\r\n|\n|\r/g)) {
        inside++;
        if (end === '\r\n') this.#countedTwice++;
      }
    }
    return inside;
  }
}

function explain(error: CsvError, row: number): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return `Row ${row}: a quote is opened and never closed; nothing after it could be read`;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `Row ${row}: too long, perhaps a quote is never closed; nothing after it could be read`;
  return `Row ${row}: ${error.message}`;
}
