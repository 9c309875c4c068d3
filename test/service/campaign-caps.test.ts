/** How many calls of a campaign may be on their way: its approval, its pause between calls, its agents. */
import t, { type Test } from 'tap';
import { runCampaignPass } from '../../service/campaign-run.ts';
import { claimCall } from '../../service/claim.ts';
import { dispatchDue } from '../../service/dispatch.ts';
import { whyCall } from '../../service/why.ts';
import { openLine } from './line.ts';

interface Campaign {
  mode?: string;
  overdial?: number;
  delaySeconds?: number;
  agentId?: number;
}

let numbers = 0;

async function openCampaigns(t: Test, env: Record<string, string> = {}) {
  const line = await openLine(t, undefined, env);
  const { sql, tenant } = line;
  const { tenantId } = tenant;
  const addCampaign = async ({ mode = 'auto', overdial = 0, delaySeconds = 0, agentId = tenant.agentId }: Campaign = {}) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into campaigns (tenant_id, name, status, agent_id, dialing_mode, overdial, call_delay_seconds, calling_hours)
      values (${tenantId}, 'C', 'active', ${agentId}, ${mode}, ${overdial}, ${delaySeconds},
              '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]') returning id`;
    return row?.id ?? 0;
  };
  /** a person who is free, working for these campaigns */
  const addPerson = async (campaignIds: number[] = []) => {
    const [row] = await sql<Array<{ id: number }>>`
      with somebody as (
        insert into users (tenant_id, email, name, password_hash, role) values (${tenantId}, ${`p${++numbers}@example.com`}, 'P', 'x', 'agent') returning id
      )
      insert into agents (tenant_id, kind, name, user_id, state) select ${tenantId}, 'human', 'P', id, 'available' from somebody returning id`;
    const id = row?.id ?? 0;
    for (const campaignId of campaignIds) await work(id, campaignId);
    return id;
  };
  const work = (agentId: number, campaignId: number) =>
    sql`insert into campaign_agents (tenant_id, campaign_id, agent_id) values (${tenantId}, ${campaignId}, ${agentId})`;
  const addCall = async (campaignId: number, agentId = tenant.agentId) => {
    const id = await line.put({ to: `+1415555${String(1000 + ++numbers)}` });
    await sql`update calls set campaign_id = ${campaignId}, agent_id = ${agentId} where id = ${id}`;
    return id;
  };
  /** claims what is in the queue; answers how many calls are in flight then */
  const claimAll = async () => {
    await Promise.all((await line.queued()).map((id) => claimCall(line.runtime, id)));
    const [row] = await sql<Array<{ live: number }>>`select count(*) as live from capacity_leases`;
    return row?.live ?? 0;
  };
  return { ...line, addCampaign, addPerson, addCall, claimAll, work };
}

t.test('one call for each free person and what the pacer adds, also for campaigns that share people', async (t) => {
  const c = await openCampaigns(t);
  const person = await c.addPerson();
  const mine = await c.addCampaign({ agentId: person });
  const shared = await c.addCampaign({ agentId: person });
  await c.work(person, mine);
  await c.work(person, shared);
  const other = await c.addPerson([mine]);
  for (let n = 0; n < 4; n++) await c.addCall(mine, person);
  for (let n = 0; n < 4; n++) await c.addCall(shared, person);
  await dispatchDue(c.runtime);
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 2, 'two people are free');
  await c.sql`update campaigns set overdial = 2 where id = ${mine}`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 4, 'and two lines more');
  await c.sql`update agents set state = 'offline' where id = ${other}`;
  await c.sql`update calls set status = 'scheduled', held_until = null, queued_at = null where status = 'queued'`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 4, 'nothing more');
  await c.sql`update calls set bridged_at = now() where id in (select call_id from capacity_leases where campaign_id = ${mine})`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 5, 'who is connected takes no place, and the person who is free may take a call of the other campaign');
});

t.test('calls that an AI agent talks in keep no person from theirs', async (t) => {
  const c = await openCampaigns(t);
  const person = await c.addPerson();
  const mine = await c.addCampaign({ agentId: person });
  const helped = await c.addCampaign();
  await c.work(person, mine);
  await c.work(person, helped);
  for (let n = 0; n < 3; n++) await c.addCall(helped);
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 3);
  await c.addCall(mine, person);
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 4);
});

t.test('a call that was put into the queue while people were free is put back when they are not', async (t) => {
  const c = await openCampaigns(t);
  const person = await c.addPerson();
  const campaign = await c.addCampaign({ agentId: person });
  await c.work(person, campaign);
  const call = await c.addCall(campaign, person);
  await dispatchDue(c.runtime);
  t.same(await c.queued(), [call]);
  await c.sql`update agents set state = 'paused'`;
  t.equal(await c.claimAll(), 0);
  t.match(await c.read(call), { status: 'scheduled', why: 'no_free_person', heldForMs: null }, 'it stands in line');
  await dispatchDue(c.runtime);
  t.same(await c.queued(), [], 'and is not asked about before somebody is free');
  await c.sql`update agents set state = 'available'`;
  await dispatchDue(c.runtime);
  t.same(await c.queued(), [call]);
});

t.test('in preview the person who asked for the call is there for it', async (t) => {
  const c = await openCampaigns(t);
  const person = await c.addPerson();
  const campaign = await c.addCampaign({ agentId: person, mode: 'preview' });
  await c.work(person, campaign);
  const call = await c.addCall(campaign, person);
  await c.sql`update agents set state = 'busy', current_call_id = ${call} where id = ${person}`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 1);
  const retry = await c.addCall(campaign, person);
  await dispatchDue(c.runtime);
  t.match(await c.read(retry), { status: 'scheduled' }, 'a call that nobody asked for needs somebody who is free');
});

t.test('nothing of a deleted campaign rings', async (t) => {
  const c = await openCampaigns(t);
  const campaign = await c.addCampaign();
  const call = await c.addCall(campaign);
  await dispatchDue(c.runtime);
  t.same(await c.queued(), [call]);
  await c.sql`update campaigns set deleted_at = now()`;
  t.equal(await c.claimAll(), 0);
  t.match(await c.read(call), { why: 'campaign_not_running' });
});

t.test('an agent that is switched off keeps its campaign waiting, and goes on where it was', async (t) => {
  const c = await openCampaigns(t);
  const campaign = await c.addCampaign();
  const call = await c.addCall(campaign);
  const direct = await c.put({ to: `+1415555${String(1000 + ++numbers)}` });
  await c.sql`update agents set is_active = false`;
  await dispatchDue(c.runtime);
  t.match(await c.read(direct), { status: 'failed', why: 'agent_inactive' }, 'a call that somebody asked for by itself is dropped');
  const waiting = await c.read(call);
  t.match(waiting, { status: 'scheduled', why: 'agent_off' });
  t.ok((waiting.heldForMs ?? 0) > 30_000, 'and is not asked about all the time');
  t.match(await whyCall(c.runtime, c.tenant.tenantId, call), { message: 'It is not dialed yet: its agent is switched off.' });
  await runCampaignPass(c.runtime);
  t.match(await c.read(call), { heldForMs: Number }, 'it stays aside');
  await c.sql`update agents set is_active = true`;
  await runCampaignPass(c.runtime);
  await dispatchDue(c.runtime);
  t.same(await c.queued(), [call]);
  await c.sql`update agents set is_active = false`;
  t.equal(await c.claimAll(), 0);
  t.match(await c.read(call), { status: 'scheduled', why: 'agent_off' }, 'also when it is about to be dialed');
  await c.sql`update agents set deleted_at = now()`;
  await c.sql`update calls set held_until = null where id = ${call}`;
  await dispatchDue(c.runtime);
  t.match(await c.read(call), { status: 'failed', why: 'agent_inactive' }, 'who is deleted does not come back');
});

t.test('the person whom a campaign belongs to may be off: the others take its calls', async (t) => {
  const c = await openCampaigns(t);
  const owner = await c.addPerson();
  const campaign = await c.addCampaign({ agentId: owner });
  await c.work(owner, campaign);
  await c.addPerson([campaign]);
  const call = await c.addCall(campaign, owner);
  await c.sql`update agents set is_active = false where id = ${owner}`;
  await c.sql`
    insert into contacts (tenant_id, campaign_id, phone, dial_state) select tenant_id, id, '+14155559999', 'waiting' from campaigns where id = ${campaign}`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 1);
  t.match(await c.read(call), { status: 'dialing' });
  t.match(await runCampaignPass(c.runtime), { fed: 0 }, 'nobody else is free');
  await c.addPerson([campaign]);
  t.match(await runCampaignPass(c.runtime), { fed: 1 }, 'and contacts follow');
});

t.test('a contact that is not interested any more is not rung, nor is one that wants no calls', async (t) => {
  const c = await openCampaigns(t);
  const campaign = await c.addCampaign();
  const mark = async (call: number, status: string) => {
    await c.sql`
      with contact as (
        insert into contacts (tenant_id, campaign_id, phone, status, dial_state, root_call_id)
        select tenant_id, campaign_id, to_number, ${status}, 'in_line', id from calls where id = ${call} returning id
      )
      update calls set contact_id = contact.id from contact where calls.id = ${call}`;
  };
  const [refuses, barred, again] = [await c.addCall(campaign), await c.addCall(campaign), await c.addCall(campaign)];
  await mark(refuses, 'not_interested');
  await mark(barred, 'do_not_call');
  await mark(again, 'callback');
  await dispatchDue(c.runtime);
  t.match(await c.read(refuses), { status: 'failed', why: 'not_interested' });
  t.match(await c.read(barred), { status: 'failed', why: 'suppressed' });
  t.same(await c.queued(), [again]);
  await c.sql`update contacts set status = 'not_interested'`;
  t.equal(await c.claimAll(), 0, 'also when it says so after it was put into the queue');
  await runCampaignPass(c.runtime);
  const results = await c.sql<Array<{ result: string }>>`select result from contacts order by id`;
  t.same(
    results.map(({ result }) => result),
    ['not_interested', 'suppressed', 'not_interested'],
  );
});

t.test('an AI agent holds no more calls than it may', async (t) => {
  const c = await openCampaigns(t);
  await c.sql`update agents set max_concurrency = 2`;
  for (let n = 0; n < 4; n++) await c.put({ to: `+1415555${String(1000 + ++numbers)}` });
  await dispatchDue(c.runtime);
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 2);
  const waiting = await c.sql<Array<{ why: string }>>`select verdict->>'why' as why from calls where status = 'scheduled'`;
  t.same(waiting, [{ why: 'agent_cap' }, { why: 'agent_cap' }]);
  await c.sql`delete from capacity_leases where call_id = (select min(call_id) from capacity_leases)`;
  await c.sql`update calls set held_until = null`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 2);
});

t.test('a campaign that pauses between calls starts them so far apart', async (t) => {
  const c = await openCampaigns(t);
  const campaign = await c.addCampaign({ delaySeconds: 5 });
  for (let n = 0; n < 3; n++) await c.addCall(campaign);
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 1);
  const [{ inSeconds } = { inSeconds: 0 }] = await c.sql<Array<{ inSeconds: number }>>`
    select extract(epoch from next_call_at - now())::float8 as "inSeconds" from campaigns`;
  t.ok(inSeconds > 3 && inSeconds <= 5, `the next in ${inSeconds} s`);
  await c.sql`update calls set held_until = null`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 1, 'not before');
  await c.sql`update campaigns set next_call_at = now()`;
  await c.sql`update calls set held_until = null`;
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 2);
});

t.test('where approval is required a campaign dials only with it', async (t) => {
  const c = await openCampaigns(t, { CAMPAIGN_APPROVAL: 'required' });
  const campaign = await c.addCampaign();
  const call = await c.addCall(campaign);
  await dispatchDue(c.runtime);
  t.match(await c.read(call), { status: 'scheduled', why: 'campaign_not_running' });
  await c.sql`update campaigns set approval = 'approved'`;
  await c.sql`update calls set held_until = null`;
  await dispatchDue(c.runtime);
  t.same(await c.queued(), [call]);
});
