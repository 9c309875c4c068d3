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
}

/** Chapters begin with `##`, endpoints with `###` and a block with a method and a path. */
export function parseDocument(text: string): Document {
  const chapters = text.split(/^## /m).slice(1);
  return {
    endpoints: chapters.flatMap((chapter) => {
      const section = titleOf(chapter);
      return chapter
        .split(/^### /m)
        .slice(1)
        .flatMap((part) => endpointOf(section, part));
    }),
    errorFields: fieldsOf(/^All error responses[^]*?```json\n([^]*?)```/m.exec(text)?.[1]),
    errorCodes: [...(/### Common Error Codes[^]*?```javascript\n([^]*?)```/.exec(text)?.[1] ?? '').matchAll(/"([A-Z_]+)":/g)].map(
      ([, code = '']) => code,
    ),
    limitHeaders: [...text.matchAll(/^(X-RateLimit-\w+):/gm)].map(([, header = '']) => header),
    limits: new Map([...text.matchAll(/^- \*\*(.+)\*\*: (\d+) requests per/gm)].map(([, kind = '', max]) => [kind, Number(max)])),
  };
}

/** A title may begin with a picture. */
function titleOf(chapter: string): string {
  return /[A-Za-z][A-Za-z ]*$/.exec(chapter.split('\n', 1)[0]?.trim() ?? '')?.[0] ?? '';
}

function endpointOf(section: string, part: string): Documented[] {
  const route = /```http\n(GET|POST|PUT|PATCH|DELETE) (\S+)/.exec(part);
  if (!route) return [];
  const [beforeResponse = '', ...afterResponse] = part.split(/^\*\*Response\*\*/m);
  const response = afterResponse.join('');
  const status = /^ \((\d{3})/.exec(response)?.[1];
  const inputs = [...beforeResponse.matchAll(/^- `(\w+)`(?= \(optional\)| \(required\)|:)/gm)].map(([, name = '']) => name);
  const body = fieldsOf(/\*\*Request Body\*\*[^]*?```json\n([^]*?)```/.exec(beforeResponse)?.[1]);
  return [
    {
      section,
      method: route[1] ?? '',
      path: route[2] ?? '',
      status: status === undefined ? undefined : Number(status),
      fields: fieldsOf(/```json\n([^]*?)```/.exec(response)?.[1]),
      inputs: [...new Set([...body.keys(), ...inputs])],
    },
  ];
}

/** Leaves of a sample, by path. `...` stands for what is shown elsewhere. */
function fieldsOf(sample: string | undefined): Map<string, string> {
  const fields = new Map<string, string>();
  if (sample === undefined) return fields;
  const json = sample.replace(/^\s*\.\.\.\s*$/gm, '').replace(/,(\s*[}\]])/g, '$1');
  collect(JSON.parse(json), '', fields);
  return fields;
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
    const { query, json, form } = row.example(contract.sample);
    const leaves = new Map<string, string>();
    collect({ ...json }, '', leaves);
    const sent = [...Object.keys({ ...query, ...form }), ...leaves.keys()];
    return [
      ...(row.status === documented.status ? [] : [`${name}: status ${documented.status}`]),
      ...documented.inputs.filter((input) => !sent.includes(input)).map((input) => `${name}: input ${input}`),
      ...fieldsMissing(documented.fields, { success: 'boolean', ...(row.message && { message: 'text' }), ...row.fields }, name),
    ];
  });
  return [
    ...missing,
    ...fieldsMissing(document.errorFields, contract.errorFields, 'errors'),
    ...document.errorCodes
      .filter((code) => !(contract.errorCodes as readonly string[]).includes(code))
      .map((code) => `errors: code ${code}`),
    ...document.limitHeaders.filter((header) => !contract.limitHeaders.includes(header)).map((header) => `limits: header ${header}`),
    ...[...document.limits].filter(([kind, max]) => contract.limits[kind] !== max).map(([kind, max]) => `limits: ${kind} ${max}`),
  ];
}

function fieldsMissing(documented: Map<string, string>, rows: Fields, name: string): string[] {
  return [...documented].flatMap(([path, type]) => {
    const row = rows[path];
    if (row === undefined) return [`${name}: field ${path}`];
    return type === 'null' || jsonTypeOf(row) === type ? [] : [`${name}: field ${path} is a ${type}`];
  });
}
