import type { App } from '../../api/plugin/app.ts';
import type { Runtime } from '../../service/runtime.ts';
import { AGENT, ask, PASSWORD, signUp } from './helper.ts';

const LATER = '2099-11-02T10:00:00Z';
/** Stands in every text of the world's: an answer to anybody else must not have it. */
export const MARK = 'Zaphod';
export const NUMBER = '+14155550142';

/** One browser or program of somebody's. */
export interface Person {
  headers: { authorization: string };
  /** what a browser of theirs sends */
  cookie: { cookie: string; 'x-csrf-token': string };
}

/** A tenant with one of everything, in the wire's own forms of ids. */
export interface World {
  owner: Person;
  /** of the lowest role in the same tenant */
  agent: Person;
  things: Record<Thing, string>;
}

export type Thing =
  | 'ai agent'
  | 'call'
  | 'call import'
  | 'campaign'
  | 'contact'
  | 'contact import'
  | 'delivery'
  | 'document'
  | 'do-not-call entry'
  | 'flow'
  | 'person'
  | 'phone'
  | 'phone import'
  | 'phone number'
  | 'recorded call'
  | 'recording'
  | 'schedule'
  | 'session'
  | 'user'
  | 'webhook';

let worlds = 0;

/** Bytes that begin as a WebM file does. */
export const audioFile = () =>
  new File([Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex')], `${MARK}.webm`, { type: 'audio/webm' });

export function asPerson({ headers, cookies }: Pick<Awaited<ReturnType<typeof signUp>>, 'headers' | 'cookies'>): Person {
  return {
    headers,
    cookie: { cookie: `session=${cookies.session}; csrf_token=${cookies.csrf_token}`, 'x-csrf-token': String(cookies.csrf_token) },
  };
}

/** Logs somebody in as a browser and as a program. */
async function logIn(app: App, email: string): Promise<Person> {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { email, password: PASSWORD } });
  const cookies = Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]));
  return asPerson({ cookies, headers: { authorization: `Bearer ${answer.json().data.token}` } });
}

