import { exampleOf } from './example.ts';
import { jsonSchemaOf, type Operation } from './openapi.ts';
import type { Step } from './steps.ts';

const BASE = '{{baseUrl}}';

/** A request as Postman has it. `path` is an OpenAPI path below the base; who `isOpen` asks for no token. */
export function requestOf(method: string, path: string, isOpen: boolean, operation: Operation, step: Step) {
  const { description, parameters = [], requestBody } = operation;
  const given = (place: 'path' | 'query') =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name, schema, description: about, example }) => ({
        key: name,
        value: step.values?.[name] ?? String(example ?? exampleOf(schema, name)),
        ...((about ?? schema.description) && { description: about ?? schema.description }),
        ...(place === 'query' && step.values?.[name] === undefined && { disabled: true }),
      }));
  const variable = given('path');
  const query = given('query');
  const segments = path
    .slice(1)
    .replace(/\{(\w+)\}/g, ':$1')
    .split('/');
  const sent = query.filter((one) => !('disabled' in one)).map(({ key, value }) => `${key}=${value}`);
  const schema = jsonSchemaOf(requestBody?.content);
  const body = step.body ?? (schema && exampleOf(schema));
  return {
    method,
    header: [
      { key: 'Accept', value: 'application/json' },
      ...(body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }]),
    ],
    // all others send the collection's
    ...(isOpen && { auth: { type: 'noauth' } }),
    ...(body !== undefined && { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } } }),
    url: {
      raw: `${[BASE, ...segments].join('/')}${sent.length > 0 ? `?${sent.join('&')}` : ''}`,
      host: [BASE],
      path: segments,
      ...(query.length > 0 && { query }),
      ...(variable.length > 0 && { variable }),
    },
    ...(description && { description }),
  };
}
