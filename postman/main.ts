/**
 * Makes the Postman collection and its environment from the documents of the running server:
 *
 *   npm run postman [http://localhost:4000]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Documents, SOURCES } from './collection.ts';
import { postmanFiles } from './files.ts';
import type { Document } from './openapi.ts';

const server = process.argv[2] ?? 'http://localhost:4000';

async function read(name: string): Promise<Document> {
  const url = new URL(`/docs/${name}/json`, server);
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url.origin} does not answer: start it with \`npm start\`, or name another one`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}`);
  return (await answer.json()) as Document;
}

const documents = Object.fromEntries(await Promise.all(SOURCES.map(async (name) => [name, await read(name)]))) as Documents;
for (const [name, text] of postmanFiles(documents)) {
  await writeFile(join(import.meta.dirname, name), text);
  process.stdout.write(`postman/${name}\n`);
}
