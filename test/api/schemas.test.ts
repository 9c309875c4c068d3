import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import compileAnswers from '@fastify/fast-json-stringify-compiler';
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { FastifyInstance, RouteOptions } from 'fastify';
import t from 'tap';
import { writeAnswers } from '../../api/plugin/serializer.ts';
import { compileValidator } from '../../api/plugin/validator.ts';
import { ask, startServer } from './helper.ts';

const CHANNEL = 'fastify.initialization';
const compile = compileAnswers()();

t.test('a server compiles a schema when it first needs it; every one of its schemas can be', async (t) => {
  const routes: RouteOptions[] = [];
  const hear = (message: unknown) => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', (route) => void routes.push(route));
  };
  subscribe(CHANNEL, hear);
  await startServer(t);
  unsubscribe(CHANNEL, hear);
  const count = { answers: 0, requests: 0 };
  for (const { method, url, schema } of routes) {
    for (const [httpStatus, answer] of Object.entries((schema?.response ?? {}) as Record<string, Described>)) {
      for (const one of answer.content ? Object.values(answer.content).map((content) => content.schema) : [answer]) {
        count.answers++;
        const route = { method: String(method), url, httpStatus, schema: one };
        if (throws(() => compile(route))) t.fail(`${String(method)} ${url} ${httpStatus}`);
      }
    }
    // the fields of forms are only described
    if (schema?.consumes) continue;
    for (const part of [schema?.body, schema?.querystring, schema?.params, schema?.headers] as Array<TSchema | undefined>) {
      if (part === undefined) continue;
      count.requests++;
      if (throws(() => TypeCompiler.Compile(part))) t.fail(`${String(method)} ${url}`);
    }
  }
  t.ok(count.answers > 1000 && count.requests > 200, JSON.stringify(count));
});

t.test('what can not be compiled is no hindrance before it is needed', async (t) => {
  const broken = { type: 'object', properties: { a: { $ref: '#/nowhere' } } };
  const route = { method: 'GET', url: '/', httpStatus: '200' };
  const write = writeAnswers()({ ...route, schema: broken });
  t.throws(() => write({ a: 1 }));
  const sound = writeAnswers()({ ...route, schema: { type: 'object', properties: { a: { type: 'string' } } } });
  t.equal(sound({ a: 1, b: 2 }), '{"a":"1"}');
  t.equal(sound({ a: 'again' }), '{"a":"again"}');
  const check = compileValidator({ method: 'GET', url: '/', schema: {} as TSchema });
  t.throws(() => check({}));
});

interface Described {
  content?: Record<string, { schema: object }>;
}

function throws(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}

t.test('every list says how deep its pages go, and what a document may have', async (t) => {
  const { app } = await startServer(t);
  type Parameter = { name: string; schema: { maximum: number }; description?: string };
  let lists = 0;
  for (const surface of ['account', 'admin', 'calling', 'dashboard', 'dialer', 'omnivox']) {
    const { body } = await ask(app, `GET /docs/${surface}/json`);
    const paths: Record<string, Record<string, { parameters?: Parameter[]; description?: string }>> = body.paths;
    for (const [path, { get }] of Object.entries(paths)) {
      const page = get?.parameters?.find(({ name, schema }) => name === 'page' && schema.maximum === 1_000_000);
      if (!page) continue;
      lists += 1;
      t.match(page.description, /more than 100000 rows is answered with 400/, `${surface} ${path}`);
    }
    if (surface === 'calling')
      t.match(paths['/api/v1/knowledge-base/upload']?.post?.description, /\d bytes and 5000000 letters, a PDF also of at most 2000 pages/);
  }
  t.ok(lists > 20);
});
