/** The campaign engine, pass by pass: who becomes a call and when, what contacts learn of it, and how a campaign ends. */
import t from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import type { Principal } from '../../core/principal.ts';
import type { CampaignFields, CampaignRow } from '../../db/query/campaigns.ts';
import { lockSettling, settleContacts } from '../../db/query/campaign-settle.ts';
import { insertContact } from '../../db/query/contacts.ts';
import { claim } from '../../db/query/verdicts.ts';
import { changeCallingHours } from '../../service/calling-hours.ts';
import { preflight, progress } from '../../service/campaign-outlook.ts';
import { clearLeftOvers, runCampaignPass } from '../../service/campaign-run.ts';
import { settle } from '../../service/campaign-settle.ts';
import { campaignOf, changeCampaign, createCampaign, removeCampaign } from '../../service/campaigns.ts';
import { decideRetry, retryNow } from '../../service/retries.ts';
import { openRuntime } from '../../service/runtime.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

/** Noon of tomorrow in UTC: open in London, four in the morning on the American west coast. */
const NOON = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000 + 43_200_000);
const WEST = 'Etc/GMT+8';
const ALL_DAY = [{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' }];

interface Contact {
  id: number;
  phone: string;
  dialState: string;
  result: string | null;
  status: string;
  attempts: number;
  rootCallId: number | null;
  lastContactedAt: Date | null;
  nextAttemptAt: Date;
}

t.test('campaigns', async (t) => {
  const system = await startSystem(t);
  const { runtime } = system;
  const { sql } = runtime.db;
  const [tenant, stranger] = await seedTenants(sql, 2);
  if (!tenant || !stranger) throw new Error('no tenants');
  const { tenantId, agentId } = tenant;
  const who: Principal = { ...tenant, sessionId: 0, email: 'a@example.com', name: 'A', role: 'owner', platformRole: 'user' };
  let numbers = 0;

  const campaign = (more: Partial<CampaignFields> = {}) =>
    createCampaign(runtime, who, { name: 'Spring', status: 'active', agentId, callingHours: ALL_DAY, ...more });

  /** Contacts that wait, the first the longest. */
  async function contacts(campaignId: number, count: number, more: { timezone?: string; priority?: number; status?: string } = {}) {
    const added: number[] = [];
    for (let n = 0; n < count; n++) {
      const contact = await insertContact(sql, tenantId, {
        phone: `+1415${String(5_000_000 + ++numbers)}`,
        name: 'Jane',
        firstName: null,
        lastName: null,
        email: null,
        timezone: more.timezone ?? 'Europe/London',
        status: (more.status ?? 'new') as 'new',
        customFields: {},
        tags: [],
        campaignId,
      });
      added.push(contact?.id ?? 0);
    }
    await sql`
      update contacts set priority = ${more.priority ?? 2}, next_attempt_at = now() - interval '1 hour' + id * interval '1 millisecond'
       where id = any(${added}::bigint[])`;
    return added;
  }
  const contactsOf = (campaignId: number) => sql<Contact[]>`
    select id, phone, dial_state as "dialState", result, status, attempts, root_call_id as "rootCallId", last_contacted_at as "lastContactedAt",
           next_attempt_at as "nextAttemptAt"
      from contacts where campaign_id = ${campaignId} order by id`;
  const callsOf = (campaignId: number) => sql<Array<{ id: number; contactId: number; status: string; heldUntil: Date | null }>>`
    select id, contact_id as "contactId", status, held_until as "heldUntil" from calls where campaign_id = ${campaignId} order by id`;
  const pass = (now = NOON) => runCampaignPass(runtime, now);
  const read = (campaignId: number) => campaignOf(runtime, tenantId, campaignId);

  /** Ends the open call of a contact as a worker and the carrier would. */
  async function end(contactId: number, outcome: string): Promise<number> {
    const [row] = await sql<Array<{ id: number }>>`
      update calls set status = ${outcome}, claimed_at = now(), ended_at = now(), due_at = null, verdict = '{"answer":"dial"}',
             answered_at = case when ${outcome} = 'completed' then now() end, retry_open = ${outcome !== 'completed'}
       where contact_id = ${contactId} and status in ('scheduled', 'queued') returning id`;
    if (!row) throw new Error(`contact ${contactId} has no open call`);
    await decideRetry(runtime, row.id);
    return row.id;
  }
  /** Whether somebody waits for somebody else's lock. */
  const isWaiting = async (atLeast = 1) =>
    (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length >= atLeast;
  /** What the counters should be. */
  async function recount({ id }: Pick<CampaignRow, 'id'>) {
    const [row] = await sql`
      select count(*) as "totalContacts", count(*) filter (where dial_state = 'done') as "completedContacts",
             count(*) filter (where dial_state = 'done' and result = 'completed') as "successfulContacts"
        from contacts where campaign_id = ${id} and deleted_at is null`;
    return { ...row };
  }

  await t.test('who listens hears of a lead that was reached', async (t) => {
    const listen = (owner: number) => sql`
      insert into webhook_endpoints (tenant_id, url, secret_encrypted, events) values (${owner}, 'https://example.com/', 'x', '{lead.updated}')`;
    await listen(tenantId);
    await listen(stranger.tenantId);
    const { id } = await campaign();
    const [contactId = 0] = await contacts(id, 1);
    await pass();
    await end(contactId, 'completed');
    await pass();
    const told = await sql`select tenant_id as "tenantId", event_type as type, payload->'data' as data from webhook_deliveries`;
    t.match(told, [{ tenantId, type: 'lead.updated', data: { id: contactId, status: 'contacted', result: 'completed', attempts: 1 } }]);
    t.equal(told.length, 1, 'once, and nobody else');
    await sql`delete from webhook_endpoints`;
  });

  await t.test('a campaign whose contacts sleep says so', async (t) => {
    const { id } = await campaign({ callingHours: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '09:00', end: '18:00' }] });
    await contacts(id, 2, { timezone: WEST });
    t.same((await progress(runtime, tenantId, id)).obstacles, []);
    await pass();
    t.match((await progress(runtime, tenantId, id)).obstacles, [
      /^all who still wait are outside their calling hours; the first is dialed from \d{4}-/,
    ]);
  });

  await t.test('who comes first', async (t) => {
    const { id } = await campaign({ maxCalls: 3 });
    const patient = await contacts(id, 3);
    const urgent = await contacts(id, 2, { priority: 1 });
    t.match(await pass(), { fed: 3 });
    t.same(
      (await callsOf(id)).map((call) => call.contactId),
      [...urgent, patient[0]],
      'by priority, then the longest waiting, and no more than may be dialed',
    );
    t.match(await pass(), { fed: 0 }, 'its places are taken');

    const newest = await campaign({ maxCalls: 2, contactOrder: 'newest_first' });
    const [, second, third] = await contacts(newest.id, 3);
    await pass();
    t.same(
      (await callsOf(newest.id)).map((call) => call.contactId),
      [third, second],
    );

    const spaced = await campaign({ callDelaySeconds: 5 });
    await contacts(spaced.id, 3);
    await pass();
    t.equal((await callsOf(spaced.id)).length, 1, 'calls that start apart are put in line one by one');

    const large = await campaign();
    await contacts(large.id, 130);
    await pass();
    t.equal((await callsOf(large.id)).length, 100, 'a stock, not everybody');
    for (const other of [id, newest.id, spaced.id, large.id]) await removeCampaign(runtime, who, other);
  });

  await t.test('who is not dialed', async (t) => {
    const { id } = await campaign();
    const [suppressed, refused, deleted, plain] = await contacts(id, 4);
    await sql`
      insert into suppressions (tenant_id, phone, source) select tenant_id, phone, 'api' from contacts where id = ${suppressed ?? 0}`;
    await sql`update contacts set status = 'do_not_call' where id = ${refused ?? 0}`;
    await sql`update contacts set deleted_at = now() where id = ${deleted ?? 0}`;
    await sql`update campaigns set total_contacts = 3 where id = ${id}`;
    await pass();
    t.same(
      (await callsOf(id)).map((call) => call.contactId),
      [plain],
    );
    t.match(await contactsOf(id), [
      { dialState: 'done', result: 'suppressed' },
      { dialState: 'done', result: 'do_not_call' },
      { dialState: 'waiting' },
      { dialState: 'in_line' },
    ]);
    t.match(await read(id), await recount({ id }), 'and the campaign counts them as done');
    await removeCampaign(runtime, who, id);

    for (const [what, more] of [
      ['a draft', { status: 'draft' }],
      ['a paused one', { status: 'paused' }],
      ['one that only takes calls', { kind: 'inbound' }],
      ['one in preview', { dialingMode: 'preview' }],
      ['one whose day has not come', { startsAt: new Date(Date.now() + 3_600_000) }],
    ] as const) {
      const idle = await campaign(more);
      await contacts(idle.id, 1);
      await pass();
      t.same(await callsOf(idle.id), [], `${what} dials nobody`);
      await removeCampaign(runtime, who, idle.id);
    }

    const barred = await campaign();
    await contacts(barred.id, 1);
    await sql`update campaigns set approval = 'rejected' where id = ${barred.id}`;
    await pass();
    t.same(await callsOf(barred.id), [], 'nor does a rejected one');
    await sql`update campaigns set approval = 'pending' where id = ${barred.id}`;
    await sql`update agents set is_active = false where id = ${agentId}`;
    await pass();
    t.same(await callsOf(barred.id), [], 'nor one whose agent is switched off, which would cost each contact its call');
    await sql`update agents set is_active = true where id = ${agentId}`;
    await runCampaignPass({ ...runtime, config: { ...runtime.config, CAMPAIGN_APPROVAL: 'required' } }, NOON);
    t.same(await callsOf(barred.id), [], 'nor one that is not approved, where that is required');
    await pass();
    t.equal((await callsOf(barred.id)).length, 1);
    await removeCampaign(runtime, who, barred.id);
  });

  await t.test('calling hours', async (t) => {
    const { id } = await campaign({ callingHours: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '09:00', end: '18:00' }], maxCalls: 1 });
    const asleep = await contacts(id, 300, { timezone: WEST });
    const [awake] = await contacts(id, 1, { timezone: 'Europe/London' });
    t.match(await pass(), { fed: 1 });
    t.same(
      (await callsOf(id)).map((call) => call.contactId),
      [awake],
      'whoever sleeps keeps nobody else waiting',
    );
    const rows = (await contactsOf(id)).filter((contact) => asleep.includes(contact.id));
    t.same(
      [...new Set(rows.map((row) => row.nextAttemptAt.toISOString()))],
      [new Date(NOON.getTime() + 5 * 3_600_000).toISOString()],
      'their turn is when it opens',
    );
    t.ok(rows.every((row) => row.dialState === 'waiting'));

    await t.test('and when the hours change, they are looked at anew', async (t) => {
      await sql`update contacts set next_attempt_at = now() + interval '5 hours' where campaign_id = ${id} and dial_state = 'waiting'`;
      await changeCampaign(runtime, who, id, { maxCalls: 5 });
      t.match(await pass(), { fed: 0 }, 'nothing but the hours brings them back');
      await changeCampaign(runtime, who, id, { callingHours: ALL_DAY });
      t.match(await pass(), { fed: 4 });
      await changeCallingHours(runtime, who, { windows: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '20:00', end: '21:00' }] });
      await changeCampaign(runtime, who, id, { callingHours: null, maxCalls: 6 });
      t.match(await pass(), { fed: 0 });
      await sql`update contacts set next_attempt_at = now() + interval '5 hours' where campaign_id = ${id} and awaits_opening`;
      await changeCallingHours(runtime, who, { windows: ALL_DAY });
      t.match(await pass(), { fed: 1 }, 'those of the account too');
    });
    await removeCampaign(runtime, who, id);

    const never = await campaign({ callingHours: [{ days: [], start: '09:00', end: '18:00' }] });
    await contacts(never.id, 1);
    await pass();
    t.match(await contactsOf(never.id), [{ dialState: 'done', result: 'never_open', attempts: 0 }]);
    await pass();
    t.match(await read(never.id), { status: 'completed', completedContacts: 1, successfulContacts: 0 });
  });

  await t.test('what contacts learn of their calls', async (t) => {
    const { id } = await campaign({ maxAttempts: 2, retryIntervalMinutes: 0 });
    const [happy = 0, busy = 0, later = 0] = await contacts(id, 3);
    await pass();
    await end(happy, 'completed');
    await end(busy, 'busy');
    await pass();
    t.match(await contactsOf(id), [
      { dialState: 'done', result: 'completed', attempts: 1, status: 'contacted', lastContactedAt: Date },
      { dialState: 'in_line', result: null, attempts: 1, status: 'new', lastContactedAt: null },
      { dialState: 'in_line', attempts: 0 },
    ]);
    t.match(await read(id), { status: 'active', totalContacts: 3, completedContacts: 1, successfulContacts: 1 });
    await end(busy, 'no_answer');
    await pass();
    t.match((await contactsOf(id))[1], { dialState: 'done', result: 'no_answer', attempts: 2 }, 'the budget is spent');
    t.match(await read(id), await recount({ id }));

    await t.test('a dial by hand opens a contact again, and its end counts once', async (t) => {
      const [contact] = (await contactsOf(id)).filter((row) => row.id === busy);
      await retryNow(runtime, tenantId, contact?.rootCallId ?? 0);
      t.match((await contactsOf(id))[1], { dialState: 'in_line', result: null });
      t.match(await read(id), await recount({ id }));
      await end(busy, 'completed');
      await pass();
      t.match((await contactsOf(id))[1], { dialState: 'done', result: 'completed', attempts: 3, status: 'contacted' });
      t.match(await read(id), { completedContacts: 2, successfulContacts: 2, ...(await recount({ id })) });
    });

    await end(later, 'completed');
    await pass();
    await pass();
    t.match(await read(id), { status: 'completed', completedBecause: 'done', completedContacts: 3, successfulContacts: 3 });

    await t.test('a completed campaign goes on when contacts are added', async (t) => {
      const [more = 0] = await contacts(id, 1);
      t.match(await read(id), { status: 'active', completedAt: null, totalContacts: 4 });
      await pass();
      await end(more, 'voicemail');
      await pass();
      await pass();
      t.match(await read(id), { status: 'completed', completedContacts: 4, successfulContacts: 3, ...(await recount({ id })) });
      await t.rejects(changeCampaign(runtime, who, id, { status: 'active' }), { code: 'conflict' }, 'with nobody left it does not');
    });

    await t.test('one that a person completed does not, until a person says so', async (t) => {
      const other = await campaign();
      const [first = 0] = await contacts(other.id, 2);
      await pass();
      await end(first, 'completed');
      await changeCampaign(runtime, who, other.id, { status: 'completed' });
      t.match(await callsOf(other.id), [{ status: 'completed' }, { status: 'cancelled' }]);
      await contacts(other.id, 1);
      await pass();
      t.match(await read(other.id), { status: 'completed', completedBecause: 'person', totalContacts: 3, completedContacts: 1 });
      t.match(await contactsOf(other.id), [{ dialState: 'done' }, { dialState: 'waiting', rootCallId: null }, { dialState: 'waiting' }]);
      await changeCampaign(runtime, who, other.id, { status: 'active' });
      t.match(await pass(), { fed: 2 });
      await removeCampaign(runtime, who, other.id);
    });
  });

  await t.test('a dial by hand in the moment in which a contact is done', async (t) => {
    const { id } = await campaign({ maxAttempts: 2, retryIntervalMinutes: 0 });
    const [first = 0, second = 0] = await contacts(id, 3);
    await pass();
    for (const contactId of [first, second]) await end(contactId, 'busy');
    await pass();
    const ended = [await end(first, 'busy'), await end(second, 'busy')];
    const lineUp = async (contactId: number) => (await contactsOf(id)).find((row) => row.id === contactId);

    /** dials by hand until that is done or waits for a lock */
    const dial = async (callId = 0) => {
      let isDone = false;
      const dialing = retryNow(runtime, tenantId, callId).finally(() => (isDone = true));
      await eventually(async () => isDone || (await isWaiting()));
      return { dialing };
    };
    const before = await sql.begin(async (tx) => {
      await tx`select from contacts where id = ${first} for no key update`;
      const settling = settle(runtime);
      await eventually(async () => (await isWaiting()) || (await lineUp(second))?.dialState === 'done');
      return { settling, ...(await dial(ended[0])) };
    });
    await Promise.all([before.settling, before.dialing]);
    await pass();
    t.match(await lineUp(first), { dialState: 'in_line' }, 'its chain was read before the dial was there');

    await sql`update contacts set dial_state = 'in_line', result = null where id = ${second}`;
    await sql`update campaigns set completed_contacts = 0 where id = ${id}`;
    await sql`update calls set contact_settled = false where id = ${ended[1] ?? 0}`;
    const after = await sql.begin(async (tx) => {
      await eventually(() => lockSettling(tx));
      await settleContacts(tx, 500);
      return dial(ended[1]);
    });
    await after.dialing;
    await pass();
    t.match(await lineUp(second), { dialState: 'in_line' }, 'it was done before the dial was there');
    t.match(await read(id), { status: 'active', ...(await recount({ id })) });
    await removeCampaign(runtime, who, id);
  });

  await t.test('who takes several campaigns at once takes them in the same order', async (t) => {
    const ids = [(await campaign()).id, (await campaign()).id, (await campaign()).id];
    // so many that they are looked up one by one
    await sql`insert into campaigns (tenant_id, name) select ${stranger.tenantId}, 'Draft' from generate_series(1, 5000)`;
    await sql`analyze campaigns`;
    const dialed = [];
    for (const id of ids) dialed.push(...(await contacts(id, 2)));
    await pass();
    for (const contactId of dialed.filter((_, n) => n % 2 === 0)) await end(contactId, 'completed');
    const [free] = await sql<Array<{ id: number }>>`
      update calls set status = 'queued', queued_at = now() where contact_id = ${dialed[1] ?? 0} returning id`;
    const claimed = async (order: number[]) => {
      const by = { carrier: 'null', nextStartAt: NOON, leaseSeconds: 60, checkSeconds: 60 };
      const call = { callId: free?.id ?? 0, from: '+14155550000', hold: 0, verdict: { answer: 'dial' as const, at: NOON.toISOString() } };
      await claim(sql, [call], { ...by, nextCallAts: new Map(order.map((id) => [id, NOON])) });
    };
    for (const order of [[...ids].reverse(), ids]) {
      await sql`update calls set contact_settled = false where contact_id = any(${dialed}::bigint[])`;
      await sql`update contacts set dial_state = 'in_line', result = null where id = any(${dialed}::bigint[])`;
      await sql`update campaigns set completed_contacts = 0, successful_contacts = 0 where id = any(${ids}::bigint[])`;
      await sql`update calls set status = 'queued', queued_at = now() where id = ${free?.id ?? 0}`;
      const both = await sql.begin(async (tx) => {
        await tx`select from campaigns where id = ${ids[1] ?? 0} for no key update`;
        const settling = settle(runtime);
        await eventually(() => isWaiting());
        const claiming = claimed(order);
        await eventually(() => isWaiting(2));
        return { done: Promise.allSettled([settling, claiming]) };
      });
      t.match(await both.done, [{ status: 'fulfilled' }, { status: 'fulfilled' }]);
      for (const id of ids) t.match(await read(id), { completedContacts: 1, successfulContacts: 1 });
    }
    for (const id of ids) await removeCampaign(runtime, who, id);
    await sql`delete from capacity_leases`;
  });

  await t.test('contacts that are added at once are all counted', async (t) => {
    const { id } = await campaign({ status: 'draft' });
    await Promise.all(Array.from({ length: 60 }, () => contacts(id, 1)));
    t.match(await read(id), { totalContacts: 60, ...(await recount({ id })) });
    await removeCampaign(runtime, who, id);
  });

  await t.test('calls that tell their contacts nothing new hold nobody up', async (t) => {
    const { id } = await campaign();
    const [contactId = 0] = await contacts(id, 1);
    const put = (count: number, isOpen: boolean) => sql`
      insert into calls (tenant_id, agent_id, campaign_id, contact_id, to_number, status, ended_at, retry_open)
      select ${tenantId}, ${agentId}, ${id}, ${contactId}, '+14155559999', 'cancelled', now(), ${isOpen} from generate_series(1, ${count}::int)`;
    await put(501, false);
    t.match(await settle(runtime), { settled: [], more: true });
    t.match(await settle(runtime), { settled: [], more: false });
    await put(501, true);
    t.match(await settle(runtime), { settled: [], more: false }, 'those that nobody has decided about are not waited for');
    await sql`delete from calls where contact_id = ${contactId}`;
    await removeCampaign(runtime, who, id);
  });

  await t.test('pause and resume', async (t) => {
    const { id } = await campaign({ maxCalls: 2 });
    await contacts(id, 4);
    await pass();
    await changeCampaign(runtime, who, id, { status: 'paused' });
    const [first] = await callsOf(id);
    // what the gate does with one that comes before it meanwhile
    await sql`
      update calls set held_until = now() + interval '1 minute', verdict = '{"answer":"wait","why":"campaign_not_running"}' where id = ${first?.id ?? 0}`;
    await pass();
    t.equal((await callsOf(id)).length, 2, 'nobody is put in line');
    t.match((await callsOf(id))[0], { status: 'scheduled', heldUntil: Date }, 'who was keeps their place');
    await changeCampaign(runtime, who, id, { status: 'active' });
    await pass();
    t.match((await callsOf(id))[0], { status: 'scheduled', heldUntil: null }, 'and stands in it at once');
    await t.rejects(changeCampaign(runtime, who, id, { status: 'draft' }), { code: 'conflict' });
    await removeCampaign(runtime, who, id);
  });

  await t.test('an end date', async (t) => {
    const { id } = await campaign({ maxCalls: 2 });
    const [first = 0] = await contacts(id, 3);
    await pass();
    await end(first, 'busy');
    await sql`update campaigns set ends_at = now() - interval '1 second' where id = ${id}`;
    await pass();
    await pass();
    t.match(await read(id), { status: 'completed', completedBecause: 'ended', completedContacts: 1 });
    t.match(
      await contactsOf(id),
      [
        { dialState: 'done', result: 'busy', attempts: 1 },
        { dialState: 'waiting', attempts: 0 },
        { dialState: 'waiting', attempts: 0 },
      ],
      'one that was dialed keeps how it ended; the others wait on',
    );
    t.ok((await callsOf(id)).every((call) => call.status === 'busy' || call.status === 'cancelled'));
    await t.rejects(changeCampaign(runtime, who, id, { status: 'active' }), { code: 'conflict' }, 'it is over');
    await changeCampaign(runtime, who, id, { status: 'active', endsAt: new Date(Date.now() + 3_600_000) });
    t.match(await pass(), { fed: 2 });
    await removeCampaign(runtime, who, id);
  });

  await t.test('a deleted campaign', async (t) => {
    const { id } = await campaign();
    await contacts(id, 2);
    await pass();
    await removeCampaign(runtime, who, id);
    await t.rejects(read(id), { code: 'not_found' });
    const calls = await callsOf(id);
    t.match(calls, [{ status: 'cancelled' }, { status: 'cancelled' }]);
    const events =
      await sql`select type, detail->>'reason' as reason from call_events where call_id = any(${calls.map((c) => c.id)}::bigint[])`;
    t.match([...events], [{ type: 'cancel', reason: /over/ }, { type: 'cancel' }]);
    t.equal((await contactsOf(id)).length, 2);
    t.equal(await clearLeftOvers(runtime), 0);
    await sql`update calls set status = 'scheduled', ended_at = null, due_at = now() where id = ${calls[0]?.id ?? 0}`;
    t.equal(await clearLeftOvers(runtime), 1, 'a clearing that was cut short is finished');
    await t.rejects(removeCampaign(runtime, who, id), { code: 'not_found' });
  });

  await t.test('several schedulers at once', async (t) => {
    const { id } = await campaign({ maxAttempts: 1 });
    await contacts(id, 250);
    const other = openRuntime(system.config, runtime.log, 'second');
    t.teardown(() => other.close());
    const engines = [runtime, other, runtime, other];
    for (;;) {
      await Promise.all(engines.map((engine) => runCampaignPass(engine, NOON)));
      const open = (await callsOf(id)).filter((call) => call.status === 'scheduled');
      if (open.length === 0) break;
      await Promise.all([
        ...open.map((call, n) => end(call.contactId, n % 3 === 0 ? 'no_answer' : 'completed')),
        ...engines.map((engine) => runCampaignPass(engine, NOON)),
      ]);
    }
    for (const engine of engines) await runCampaignPass(engine, NOON);
    const calls = await callsOf(id);
    t.equal(calls.length, 250);
    t.equal(new Set(calls.map((call) => call.contactId)).size, 250, 'each contact became one call');
    t.match(await read(id), { status: 'completed', totalContacts: 250, completedContacts: 250, ...(await recount({ id })) });
  });

  await t.test('editing while it runs', async (t) => {
    const { id } = await campaign();
    const [done = 0] = await contacts(id, 2);
    await pass();
    await end(done, 'completed');
    const [second] = await sql<
      Array<{ id: number }>
    >`insert into agents (tenant_id, kind, name) values (${tenantId}, 'ai', 'B') returning id`;
    await changeCampaign(runtime, who, id, { agentId: second?.id });
    const agents = await sql<Array<{ agentId: number }>>`select agent_id as "agentId" from calls where campaign_id = ${id} order by id`;
    t.same(
      agents.map((call) => call.agentId),
      [agentId, second?.id],
      'what was not dialed yet is the new agent’s',
    );
    await t.rejects(changeCampaign(runtime, who, id, { agentId: stranger.agentId }), { code: 'invalid_agent' });
    await t.rejects(changeCampaign(runtime, { ...who, tenantId: stranger.tenantId }, id, { name: 'Mine' }), { code: 'not_found' });
    await removeCampaign(runtime, who, id);
  });

  await t.test('a look ahead', async (t) => {
    const { id } = await campaign({ callingHours: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' }] });
    const [suppressed = 0] = await contacts(id, 4);
    await contacts(id, 2, { status: 'not_interested' });
    await sql`insert into suppressions (tenant_id, phone, source) select tenant_id, phone, 'api' from contacts where id = ${suppressed}`;
    const before = await preflight(runtime, tenantId, id);
    t.match(before, { waiting: 6, looked: 6, skipped: { suppressed: 1, refused: 2, neverOpen: 0, outsideHours: 0 }, obstacles: [] });
    t.ok(before.forecast.finishAt && before.forecast.finishAt > new Date(), 'it will be through some day');
    // 0.4 of the dials are answered: 1.96 dials a contact
    t.equal(before.forecast.dials, 6, 'the three who remain are forecast, not the skipped');
    t.notOk(before.forecast.experience.isMeasured);
    await changeCampaign(runtime, who, id, { status: 'paused' });
    t.match(await progress(runtime, tenantId, id), { waiting: 6, inLine: 0, obstacles: ['it is paused'], calls: { live: 0, due: 0 } });
    await removeCampaign(runtime, who, id);

    const dayAfterTomorrow = new Date(Date.now() + 2 * 86_400_000).getUTCDay() || 7;
    const later = await campaign({ callingHours: [{ days: [dayAfterTomorrow], start: '00:00', end: '24:00' }] });
    await contacts(later.id, 2, { timezone: 'UTC' });
    const tomorrow = new Date(Date.now() + 86_400_000);
    const asleep = await preflight(runtime, tenantId, later.id);
    t.equal(asleep.skipped.outsideHours, 2);
    t.ok(asleep.forecast.finishAt && asleep.forecast.finishAt > tomorrow, 'it is over after its first lead may be dialed');
    await pass();
    const { forecast } = await progress(runtime, tenantId, later.id);
    t.ok(forecast.finishAt && forecast.finishAt > tomorrow);
    await removeCampaign(runtime, who, later.id);

    // the account's own day is twelve hours away from theirs
    const far = await campaign({ timezone: 'Etc/GMT-4', callingHours: [{ days: [dayAfterTomorrow], start: '09:00', end: '12:00' }] });
    await contacts(far.id, 2, { timezone: WEST });
    await pass();
    const opens = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 + 2 * 86_400_000 + 17 * 3_600_000);
    const ahead = await progress(runtime, tenantId, far.id);
    t.match(ahead.obstacles, [new RegExp(`from ${opens.toISOString()}`)]);
    for (const { forecast } of [ahead, await preflight(runtime, tenantId, far.id)]) {
      const minutes = ((forecast.finishAt?.getTime() ?? 0) - opens.getTime()) / 60_000;
      t.ok(minutes > 0 && minutes < 15, `it begins when the hours of its leads do, and is over ${minutes} minutes later`);
    }
    await removeCampaign(runtime, who, far.id);
  });

  await t.test('a forecast goes by all who wait, also by those far behind in the line', async (t) => {
    const hour = new Date().getUTCHours();
    /** Where it is that hour of the day now. */
    const zoneAt = (local: number) => {
      const offset = local - hour + (local - hour > 12 ? -24 : local - hour < -12 ? 24 : 0);
      return `Etc/GMT${offset < 0 ? '+' : '-'}${Math.abs(offset)}`;
    };
    const { id } = await campaign({ status: 'draft', callingHours: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '09:00', end: '18:00' }] });
    await sql`
      insert into contacts (tenant_id, campaign_id, phone, timezone, dial_state)
      select ${tenantId}, ${id}, '+1650' || 5000000 + n, case when n <= 400 then ${zoneAt(10)} else ${zoneAt(22)} end, 'waiting'
        from generate_series(1, 2000) n`;
    await sql`update campaigns set total_contacts = 2000 where id = ${id}`;
    for (const look of [progress, preflight]) {
      const { forecast } = await look(runtime, tenantId, id);
      const hours = ((forecast.finishAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
      t.ok(hours > 10, `${look.name}: most are asleep; it takes ${hours} hours`);
    }
    await removeCampaign(runtime, who, id);
  });
});
