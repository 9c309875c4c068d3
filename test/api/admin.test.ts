/** The platform's administrators at work: numbers, campaigns and calls of all accounts, with the phone company's sandbox behind them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import type { Directory } from '../../carrier/directory.ts';
import { CarrierFailure } from '../../carrier/failure.ts';
import type { Principal } from '../../core/principal.ts';
import { setPhoneAgent } from '../../service/admin-phones.ts';
import { runPhoneImport, startPhoneImport } from '../../service/phone-import.ts';
import { requeueOpenImports } from '../../service/imports.ts';
import { startWorker } from '../../worker/worker.ts';
import { openRuntime } from '../../service/runtime.ts';
import { eventually } from '../eventually.ts';
import { PROJECT, program } from '../project.ts';
import { type SignedUp, startSystem, type System, type SystemOptions } from '../system.ts';

const KEY = 'key-of-the-account';
const MILLIS = { CARRIER: 'null', MILLIS_API_KEY: KEY };
const FAILED = { status: 502, body: { error: 'External service error', code: 'EXTERNAL_SERVICE_ERROR' } };

const ROOT: Principal = { tenantId: 1, userId: 1, sessionId: 1, email: '', name: '', role: 'owner', platformRole: 'admin' };

type Ask = (method: string, path: string, json?: unknown) => Promise<{ status: number; body: ReturnType<typeof JSON.parse> }>;

async function open(t: Test, options: SystemOptions = {}) {
  const system = await startSystem(t, options);
  const { sql } = system.runtime.db;
  const root = await system.login();
  await sql`update users set platform_role = 'admin' where email = ${root.email}`;
  const as =
    ({ token }: Pick<SignedUp, 'token'>): Ask =>
    async (method, path, json) => {
      const { status, body } = await system.request(method, `/api/v1${path}`, { token, json });
      return { status, body };
    };
  const admin = as(root);
  /** another account with an agent */
  const newAccount = async () => {
    const who = await system.login();
    const { body } = await as(who)('POST', '/agents', { name: 'Asha', systemPrompt: 'Be brief.' });
    return { ...who, ask: as(who), agentId: body.data._id as string };
  };
  const rootAgentId = (await admin('POST', '/agents', { name: 'Root', systemPrompt: 'Be brief.' })).body.data._id as string;
  return { system, sql, root, admin, newAccount, rootAgentId };
}

const bare = (id: string) => Number(id.split('_')[1]);

