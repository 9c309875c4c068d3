/** The phone company's books in our tables: whose a call is, what was removed here, and what the books tell late. */
import { EventEmitter, once } from 'node:events';
import t, { type Test } from 'tap';
import type { CallLog, Directory, DirectoryAgent, DirectoryPhone } from '../../carrier/directory.ts';
import type { Principal } from '../../core/principal.ts';
import { brokenUnique } from '../../db/client.ts';
import { deleteAgent } from '../../db/query/agents.ts';
import { giveToAgent } from '../../db/query/admin-phones.ts';
import { updatePhone } from '../../db/query/phones.ts';
import { syncDirectory } from '../../service/carrier-sync.ts';
import { runPhoneImport, startPhoneImport } from '../../service/phone-import.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

const NUMBER = '+14155550100';
const CALLEE = '+14155550199';
const HOUR_MS = 60 * 60_000;

/** A phone company's books that a test writes in; `logs` may be given a moment before which they are not listed. */
function openBooks() {
  const agents: DirectoryAgent[] = [];
  const phones: DirectoryPhone[] = [];
  const logs: Array<CallLog & { listedAt?: Date }> = [];
  let now = new Date();
  const directory: Directory = {
    carrier: 'millis',
    listAgents: async () => [...agents],
    listPhones: async () => [...phones],
    setAgent: async () => ({}),
    setTags: async () => ({}),
    importPhone: async () => ({}),
    decideCampaign: async () => ({}),
    listCallLogs: async ({ from = new Date(0), to = now }) => ({
      logs: logs.filter(({ startedAt, listedAt }) => {
        return startedAt && startedAt >= from && startedAt <= to && (listedAt === undefined || listedAt <= now);
      }),
      next: undefined,
    }),
    recording: async () => undefined,
  };
  const phone = (number: string, carrierAgentId?: string): DirectoryPhone => ({
    ...{ carrierNumberId: number, number, carrierAgentId, status: undefined, tags: undefined, createdAt: undefined },
  });
  const log = (carrierCallId: string, startedAt: Date, more: Partial<CallLog & { listedAt: Date }> = {}) => ({
    ...{ carrierCallId, to: CALLEE, from: NUMBER, startedAt, carrierAgentId: 'theirs', status: 'user-ended', attempt: undefined },
    ...{ progress: { type: 'ended' as const, outcome: 'completed' as const, durationSeconds: 60 }, ...more },
  });
  return { agents, phones, logs, directory, phone, log, at: (moment: Date) => (now = moment) };
}

async function openHouse(t: Test) {
  const system = await startSystem(t);
  const { sql } = system.runtime.db;
  const newTenant = async () => {
    const { tenantId, userId: id, email } = await system.login();
    const [agent] = await sql<Array<{ id: number }>>`
      insert into agents (tenant_id, kind, name) values (${tenantId}, 'ai', 'Own') returning id`;
    return { tenantId, userId: Number(id.replace('user_', '')), email, agentId: agent?.id ?? 0 };
  };
  const home = await newTenant();
  await sql`update users set platform_role = 'admin' where id = ${home.userId}`;
  const books = openBooks();
  const sync = (now = new Date(Date.now() + 2000)) => {
    books.at(now);
    return syncDirectory(system.runtime, books.directory, now);
  };
  const callsOf = async () => {
    const rows = await sql<Array<{ sid: string; tenantId: number }>>`
      select carrier_call_id as sid, tenant_id as "tenantId" from calls where carrier = 'millis' order by claimed_at, id`;
    return rows.map(({ sid, tenantId }) => [sid, tenantId]);
  };
  const phoneOf = async () => {
    const rows = await sql<Array<{ id: number; tenantId: number; agentId: number | null; agent: string | null; isActive: boolean }>>`
      select p.id, p.tenant_id as "tenantId", p.is_active as "isActive", p.agent_id as "agentId", a.carrier_agent_id as agent
        from phone_numbers p left join agents a on a.id = p.agent_id where p.number = ${NUMBER} and p.carrier = 'millis'`;
    if (rows.length > 1) throw new Error('two rows of one number');
    return rows[0];
  };
  const importAgain = async (numbers: string[]) => {
    const who: Principal = { ...home, sessionId: 1, name: 'Home', role: 'owner', platformRole: 'admin' };
    const id = await startPhoneImport(system.runtime, who, numbers);
    const context = { signal: new AbortController().signal, progress: async () => undefined, lastAttempt: true };
    await runPhoneImport({ ...system.runtime, directory: books.directory }, id, context);
  };
  return { sql, home, newTenant, books, sync, callsOf, phoneOf, importAgain };
}

