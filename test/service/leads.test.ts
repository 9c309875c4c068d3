/** What people do with leads: they say what came of a call, look at one before it is dialed, edit, move and delete them. */
import t, { type Test } from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import type { Principal } from '../../core/principal.ts';
import { postpone, putInLine, recallPostponed } from '../../db/query/campaign-feed.ts';
import { listContactsAfter } from '../../db/query/contact-list.ts';
import { insertContact } from '../../db/query/contacts.ts';
import { giveUpPreviews } from '../../db/query/people-release.ts';
import { takeBack } from '../../db/query/preview.ts';
import { changeAgent } from '../../service/agents.ts';
import { versionsOf } from '../../service/changes.ts';
import { createCampaign, removeCampaign } from '../../service/campaigns.ts';
import { scheduleOf } from '../../service/campaign-schedule.ts';
import { removeContact, updateContact } from '../../service/contacts.ts';
import { type Disposition, disposeOf } from '../../service/dispositions.ts';
import { releaseNumber } from '../../service/do-not-call.ts';
import { dialLead, nextLead, skip } from '../../service/preview.ts';
import { retryNow } from '../../service/retries.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

const ALL_DAY = [{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' }];
const NAMES = { phone: 'phoneNumber', customFields: 'metadata' };

/** A tenant with a person who talks, a campaign of theirs, and ways to get leads and calls into it. */
async function open(t: Test) {
  const { runtime } = await startSystem(t);
  const { sql } = runtime.db;
  const [tenant] = await seedTenants(sql, 1);
  if (!tenant) throw new Error('no tenant');
  const { tenantId, userId } = tenant;
  const who: Principal = { ...tenant, sessionId: 0, email: 'a@example.com', name: 'A', role: 'owner', platformRole: 'user' };
  const [person] = await sql<Array<{ id: number }>>`
    insert into agents (tenant_id, kind, name, user_id, state) values (${tenantId}, 'human', 'Ann', ${userId}, 'available') returning id`;
  const personId = person?.id ?? 0;
  await sql`insert into phone_numbers (tenant_id, number) values (${tenantId}, '+15005550006')`;
  const campaign = (more: object = {}) =>
    createCampaign(runtime, who, { name: 'C', status: 'active', agentId: personId, callingHours: ALL_DAY, ...more });
  let numbers = 0;
  const lead = async (campaignId: number) => {
    const facts = { name: 'Lea', firstName: null, lastName: null, email: null, timezone: 'Europe/London', status: 'new' as const };
    const phone = `+1415${5_550_000 + ++numbers}`;
    const made = await insertContact(sql, tenantId, { ...facts, phone, customFields: {}, tags: [], campaignId });
    if (!made) throw new Error('no lead');
    return made;
  };
  /** A call of a lead that somebody answered and that is over. */
  const talk = async ({ id, phone, campaignId }: { id: number; phone: string; campaignId: number | null }) => {
    const [call] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, campaign_id, contact_id, to_number, status, claimed_at, answered_at, ended_at)
      values (${tenantId}, ${personId}, ${campaignId}, ${id}, ${phone}, 'completed', now(), now(), now()) returning id`;
    return call?.id ?? 0;
  };
  const say = (callId: number, disposition: Disposition, callbackAt?: string) =>
    disposeOf(runtime, who, callId, { disposition, note: undefined, callbackAt });
  const read = async (id: number) => {
    const [row] = await sql<
      Array<{
        status: string;
        dialState: string;
        result: string | null;
        nextAttemptAt: Date;
        awaitsOpening: boolean;
        reservedBy: number | null;
      }>
    >`
      select status, dial_state as "dialState", result, next_attempt_at as "nextAttemptAt", awaits_opening as "awaitsOpening",
             reserved_by as "reservedBy" from contacts where id = ${id}`;
    if (!row) throw new Error('no contact');
    return row;
  };
  return { runtime, sql, who, tenantId, personId, campaign, lead, talk, say, read };
}

t.test('times without an offset are the wall clock’s', async (t) => {
  const { runtime, sql, tenantId, who, campaign, lead, talk, say, read } = await open(t);
  await sql`update tenants set timezone = 'America/New_York' where id = ${tenantId}`;

  await t.test('of the campaign, else of the account, when a lead is to be called back', async (t) => {
    const plain = await lead((await campaign()).id);
    const callId = await talk(plain);
    await say(callId, 'callback', '2099-12-01T15:00:00');
    t.same((await read(plain.id)).nextAttemptAt, new Date('2099-12-01T20:00:00Z'), 'the account is in New York');
    await say(callId, 'callback', '2099-12-01T15:00:00Z');
    t.same((await read(plain.id)).nextAttemptAt, new Date('2099-12-01T15:00:00Z'), 'an offset is believed');
    // clocks go forward on the second Sunday of March, back on the first of November
    await say(callId, 'callback', '2099-03-08T02:30:00');
    t.same((await read(plain.id)).nextAttemptAt, new Date('2099-03-08T07:30:00Z'), 'a time that is skipped is the one after the gap');
    await say(callId, 'callback', '2099-11-01T01:30:00');
    t.same((await read(plain.id)).nextAttemptAt, new Date('2099-11-01T05:30:00Z'), 'one that comes twice is the first');

    const zoned = await lead((await campaign({ timezone: 'Asia/Kolkata' })).id);
    await say(await talk(zoned), 'callback', '2099-12-01T15:00:00');
    t.same((await read(zoned.id)).nextAttemptAt, new Date('2099-12-01T09:30:00Z'), 'the campaign’s own zone comes first');

    const now = new Date('2098-12-01T17:00:00Z');
    const soon = { disposition: 'callback' as const, note: undefined, callbackAt: '2098-12-01T13:00:00' };
    await t.resolves(disposeOf(runtime, who, callId, soon, now), 'one in the afternoon has not come at noon');
    await t.rejects(disposeOf(runtime, who, callId, { ...soon, callbackAt: '2098-12-01T11:00:00' }, now), { code: 'validation' });
  });

  await t.test('of the account, when a schedule names no zone', async (t) => {
    const local = { startDate: '2099-03-08T02:30:00', endDate: '2099-11-01' };
    t.match(await campaign(scheduleOf(local, 'schedule')), {
      timezone: null,
      startsAt: new Date('2099-03-08T07:30:00Z'),
      endsAt: new Date('2099-11-02T05:00:00Z'),
    });
    t.match(await campaign(scheduleOf({ ...local, timezone: 'Asia/Kolkata' }, 'schedule')), {
      timezone: 'Asia/Kolkata',
      startsAt: new Date('2099-03-07T21:00:00Z'),
      endsAt: new Date('2099-11-01T18:30:00Z'),
    });
    await t.rejects(campaign(scheduleOf({ startDate: 'soon' }, 'schedule')), { code: 'validation' });
  });
});

t.test('a moment that somebody sets is not an opening', async (t) => {
  const { runtime, sql, who, campaign, lead, read } = await open(t);
  const { id: campaignId } = await campaign({ dialingMode: 'preview' });
  /** It waited for an opening of the calling hours, which has come. */
  const slept = async (inMs = -1000) => {
    const made = await lead(campaignId);
    await postpone(sql, [{ id: made.id, until: new Date(Date.now() + inMs) }]);
    t.match(await read(made.id), { awaitsOpening: true });
    return made;
  };

  const skipped = await slept();
  t.match(await nextLead(runtime, who, campaignId), { id: skipped.id });
  await skip(runtime, who, skipped.id);
  const { nextAttemptAt } = await read(skipped.id);
  t.ok(nextAttemptAt.getTime() > Date.now() + 14 * 60_000);
  t.equal(await recallPostponed(sql, campaignId, 100), 0, 'the hours were edited');
  t.match(await read(skipped.id), { nextAttemptAt, awaitsOpening: false }, 'and the quarter of an hour of who was skipped stands');

  const moved = await slept(3_600_000);
  await updateContact(runtime, who, moved.id, { campaignId: (await campaign()).id }, NAMES);
  t.match(await read(moved.id), { dialState: 'waiting', awaitsOpening: false }, 'moved, it waits as if it were new');

  const dialed = await slept();
  t.match(await nextLead(runtime, who, campaignId), { id: dialed.id });
  await dialLead(runtime, who, dialed.id);
  t.match(await read(dialed.id), { dialState: 'in_line', awaitsOpening: false });
});

t.test('who does not want to be called stays one who does not', async (t) => {
  const { runtime, sql, who, tenantId, campaign, lead, talk, say, read } = await open(t);
  const { id: campaignId } = await campaign();
  const refuser = await lead(campaignId);
  const callId = await talk(refuser);
  await say(callId, 'do_not_call');
  await say(callId, 'interested');
  t.match(await read(refuser.id), { status: 'do_not_call' }, 'whatever is made of a call');
  t.match(await sql`select disposition from calls where id = ${callId}`, [{ disposition: 'interested' }], 'which is written down');
  await sql`update contacts set dial_state = 'done', result = 'completed' where id = ${refuser.id}`;
  await say(callId, 'callback', '2099-12-01T15:00:00Z');
  t.match(await read(refuser.id), { status: 'do_not_call', dialState: 'done' }, 'nor does it wait to be called back');

  const edit = (change: object) => updateContact(runtime, who, refuser.id, change, NAMES);
  await t.rejects(edit({ status: 'interested' }), { code: 'conflict', message: /release/ }, 'a person is told what to do first');
  t.match(await edit({ name: 'Lea Luck' }), { name: 'Lea Luck', status: 'do_not_call' }, 'anything else may be edited');
  t.match(await edit({ status: 'new', phone: '+14155559999' }), { status: 'new' }, 'another number is another matter');
  await edit({ status: 'do_not_call', phone: refuser.phone });

  const [entry] = await sql<Array<{ id: number }>>`select id from suppressions where tenant_id = ${tenantId} and phone = ${refuser.phone}`;
  await releaseNumber(runtime, who, `dnc_${entry?.id ?? 0}`, { reason: 'They asked us to', ip: undefined });
  t.match(await edit({ status: 'new' }), { status: 'new' });
  await edit({ status: 'do_not_call' });
  await sql`update suppressions set released_at = now() where released_at is null`;
  await say(callId, 'interested');
  t.match(await read(refuser.id), { status: 'interested' }, 'taken off the list, what is said holds again');
});

t.test('a preview’s call that does not get on its way is given up with its person', async (t) => {
  const { runtime, sql, tenantId, who, personId, campaign, lead, read } = await open(t);
  const { id: campaignId } = await campaign({ dialingMode: 'preview' });
  for (const status of ['scheduled', 'queued']) {
    const { id } = await lead(campaignId);
    await nextLead(runtime, who, campaignId);
    const { callId } = await dialLead(runtime, who, id);
    await sql`update calls set status = ${status} where id = ${callId}`;
    t.same(await giveUpPreviews(sql), [], 'for a while it is waited for');
    await sql`update agents set state_since = now() - interval '31 seconds' where id = ${personId}`;

    await sql.begin(async (claiming) => {
      await claiming`select from calls where id = ${callId} for update`;
      t.same(await giveUpPreviews(sql), [], 'who claims it at this moment has it');
    });
    t.same(await giveUpPreviews(sql), [{ callId, tenantId }]);
    t.match(await sql`select state, current_call_id as call from agents where id = ${personId}`, [{ state: 'available', call: null }]);
    t.match(await sql`select status, contact_settled as settled, due_at as due from calls where id = ${callId}`, [
      { status: 'cancelled', settled: true, due: null },
    ]);
    t.match(await sql`select type, from_status as "from", detail from call_events where call_id = ${callId} order by id desc limit 1`, [
      { type: 'cancel', from: status, detail: { reason: /person/ } },
    ]);
    t.match(await read(id), { dialState: 'waiting', result: null }, `${status}: nobody is rung for nobody, and the lead waits again`);
    t.match(await nextLead(runtime, who, campaignId), { id });
    await sql`delete from calls where id = ${callId}`;
    await sql`update contacts set dial_state = 'done', reserved_until = null where id = ${id}`;
  }
  t.match(await sql`select status, sum(calls)::int as calls from call_slots where tenant_id = ${tenantId} group by 1`, [
    { status: 'cancelled', calls: 2 },
  ]);
});

t.test('what changes is told to those who keep answers', async (t) => {
  const { runtime, sql, tenantId, who, personId, campaign, lead, talk } = await open(t);
  const changed = async (work: () => Promise<unknown>) => {
    const subjects = ['contacts', 'campaigns', 'calls'] as const;
    const versions = () => Promise.all(subjects.map((subject) => versionsOf(runtime, tenantId, [subject])));
    const before = await versions();
    await work();
    const after = await versions();
    return subjects.filter((_, n) => before[n] !== after[n]);
  };
  const { id: campaignId } = await campaign({ dialingMode: 'preview' });
  const done = await lead(campaignId);
  const callId = await talk(done);
  await sql`update calls set status = 'no_answer', answered_at = null where id = ${callId}`;
  await sql`update contacts set dial_state = 'done', result = 'no_answer', root_call_id = ${callId} where id = ${done.id}`;
  t.same(await changed(() => retryNow(runtime, tenantId, callId)), ['contacts', 'campaigns', 'calls'], 'a dial by hand opens a lead again');

  await sql`update contacts set status = 'not_interested' where id = ${(await lead(campaignId)).id}`;
  const next = () => nextLead(runtime, who, campaignId).catch(() => undefined);
  t.same(await changed(next), ['contacts', 'campaigns'], 'a look for the next lead is the end of those who may not be called');
  t.same(await changed(next), []);

  const [ai] = await sql<Array<{ id: number }>>`select id from agents where tenant_id = ${tenantId} and id <> ${personId}`;
  t.same(
    await changed(() => changeAgent(runtime, who, String(ai?.id), { name: 'Ada' })),
    ['calls'],
    'an agent’s name stands in call records',
  );
});

t.test('leads of a deleted campaign wait for nothing', async (t) => {
  const { runtime, sql, who, tenantId, campaign, lead } = await open(t);
  const { id: campaignId } = await campaign();
  const [waiting, dialed] = [await lead(campaignId), await lead(campaignId)];
  await putInLine(sql, { id: campaignId, tenantId }, [dialed.id]);
  const filter = { tenantId, campaignId, status: undefined, tags: [], search: undefined };
  const states = async () => (await listContactsAfter(sql, filter, undefined, 10)).map(({ id, dialState }) => [id, dialState]).sort();
  t.same(await states(), [
    [waiting.id, 'waiting'],
    [dialed.id, 'in_line'],
  ]);
  await removeCampaign(runtime, who, campaignId);
  t.same(await states(), [
    [waiting.id, 'idle'],
    [dialed.id, 'idle'],
  ]);
  t.match(await updateContact(runtime, who, waiting.id, { name: 'Lea Luck' }, NAMES), { dialState: 'idle', campaignId });
  const { id: other } = await campaign();
  t.match(await updateContact(runtime, who, dialed.id, { campaignId: other }, NAMES), { dialState: 'waiting', campaignId: other });
  await removeContact(runtime, who, waiting.id);
  t.same(await states(), []);
});

t.test('a call that another execution takes back while this one is told no has not been made', async (t) => {
  const { runtime, sql, who, tenantId, campaign, lead, read } = await open(t);
  const { id: campaignId } = await campaign({ dialingMode: 'preview' });
  const { id, phone } = await lead(campaignId);
  await nextLead(runtime, who, campaignId);
  const { callId } = await dialLead(runtime, who, id);
  await sql`insert into suppressions (tenant_id, phone, source) values (${tenantId}, ${phone}, 'api')`;
  const again = { keyId: 0, attempt: 2, madeId: callId };
  let answer: Promise<unknown> | undefined;
  await sql.begin(async (first) => {
    t.ok(await takeBack(first, tenantId, callId, 300));
    answer = t.rejects(dialLead(runtime, who, id, again), { code: 'conflict', message: /^Not dialed: when it was asked for/ });
    await eventually(
      async () =>
        (
          await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%delete from calls%'`
        ).length > 0,
    );
  });
  await answer;
  t.match(await read(id), { dialState: 'waiting' });
});
