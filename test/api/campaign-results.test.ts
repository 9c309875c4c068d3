/** Files that are read as they are sent: the results of a campaign, and how any of them is streamed. */
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import compress from '@fastify/compress';
import fastify from 'fastify';
import t, { type Test } from 'tap';
import { sendCsv } from '../../api/plugin/csv-answer.ts';
import { campaignResults } from '../../service/campaign-results.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

const HEADER =
  'lead_id,phone_number,name,email,status,state,result,attempts,last_contacted_at,last_call_id,last_call_status,disposition,duration_sec,cost';

/** All tests share it: each has tenants of its own. */
const system = await startSystem(t);
const { sql } = system.runtime.db;

async function owner() {
  const { token, tenantId } = await system.login();
  const [campaign] = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name, status) values (${tenantId}, 'Q4', 'paused') returning id`;
  const [agent] = await sql<Array<{ id: number }>>`
    insert into agents (tenant_id, kind, name) values (${tenantId}, 'ai', 'Alpha') returning id`;
  return { token, tenantId, campaignId: campaign?.id ?? 0, agentId: agent?.id ?? 0 };
}

const results = (token: string, id: unknown) => system.request('GET', `/api/campaigns/${id as string}/results.csv`, { token });

t.test('each lead with what became of it, in the order in which they came', async (t) => {
  const { token, tenantId, campaignId, agentId } = await owner();
  const [called, fresh, hostile] = await sql<Array<{ id: number }>>`
    insert into contacts (tenant_id, campaign_id, phone, name, email, status, dial_state, result, attempts, last_contacted_at, created_at, deleted_at)
    values (${tenantId}, ${campaignId}, '+14155550101', 'Ann, B.', 'ann@example.com', 'contacted', 'done', 'completed', 2, '2025-11-01T10:00:00Z', '2025-01-01', null),
           (${tenantId}, ${campaignId}, '+14155550102', null, null, 'new', 'waiting', null, 0, null, '2025-01-02', null),
           (${tenantId}, ${campaignId}, '+14155550103', '=HYPERLINK("http://x","y")', '@SUM(1)', 'new', 'in_line', null, 1, null, '2025-01-02', null),
           (${tenantId}, ${campaignId}, '+14155550104', 'Deleted', null, 'new', 'waiting', null, 0, null, '2025-01-03', now())
    returning id`;
  const call = (
    contactId: unknown,
    campaign: number | null,
    status: string,
    more: { disposition?: string; seconds?: number; cost?: number },
  ) =>
    sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, contact_id, campaign_id, to_number, status, disposition, duration_seconds, cost)
      values (${tenantId}, ${agentId}, ${contactId as number}, ${campaign}, '+14155550101', ${status}, ${more.disposition ?? null},
              ${more.seconds ?? null}, ${more.cost ?? null}) returning id`;
  await call(called?.id, campaignId, 'no_answer', { cost: 0.05 });
  const [last] = await call(called?.id, campaignId, 'completed', { disposition: '+sale', seconds: 180, cost: 0.1 });
  await call(called?.id, null, 'busy', { cost: 7 });
  const [open] = await call(hostile?.id, campaignId, 'ringing', {});

  const { status, headers, body } = await results(token, campaignId);
  t.equal(status, 200);
  t.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  t.equal(headers.get('content-disposition'), `attachment; filename="campaign_${campaignId}_results.csv"`);
  t.equal(headers.get('cache-control'), 'private, no-store');
  t.same((body as string).split('\r\n'), [
    HEADER,
    `${called?.id},+14155550101,"Ann, B.",ann@example.com,contacted,done,completed,2,2025-11-01T10:00:00.000Z,${last?.id},completed,'+sale,180,0.15`,
    `${fresh?.id},+14155550102,,,new,waiting,,0,,,,,,`,
    `${hostile?.id},+14155550103,"'=HYPERLINK(""http://x"",""y"")",'@SUM(1),new,in_line,,1,,${open?.id},ringing,,,`,
    '',
  ]);
  t.equal((await results(token, `campaign_${campaignId}`)).body, body, 'either form of the id');
});