/** Makes a tenant with one of everything. */
export async function makeWorld(app: App, { db: { sql } }: Runtime): Promise<World> {
  const n = ++worlds;
  const email = `owner-of-${n}@example.com`;
  const owner = asPerson(await signUp(app, email));
  const post = async (path: string, payload: object = {}) => {
    const { status, body } = await ask(app, `POST ${path}`, { headers: owner.headers, payload });
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body.data as Record<string, string & { id: number }>;
  };
  const idOf = async (path: string, payload?: object): Promise<string> => {
    const { _id, id } = await post(path, payload);
    return String(_id ?? id);
  };
  const number = `+1415555${String(1000 + n).slice(-4)}`;
  const agentEmail = `agent-of-${n}@example.com`;
  const userId = (await post('/api/auth/register', { email: agentEmail, password: PASSWORD, name: MARK, role: 'agent' })).user?.id ?? 0;
  const otherEmail = `other-of-${n}@example.com`;
  const other = (await post('/api/auth/register', { email: otherEmail, password: PASSWORD, name: MARK, role: 'agent' })).user?.id ?? 0;
  const sip = { extension: String(n), sipUsername: `${MARK}${n}`, sipPassword: 'securePassword' };
  const person = await idOf('/api/agents', { userId: other, ...sip });
  const aiAgent = await idOf('/api/v1/agents', { ...AGENT, name: MARK });
  const phone = await idOf('/api/v1/phones', { phoneNumber: number, agentId: aiAgent });
  const call = await idOf('/api/v1/calls/outbound', { toPhone: NUMBER, agentId: aiAgent, scheduledFor: LATER });
  const daily = { toPhone: NUMBER, agentId: aiAgent, pattern: 'daily', time: '10:00', startDate: LATER.slice(0, 10) };
  const schedule = await idOf('/api/v1/scheduling/recurring', { ...daily, context: MARK });
  const suppression = await idOf('/api/v1/do-not-call', { phone: number, reason: MARK });
  const campaign = await idOf('/api/v1/campaigns', { name: MARK, type: 'OUTBOUND' });
  const contact = await idOf('/api/v1/contacts', { firstName: MARK, lastName: 'B', phone: NUMBER, campaignId: campaign });
  const nodes = [
    { id: 'start', type: 'START', config: {} },
    { id: 'end', type: 'END', config: { message: MARK } },
  ];
  const flow = await idOf('/api/v1/flows', { name: MARK, nodes, connections: [{ from: 'start', to: 'end' }] });
  const webhook = await idOf('/api/webhooks', { url: `https://example.com/${MARK}`, events: ['call.ended'] });
  const delivery = String((await post(`/api/webhooks/${webhook}/test`)).deliveryId);
  const upload = async (path: string, fields: Record<string, string>, file: File, field = 'file') => {
    const payload = new FormData();
    for (const [name, value] of Object.entries(fields)) payload.set(name, value);
    payload.set(field, file);
    const { statusCode, body } = await app.inject({ method: 'POST', url: path, headers: owner.headers, payload });
    if (statusCode >= 300) throw new Error(`POST ${path} answered ${statusCode}: ${body}`);
    return (JSON.parse(body) as { data: Record<string, string> }).data;
  };
  const times = { startTime: '2025-11-13T09:30:00Z', endTime: '2025-11-13T09:32:05Z', duration: 125 };
  const talk = await idOf('/api/calls', {
    agentId: Number(person),
    destination: NUMBER,
    direction: 'outbound',
    status: 'answered',
    ...times,
  });
  const { recordingUrl = '' } = await upload('/api/calls/upload-recording', { callId: talk }, audioFile(), 'recording');
  const leads = new File([`name,phoneNumber\n${MARK},+14155550171\n`], `${MARK}.csv`, { type: 'text/csv' });
  const ofLeads = await upload('/api/leads/bulk-upload', { campaignId: campaign }, leads);
  const rows = `phoneNumber,agentId,userId,scheduledTime,leadName,priority\n${NUMBER},${aiAgent},1,${LATER},${MARK},high\n`;
  const ofCalls = await upload('/api/v1/bulk/import', { autoSchedule: 'false' }, new File([rows], `${MARK}.csv`, { type: 'text/csv' }));
  const page = new File([`${MARK} closes at six.`], `${MARK}.txt`, { type: 'text/plain' });
  const document = String((await upload('/api/v1/knowledge-base/upload', { agentId: aiAgent, title: MARK, category: MARK }, page))._id);
  await ask(app, 'POST /api/v1/auth/login', { payload: { email, password: PASSWORD }, headers: { 'user-agent': MARK } });
  const [session] = await sql<Array<{ id: number; tenantId: number }>>`
    select id, tenant_id as "tenantId" from auth_sessions where user_agent = ${MARK} order by id desc limit 1`;
  const [phones] = await sql<Array<{ id: number }>>`
    insert into imports (tenant_id, kind, status, file_name, storage_key, size_bytes)
    values (${session?.tenantId ?? 0}, 'phones', 'pending', ${`${MARK}.txt`}, ${`${MARK}/${n}`}, 1) returning id`;
  return {
    owner,
    agent: await logIn(app, agentEmail),
    things: {
      'ai agent': aiAgent,
      call,
      'call import': String(ofCalls.importId),
      campaign,
      contact,
      'contact import': String(ofLeads.importId ?? ofLeads.jobId ?? ofLeads.id),
      delivery,
      document,
      'do-not-call entry': suppression,
      flow,
      person,
      phone,
      'phone import': `import_${phones?.id}`,
      'phone number': number,
      'recorded call': `call_${talk}`,
      recording: String(recordingUrl.split('/').at(-1)),
      schedule,
      session: `session_${session?.id}`,
      user: `user_${userId}`,
      webhook,
    },
  };
}

/** Bookkeeping of reads: which caches were asked, and who is alive. */
const UNMINDED = new Set(['tenant_versions', 'heartbeats', 'uptime_minutes']);

/** A sum of everything that is written in the database, by table; of sessions only whether they live. */
export async function sumOfAll({ db: { sql } }: Runtime): Promise<Record<string, string>> {
  const tables = await sql<Array<{ name: string }>>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
  const sums: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !UNMINDED.has(table.name))) {
    const rows = name === 'auth_sessions' ? sql`(select id, revoked_at, expires_at from auth_sessions)` : sql(name);
    const [row] = await sql<Array<{ sum: string }>>`
      select count(*) || ' ' || coalesce(md5(string_agg(md5(r::text), '' order by md5(r::text))), '') as sum from ${rows} r`;
    sums[name] = row?.sum ?? '';
  }
  return sums;
}
