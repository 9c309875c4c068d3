/** The OpenAPI documents of a running server, by the names of its surfaces. */
export async function readDocuments<Name extends string, Document>(
  server: string,
  names: readonly Name[],
): Promise<Record<Name, Document>> {
  const read = async (name: Name) => [name, await readDocument(new URL(`/docs/${name}/json`, server))] as const;
  return Object.fromEntries(await Promise.all(names.map(read))) as Record<Name, Document>;
}

async function readDocument(url: URL): Promise<unknown> {
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url.origin} does not answer: start it with \`npm start\`, or name another one`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}`);
  return answer.json();
}
