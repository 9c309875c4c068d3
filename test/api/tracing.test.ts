/** A call seen from a collector of traces: one trace from the request to its end, and nothing in it that is private. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';

interface Span {
  service: string;
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  attributes: Record<string, unknown>;
  links: Array<{ traceId: string }>;
  failed: boolean;
  /** as it came, for a look at all of it */
  text: string;
}

const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;
const CALLER_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER_SPAN = '00f067aa0ba902b7';

t.setTimeout(120_000);
// spans leave at once, not every five seconds
process.env.OTEL_BSP_SCHEDULE_DELAY = '50';

/** A collector, as far as OTLP/HTTP with JSON goes. */
async function startCollector(t: Test) {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') spans.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString())));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans };
}

interface Told {
  resourceSpans: Array<{ resource: { attributes: Pair[] }; scopeSpans: Array<{ spans: ToldSpan[] }> }>;
}
interface Pair {
  key: string;
  value: object;
}
interface ToldSpan extends Pick<Span, 'name' | 'kind' | 'traceId' | 'spanId'> {
  parentSpanId?: string;
  attributes: Pair[];
  links?: Span['links'];
  status?: { code?: number };
}

function spansOf({ resourceSpans }: Told): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        service: String(attributesOf(resource.attributes)['service.name']),
        parentSpanId: span.parentSpanId || undefined,
        attributes: attributesOf(span.attributes),
        links: span.links ?? [],
        failed: span.status?.code === 2,
        text: JSON.stringify(span),
      })),
    ),
  );
}

function attributesOf(pairs: Pair[] = []): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }): [string, unknown] => [key, Object.values(value)[0]]));
}

async function newAgent({ request }: System, token: string): Promise<string> {
  const json = { name: 'Agent Ambrosia', systemPrompt: 'You help.', voice: 'Rachel', isActive: true };
  return String((await request('POST', '/api/v1/agents', { token, json })).body.data._id);
}

const ended = (system: System, callId: number) =>
  eventually(async () => {
    const [row] = await system.runtime.db.sql`select status, traceparent from calls where id = ${callId} and ended_at is not null`;
    return row;
  }, 30_000);
const idOf = (body: ReturnType<typeof JSON.parse>) => Number(String(body.data.callId ?? body.data._id).replace(/\D/g, ''));
/** The api of OpenTelemetry alone does nothing; prom-client has it with it. */
const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((path) => /@opentelemetry\/(?!api\/)|bullmq-otel/.test(path));

t.test('without a collector nothing of OpenTelemetry is loaded, and no row knows of a trace', async (t) => {
  const system = await startSystem(t, { sandbox: true, worker: true, scheduler: true });
  const { token } = await system.login();
  const { status, body } = await system.request('POST', '/api/v1/calls/outbound', {
    token,
    json: { toPhone: '+14155550006', agentId: await newAgent(system, token) },
    headers: { traceparent: `00-${CALLER_TRACE}-${CALLER_SPAN}-01` },
  });
  t.equal(status, 201);
  t.match(await ended(system, idOf(body)), { status: 'completed', traceparent: null });
  t.strictSame(loaded(), []);
});

