import { pino } from 'pino';
import type { Test } from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { buildServer } from '../../api/server.ts';
import { parseConfig } from '../../core/config.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { createTestDatabase } from '../database.ts';

export interface Server {
  app: App;
  runtime: Runtime;
  databaseUrl: string;
}

/** The real application on a database of the test's own (or a given one, for a second server beside the first). */
export async function startServer(t: Test, environment: Record<string, string> = {}, log = pino({ level: 'silent' })): Promise<Server> {
  const databaseUrl = environment.DATABASE_URL ?? (await createTestDatabase(t)).url;
  const config = parseConfig({
    NODE_ENV: 'test',
    CARRIER: 'null',
    DATABASE_POOL: '4',
    RATE_LIMIT_FACTOR: '100000',
    ...environment,
    DATABASE_URL: databaseUrl,
  });
  const runtime = openRuntime(config, log, 'test');
  const app = await buildServer(runtime);
  t.teardown(async () => {
    await app.close();
    await runtime.close();
  });
  return { app, runtime, databaseUrl };
}

export const PASSWORD = 'SecurePassword123!';

let people = 0;

/** A new account; its token is good for every Bearer surface. */
export async function signUp(app: App, email = `user${++people}@example.com`) {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/auth/signup', payload: { email, password: PASSWORD, name: 'John Doe' } });
  if (answer.statusCode !== 201) throw new Error(`sign-up: ${answer.statusCode} ${answer.body}`);
  const body = answer.json();
  return {
    email,
    cookies: Object.fromEntries(answer.cookies.map((cookie) => [cookie.name, cookie.value])),
    access: body.tokens.access as string,
    refresh: body.tokens.refresh as string,
    headers: { authorization: `Bearer ${body.data.token}` },
  };
}

export interface Answer {
  status: number;
  body: ReturnType<typeof JSON.parse>;
  headers: Record<string, unknown>;
}

/** One request as a person with these headers; a payload is sent as JSON. */
export async function ask(
  app: App,
  what: string,
  options: { headers?: Record<string, string>; payload?: unknown; ip?: string } = {},
): Promise<Answer> {
  const [method, url] = what.split(' ') as ['GET', string];
  const answer = await app.inject({ method, url, headers: options.headers, payload: options.payload as object, remoteAddress: options.ip });
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return { status: answer.statusCode, body: isJson && answer.body !== '' ? answer.json() : answer.body, headers: answer.headers };
}

export const AGENT = {
  name: 'Customer Support Agent',
  systemPrompt: 'You are helpful.',
  voice: 'Rachel',
  model: 'gpt-4',
  temperature: 0.7,
  maxTokens: 150,
  isActive: true,
};
export const NUMBER = '+919876543210';
const LATER = '2099-11-02T10:00:00Z';

/** A person with an agent, a number and a call that waits for a far-off day. */
export async function settle(app: App) {
  const { headers } = await signUp(app);
  const agent = (await ask(app, 'POST /api/v1/agents', { headers, payload: AGENT })).body.data;
  const phone = (await ask(app, 'POST /api/v1/phones', { headers, payload: { phoneNumber: NUMBER, agentId: agent._id } })).body.data;
  const call = (
    await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone: NUMBER, agentId: agent._id, scheduledFor: LATER } })
  ).body.data;
  return { headers, agentId: agent._id as string, phoneId: phone._id as string, callId: call._id as string };
}