t.test('a call from before a number came to a tenant is not shown to it', async (t) => {
  const { sql, home, newTenant, books, sync, callsOf, phoneOf } = await openHouse(t);
  const tenant = await newTenant();
  books.phones.push(books.phone(NUMBER));
  await sync();
  const phone = await phoneOf();
  t.equal(phone?.tenantId, home.tenantId);
  await sql`update phone_numbers set created_at = now() - interval '1 year', tenant_since = now() - interval '1 year'`;
  const given = { id: phone?.id ?? 0, tenantId: home.tenantId, actorId: home.userId };
  t.ok(await giveToAgent(sql, given, { id: tenant.agentId, tenantId: tenant.tenantId }));
  const [{ since } = { since: new Date(0) }] = await sql<Array<{ since: Date }>>`select tenant_since as since from phone_numbers`;
  const around = (ms: number) => new Date(since.getTime() + ms);
  books.logs.push(
    books.log('before', around(-1000)),
    books.log('they called before', around(-500), { from: CALLEE, to: NUMBER }),
    books.log('after', around(500)),
    books.log('they called after', around(1000), { from: CALLEE, to: NUMBER }),
  );
  t.equal((await sync()).calls, 4);
  t.same(await callsOf(), [
    ['before', home.tenantId],
    ['they called before', home.tenantId],
    ['after', tenant.tenantId],
    ['they called after', tenant.tenantId],
  ]);
  const [way] = await sql<Array<{ direction: string }>>`select direction from calls where carrier_call_id = 'they called before'`;
  t.equal(way?.direction, 'inbound', 'the number is ours all the same');

  await t.test('to be given to another agent of the same tenant is not to come', async (t) => {
    await giveToAgent(sql, { ...given, tenantId: tenant.tenantId }, { id: tenant.agentId, tenantId: tenant.tenantId });
    const [row] = await sql<Array<{ since: Date }>>`select tenant_since as since from phone_numbers`;
    t.same(row?.since, since);
  });
});

t.test('what was removed here stays away until a person imports it again', async (t) => {
  const { sql, home, books, sync, phoneOf, callsOf, importAgain } = await openHouse(t);
  books.agents.push({ carrierAgentId: 'theirs', name: 'Their agent', prompt: 'You sell coffee.' });
  books.phones.push(books.phone(NUMBER, 'theirs'));
  await sync();
  const first = await phoneOf();
  t.equal(first?.agent, 'theirs');
  const agents = async () => (await sql`select from agents where carrier_agent_id = 'theirs' and deleted_at is null`).length;

  await updatePhone(sql, home.tenantId, first?.id ?? 0, { agentId: null, isActive: false });
  t.same(await sync(), { phones: 0, calls: 0 });
  t.match(await phoneOf(), { agent: null, isActive: false }, 'its agent was taken off, and it was switched off');
  await importAgain([NUMBER]);
  t.equal((await sync()).phones, 1);
  t.equal((await phoneOf())?.agent, 'theirs', 'imported again it has it again');

  await updatePhone(sql, home.tenantId, first?.id ?? 0, { agentId: null });
  books.phones[0] = books.phone(NUMBER, 'another');
  await sync();
  t.equal((await phoneOf())?.agent, 'another', 'one that nobody removed here');
  books.phones[0] = books.phone(NUMBER, 'theirs');
  await sync();
  t.equal((await phoneOf())?.agent, 'theirs');

  await deleteAgent(sql, home.tenantId, (await phoneOf())?.agentId ?? 0);
  books.logs.push(books.log('of the deleted', new Date()));
  for (let pass = 0; pass < 2; pass++) {
    await sync();
    t.equal(await agents(), 0, 'deleted is deleted');
    t.equal((await phoneOf())?.agent, null);
  }
  t.same(await callsOf(), [['of the deleted', home.tenantId]], 'its calls are kept all the same');
  await importAgain([NUMBER]);
  await sync();
  t.equal(await agents(), 1);
  t.equal((await phoneOf())?.agent, 'theirs');
  t.same(await sync(), { phones: 0, calls: 0 });
});

