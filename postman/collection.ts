import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { SURFACES } from '../api/surfaces.ts';
import { type Asked, errorExamples } from './error-example.ts';
import { exampleOf } from './example.ts';
import { type Document, jsonSchemaOf, type Operation } from './openapi.ts';
import { requestOf } from './request.ts';
import { testsOf } from './scripts.ts';
import { FOLDERS, type Step } from './steps.ts';

export const COLLECTION_NAME = 'Millis SaaS — Admin APIs';
const BASE = '/api/v1';

/** Whose documents the collection is made of: all that the first two have, and what of the others is needed before. */
export const SOURCES = ['admin', 'account', 'calling', 'omnivox'] as const;
type Source = (typeof SOURCES)[number];
const WHOLE: readonly Source[] = ['admin', 'account'];

export type Documents = Readonly<Record<Source, Document>>;

/**
 * The Postman collection (format 2.1) of the admin and account surfaces. The same documents make the same text.
 * @throws when an operation of these has no place in it, or a step no operation
 */
export function collection(documents: Documents) {
  const operations = new Map(SOURCES.flatMap((source) => operationsOf(source, documents[source])));
  const placed = new Set(FOLDERS.flatMap(({ steps }) => Object.keys(steps)));
  for (const [key, { source }] of operations) {
    if (WHOLE.includes(source) && !placed.has(key)) throw new Error(`Give "${key}" a place in postman/steps.ts`);
  }
  return {
    info: {
      _postman_id: idOf(COLLECTION_NAME),
      name: COLLECTION_NAME,
      description: 'Made by `npm run postman` from what the server says of itself: changes here are lost.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    item: FOLDERS.map(({ name, description, steps }) => ({
      name,
      description,
      item: Object.entries(steps).map(([key, step]) => {
        const found = operations.get(key);
        if (!found) throw new Error(`No document has "${key}" of postman/steps.ts`);
        return itemOf(found, step);
      }),
    })),
  };
}

interface Found {
  source: Source;
  method: string;
  /** below the base */
  path: string;
  operation: Operation;
}

function operationsOf(source: Source, document: Document): Array<[key: string, found: Found]> {
  return Object.entries(document.paths)
    .filter(([whole]) => whole.startsWith(`${BASE}/`))
    .flatMap(([whole, methods]) =>
      Object.entries(methods).map(([verb, operation]): [string, Found] => {
        const [method, path] = [verb.toUpperCase(), whole.slice(BASE.length)];
        return [`${source} ${method} ${path}`, { source, method, path, operation }];
      }),
    );
}

function itemOf({ source, method, path, operation }: Found, step: Step) {
  // the other surfaces say once for all routes what they ask for
  const isOpen = WHOLE.includes(source) && !operation.security?.length;
  const request = requestOf(method, path, isOpen, operation, step);
  const answers = Object.entries(operation.responses).map(([status, { content }]) => ({
    status: Number(status),
    schema: jsonSchemaOf(content),
  }));
  const good = answers.find(({ status }) => status < 300);
  if (!good) throw new Error(`${method} ${path} has no documented success`);
  const errors = errorExamples(SURFACES[source].dialect, { isOpen, fields: fieldsOf(operation) });
  const { description: _, ...originalRequest } = request;
  return {
    name: operation.summary,
    event: [...(step.before ? [script('prerequest', step.before)] : []), script('test', testsOf(good.status, good.schema, step.after))],
    request,
    response: answers.map(({ status, schema }) => ({
      name: `${status} ${STATUS_CODES[status]}`,
      originalRequest,
      status: STATUS_CODES[status],
      code: status,
      _postman_previewlanguage: 'json',
      header: [{ key: 'Content-Type', value: 'application/json; charset=utf-8' }],
      body: JSON.stringify(errors.get(status) ?? (schema && exampleOf(schema)), null, 2),
    })),
  };
}

/** The fields that are most likely wrong first. */
function fieldsOf({ requestBody, parameters = [] }: Operation): Asked['fields'] {
  const { required = [], properties = {} } = jsonSchemaOf(requestBody?.content) ?? {};
  const places = { query: 'query', path: 'params', header: 'headers' } as const;
  return [
    ...[...required, ...Object.keys(properties)].map((name) => ({ name, in: 'body' as const })),
    ...parameters.map(({ name, in: place }) => ({ name, in: places[place] })),
  ];
}

function script(listen: 'prerequest' | 'test', exec: readonly string[]) {
  return { listen, script: { type: 'text/javascript', exec } };
}

/** An id that is always the same for the same name, in the form of a UUID. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
