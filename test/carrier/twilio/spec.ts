import { Ajv, type ValidateFunction } from 'ajv';

/** One request and its answer, as seen on the wire. */
export interface Exchange {
  method: string;
  url: URL;
  form: Array<[string, string]>;
  status: number;
  body: unknown;
}

interface Parameter {
  name: string;
  in: string;
  schema: object;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: object & { properties: Record<string, object> } }> };
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}
export interface Spec {
  paths: Record<string, { get: Operation; post: Operation }>;
  components: object;
}

/** Checks of one exchange against the specification: the fields of the form or query, and the answer. */
export function validators(spec: Spec): (exchange: Exchange) => { kind: string; problems: unknown[] } {
  const ajv = new Ajv({ strict: false, coerceTypes: 'array', allErrors: true });
  const formats: Record<string, RegExp> = {
    endpoint: /^\S+$/,
    'phone-number': /^\+[0-9]+$/,
    uri: /^(https?:\/\/\S+|\/\S*)$/, // Twilio's own examples of page addresses are paths
    'http-method': /^(GET|POST)$/,
    'date-time-rfc-2822': /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/,
    'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
    currency: /^[A-Z]{3}$/,
    twiml: /^</,
    int64: /^\d+$/,
  };
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  ajv.addFormat('uri-map', true);
  const compile = (schema: object): ValidateFunction => ajv.compile({ ...schema, components: spec.components });
  const closed = (properties: Record<string, object>, required: string[] = []) =>
    compile({ type: 'object', properties, required, additionalProperties: false });
  const operations = (path: string) => {
    const found = spec.paths[`/2010-04-01/Accounts/{AccountSid}/${path}`];
    if (!found) throw new Error(`the specification has no ${path}`);
    const form = found.post.requestBody?.content['application/x-www-form-urlencoded']?.schema.properties ?? {};
    const query = Object.fromEntries(
      (found.get.parameters ?? []).flatMap(({ in: where, name, schema }) => (where === 'query' ? [[name, schema]] : [])),
    );
    const answers = (operation: Operation) =>
      Object.fromEntries(
        Object.entries(operation.responses).map(([status, { content }]) => [status, compile(content['application/json']?.schema ?? {})]),
      );
    return {
      POST: { request: closed(form, path === 'Calls.json' ? ['To', 'From', 'Url'] : []), answers: answers(found.post) },
      GET: { request: closed(query), answers: answers(found.get) },
    };
  };
  const routes = { many: operations('Calls.json'), one: operations('Calls/{Sid}.json') };
  // the form of errors: twilio-node, RestException
  const refusal = closed(
    { code: { type: 'integer' }, message: { type: 'string' }, more_info: { type: 'string' }, status: { type: 'integer' } },
    ['code', 'message', 'status'],
  );

  return ({ method, url, form, status, body }) => {
    const many = url.pathname.endsWith('/Calls.json');
    const kind = `${many ? (method === 'POST' ? 'create' : 'list') : method === 'POST' ? 'update' : 'fetch'} ${status}`;
    const { request, answers } = routes[many ? 'many' : 'one'][method === 'POST' ? 'POST' : 'GET'];
    const sent: Record<string, string | string[]> = {};
    for (const [name, value] of [...form, ...url.searchParams])
      sent[name] = name === 'StatusCallbackEvent' ? [...(sent[name] ?? []), value] : value;
    const answer = answers[String(status)] ?? (status >= 400 ? refusal : undefined);
    const problems: unknown[] = request(sent) ? [] : [...(request.errors ?? [])];
    if (!answer) problems.push(`the specification has no answer ${status}`);
    else if (!answer(structuredClone(body))) problems.push(...(answer.errors ?? []));
    return { kind, problems };
  };
}