async function fail(system: System, fault: string, count = 1): Promise<void> {
  const { status } = await fetch(`${system.sandbox?.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault, count, desk: 'directory', delayMs: 3000 }),
  });
  if (status !== 204) throw new Error(`the sandbox answered ${status}`);
}

/** How often the company was asked to take a number. */
async function importRequests(system: System): Promise<number> {
  const requests = (await (await fetch(`${system.sandbox?.url}/_sandbox/requests`)).json()) as Array<{ path: string }>;
  return requests.filter(({ path }) => path === '/phones/import').length;
}

t.test('numbers of all accounts', async (t) => {
  const { sql, root, admin, newAccount, rootAgentId } = await open(t);
  const [ann, ben] = [await newAccount(), await newAccount()];
  const shared = '+14155550100';
  for (const { ask, agentId } of [ann, ben]) await ask('POST', '/phones', { phoneNumber: shared, agentId });
  await ann.ask('POST', '/phones', { phoneNumber: '+919876543210', agentId: ann.agentId });
  const list = async (query = '') => (await admin('GET', `/admin/phones${query}`)).body as { items: Array<{ id: string }>; total: number };
  const of = async (tenantId: number) =>
    sql<Array<{ id: string; number: string; agent: string | null; tags: string[] }>>`
      select 'phone_' || id as id, number, 'agent_' || agent_id as agent, tags from phone_numbers where tenant_id = ${tenantId} order by id`;

  await t.test('listed, searched and paged', async (t) => {
    t.match(await list(), { page: 1, pageSize: 50, total: 3, items: [{ number: '+919876543210', agentId: ann.agentId, tags: [] }] });
    t.match(await list('?search=+91'), { total: 1, items: [{ number: '+919876543210' }] }, 'a plus sign as the document writes it');
    t.match(await list('?search=%2B91'), { total: 1 });
    t.match(await list('?search=5550100'), { total: 2, items: [{ meta: { tenantId: `tenant_${ben.tenantId}` } }, {}] });
    t.match(await list('?search=aSH'), { total: 3 }, 'by the agent’s name');
    t.match(await list('?search=%25'), { total: 0, items: [] }, 'a percent sign is no wildcard');
    t.match(await list('?search='), { total: 3 });
    const pages = [await list('?pageSize=2'), await list('?pageSize=2&page=2'), await list('?pageSize=2&page=3')];
    t.same(
      pages.map(({ items, total }) => [items.length, total]),
      [
        [2, 3],
        [1, 3],
        [0, 3],
      ],
    );
    t.equal(new Set(pages.flatMap(({ items }) => items.map(({ id }) => id))).size, 3, 'each once');
  });

  await t.test('tags go to one number, not to whichever comes first', async (t) => {
    const handles = [...(await of(ann.tenantId)), ...(await of(ben.tenantId))]
      .filter(({ number }) => number === shared)
      .map(({ id }) => id);
    const refused = await admin('PATCH', `/admin/phones/${shared}/tags`, { tags: ['vip'] });
    t.match(refused, { status: 409, body: { error: new RegExp(handles.join(', ')), code: 'CONFLICT' } });
    const done = await admin('PATCH', `/admin/phones/${handles[1]}/tags`, { tags: [' vip ', 'beta', 'vip'] });
    t.same(done, { status: 200, body: { phone: shared, tags: ['vip', 'beta'], out: { success: true, tags: ['vip', 'beta'] } } });
    t.match(await list('?search=BETA'), { total: 1, items: [{ id: handles[1], tags: ['vip', 'beta'] }] });
    t.same((await admin('PATCH', `/admin/phones/${handles[1]}/tags`, { tags: [] })).body.tags, []);
  });

  await t.test('an agent answers the number of its own account', async (t) => {
    const other = (await ben.ask('POST', '/agents', { name: 'Bela', systemPrompt: 'Be brief.' })).body.data._id as string;
    const done = await admin('POST', `/admin/phones/${encodeURIComponent(shared)}/set_agent`, { agentId: other });
    t.same(done, { status: 200, body: { phone: shared, agentId: other, out: { success: true, agentId: other } } });
    t.match(await of(ben.tenantId), [{ number: shared, agent: other }]);
    t.match(await of(ann.tenantId), [{ number: shared, agent: ann.agentId }, {}], 'the other account keeps its own');
    t.match(
      await admin('POST', `/admin/phones/${shared}/set_agent`, { agentId: String(bare(other)) }),
      { status: 200 },
      'the id in digits',
    );
    t.match(await admin('POST', `/admin/phones/+919876543210/set_agent`, { agentId: other }), {
      status: 400,
      body: { errors: [{ msg: /^Agent id names an agent of another account/, param: 'agentId', location: 'body' }] },
    });
    const audit =
      await sql`select tenant_id as "tenantId", actor_id as actor, subject from audit_log where action = 'phone.set_agent' order by id`;
    t.match(audit[0], { tenantId: ben.tenantId, actor: bare(root.userId), subject: (await of(ben.tenantId))[0]?.id });
  });

  await t.test('a number may be nobody’s', async (t) => {
    t.match(await admin('POST', `/admin/phones/${shared}/set_agent`, { agentId: null }), { status: 409 }, 'two accounts have it');
    const [mine] = await of(ben.tenantId);
    const done = await admin('POST', `/admin/phones/${mine?.id}/set_agent`, { agentId: null });
    t.same(done, { status: 200, body: { phone: shared, agentId: null, out: { success: true, agentId: null } } });
    t.match(await of(ben.tenantId), [{ number: shared, agent: null }]);
    t.match(await list(`?search=5550100`), { items: [{ id: mine?.id, agentId: null }, { agentId: ann.agentId }] });
    t.match(await admin('POST', `/admin/phones/${mine?.id}/set_agent`, {}), { status: 400 }, 'but that has to be said');
  });

  await t.test('a number of the administrator’s own account goes over to the agent’s', async (t) => {
    const pooled = '+14155550177';
    await admin('POST', '/phones', { phoneNumber: pooled, agentId: rootAgentId });
    t.match(await admin('POST', `/admin/phones/${pooled}/set_agent`, { agentId: ann.agentId }), { status: 200 });
    t.match((await of(ann.tenantId)).at(-1), { number: pooled, agent: ann.agentId });
    t.same(await of(root.tenantId), []);
    await admin('POST', '/phones', { phoneNumber: pooled, agentId: rootAgentId });
    const [mine] = await of(root.tenantId);
    t.match(await admin('POST', `/admin/phones/${mine?.id}/set_agent`, { agentId: ann.agentId }), { status: 409 }, 'which has it already');
  });
});

t.test('an import without a phone company', async (t) => {
  const { system, sql, root, admin, newAccount } = await open(t, { worker: true });
  const ann = await newAccount();
  await admin('POST', '/phones', { phoneNumber: '+14155550101' });
  await ann.ask('POST', '/phones', { phoneNumber: '+14155550102', agentId: ann.agentId });
  const run = async (phones: string[]) => {
    const queued = await admin('POST', '/admin/phones/import', { phones });
    t.match(queued, { status: 202, body: { message: 'Import queued', result: { jobId: /^import_\d+$/, status: 'pending' } } });
    const path = `/admin/phones/import/${queued.body.result.jobId}`;
    return eventually(async () => {
      const { body } = await admin('GET', path);
      return body.status === 'completed' ? (body as object) : undefined;
    });
  };
  const list = ['+14155550100', '0171 2345', '+1 (415) 555-0101', '+14155550100', '+14155550102', `+${'9'.repeat(200)}`];
  const errors = [
    { row: 2, phone: '0171 2345', message: 'must be an E.164 number such as +14155550100' },
    { row: 6, phone: `+${'9'.repeat(99)}`, message: 'must be an E.164 number such as +14155550100' },
  ];
  t.match(await run(list), { total: 6, processed: 6, imported: 2, duplicates: 2, failed: 2, error: null, errors, completedAt: /Z$/ });
  t.match(await run(list), { imported: 0, duplicates: 4, failed: 2 }, 'a second time');
  const mine = await sql`select number from phone_numbers where tenant_id = ${root.tenantId} order by number`;
  t.same(
    mine.map(({ number }) => number as string),
    ['+14155550100', '+14155550101', '+14155550102'],
    'what somebody has merely entered is imported all the same',
  );
  await admin('POST', '/admin/phones/+14155550100/set_agent', { agentId: ann.agentId });
  t.match(await run(['+14155550100']), { imported: 0, duplicates: 1 }, 'what an administrator has given away does not come back');
  const many = Array.from({ length: 2500 }, (_, n) => `+1415777${String(n).padStart(4, '0')}`);
  t.match(await run(many), { imported: 2500, processed: 2500 });
  t.match(await ann.ask('GET', '/admin/phones/import/import_1'), { status: 403 });
  for (const id of ['import_999', 'call_1', '0']) t.match(await admin('GET', `/admin/phones/import/${id}`), { status: 404 }, id);
  t.match(await admin('GET', `/bulk/import/import_1/status`), { status: 404 }, 'it is no import of calls');

  await t.test('whose job is gone is put into the queue again', async (t) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into imports (tenant_id, kind, file_name, storage_key, size_bytes, total_rows, options, created_by)
      values (${root.tenantId}, 'phones', 'phones.json', '', 30, 1, '{"numbers": ["+14155550188"]}', ${bare(root.userId)}) returning id`;
    t.equal(await requeueOpenImports(system.runtime), 1);
    await eventually(async () => (await admin('GET', `/admin/phones/import/${row?.id}`)).body.imported === 1);
  });
});

