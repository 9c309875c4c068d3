/**
 * Makes the Postman collection and its environment from the documents of the running server:
 *
 *   npm run postman [http://localhost:4000]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDocuments } from '../generate/documents.ts';
import { type Documents, SOURCES } from './collection.ts';
import { postmanFiles } from './files.ts';

const server = process.argv[2] ?? 'http://localhost:4000';

const documents: Documents = await readDocuments(server, SOURCES);
for (const [name, text] of postmanFiles(documents)) {
  await writeFile(join(import.meta.dirname, name), text);
  process.stdout.write(`postman/${name}\n`);
}
