/**
 * Makes the types of the client from the documents of the running server:
 *
 *   npm run client [http://localhost:4000]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientFiles, type Document, type Surface, SURFACES } from './client.ts';

const server = process.argv[2] ?? 'http://localhost:4000';

async function read(surface: Surface): Promise<Document> {
  const url = new URL(`/docs/${surface}/json`, server);
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url.origin} does not answer: start it with \`npm start\`, or name another one`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}`);
  return (await answer.json()) as Document;
}

const documents = Object.fromEntries(await Promise.all(SURFACES.map(async (name) => [name, await read(name)]))) as Record<
  Surface,
  Document
>;
for (const [name, text] of await clientFiles(documents)) {
  await writeFile(join(import.meta.dirname, '..', 'client', name), text);
  process.stdout.write(`client/${name}\n`);
}
