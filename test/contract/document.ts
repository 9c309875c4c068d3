import { isDeepStrictEqual } from 'node:util';
import { builtEndpoints, type Contract, type Fields, nameOf } from './endpoint.ts';
import { jsonTypeOf } from './shape.ts';

/** One endpoint as a document describes it. */
export interface Documented {
  section: string;
  method: string;
  path: string;
  status: number | undefined;
  /** path → JSON type of the sample */
  fields: Map<string, string>;
  /** names of the query, form and body fields it takes */
  inputs: string[];
}

export interface Document {
  endpoints: Documented[];
  errorFields: Map<string, string>;
  errorCodes: string[];
  limitHeaders: string[];
  limits: Map<string, number>;
  /** whole error answers, by status */
  errorSamples: Map<number, unknown>;
  /** names of the fields of each model */
  models: Map<string, string[]>;
}

/**
 * Reads a document as it is written: an endpoint is a heading with a method and a path, or one with a block of them below; its
 * section is the heading above. `samplesAreTypes`: its samples hold names of types instead of values.
 */
export function parseDocument(text: string, { base = '', samplesAreTypes = false } = {}): Document {
  const endpoints: Documented[] = [];
  const titles = new Map<number, string>();
  for (const part of text.split(/^(?=#{2,4} )/m).slice(1)) {
    const [, hashes = '', heading = ''] = /^(#+) (.*)/.exec(part) ?? [];
    titles.set(hashes.length, titleOf(heading));
    const route =
      /^(GET|POST|PUT|PATCH|DELETE) (\S+)/.exec(heading) ??
      /```http\n(GET|POST|PUT|PATCH|DELETE) (\S+)/.exec(part) ??
      /^\*\*(GET|POST|PUT|PATCH|DELETE)\*\* `(\S+)`/m.exec(part);
    const [, method = '', documentedPath = ''] = route ?? [];
    const path = withoutBase(documentedPath, base).replace(/\{(\w+)\}/g, ':$1');
    // a second chapter on the same endpoint points to the first
    if (route && !endpoints.some((known) => known.method === method && known.path === path))
      endpoints.push({ section: titles.get(hashes.length - 1) ?? '', method, path, ...bodiesOf(part, samplesAreTypes) });
  }
  const errors = /(?:All error responses|All errors follow|\*\*Error Response:\*\*|### Standard Error Format)[^]*?```json\n([^]*?)```/.exec(
    text,
  )?.[1];
  const codes = /^#+ (?:Common )?Error Codes[^]*?\n([^]*?)(?=^#)/m.exec(text)?.[1] ?? '';
  return {
    endpoints,
    errorFields: fieldsOf(errors, text.includes('### Standard Error Format')),
    errorCodes: [...codes.matchAll(/[`"]([A-Z][A-Z_]+)[`"]/g)].map(([, code = '']) => code),
    limitHeaders: [...new Set([...text.matchAll(/^(X-RateLimit-\w+):/gm)].map(([, header = '']) => header))],
    limits: new Map([...text.matchAll(/^- \*\*(.+?):?\*\*:? (\d+) requests per/gm)].map(([, kind = '', max]) => [kind, Number(max)])),
    errorSamples: new Map(
      [...chapter(text, 'Error Responses').matchAll(/^### .*\((\d{3})\)\n```json\n([^]*?)```/gm)].map(([, status, sample = '']) => [
        Number(status),
        JSON.parse(sample),
      ]),
    ),
    // some of them are no JSON: a type may be one of several words
    models: new Map(
      [...chapter(text, 'Data Models').matchAll(/^### (.+)\n```json\n([^]*?)```/gm)].map(([, name = '', sample = '']) => [
        name,
        [...sample.matchAll(/^ {2}"(\w+)":/gm)].map(([, field = '']) => field),
      ]),
    ),
  };
}

