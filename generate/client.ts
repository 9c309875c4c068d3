import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

export const SURFACES = ['account', 'admin', 'calling', 'dashboard', 'dialer', 'omnivox'] as const;
export type Surface = (typeof SURFACES)[number];

interface Operation {
  responses?: Record<string, object>;
}

/** As much of an OpenAPI document as is looked at here; the rest is passed on. */
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { responses?: Record<string, object> };
}

const HEADER = '// Made by `npm run client` from the OpenAPI documents of the server: change those, not this.\n';
const ERROR = /^[45]/;

/** The files of `client/` that are made, by name: the types of every path of a surface, as openapi-fetch reads them. */
export async function clientFiles(documents: Readonly<Record<Surface, Document>>): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const surface of SURFACES) files.set(`${surface}.ts`, HEADER + narrow(await typesOf(simplified(documents[surface]))));
  return files;
}

async function typesOf(document: Document): Promise<string> {
  const blob = ts.factory.createTypeReferenceNode('Blob');
  const nodes = await openapiTS(JSON.stringify(document), {
    // what has a default may be left out
    defaultNonNullable: false,
    // files of forms
    transform: (schema) => (schema.format === 'binary' ? blob : undefined),
  });
  return astToString(nodes);
}

/** Says each error answer once, since every operation has the same ones: they would be two thirds of the file. */
function simplified(document: Document): Document {
  const shared: Record<string, object> = {};
  const names = new Map<string, string>();
  const nameOf = (status: string, answer: object): string => {
    const text = `${status} ${JSON.stringify(answer)}`;
    const known = names.get(text);
    if (known !== undefined) return known;
    const same = Object.keys(shared).filter((name) => name.startsWith(`Error${status}`)).length;
    const name = `Error${status}${same === 0 ? '' : `_${same + 1}`}`;
    names.set(text, name);
    shared[name] = answer;
    return name;
  };
  const paths = mapValues(document.paths, (methods) =>
    mapValues(methods, (operation) => ({
      ...operation,
      ...(operation.responses && {
        responses: mapValues(operation.responses, (answer, status) =>
          ERROR.test(status) ? { $ref: `#/components/responses/${nameOf(status, answer)}` } : answer,
        ),
      }),
    })),
  );
  return { ...document, paths, components: { ...document.components, responses: { ...document.components?.responses, ...shared } } };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** Two columns a level, as everywhere here, instead of four. */
function narrow(text: string): string {
  return text.replace(/^( {4})+/gm, (indent) => ' '.repeat(indent.length / 2));
}