t.test('more leads than a batch, of which many came at once', async (t) => {
  const { token, tenantId, campaignId } = await owner();
  t.equal((await results(token, campaignId)).body, `${HEADER}\r\n`, 'none yet');
  await sql`
    insert into contacts (tenant_id, campaign_id, phone, dial_state, created_at)
    select ${tenantId}, ${campaignId}, '+9199' || (10000000 + n), 'waiting', now() + n / 1500 * interval '1 second' from generate_series(1, 3500) n`;
  const { body } = await results(token, campaignId);
  const phones = (body as string)
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(',')[1]);
  t.equal(phones.length, 3500);
  t.same(phones, [...new Set(phones)].sort(), 'each once, in order');

  const sizes: number[] = [];
  for await (const rows of campaignResults(system.runtime, { tenantId, campaignId })) {
    if (sizes.length === 0) await sql`update contacts set deleted_at = now() where campaign_id = ${campaignId} and phone > '+919910003000'`;
    sizes.push(rows.length);
  }
  t.same(sizes, [1000, 1000, 1000], 'no snapshot is held');
});

t.test('another tenant, an agent, a campaign that is gone', async (t) => {
  const { token, tenantId, campaignId } = await owner();
  const other = await owner();
  for (const id of [other.campaignId, 999_999, 'x', 'call_1']) {
    t.match(await results(token, id), { status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } }, String(id));
  }
  t.equal((await system.request('GET', `/api/campaigns/${campaignId}/results.csv`)).status, 401);
  const member = await system.login();
  for (const [role, status] of [
    ['agent', 403],
    ['manager', 200],
  ] as const) {
    await sql`update users set tenant_id = ${tenantId}, role = ${role} where email = ${member.email}`;
    const { body } = await system.request('POST', '/api/v1/auth/login', { json: { email: member.email, password: member.password } });
    t.equal((await results(body.data.token as string, campaignId)).status, status, role);
  }
  await sql`update campaigns set deleted_at = now() where id = ${campaignId}`;
  t.equal((await results(token, campaignId)).status, 404);
});

/** A server whose file never ends: how many batches were asked for, and whether its reading was ended. */
async function endless(t: Test) {
  const seen = { batches: 0, ended: false };
  const app = fastify();
  await app.register(compress, { threshold: 1024 });
  async function* lines(): AsyncGenerator<string> {
    try {
      for (;;) {
        seen.batches++;
        // what gzip can't make small
        yield `${Array.from({ length: 2000 }, () => Math.random()).join('\r\n')}\r\n`;
      }
    } finally {
      seen.ended = true;
    }
  }
  app.get('/file.csv', async (_request, reply) => sendCsv(reply, { name: 'file.csv', header: 'number\r\n', batches: lines() }));
  app.get('/broken.csv', async (_request, reply) => {
    async function* fails(): AsyncGenerator<string> {
      throw new Error('the database is away');
      yield '';
    }
    return sendCsv(reply, { name: 'broken.csv', header: 'number\r\n', batches: fails() });
  });
  app.get('/cut.csv', async (_request, reply) => {
    async function* fails(): AsyncGenerator<string> {
      yield '1\r\n';
      throw new Error('the database went away');
    }
    return sendCsv(reply, { name: 'cut.csv', header: 'number\r\n', batches: fails() });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  const open = async (path: string, headers = {}) => {
    const request = httpRequest(new URL(path, url), { headers }).on('error', () => undefined);
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  return { seen, open };
}

t.test('who does not read holds it up, who goes away ends it', async (t) => {
  for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
    const { seen, open } = await endless(t);
    const response = await open('/file.csv', headers);
    response.on('error', () => undefined);
    const [chunk] = (await once(response, 'data')) as [Buffer];
    t.ok(chunk.length > 0, 'the first bytes are there before the last, which never come');
    response.pause();
    let before = -1;
    await eventually(() => {
      const still = seen.batches === before;
      before = seen.batches;
      return still;
    });
    t.ok(before < 1000, `held up after ${before} batches`);
    t.notOk(seen.ended);
    response.destroy();
    await eventually(() => seen.ended);
  }
});

t.test('a fault before the first row is an answer, one behind it cuts the file', async (t) => {
  const { open } = await endless(t);
  const broken = await open('/broken.csv');
  t.equal(broken.statusCode, 500);
  t.notOk(broken.headers['content-disposition']);
  broken.resume();
  const cut = await open('/cut.csv');
  const read = async () => {
    for await (const chunk of cut) t.ok(chunk);
  };
  await t.rejects(read(), { code: 'ECONNRESET' });
});

t.test('packed for who takes that', async (t) => {
  const { token, campaignId } = await owner();
  const request = httpRequest(new URL(`/api/campaigns/${campaignId}/results.csv`, system.url), {
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' },
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  t.equal(response.headers['content-encoding'], 'gzip');
  t.equal(gunzipSync(Buffer.concat(chunks)).toString(), `${HEADER}\r\n`);
});
