/**
 * Makes the types of the client from the documents of the running server:
 *
 *   npm run client [http://localhost:4000]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientFiles, type Document, type Surface, SURFACES } from './client.ts';
import { readDocuments } from './documents.ts';

const server = process.argv[2] ?? 'http://localhost:4000';

for (const [name, text] of await clientFiles(await readDocuments<Surface, Document>(server, SURFACES))) {
  await writeFile(join(import.meta.dirname, '..', 'client', name), text);
  process.stdout.write(`client/${name}\n`);
}
