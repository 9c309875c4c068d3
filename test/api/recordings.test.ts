/** Recordings of calls: uploaded, heard in parts, deleted, and fetched from the carrier. */
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { rangeOf } from '../../api/plugin/range.ts';
import type { Carrier } from '../../carrier/port.ts';
import { audioTypeOf } from '../../core/audio.ts';
import { silentMp3, silentWav } from '../../sandbox/audio.ts';
import { deleteExpiredRecordings, fetchRecordings, noteRecorded, pauseMs, removeOrphanAudio } from '../../service/recording-fetch.ts';
import type { Runtime } from '../../service/runtime.ts';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';

const WEBM = Buffer.concat([Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'), Buffer.alloc(5000, 7)]);
const MAX_BYTES = 100_000;

/** The api, somebody with a call, and what lies on the disk. */
async function studio(t: Test, options: Parameters<typeof startSystem>[1] = {}) {
  const system = await startSystem(t, { ...options, env: { RECORDING_MAX_BYTES: String(MAX_BYTES), ...options.env } });
  const { token } = await system.login();
  const callId = await callOf(system, token);
  const upload = (audio: Uint8Array, call: string | number = callId, as = token, name = 'recording') => {
    const form = new FormData();
    form.set('callId', String(call));
    form.set(name, new Blob([audio]), '../../etc/passwd');
    return system.request('POST', '/api/calls/upload-recording', { token: as, form });
  };
  const files = async () => {
    const names = await readdir(join(system.config.DATA_DIR, 'recordings'), { recursive: true }).catch(() => []);
    return names.filter((name) => name.includes('/'));
  };
  const fetchAudio = async (id: number, headers: Record<string, string> = {}, method = 'GET', as = token) => {
    const answer = await fetch(new URL(`/api/recordings/${id}`, system.url), {
      method,
      headers: { authorization: `Bearer ${as}`, ...headers },
    });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  return { system, sql: system.runtime.db.sql, token, callId, upload, files, fetchAudio };
}

async function callOf(system: System, token: string): Promise<number> {
  const agent = await system.request('POST', '/api/v1/agents', {
    token,
    json: { name: 'A', systemPrompt: 'Hi', voice: 'R', model: 'gpt-4' },
  });
  const json = { toPhone: '+919876543210', agentId: agent.body.data._id, scheduledFor: '2099-01-01T10:00:00Z' };
  const call = await system.request('POST', '/api/v1/calls/outbound', { token, json });
  return Number((call.body.data._id as string).slice('call_'.length));
}

const idIn = (answer: { body: { data: { recordingUrl: string } } }) => Number(answer.body.data.recordingUrl.split('/').at(-1));

t.test('what audio looks like', async (t) => {
  const heads: Array<[string, Buffer | string]> = [
    ['audio/webm', WEBM],
    ['audio/ogg', 'OggS\0\x02\0\0\0\0\0\0\0\0'],
    ['audio/wav', silentWav(1)],
    ['audio/mpeg', silentMp3(1)],
    ['audio/mpeg', 'ID3\x04\0\0\0\0\0\0\0\0\0'],
    ['audio/mpeg', '\xff\xfb\x90\x64\0\0\0\0\0\0\0\0'],
    ['audio/mp4', '\0\0\0\x20ftypM4A \0\0\0\0'],
    ['audio/flac', 'fLaC\0\0\0\x22\x10\0\x10\0'],
    ['audio/aac', '\xff\xf1\x50\x80\x02\x1f\xfc\0\0\0\0\0'],
  ];
  for (const [type, head] of heads) t.equal(audioTypeOf(Buffer.from(head as string, 'latin1').subarray(0, 64))?.mimeType, type, type);
  const others = [
    ...[
      '<html><script>alert(1)</script>',
      'RIFF\0\0\0\0AVI LIST....',
      '\0\0\0\x20ftypheic\0\0\0\0',
      'PK\x03\x04aaaaaaaaaaaa',
      '%PDF-1.7 and more',
    ],
    ...['\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', '\x1a\x45\xdf\xa3 matroska, a film', 'OggS', ''],
  ];
  for (const head of others) t.equal(audioTypeOf(Buffer.from(head, 'latin1')), undefined, JSON.stringify(head));
});

t.test('ranges', async (t) => {
  const table: Array<[string | undefined, ReturnType<typeof rangeOf>]> = [
    [undefined, 'whole'],
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=10-', { first: 10, last: 99 }],
    ['bytes=10-1000', { first: 10, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=99-99', { first: 99, last: 99 }],
    ['bytes=100-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=5-2', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=-', 'whole'],
    ['items=0-1', 'whole'],
    ['bytes=a-b', 'whole'],
  ];
  for (const [header, range] of table) t.same(rangeOf(header, 100), range, String(header));
  t.equal(rangeOf('bytes=0-', 0), 'none');
});

t.test('upload, hear, delete', async (t) => {
  const { system, sql, token, callId, upload, files, fetchAudio } = await studio(t);
  const uploaded = await upload(WEBM);
  t.match(uploaded, {
    status: 200,
    body: { success: true, data: { callId, size: WEBM.length }, message: 'Recording uploaded successfully' },
  });
  const id = idIn(uploaded);
  t.match(uploaded.body.data.filename, new RegExp(`^recording_${callId}_\\d{8}_\\d{6}\\.webm$`));
  t.strictSame(Object.keys(uploaded.body.data).sort(), ['callId', 'filename', 'recordingUrl', 'size']);
  t.equal((await system.request('GET', `/api/calls/${callId}`, { token })).body.data.recordingUrl, `/api/recordings/${id}`);

  const whole = await fetchAudio(id, { 'accept-encoding': 'gzip' });
  t.equal(whole.status, 200);
  t.match(Object.fromEntries(whole.headers), {
    'content-type': 'audio/webm',
    'content-length': String(WEBM.length),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': `inline; filename="${uploaded.body.data.filename}"`,
    'x-content-type-options': 'nosniff',
  });
  t.same(whole.bytes, WEBM);
  const part = await fetchAudio(id, { range: 'bytes=4-7' });
  t.equal(part.status, 206);
  t.equal(part.headers.get('content-range'), `bytes 4-7/${WEBM.length}`);
  t.same(part.bytes, WEBM.subarray(4, 8));
  const beyond = await fetchAudio(id, { range: `bytes=${WEBM.length}-` });
  t.equal(beyond.status, 416);
  t.equal(beyond.headers.get('content-range'), `bytes */${WEBM.length}`);
  t.equal((await fetchAudio(id, { range: 'bytes=0-1,4-5' })).status, 200, 'several ranges: the whole file');
  const tag = whole.headers.get('etag') ?? '';
  t.equal((await fetchAudio(id, { range: 'bytes=0-1', 'if-range': tag })).status, 206);
  t.equal((await fetchAudio(id, { range: 'bytes=0-1', 'if-range': '"another"' })).status, 200);
  const head = await fetchAudio(id, {}, 'HEAD');
  t.equal(head.status, 200);
  t.equal(head.headers.get('content-length'), String(WEBM.length));
  t.equal(head.bytes.length, 0);
  const headOfPart = await fetchAudio(id, { range: 'bytes=4-7' }, 'HEAD');
  t.match([headOfPart.status, headOfPart.headers.get('content-length')], [206, '4']);

  const second = await upload(silentMp3(2), `call_${callId}`);
  t.match(second.body.data, { filename: /\.mp3$/, callId });
  t.equal((await files()).length, 2);
  t.notOk(
    (await files()).some((name) => name.includes('passwd')),
    'names are ours',
  );

  const stranger = (await system.login()).token;
  t.equal((await fetchAudio(id, {}, 'GET', stranger)).status, 404);
  t.equal((await system.request('DELETE', `/api/recordings/${id}`, { token: stranger })).status, 404);
  t.equal((await upload(WEBM, callId, stranger)).status, 404);
  t.equal((await files()).length, 2, 'and what they sent is gone');

  t.match(await system.request('DELETE', `/api/recordings/${id}`, { token }), { status: 200, body: { success: true } });
  t.equal((await fetchAudio(id)).status, 404);
  t.equal((await system.request('DELETE', `/api/recordings/${id}`, { token })).status, 404);
  t.equal((await files()).length, 1);
  const [row] = await sql`select deleted_at from recordings where id = ${id}`;
  t.ok(row?.deleted_at, 'that there was one stays known');
});

t.test('what is no recording leaves nothing behind', async (t) => {
  const { system, token, callId, upload, files } = await studio(t);
  const refused = { success: false, error: { code: 'FILE_UPLOAD_ERROR', details: { recording: String } } };
  t.match(await upload(Buffer.from('<html>not a sound, whatever its name is</html>')), { status: 415, body: refused });
  t.match(await upload(Buffer.from('Ogg')), { status: 415, body: refused });
  t.match(await upload(Buffer.alloc(0)), { status: 415, body: refused });
  t.match(await upload(silentWav(20)), { status: 413, body: refused });
  t.match(await upload(WEBM, callId, token, 'file'), { status: 422, body: { error: { code: 'VALIDATION_ERROR' } } });
  for (const call of ['', 'x', '0', 'agent_1']) {
    t.match(
      await upload(WEBM, call),
      { status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { callId: String } } } },
      `callId ${call}`,
    );
  }
  t.equal((await upload(WEBM, 999_999)).status, 404);
  t.equal((await system.request('POST', '/api/calls/upload-recording', { token, json: { callId } })).status, 415);
  t.equal((await system.request('GET', '/api/recordings/abc', { token })).status, 404);
  t.equal((await system.request('GET', '/api/recordings/1')).status, 401);

  await new Promise<void>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=cut', 'content-length': '90000' };
    const request = requestHttp(new URL('/api/calls/upload-recording', system.url), { method: 'POST', headers });
    request.on('error', () => resolve());
    request.write('--cut\r\ncontent-disposition: form-data; name="recording"; filename="a.webm"\r\ncontent-type: audio/webm\r\n\r\n');
    request.write(WEBM, () => {
      eventually(async () => (await files()).length === 1).then(() => request.destroy(new Error('cut')), reject);
    });
  });
  await eventually(async () => (await files()).length === 0);
});

t.test('who has the role agent hears and uploads their own; roles of the rest', async (t) => {
  const { system, sql, callId, upload, fetchAudio } = await studio(t);
  const id = idIn(await upload(WEBM));
  const before = await system.login();
  const [{ tenantId } = { tenantId: 0 }] = await sql<
    Array<{ tenantId: number }>
  >`select tenant_id as "tenantId" from calls where id = ${callId}`;
  const userId = Number(before.userId.slice('user_'.length));
  await sql`update users set role = 'agent', tenant_id = ${tenantId} where id = ${userId}`;
  const { body } = await system.request('POST', '/api/v1/auth/login', { json: { email: before.email, password: before.password } });
  const token = body.data.token as string;
  t.equal((await fetchAudio(id, {}, 'GET', token)).status, 404, 'not theirs');
  t.equal((await upload(WEBM, callId, token)).status, 404);
  const [person] = await sql<Array<{ id: number }>>`
    insert into agents (tenant_id, kind, name, user_id) values (${tenantId}, 'human', 'Ann', ${userId}) returning id`;
  await sql`update calls set agent_id = ${person?.id ?? 0} where id = ${callId}`;
  t.equal((await fetchAudio(id, {}, 'GET', token)).status, 200);
  t.equal((await upload(WEBM, callId, token)).status, 200);
  t.equal((await system.request('DELETE', `/api/recordings/${id}`, { token })).status, 403);
  t.equal((await system.request('GET', '/api/settings/recordings', { token })).status, 403);
});

t.test('how long recordings are kept', async (t) => {
  const { system, sql, token, upload, files, fetchAudio } = await studio(t, { env: { RECORDING_RETENTION_DAYS: '90' } });
  const { runtime } = system;
  const read = async () => (await system.request('GET', '/api/settings/recordings', { token })).body.data as object;
  const set = (retentionDays: unknown) => system.request('PUT', '/api/settings/recordings', { token, json: { retentionDays } });
  t.same(await read(), { retentionDays: null, effectiveRetentionDays: 90 });
  const old = idIn(await upload(WEBM));
  const young = idIn(await upload(WEBM));
  await sql`update recordings set created_at = now() - interval '40 days' where id = ${old}`;
  t.equal(await deleteExpiredRecordings(runtime), 0);
  t.same((await set(30)).body.data, { retentionDays: 30, effectiveRetentionDays: 30 });
  t.equal(await deleteExpiredRecordings(runtime), 1);
  t.equal((await fetchAudio(old)).status, 404);
  t.equal((await fetchAudio(young)).status, 200);
  t.equal((await files()).length, 1);
  await sql`update recordings set created_at = now() - interval '4000 days'`;
  t.same((await set(0)).body.data, { retentionDays: 0, effectiveRetentionDays: 0 });
  t.equal(await deleteExpiredRecordings(runtime), 0, '0: for ever');
  t.same((await set(null)).body.data, { retentionDays: null, effectiveRetentionDays: 90 });
  t.equal(await deleteExpiredRecordings(runtime), 1);
  for (const bad of [-1, 1.5, '30', 99_999_999]) t.equal((await set(bad)).status, 422, String(bad));

  // what a process leaves that dies between a file and its row
  const kept = idIn(await upload(WEBM));
  const [name = ''] = await files();
  const folder = join(system.config.DATA_DIR, 'recordings', name.split('/')[0] ?? '');
  const orphans = ['6ad0d8d2-0000-4000-8000-000000000001', '6ad0d8d2-0000-4000-8000-000000000002.part'].map((one) => join(folder, one));
  for (const orphan of orphans) await writeFile(orphan, 'x');
  t.equal(await removeOrphanAudio(runtime, new Date()), 0, 'an upload may be under way');
  const hoursAgo = new Date(Date.now() - 2 * 60 * 60_000);
  for (const file of [...orphans, join(system.config.DATA_DIR, 'recordings', name)]) await utimes(file, hoursAgo, hoursAgo);
  t.equal(await removeOrphanAudio(runtime, new Date()), 2);
  t.equal((await fetchAudio(kept)).status, 200);
});

t.test('the carrier records, and we fetch it', async (t) => {
  const { system, sql, token, fetchAudio, files } = await studio(t, {
    worker: true,
    scheduler: true,
    sandbox: true,
    env: { RECORD_CALLS: 'true', RECORDING_MAX_BYTES: '10000000' },
  });
  const agent = await system.request('POST', '/api/v1/agents', {
    token,
    json: { name: 'A', systemPrompt: 'Hi', voice: 'R', model: 'gpt-4' },
  });
  // talks; is reported twice and out of order; busy
  const calls = await Promise.all(
    ['+14155550006', '+14155550009', '+14155550001'].map(async (toPhone) => {
      const { body } = await system.request('POST', '/api/v1/calls/outbound', { token, json: { toPhone, agentId: agent.body.data._id } });
      return Number((body.data._id as string).slice('call_'.length));
    }),
  );
  type Row = Record<'status' | 'source' | 'fileName' | 'mimeType', string> & Record<'id' | 'callId' | 'seconds', number>;
  const rows = () => sql<Row[]>`
    select r.id, r.call_id as "callId", r.status, r.source, r.file_name as "fileName", r.mime_type as "mimeType", c.duration_seconds as seconds
      from recordings r join calls c on c.id = r.call_id order by r.call_id`;
  await eventually(async () => (await rows()).filter(({ status }) => status === 'ready').length === 2, 30_000);
  const found = await rows();
  t.same(
    found.map(({ callId }) => callId),
    calls.slice(0, 2),
    'one each, and none of the call that nobody answered',
  );
  for (const { id, callId, seconds, fileName, mimeType, source } of found) {
    t.match([fileName, mimeType, source], [new RegExp(`^recording_${callId}_\\d{8}_\\d{6}\\.mp3$`), 'audio/mpeg', 'carrier']);
    const answer = await fetchAudio(id);
    t.same(answer.bytes, silentMp3(seconds), 'of the length of the call');
  }
  t.equal((await files()).length, 2);

  const { TWILIO_BASE_URL: base, TWILIO_ACCOUNT_SID: account, TWILIO_AUTH_TOKEN: secret } = system.config;
  const authorization = `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`;
  const ask = (path: string) => fetch(`${base}/2010-04-01/Accounts/${account}/${path}`, { headers: { authorization } });
  const list = (await (await ask('Recordings.json')).json()) as { recordings: Array<{ sid: string; call_sid: string; status: string }> };
  t.match(list.recordings, [{ status: 'completed' }, { status: 'completed' }], 'the stand-in lists them, too');
  const [one] = list.recordings;
  t.match(await (await ask(`Calls/${one?.call_sid}/Recordings.json`)).json(), { recordings: [{ sid: one?.sid }] });
  const wav = Buffer.from(await (await ask(`Recordings/${one?.sid}.wav`)).arrayBuffer());
  t.equal(audioTypeOf(wav.subarray(0, 64))?.mimeType, 'audio/wav');
  const none = await ask(`Recordings/RE${'0'.repeat(32)}.mp3`);
  t.equal(none.status, 404);
  await none.text();
});

t.test('a carrier that does not hand it out is asked again, later each time', async (t) => {
  const { system, sql, callId, files } = await studio(t);
  const audio = (bytes: Buffer) => ({
    mimeType: 'audio/mpeg',
    bytes: (async function* () {
      yield bytes;
    })(),
  });
  let recording: Carrier['recording'] = async () => undefined;
  const runtime: Runtime = { ...system.runtime, carrier: { ...system.runtime.carrier, recording: (id) => recording(id) } };
  const token = '6ad0d8d2-0000-4000-8000-000000000000';
  await sql`update calls set claim_token = ${token}, carrier_call_id = 'CA1' where id = ${callId}`;
  const told = { kind: 'recorded', callId, token, carrierCallId: 'CA1', recordingId: 'RE1', durationSeconds: 5 } as const;
  await noteRecorded(runtime, told);
  await noteRecorded(runtime, told);
  await noteRecorded(runtime, { ...told, carrierCallId: 'CA2', recordingId: 'RE2' });
  await noteRecorded(runtime, { ...told, token: '6ad0d8d2-0000-4000-8000-00000000000f', recordingId: 'RE3' });
  const read = async () =>
    (await sql`select status, fetch_attempts as attempts, extract(epoch from next_fetch_at - now())::float8 as pause from recordings`)[0];
  const again = () => sql`update recordings set next_fetch_at = now() - interval '1 second'`;
  t.equal(await fetchRecordings(runtime), 1, 'told twice, and of other dials: one');
  const first = await read();
  t.match(first, { status: 'pending', attempts: 1 });
  t.ok(first?.pause > 8 && first?.pause <= 10);
  t.equal(await fetchRecordings(runtime), 0);
  for (const answer of [
    () => Promise.reject(new Error('away')),
    async () => audio(Buffer.from('<html>an error page of somebody</html>')),
  ]) {
    recording = answer;
    await again();
    t.equal(await fetchRecordings(runtime), 1);
  }
  t.match(await read(), { status: 'pending', attempts: 3 });
  t.equal((await files()).length, 0);
  recording = async () => audio(silentMp3(5));
  await again();
  await fetchRecordings(runtime);
  t.match(await read(), { status: 'ready', attempts: 4, pause: null });
  const [name = ''] = await files();
  t.same(await readFile(join(system.config.DATA_DIR, 'recordings', name)), silentMp3(5));

  await noteRecorded(runtime, { ...told, recordingId: 'RE4' });
  recording = async () => audio(Buffer.concat([silentMp3(1), Buffer.alloc(MAX_BYTES)]));
  await sql`delete from recordings where carrier_recording_id = 'RE1'`;
  await fetchRecordings(runtime);
  t.match(await read(), { status: 'failed', attempts: 1, pause: null }, 'what is too large will be so next time');
  t.equal((await files()).length, 1);
});

t.test('pauses between fetches', async (t) => {
  t.same([1, 2, 3, 9, 10, 14].map(pauseMs), [10_000, 20_000, 40_000, 2_560_000, 3_600_000, 3_600_000]);
});
