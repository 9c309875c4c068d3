/** The client is what the server says of itself, and its types hold against the real one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { account, calling } from '../client/index.ts';
import { clientFiles, type Document, type Surface, SURFACES } from '../generate/client.ts';
import { AGENT, NUMBER, startServer } from './api/helper.ts';
import { PROJECT } from './project.ts';

const FOLDER = join(PROJECT, 'client');

t.test('the committed files are what the script makes of the running server', { timeout: 120_000 }, async (t) => {
  const { app } = await startServer(t);
  const documents = Object.fromEntries(
    await Promise.all(SURFACES.map(async (name) => [name, (await app.inject(`/docs/${name}/json`)).json<Document>()])),
  ) as Record<Surface, Document>;
  const made = await clientFiles(documents);
  t.same(readdirSync(FOLDER).sort(), [...made.keys(), 'index.ts'].sort(), 'nothing else is there');
  for (const [name, text] of made)
    t.ok(readFileSync(join(FOLDER, name), 'utf8') === text, `${name}: run \`npm run client\` beside \`npm start\``);
});

t.test('its types hold under the strictest settings of whoever copies it', { timeout: 120_000 }, async (t) => {
  const { config } = ts.readConfigFile(join(PROJECT, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, PROJECT);
  const program = ts.createProgram([join(FOLDER, 'index.ts')], { ...options, exactOptionalPropertyTypes: true });
  const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  t.same(faults, []);
});

t.test('a call from POST to read back, over HTTP', async (t) => {
  const { app } = await startServer(t);
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  const person = { email: 'client@example.com', password: 'SecurePassword123!' };
  const signedUp = await account({ baseUrl }).POST('/api/v1/auth/signup', { body: { ...person, name: 'Clara Client' } });
  t.equal(signedUp.response.status, 201);
  const { data: login } = await account({ baseUrl }).POST('/api/v1/auth/login', { body: person });

  const client = calling({ baseUrl, token: login?.data.token });
  const { data: agent } = await client.POST('/api/v1/agents', { body: AGENT });
  const scheduledFor = '2099-11-02T10:00:00.000Z';
  const asked = await client.POST('/api/v1/calls/outbound', {
    params: { header: { 'Idempotency-Key': 'once' } },
    body: { toPhone: NUMBER, agentId: agent?.data._id ?? '', scheduledFor, priority: 'high' },
  });
  const id = asked.data?.data._id ?? '';
  t.match(id, /^call_\d+$/);
  const { data: read } = await client.GET('/api/v1/calls/outbound/{id}', { params: { path: { id } } });
  const status: 'scheduled' | 'in-progress' | 'completed' | 'failed' | 'cancelled' | 'unscheduled' | undefined = read?.data.status;
  t.match(read?.data, { _id: id, toPhone: NUMBER, status, scheduledFor });
  const { data: page } = await client.GET('/api/v1/calls/outbound', { params: { query: { status: 'scheduled', limit: 5 } } });
  t.same(
    page?.data.calls.map((call) => call._id),
    [id],
  );

  // @ts-expect-error a call needs an agent
  const wrong = await client.POST('/api/v1/calls/outbound', { body: { toPhone: NUMBER } });
  t.match(wrong, { response: { status: 422 }, data: undefined, error: { success: false, error: { code: 'VALIDATION_ERROR' } } });
  const { response } = await calling({ baseUrl }).GET('/api/v1/calls/outbound', {});
  t.equal(response.status, 401, 'nobody asked');
});
