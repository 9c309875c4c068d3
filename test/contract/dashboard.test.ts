import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { parseId } from '../../core/id.ts';
import { silentMp3 } from '../../sandbox/audio.ts';
import { openCallExport } from '../../service/call-export.ts';
import { startSystem, type System } from '../system.ts';
import { dashboard, type World } from './dashboard.ts';
import { askAsDocumented, askWrongly } from './drive.ts';
import { rowCounts } from './row-counts.ts';

/** The session cookie of somebody's browser. */
async function cookieOf(system: System, { email, password }: { email: string; password: string }): Promise<string> {
  const { headers } = await system.request('POST', '/api/v1/auth/login', { json: { email, password } });
  const cookie = headers.getSetCookie().find((one) => one.startsWith('session='));
  return cookie?.slice('session='.length).split(';', 1)[0] ?? '';
}

async function prepare(system: System): Promise<{ world: World; session: string }> {
  const { runtime, config } = system;
  const { sql } = runtime.db;
  const owner = await system.login();
  const { token, tenantId } = owner;
  const make = async (path: string, json: object) => {
    const { status, body } = await system.request('POST', `/api/v1${path}`, { token, json });
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
    const { _id, id } = body.data as { _id?: string; id?: string };
    return _id ?? id ?? '';
  };
  const agentId = await make('/agents', { name: 'Voice Agent Alpha', systemPrompt: 'Be brief.', voice: 'Rachel' });
  for (const phoneNumber of ['+12125550145', '+919876543210', '+919876543310']) await make('/phones', { phoneNumber, agentId });
  await sql`update phone_numbers set tags = array['sales', 'primary']`;
  const campaignId = await make('/campaigns', { name: 'Q1 Sales Campaign', type: 'OUTBOUND', description: 'Outbound sales for Q1' });
  const agent = parseId('agent', agentId) ?? 0;
  const calls = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, created_at, duration_seconds, cost)
    select ${tenantId}, ${agent}, '+12125550145', 'completed', timestamptz '2024-01-15T14:30:00Z' + n * interval '1 minute', 180, 0.15
      from generate_series(1, 3) n returning id`;
  const callId = calls[0]?.id ?? 0;
  await sql`
    insert into transcript_turns (call_id, position, role, content) values
      (${callId}, 0, 'assistant', 'Hello, how can I help you today?'), (${callId}, 1, 'user', 'Call me at 415-555-0123')`;
  await sql`
    insert into ledger_entries (tenant_id, call_id, kind, component, amount, description)
    values (${tenantId}, ${callId}, 'charge', 'carrier', -0.1, '3 × min at $0.033')`;
  const key = `${tenantId}/${randomUUID()}`;
  await mkdir(join(config.DATA_DIR, 'recordings', String(tenantId)), { recursive: true });
  await writeFile(join(config.DATA_DIR, 'recordings', key), silentMp3(2));
  await sql`
    insert into recordings (tenant_id, call_id, source, storage_key, file_name, mime_type)
    values (${tenantId}, ${callId}, 'carrier', ${key}, 'recording.mp3', 'audio/mpeg')`;

  const session = await cookieOf(system, owner);
  const filters = `from=2024-01-01&to=2024-01-31&agent_id=${agentId}&status=completed`;
  const page = await system.request('GET', `/api/v1/call-logs?limit=1&${filters}`, { headers: dashboard.proof?.(session) });
  const [from, to] = [new Date('2024-01-01T00:00:00Z'), new Date('2024-01-31T23:59:59.999Z')];
  const filter = { tenantId, agentId: agent, statuses: ['completed'] as const, from, to };
  const { nextCursor: exportCursor = '' } = await openCallExport(runtime, { filter, after: undefined }, 1);
  const world = {
    agentId,
    sessionId: `sess_${callId}`,
    campaignId,
    phone: '+1*** **45',
    cursor: page.body.next_cursor as string,
    exportCursor,
  };
  return { world, session };
}

t.test('the dashboard document, endpoint by endpoint', async (t) => {
  const real = await startSystem(t);
  const { world, session } = await prepare(real);
  const stranger = await cookieOf(real, await real.login());
  // as on the port that the document names, where a request without a cookie is the dashboard's, too
  const system: System = {
    ...real,
    request: (method, path, what) => real.request(method, path, { ...what, headers: { 'x-api-surface': 'dashboard', ...what?.headers } }),
  };
  const stage = { system, contract: dashboard, world, tokens: { owner: session, stranger } };
  const before = await rowCounts(system);
  await askWrongly(t, stage);
  await askAsDocumented(t, stage);
  t.strictSame(await rowCounts(system), before, 'nothing was written: the dashboard is to be looked at');

  const part = await system.request('GET', `/api/v1/call-logs/${world.sessionId}/recording`, { headers: dashboard.proof?.(session) });
  t.match(part.headers.get('content-range'), /^bytes 0-1023\/\d+$/);
  t.match([part.headers.get('accept-ranges'), part.headers.get('cache-control')], ['bytes', 'private, no-store']);
});