t.test('a number has one row, whoever syncs, imports and gives it away at once', async (t) => {
  const { sql, home, newTenant, books, sync, phoneOf, importAgain } = await openHouse(t);
  const tenant = await newTenant();
  const other = await newTenant();
  await sql`update users set platform_role = 'admin' where id = ${other.userId}`;
  books.phones.push(books.phone(NUMBER, 'theirs'));
  await Promise.all([sync(), sync(), importAgain([NUMBER]), sync()]);
  const phone = await phoneOf();
  t.ok(phone);

  await t.test('given away while a pass is under way', async (t) => {
    const given = { id: phone?.id ?? 0, tenantId: home.tenantId, actorId: home.userId };
    const step = new EventEmitter();
    const isGiven = once(step, 'given');
    const moved = sql.begin(async (tx) => {
      await giveToAgent(tx, given, { id: tenant.agentId, tenantId: tenant.tenantId });
      step.emit('given');
      await once(step, 'commit');
    });
    books.phones[0] = { ...books.phone(NUMBER, 'theirs'), status: 'active' };
    await isGiven;
    // the pass reads whose the number is before it has gone, and writes after it
    const pass = sync();
    await eventually(async () => {
      return (await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length > 0;
    });
    step.emit('commit');
    await moved;
    await pass;
    t.match(await phoneOf(), { tenantId: tenant.tenantId, agentId: tenant.agentId });
    await sync();
    t.match(await phoneOf(), { tenantId: tenant.tenantId, agentId: tenant.agentId });
  });

  const second = sql`insert into phone_numbers (tenant_id, number, carrier) values (${other.tenantId}, ${NUMBER}, 'millis')`;
  t.equal(await second.then(() => 'kept', brokenUnique), 'phone_numbers_carrier', 'and the database keeps it so');
});

t.test('a long call that the books tell when it is over is kept', async (t) => {
  const { sql, books, sync, callsOf } = await openHouse(t);
  const begun = Date.now();
  const at = (hours: number) => new Date(begun + hours * HOUR_MS);
  await sync(at(0));
  books.logs.push(books.log('long', at(0.5), { listedAt: at(8) }));
  books.logs.push(books.log('longest', at(0.6), { listedAt: at(23) }));
  for (let hour = 1; hour < 8; hour++) await sync(at(hour));
  t.same(await callsOf(), []);
  for (const hour of [8, 8.5, 9.1]) await sync(at(hour));
  t.match(await callsOf(), [['long']], 'within an hour');
  for (const hour of [23, 23.5, 24.1]) await sync(at(hour));
  t.match(await callsOf(), [['long'], ['longest']]);

  const cursors = await sql<Array<{ subject: string; since: number }>>`
    select subject, (cursor->>'since')::float8 as since from sync_cursors order by subject`;
  const hoursBack = cursors.map(({ since }) => Math.round((at(24.1).getTime() / 1000 - since) / 3600));
  t.ok(
    hoursBack.every((hours) => hours >= 1 && hours <= 25),
    `no look goes back further than a day: ${hoursBack.join(' ')}`,
  );
  const asked: number[] = [];
  const { listCallLogs } = books.directory;
  books.directory.listCallLogs = (query) => {
    asked.push(query.from?.getTime() ?? 0);
    return listCallLogs(query);
  };
  for (let minute = 0; minute < 5; minute++) await sync(new Date(at(24.2).getTime() + minute * 60_000));
  t.ok(
    asked.every((from) => from > at(22).getTime()),
    'and most passes look back an hour',
  );
});
