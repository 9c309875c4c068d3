/** The Postman collection is what the server says of itself, and complete. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Documents, SOURCES } from '../postman/collection.ts';
import { exampleOf } from '../postman/example.ts';
import { postmanFiles } from '../postman/files.ts';
import { startServer } from './api/helper.ts';
import { PROJECT } from './project.ts';

const FOLDER = join(PROJECT, 'postman');
const COLLECTION = 'Millis SaaS — Admin APIs.postman_collection.json';
const ENVIRONMENT = 'Millis SaaS — Local.postman_environment.json';

const { app } = await startServer(t);
const documents = Object.fromEntries(
  await Promise.all(SOURCES.map(async (name) => [name, (await app.inject(`/docs/${name}/json`)).json<unknown>()])),
) as Documents;

const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
interface Item {
  name: string;
  event: Array<{ listen: string; script: { exec: string[] } }>;
  request: { method: string; url: { path: string[] }; auth?: object; body?: { raw: string } };
  response: Array<{ code: number; body: string }>;
}
const committed = JSON.parse(read(COLLECTION)) as { auth: object; item: Array<{ item: Item[] }> };
const items: Item[] = committed.item.flatMap((folder) => folder.item);
const itemOf = (name: string) => items.find((item) => item.name === name) as Item;
const exampleIn = (item: Item, code: number) => JSON.parse(item.response.find((answer) => answer.code === code)?.body ?? '') as unknown;
const testOf = (item: Item) => item.event.find(({ listen }) => listen === 'test')?.script.exec.join('\n') ?? '';

t.test('the committed files are what the script makes of the running server', async (t) => {
  const made = postmanFiles(documents);
  t.same(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .sort(),
    [...made.keys()].sort(),
  );
  for (const [name, text] of made) t.equal(read(name), text, `${name}: run \`npm run postman\` beside \`npm start\``);
  t.same(postmanFiles(documents), made, 'the same every time');
});

t.test('every operation of both surfaces has a request', async (t) => {
  const asked = new Set(
    items.map(({ request: { method, url } }) => `${method} /api/v1/${url.path.map((part) => part.replace(/^:(\w+)$/, '{$1}')).join('/')}`),
  );
  let operations = 0;
  for (const source of ['admin', 'account'] as const) {
    for (const [path, methods] of Object.entries(documents[source].paths)) {
      for (const method of Object.keys(methods)) {
        operations++;
        t.ok(asked.has(`${method.toUpperCase()} ${path}`), `${method} ${path}`);
      }
    }
  }
  t.ok(operations >= 19, `${operations} operations`);
  const other = {
    ...documents,
    admin: { paths: { ...documents.admin.paths, '/api/v1/admin/new': documents.admin.paths['/api/v1/health'] ?? {} } },
  };
  t.throws(() => postmanFiles(other), /admin GET \/admin\/new/, 'a new one is not forgotten');
  t.throws(() => postmanFiles({ ...documents, admin: { paths: {} } }), /No document has/);
});

t.test('each request is tested and has examples of all its answers', async (t) => {
  for (const item of items) {
    const codes = item.response.map(({ code }) => code);
    const [good] = codes.filter((code) => code < 300);
    t.match(testOf(item), `to.have.status(${good})`, item.name);
    t.match(testOf(item), 'to.have.jsonSchema({', item.name);
    t.ok(codes.includes(429) && codes.includes(500), `${item.name}: its errors`);
    for (const { body, code } of item.response) t.ok(JSON.parse(body), `${item.name} ${code}`);
    t.ok(JSON.parse(item.request.body?.raw ?? '{}'), item.name);
  }
  const login = itemOf('Log in');
  for (const variable of ['accessToken', 'refreshToken']) t.match(testOf(login), `pm.environment.set('${variable}'`);
  t.same(login.request.auth, { type: 'noauth' });
  t.match(committed.auth, { type: 'bearer', bearer: [{ value: '{{accessToken}}' }] });
  const phones = itemOf('List phones');
  t.same(exampleIn(phones, 400), {
    errors: [{ msg: 'Page must be a positive integer', param: 'page', location: 'query' }],
  });
  t.same(exampleIn(phones, 401), { error: 'Invalid token' });
  t.match(exampleIn(login, 401), { code: 'INVALID_CREDENTIALS' });
});

t.test('every variable is in the environment, and no secret is', async (t) => {
  const { values } = JSON.parse(read(ENVIRONMENT)) as { values: Array<{ key: string; value: string; type: string }> };
  const known = new Set(values.map(({ key }) => key));
  for (const [, name = ''] of read(COLLECTION).matchAll(/\{\{(\w+)\}\}/g))
    if (!known.has(name)) t.fail(`{{${name}}} is not in the environment`);
  for (const { key, value, type } of values) if (type === 'secret') t.equal(value, '', key);
  t.equal(values.find(({ key }) => key === 'baseUrl')?.value, 'http://localhost:4000/api/v1');
});

t.test('examples', async (t) => {
  const table = [
    [{ type: 'string', examples: ['a'], default: 'b' }, 'email', 'a'],
    [{ type: 'string' }, 'email', 'user@example.com'],
    [{ type: ['string', 'null'] }, 'unheardOf', null],
    [{ type: ['string', 'null'] }, 'agentId', 'agent_123'],
    [{ type: 'integer', minimum: 3 }, 'unheardOf', 3],
    [{ type: 'string' }, 'createdAt', '2025-01-01T00:00:00.000Z'],
    [{ type: 'boolean' }, 'tags', true],
    [{ enum: ['x', 'y'], type: 'string' }, 'name', 'x'],
    [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'unheardOf', 0],
    [{ type: 'array', items: { type: 'object', properties: { page: { type: 'integer' } } } }, 'unheardOf', [{ page: 1 }]],
  ] as const;
  for (const [schema, name, value] of table) t.same(exampleOf(schema as object, name), value, `${name} ${JSON.stringify(schema)}`);
});