t.test('with a collector', async (t) => {
  const collector = await startCollector(t);
  const system = await startSystem(t, {
    sandbox: true,
    worker: true,
    scheduler: true,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRUST_PROXY: '127.0.0.1' },
  });
  t.ok(loaded().length > 0, 'the look at what is loaded sees it');
  const { token, email } = await system.login();
  const agentId = await newAgent(system, token);
  const ask = async (json: object, headers = {}) => {
    const { status, body } = await system.request('POST', '/api/v1/calls/outbound', { token, json: { agentId, ...json }, headers });
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return idOf(body);
  };
  const spanOf = (traceId: string, name: string) => collector.spans.find((span) => span.traceId === traceId && span.name === name);
  const waitFor = (traceId: string, name: string) =>
    eventually(() => spanOf(traceId, name), 20_000).catch(() => {
      throw new Error(
        `no ${name} among ${collector.spans
          .filter((s) => s.traceId === traceId)
          .map((s) => s.name)
          .join(', ')}`,
      );
    });
  /** the names from a span up to the request, as far as the trace goes */
  const wayUp = (span: Span | undefined): string[] => {
    if (!span) return [];
    return [span.name, ...wayUp(collector.spans.find((other) => other.traceId === span.traceId && other.spanId === span.parentSpanId))];
  };
  /** The way up, waited for: parents end, and arrive, after their children. */
  const wayFrom = async (traceId: string, name: string, length: number) => {
    await waitFor(traceId, name);
    await eventually(() => wayUp(spanOf(traceId, name)).length >= length, 20_000).catch(() => undefined);
    return wayUp(spanOf(traceId, name));
  };
  const POST = 'POST /api/v1/calls/outbound';

  t.test('a call that is due now: one trace from the caller over the queue to completed', async (t) => {
    const callId = await ask(
      { toPhone: '+14155550006' },
      { traceparent: `00-${CALLER_TRACE}-${CALLER_SPAN}-01`, 'x-forwarded-for': '192.0.2.7' },
    );
    t.match(await ended(system, callId), { status: 'completed', traceparent: new RegExp(`^00-${CALLER_TRACE}-[0-9a-f]{16}-01$`) });
    const trace = (name: string) => waitFor(CALLER_TRACE, name);
    const post = await trace(POST);
    t.match(post, { kind: SERVER, parentSpanId: CALLER_SPAN, service: 'dialfleet-api', failed: false });
    t.match(post.attributes, {
      'http.request.method': 'POST',
      'http.route': '/api/v1/calls/outbound',
      'url.path': '/api/v1/calls/outbound',
      'http.response.status_code': 201,
    });
    t.strictSame(await wayFrom(CALLER_TRACE, 'accept call', 2), ['accept call', POST]);
    const process = await trace('process calls');
    t.equal(process.kind, CONSUMER);
    t.match(process.attributes, {
      'messaging.system': 'bullmq',
      'messaging.destination.name': 'calls',
      'messaging.operation.type': 'process',
    });
    t.match(await trace('place twilio'), { kind: CLIENT, attributes: { 'dialfleet.carrier.answer': 'accepted' } });
    t.strictSame(await wayFrom(CALLER_TRACE, 'place twilio', 5), ['place twilio', 'dial call', 'process calls', 'accept call', POST]);
    for (const word of ['ringing', 'answered', 'ended']) {
      const callback = await trace(`callback ${word}`);
      t.strictSame(wayUp(callback), [`callback ${word}`, 'accept call', POST], word);
      const heard = await eventually(
        () => collector.spans.find((span) => span.traceId === callback.links[0]?.traceId && span.kind === SERVER),
        20_000,
      );
      t.equal(heard.attributes['http.route'], '/carrier/twilio/calls/*', 'linked to the request that brought it');
    }
    const end = await trace('end call');
    t.strictSame(await wayFrom(CALLER_TRACE, 'end call', 4), ['end call', 'callback ended', 'accept call', POST]);
    t.equal(end.attributes['dialfleet.call.outcome'], 'completed');
    for (const name of ['accept call', 'dial call', 'place twilio', 'callback ringing', 'end call']) {
      t.equal(Number((await trace(name)).attributes['dialfleet.call.id']), callId, `${name} names the call`);
    }
    t.equal((await trace('dial call')).service, 'dialfleet-worker');
  });

  t.test('a stranger decides neither the trace nor whether there is one', async (t) => {
    const theirs = '5cf92f3577b34da6a3ce929d0e0e4737';
    // not to be sampled, says the last byte
    await system.request('GET', '/api/v1/calls/call_777', { token, headers: { traceparent: `00-${theirs}-${CALLER_SPAN}-00` } });
    const span = await eventually(
      () => collector.spans.find(({ attributes }) => attributes['url.path'] === '/api/v1/calls/call_777'),
      20_000,
    );
    t.match(span, { parentSpanId: undefined, links: [{ traceId: theirs }] });
    t.not(span.traceId, theirs);
    await system.request('GET', '/api/v1/calls/call_778', { token, headers: { traceparent: 'nonsense' } });
    t.match(await eventually(() => collector.spans.find(({ attributes }) => attributes['url.path'] === '/api/v1/calls/call_778'), 20_000), {
      links: [],
    });
  });

  t.test('a call for later goes on in the trace that asked for it: the row remembers', async (t) => {
    const callId = await ask({ toPhone: '+14155550001', scheduledFor: new Date(Date.now() + 1500).toISOString() });
    const row = await ended(system, callId);
    const traceId = String(row.traceparent).split('-')[1] ?? '';
    t.not(traceId, CALLER_TRACE);
    const end = await waitFor(traceId, 'end call');
    t.strictSame(await wayFrom(traceId, 'dial call', 5), ['dial call', 'process calls', 'dispatch call', 'accept call', POST]);
    t.equal((await waitFor(traceId, 'dispatch call')).service, 'dialfleet-scheduler');
    t.equal(end.attributes['dialfleet.call.outcome'], 'busy');
  });

  t.test('a call that no request asked for has a trace from its dispatch on', async (t) => {
    const [call] = await system.runtime.db.sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, due_at)
      select tenant_id, agent_id, '+14155550002', 'scheduled', now() from calls limit 1 returning id`;
    const row = await ended(system, call?.id ?? 0);
    const traceId = String(row.traceparent).split('-')[1] ?? '';
    t.strictSame(await wayFrom(traceId, 'place twilio', 4), ['place twilio', 'dial call', 'process calls', 'dispatch call']);
    await waitFor(traceId, 'end call');
  });

  t.test('any other job belongs to what put it in', async (t) => {
    const { tracing, producer } = system.runtime;
    await tracing.span({ name: 'asks' }, () => producer.enqueue('imports', { importId: 4711 }, { jobId: 'import_4711' }));
    const job = await eventually(() => collector.spans.find(({ name }) => name === 'process imports'), 20_000);
    await waitFor(job.traceId, 'asks');
    t.strictSame(await wayFrom(job.traceId, 'process imports', 3), ['process imports', 'add imports', 'asks']);
    t.equal(spanOf(job.traceId, 'add imports')?.kind, PRODUCER);
  });

  t.test('an error of ours fails its span, one of the caller does not', async (t) => {
    await system.request('GET', '/api/v1/calls/call_12345', { token });
    const refused = await eventually(() => collector.spans.find(({ attributes }) => attributes['url.path'] === '/api/v1/calls/call_12345'));
    t.match(refused, { failed: false, attributes: { 'http.response.status_code': 404, 'http.route': '/api/v1/calls/:id' } });
    const { tracing } = system.runtime;
    await t.rejects(
      tracing.span({ name: 'fails' }, async () => {
        throw new TypeError('no way to +14155550006');
      }),
      TypeError,
    );
    const failed = await eventually(() => collector.spans.find(({ name }) => name === 'fails'));
    t.match(failed, { failed: true, attributes: { 'error.type': 'TypeError' } });
    t.match(failed.text, 'no way to +1*** **06', 'what went wrong is told without the number');
    tracing.begin({ name: 'lists', attributes: { 'app.numbers': ['+14155550006', 'x'] } }).end();
    const lists = await eventually(() => collector.spans.find(({ name }) => name === 'lists'));
    t.match(lists.text, '+1*** **06', 'nor is one in a list');
  });

  t.test('nothing private, and no noise', async (t) => {
    for (const { name, text } of collector.spans) {
      t.notMatch(text, /415555000\d|%2B1415|Ambrosia|Olive/, name);
      for (const secret of [token, email]) t.notOk(text.includes(secret), `${name} holds no secret`);
    }
    const tokens = await system.runtime.db.sql<
      Array<{ token: string }>
    >`select claim_token::text as token from calls where claim_token is not null`;
    t.ok(tokens.length > 0);
    for (const { token } of tokens)
      t.notOk(
        collector.spans.some(({ text }) => text.includes(token)),
        'no token of a dial',
      );
    const names = new Set(collector.spans.map(({ name }) => name));
    for (const name of names) t.notMatch(name, /ticks|getNextJob|stalled|health|metrics/i);
    t.ok(names.size < 40, `few different names: ${[...names].join(', ')}`);
  });
});