/** What stands under a heading of the second level. */
function chapter(text: string, title: string): string {
  return text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`)) ?? '';
}

function withoutBase(path: string, base: string): string {
  return path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

/** A title may begin with a picture. */
function titleOf(heading: string): string {
  return /[A-Za-z][A-Za-z ]*$/.exec(heading.trim())?.[0] ?? '';
}

function bodiesOf(part: string, samplesAreTypes: boolean): Pick<Documented, 'status' | 'fields' | 'inputs'> {
  const [beforeResponse = '', ...afterResponse] = part.split(/^\*\*Response(?=\*\*| \()/m);
  const response = afterResponse[0] ?? '';
  const status = /^(?:\*\*)? \((\d{3})/.exec(response)?.[1];
  const listed = [...beforeResponse.matchAll(/^- ((?:`\w+`(?:, )?)+)(?= \(|:)/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  const body = fieldsOf(/\*\*Request(?: Body)?:?\*\*[^]*?```json\n([^]*?)```/.exec(beforeResponse)?.[1], samplesAreTypes);
  const form = /\*\*Request \(multipart\/form-data\):?\*\*[^]*?```\n([^]*?)```/.exec(beforeResponse)?.[1] ?? '';
  const formFields = [...form.matchAll(/^(\w+): /gm)].map(([, name = '']) => name);
  return {
    status: status === undefined ? undefined : Number(status),
    fields: fieldsOf(/```json\n([^]*?)```/.exec(response)?.[1], samplesAreTypes),
    inputs: [...new Set([...body.keys(), ...listed, ...formFields])],
  };
}

/** Leaves of a sample, by path. `...` stands for what is shown elsewhere. */
function fieldsOf(sample: string | undefined, samplesAreTypes: boolean): Map<string, string> {
  const fields = new Map<string, string>();
  if (sample === undefined) return fields;
  const json = sample
    .replace(/^\s*\.\.\.\s*$/gm, '')
    .replace(/([{[]) \.\.\. ([}\]])|\[\.\.\.\]/g, (_, open: string = '[', close: string = ']') => open + close)
    .replace(/,(\s*[}\]])/g, '$1');
  collect(JSON.parse(json), '', fields);
  if (samplesAreTypes) {
    for (const [path, type] of fields) {
      const word = type === 'string' ? /"(number|boolean)\b/.exec(sampleAt(JSON.parse(json), path))?.[1] : undefined;
      if (word) fields.set(path, word);
    }
  }
  return fields;
}

/** The first sample of a path, as JSON. */
function sampleAt(value: unknown, path: string): string {
  const found = path.split('.').reduce<unknown>((inner, name) => {
    const member = (inner as Record<string, unknown>)[name.replace('[]', '')];
    return name.endsWith('[]') ? (member as unknown[])[0] : member;
  }, value);
  return JSON.stringify(found);
}

function collect(value: unknown, path: string, fields: Map<string, string>): void {
  if (Array.isArray(value)) {
    if (value.length === 0) fields.set(path, 'array');
    for (const element of value) collect(element, `${path}[]`, fields);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) collect(inner, path ? `${path}.${name}` : name, fields);
  } else {
    fields.set(path, value === null ? 'null' : typeof value);
  }
}

/** What a document says and a table does not: endpoints at all, and all of a built section's statuses, fields and inputs. */
export function missingFrom<Code extends string, W>(contract: Contract<Code, W>, document: Document): string[] {
  const built = new Map(builtEndpoints(contract).map((endpoint) => [nameOf(endpoint), endpoint]));
  const known = new Map(contract.endpoints.map((endpoint) => [nameOf(endpoint), endpoint]));
  const missing = document.endpoints.flatMap((documented) => {
    const name = `${documented.method} ${documented.path}`;
    const row = built.get(name);
    if (known.get(name)?.section !== documented.section) return [`${name} of ${documented.section}`];
    if (!row) return [];
    const { params, query, json, form } = row.example(contract.sample);
    const leaves = new Map<string, string>();
    collect({ ...json }, '', leaves);
    const sent = [...Object.keys({ ...params, ...query, ...form }), ...leaves.keys()];
    return [
      ...(documented.status === undefined || row.status === documented.status ? [] : [`${name}: status ${documented.status}`]),
      ...documented.inputs
        .filter((input) => !sent.some((name) => name === input || name.startsWith(`${input}.`)))
        .map((input) => `${name}: input ${input}`),
      ...fieldsMissing(
        documented.fields,
        { ...(!row.bare && { success: 'boolean' }), ...(row.message && { message: 'text' }), ...row.fields },
        name,
      ),
    ];
  });
  return [
    ...missing,
    ...fieldsMissing(document.errorFields, { ...contract.errorFields, ...contract.detailFields }, 'errors'),
    ...document.errorCodes
      .filter((code) => !(contract.errorCodes as readonly string[]).includes(code))
      .map((code) => `errors: code ${code}`),
    ...document.limitHeaders.filter((header) => !contract.limitHeaders.includes(header)).map((header) => `limits: header ${header}`),
    ...[...document.limits].filter(([kind, max]) => contract.limits[kind] !== max).map(([kind, max]) => `limits: ${kind} ${max}`),
    ...[...document.errorSamples]
      .filter(([status, sample]) => !isDeepStrictEqual(contract.errorSamples?.[status], sample))
      .map(([status]) => `errors: the sample of ${status}`),
    ...[...document.models].flatMap(([name, fields]) => modelMissing(contract, name, fields)),
  ];
}

/** A model that the table places nowhere is one that only other answers show. */
function modelMissing<Code extends string, W>(contract: Contract<Code, W>, name: string, fields: readonly string[]): string[] {
  const place = contract.models?.[name];
  if (!place) return [];
  const row = builtEndpoints(contract).find((endpoint) => nameOf(endpoint) === place.row);
  const paths = Object.keys(row?.fields ?? {});
  const has = (path: string) => paths.some((known) => known === path || known.startsWith(`${path}.`) || known.startsWith(`${path}[]`));
  return fields.filter((field) => !has(`${place.at}.${field}`)).map((field) => `${name}: field ${field} in ${place.row}`);
}

function fieldsMissing(documented: Map<string, string>, rows: Fields, name: string): string[] {
  return [...documented].flatMap(([path, type]) => {
    const row = rows[path];
    if (row === undefined) return [`${name}: field ${path}`];
    return type === 'null' || jsonTypeOf(row) === type ? [] : [`${name}: field ${path} is a ${type}`];
  });
}