t.test('an import into the phone company, killed half-way', async (t) => {
  const { system, sql, root, admin } = await open(t, { sandbox: true, env: MILLIS });
  const { runtime } = system;
  const { directory } = runtime;
  if (!directory) throw new Error('no directory');
  await directory.importPhone('+14155550000');
  const phones = Array.from({ length: 35 }, (_, n) => `+141555500${String(n).padStart(2, '0')}`);
  phones.splice(20, 0, 'no number', '+14155550003');
  const { body } = await admin('POST', '/admin/phones/import', { phones });
  const path = `/admin/phones/import/${body.result.jobId}`;

  await t.test('the process dies after two stretches', async (t) => {
    const env = Object.entries(system.config).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
    const worker = spawn(process.execPath, program('worker/main'), {
      cwd: PROJECT,
      env: {
        PATH: process.env.PATH,
        ...Object.fromEntries(env.map(([name, value]) => [name, `${value as string | number | boolean}`])),
        ...{ WORKER_METRICS_PORT: '0', FAILPOINTS: 'import_batch_written:kill@2' },
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    t.teardown(() => worker.kill('SIGKILL'));
    const [, signal] = (await once(worker, 'exit')) as [number | null, string | null];
    t.equal(signal, 'SIGKILL');
    t.match((await admin('GET', path)).body, { status: 'processing', processed: 20, imported: 20 });
  });

  await t.test('the next one dies between the company’s answer and our row', async (t) => {
    let asked = 0;
    const dying: Directory = {
      ...directory,
      importPhone: async (number) => {
        const answer = await directory.importPhone(number);
        if (++asked === 5) throw new Error('killed');
        return answer;
      },
    };
    const context = { signal: new AbortController().signal, lastAttempt: false, progress: async () => undefined };
    await t.rejects(runPhoneImport({ ...runtime, directory: dying }, bare(body.result.jobId), context), /killed/);
    t.match((await admin('GET', path)).body, { status: 'processing', processed: 20 });
  });

  const second = openRuntime(system.config, runtime.log, 'worker');
  t.teardown(() => second.close());
  const worker = await startWorker(second);
  t.teardown(() => worker.close({ graceMs: 1000 }));
  const done = await eventually(async () => {
    const { body: state } = await admin('GET', path);
    return state.status === 'completed' ? (state as object) : undefined;
  }, 30_000);
  t.match(done, { total: 37, processed: 37, imported: 35, duplicates: 1, failed: 1, errors: [{ row: 21, phone: 'no number' }] });
  const rows = await sql<Array<{ number: string; carrier: string }>>`
    select number, carrier from phone_numbers where tenant_id = ${root.tenantId} order by number`;
  t.equal(rows.length, 35, 'each number once');
  t.ok(rows.every(({ carrier }) => carrier === 'millis'));
  t.equal((await directory.listPhones()).length, 35);
  t.equal(await importRequests(system), 35, 'and the company was asked for each once');
});

t.test('an import while the phone company fails', async (t) => {
  const { system, admin } = await open(t, { sandbox: true, env: { ...MILLIS, CARRIER_TIMEOUT_MS: '1000' } });
  const { runtime } = system;
  const { directory } = runtime;
  if (!directory) throw new Error('no directory');
  const who = ROOT;
  const context = { signal: new AbortController().signal, lastAttempt: false, progress: async () => undefined };
  const state = async (id: number) => (await admin('GET', `/admin/phones/import/${id}`)).body as object;
  /** the company's answer to one number, its list being well */
  const refusing = (importPhone: Directory['importPhone']) => ({ ...runtime, directory: { ...directory, importPhone } });

  const first = await startPhoneImport(runtime, who, ['+14155550100', '+14155550101', '+14155550102']);
  await fail(system, 'error');
  await t.rejects(runPhoneImport(runtime, first, context), { code: 'carrier_failure' }, 'nobody can be asked: later again');
  t.match(await state(first), { status: 'processing', processed: 0 });
  let lists = 0;
  const company = (importPhone: Directory['importPhone']) => {
    const { directory: wrapped, ...rest } = refusing(importPhone);
    lists = 0;
    return { ...rest, directory: { ...wrapped, listPhones: () => (lists++, directory.listPhones()) } };
  };

  await t.test('what it refuses for good is the row’s fault, and what came without a clear answer has come', async (t) => {
    await runPhoneImport(
      company(async (number) => {
        if (number === '+14155550101') throw new CarrierFailure('refused', 'Millis answered 422: this is nobody’s');
        await directory.importPhone(number);
        if (number === '+14155550102') throw new CarrierFailure('unclear', 'Millis did not answer in time');
        return {};
      }),
      first,
      context,
    );
    t.match(await state(first), {
      ...{ status: 'completed', imported: 2, failed: 1 },
      errors: [{ row: 2, phone: '+14155550101', message: 'Millis answered 422: this is nobody’s' }],
    });
    t.equal(lists, 2, 'at the beginning, and after the answer that was unclear');
  });

  await t.test('what it does not do now is tried again by the job’s rule', async (t) => {
    const second = await startPhoneImport(runtime, who, ['+14155550110', '+14155550111', '+14155550112']);
    const asked: string[] = [];
    for (const kind of ['not_now', 'missing', 'unclear'] as const) {
      const busy = company(async (number) => {
        asked.push(number);
        if (number !== '+14155550111') return directory.importPhone(number);
        throw new CarrierFailure(kind, `Millis answered ${kind}`);
      });
      await t.rejects(runPhoneImport(busy, second, context), { code: 'carrier_failure', kind });
      t.match(
        await state(second),
        { status: 'processing', processed: 1, imported: 1, failed: 0, errors: [] },
        `${kind}: no number’s fault`,
      );
      t.equal(lists, kind === 'unclear' ? 2 : 1, 'it is not asked for its list without need');
    }
    t.same(asked, ['+14155550110', '+14155550111', '+14155550111', '+14155550111'], 'what is done is kept');
    await runPhoneImport(runtime, second, context);
    t.match(await state(second), { status: 'completed', imported: 3, failed: 0, errors: [] });
  });

  await t.test('in the end every number that was not reached is named with the reason', async (t) => {
    const third = await startPhoneImport(runtime, who, ['+14155550120', 'no number', '+14155550121', '+14155550122']);
    const throttled = company(async (number) => {
      if (number === '+14155550120') return directory.importPhone(number);
      throw new CarrierFailure('not_now', 'Millis answered 429: Too Many Requests');
    });
    await t.rejects(runPhoneImport(throttled, third, { ...context, lastAttempt: true }), { code: 'carrier_failure' });
    const message = 'Not imported: Millis answered 429: Too Many Requests';
    t.match(await state(third), {
      ...{ status: 'failed', total: 4, processed: 4, imported: 1, failed: 3, error: 'Millis answered 429: Too Many Requests' },
      errors: [
        { row: 2, phone: 'no number', message: /E\.164/ },
        { row: 3, phone: '+14155550121', message },
        { row: 4, phone: '+14155550122', message },
      ],
    });
    const fourth = await startPhoneImport(runtime, who, ['+14155550130']);
    await fail(system, 'error');
    await t.rejects(runPhoneImport(runtime, fourth, { ...context, lastAttempt: true }), { code: 'carrier_failure' });
    t.match(await state(fourth), {
      status: 'failed',
      imported: 0,
      failed: 1,
      error: /Millis/,
      errors: [{ row: 1, message: /^Not imported: Millis/ }],
    });
  });
});

t.test('what the phone company is told', async (t) => {
  const { system, sql, root, admin, newAccount, rootAgentId } = await open(t, {
    sandbox: true,
    env: { ...MILLIS, CARRIER_TIMEOUT_MS: '1000' },
  });
  const { directory } = system.runtime;
  if (!directory) throw new Error('no directory');
  const number = '+14155550100';
  await directory.importPhone(number);
  await sql`insert into phone_numbers (tenant_id, number, carrier) values (${root.tenantId}, ${number}, 'millis')`;
  const mapped = (await admin('POST', '/agents', { name: 'Mapped', systemPrompt: 'Be brief.' })).body.data._id as string;
  await sql`update agents set carrier = 'millis', carrier_agent_id = '-Oabc' where id = ${bare(mapped)}`;
  const [campaign] = await sql<
    Array<{ id: number }>
  >`insert into campaigns (tenant_id, name) values (${root.tenantId}, 'Spring') returning id`;
  const theirs = await fetch(`${system.sandbox?.url}/campaigns`, {
    method: 'POST',
    headers: { authorization: KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Spring' }),
  });
  const { id: carrierCampaignId } = (await theirs.json()) as { id: string };
  const approve = `/admin/campaigns/campaign_${campaign?.id}/approve`;
  const books = () =>
    sql`select (select jsonb_agg(p order by id) from phone_numbers p) as phones, (select jsonb_agg(c order by id) from campaigns c) as campaigns,
               (select count(*) from campaign_approvals) as approvals, (select count(*) from audit_log) as audit`.then((rows) => [...rows]);

  t.match((await admin('POST', `/admin/phones/${number}/set_agent`, { agentId: mapped })).body.out, {
    success: true,
    agent_id: '-Oabc',
    agentId: mapped,
  });
  t.match(await directory.listPhones(), [{ number, carrierAgentId: '-Oabc' }], 'our agent is theirs there');
  t.match((await admin('PATCH', `/admin/phones/${number}/tags`, { tags: ['vip'] })).body, {
    tags: ['vip'],
    out: { success: true, tags: ['vip'] },
  });
  t.match(await directory.listPhones(), [{ tags: ['vip'] }]);
  t.match(
    (await admin('POST', approve, { approve: true })).body.record.millisResponse,
    { success: true, status: 'approved' },
    'ours alone',
  );
  t.match((await admin('POST', approve, { approve: true, carrierCampaignId })).body.record.millisResponse, { answer: 'Campaign started' });
  t.match((await admin('POST', approve, { approve: false })).body.record, {
    status: 'rejected',
    millisResponse: { answer: 'Campaign stopped' },
  });

  await t.test('it is not told of what our own tables refuse, and the later word is the last one there too', async (t) => {
    const ann = await newAccount();
    await sql`insert into phone_numbers (tenant_id, number) values (${ann.tenantId}, ${number})`;
    await sql`update agents set carrier = 'millis', carrier_agent_id = '-Oann' where id = ${bare(ann.agentId)}`;
    const [own] = await sql<Array<{ id: number }>>`select id from phone_numbers where tenant_id = ${root.tenantId} and number = ${number}`;
    t.match(await admin('POST', `/admin/phones/phone_${own?.id}/set_agent`, { agentId: ann.agentId }), { status: 409 });
    t.match(await directory.listPhones(), [{ carrierAgentId: '-Oabc' }]);
    await sql`delete from phone_numbers where tenant_id = ${ann.tenantId}`;

    const gates: Array<() => void> = [];
    const told: Array<string | undefined> = [];
    const slow: Directory = {
      ...directory,
      setAgent: async (to, agent) => {
        told.push(agent);
        await new Promise<void>((resolve) => gates.push(resolve));
        return directory.setAgent(to, agent);
      },
    };
    const who = { ...ROOT, tenantId: root.tenantId, userId: bare(root.userId) };
    const first = setPhoneAgent({ ...system.runtime, directory: slow }, who, `phone_${own?.id}`, mapped);
    await eventually(() => gates.length === 1);
    const second = setPhoneAgent({ ...system.runtime, directory: slow }, who, `phone_${own?.id}`, null);
    await eventually(async () => (await sql`select from pg_locks where not granted`).length > 0);
    t.same(told, ['-Oabc'], 'who comes second waits');
    gates.shift()?.();
    await first;
    await eventually(() => gates.length === 1);
    gates.shift()?.();
    t.match(await second, { agentId: null });
    t.same(told, ['-Oabc', undefined]);
    t.match(await directory.listPhones(), [{ carrierAgentId: undefined }], 'nobody answers it there either');
    const [row] = await sql`select agent_id as agent from phone_numbers where id = ${own?.id ?? 0}`;
    t.same(row, { agent: null });
    await admin('POST', `/admin/phones/${number}/set_agent`, { agentId: mapped });
  });

  await t.test('when it fails, nothing has changed here', async (t) => {
    const before = await books();
    for (const fault of ['error', 'drop', 'slow']) {
      for (const [what, ask] of [
        ['agent', () => admin('POST', `/admin/phones/${number}/set_agent`, { agentId: mapped })],
        ['tags', () => admin('PATCH', `/admin/phones/${number}/tags`, { tags: [fault] })],
        ['approval', () => admin('POST', approve, { approve: true, reason: fault })],
      ] as const) {
        await fail(system, fault);
        t.same(await ask(), FAILED, `${what}: ${fault}`);
      }
    }
    t.same(await books(), before);
  });

  await t.test('what is not there is not told', async (t) => {
    await fail(system, 'error');
    const ann = await newAccount();
    await ann.ask('POST', '/phones', { phoneNumber: '+14155550222', agentId: ann.agentId });
    t.match(await admin('PATCH', '/admin/phones/+14155550222/tags', { tags: ['vip'] }), { status: 200, body: { out: { success: true } } });
    t.match(await admin('POST', `/admin/phones/${number}/set_agent`, { agentId: rootAgentId }), {
      status: 200,
      body: { out: { agentId: rootAgentId } },
    });
    t.match(
      await admin('PATCH', `/admin/phones/${number}/tags`, { tags: [] }),
      { status: 502 },
      'the fault waited for the first that was told',
    );
  });
});

t.test('a campaign is rejected while it runs', async (t) => {
  const { system, sql, admin, root, newAccount } = await open(t, { worker: true, scheduler: true, sandbox: true });
  const ann = await newAccount();
  const { body: login } = await system.request('POST', '/auth/login', { json: { email: ann.email, password: ann.password } });
  const token = login.data.accessToken as string;
  const scheduleConfig = { workingHours: { start: '00:00', end: '24:00' }, timezone: 'UTC' };
  const campaign = { name: 'Spring', type: 'OUTBOUND', status: 'ACTIVE', scheduleConfig };
  const made = await system.request('POST', '/api/v1/campaigns', { token, json: campaign });
  const id = made.body.data.id as string;
  await sql`update campaigns set max_calls = 2 where id = ${bare(id)}`;
  const contacts = 40;
  await sql`
    insert into contacts (tenant_id, campaign_id, dial_state, phone, name)
    select ${ann.tenantId}, ${bare(id)}, 'waiting', '+1415' || (600 + n)::text || '0006', 'C' from generate_series(1, ${contacts}) n`;
  await sql`update campaigns set total_contacts = ${contacts} where id = ${bare(id)}`;
  const rung = () => system.sandbox?.rings().length ?? 0;
  const shown = async () => (await system.request('GET', `/api/v1/campaigns/${id}`, { token })).body.data as { approval: string };
  t.equal((await shown()).approval, 'PENDING');
  await eventually(() => rung() >= 3, 20_000);

  const rejected = await admin('POST', `/admin/campaigns/${id}/approve`, { approve: false, reason: 'No consent' });
  t.match(rejected.body, {
    ...{ status: 'rejected' },
    record: {
      campaignId: id,
      approvedBy: root.userId,
      status: 'rejected',
      reason: 'No consent',
      millisResponse: { success: true, status: 'rejected' },
    },
  });
  t.equal((await shown()).approval, 'REJECTED', 'no kept answer says otherwise');
  // what had passed the gate a moment before has been dialed
  await eventually(async () => {
    const [row] = await sql<
      Array<{ live: number }>
    >`select count(*) as live from calls where status in ('queued', 'dialing', 'ringing', 'in_progress')`;
    return row?.live === 0;
  }, 20_000);
  const late = await sql`select c.id from calls c join campaign_approvals a on a.campaign_id = c.campaign_id
                          where c.claimed_at > a.created_at + interval '300 milliseconds'`;
  t.same([...late], [], 'nothing passed the gate after the word');
  const then = rung();
  t.ok(then < contacts / 2, `${then} of ${contacts} had rung`);
  const [stray] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, campaign_id, status, to_number, scheduled_for, due_at)
    values (${ann.tenantId}, ${bare(ann.agentId)}, ${bare(id)}, 'scheduled', '+14155990006', now(), now()) returning id`;
  await eventually(async () => {
    const [row] = await sql<Array<{ why: string | null }>>`
      select verdict ->> 'why' as why from calls where id = ${stray?.id ?? 0} and status = 'scheduled'`;
    return row?.why === 'campaign_rejected';
  }, 20_000);
  t.equal(rung(), then, 'what still comes to the gate waits');
  t.match(await shown(), { status: 'ACTIVE', approval: 'REJECTED' }, 'it is not over');

  const approved = await admin('POST', `/admin/campaigns/${bare(id)}/approve`, { approve: true });
  t.match(approved, { status: 200, body: { status: 'approved', record: { campaignId: id, reason: '' } } });
  await sql`update campaigns set max_calls = 20 where id = ${bare(id)}`;
  await eventually(async () => ((await shown()) as { status?: string }).status === 'COMPLETED', 30_000);
  const results = await sql<Array<{ result: string }>>`select result from contacts where campaign_id = ${bare(id)}`;
  t.same(
    results.map(({ result }) => result),
    Array.from({ length: contacts }, () => 'completed'),
    'no contact was lost by it',
  );
  t.equal(rung(), contacts + 1);
  const kept = await sql`select status, reason, approved_by as "by" from campaign_approvals order by id`;
  t.match(
    [...kept],
    [
      { status: 'rejected', reason: 'No consent' },
      { status: 'approved', reason: null, by: bare(root.userId) },
    ],
    'each word is kept',
  );
  await system.request('DELETE', `/api/v1/campaigns/${id}`, { token });
  t.match(await admin('POST', `/admin/campaigns/${id}/approve`, { approve: true }), { status: 404, body: { error: 'Not found' } });
});
