/** The administrator's word on a campaign: what waits for it, and what the phone company hears of it. */
import t, { type Test } from 'tap';
import type { Directory } from '../../carrier/directory.ts';
import { CarrierFailure } from '../../carrier/failure.ts';
import type { Principal } from '../../core/principal.ts';
import { countCampaignCalls } from '../../db/query/dashboard-campaigns.ts';
import { decideCampaign, type Verdict } from '../../service/campaign-approval.ts';
import { preflight } from '../../service/campaign-outlook.ts';
import { runCampaignPass } from '../../service/campaign-run.ts';
import { campaignOf, changeCampaign } from '../../service/campaigns.ts';
import { whileAsking } from '../../service/carrier-desk.ts';
import { claimCall } from '../../service/claim.ts';
import { dispatchDue } from '../../service/dispatch.ts';
import { decideRetry, retryNow } from '../../service/retries.ts';
import type { Runtime } from '../../service/runtime.ts';
import { whyCall } from '../../service/why.ts';
import { eventually } from '../eventually.ts';
import { openLine } from './line.ts';

const APPROVE: Verdict = { approve: true, reason: undefined, carrierCampaignId: undefined };
const REJECT = { ...APPROVE, approve: false };

async function open(t: Test, env: Record<string, string> = {}) {
  const line = await openLine(t, undefined, env);
  const { sql, tenant, runtime } = line;
  const { tenantId, agentId } = tenant;
  const who: Principal = { ...tenant, sessionId: 0, email: 'a@example.com', name: 'A', role: 'owner', platformRole: 'admin' };
  /** an active campaign with contacts whose turn it is */
  const addCampaign = async (contacts = 0) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into campaigns (tenant_id, name, status, agent_id, total_contacts, calling_hours)
      values (${tenantId}, 'C', 'active', ${agentId}, ${contacts}, '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]') returning id`;
    const id = row?.id ?? 0;
    await sql`
      insert into contacts (tenant_id, campaign_id, dial_state, phone, name)
      select ${tenantId}, ${id}, 'waiting', '+14155552' || (100 + n), 'C' from generate_series(1, ${contacts}) n`;
    return id;
  };
  const decide = (id: number, verdict: Partial<Verdict>, on: Runtime = runtime) => decideCampaign(on, who, id, { ...APPROVE, ...verdict });
  const statesOf = async (id: number) =>
    (await sql<Array<{ state: string }>>`select dial_state as state from contacts where campaign_id = ${id} order by id`).map(
      ({ state }) => state,
    );
  /** claims what is in the queue; answers how many calls are in flight then */
  const claimAll = async () => {
    await Promise.all((await line.queued()).map((id) => claimCall(runtime, id)));
    const [row] = await sql<Array<{ live: number }>>`select count(*) as live from calls where status = 'dialing'`;
    return row?.live ?? 0;
  };
  return { ...line, who, addCampaign, decide, statesOf, claimAll };
}

t.test('the calls of a rejected campaign wait until it is approved again', async (t) => {
  const c = await open(t);
  const { runtime, sql } = c;
  const { tenantId } = c.tenant;
  const id = await c.addCampaign(4);
  await runCampaignPass(runtime);
  await dispatchDue(runtime);
  const [dialed = 0, ...others] = await c.queued();
  t.equal(others.length, 3);
  await claimCall(runtime, dialed);

  await c.decide(id, REJECT);
  await sql`update calls set status = 'no_answer', ended_at = now() - interval '1 hour', due_at = null, retry_open = true where id = ${dialed}`;
  await sql`delete from capacity_leases`;
  t.equal(await decideRetry(runtime, dialed), 'scheduled', 'what would be tried again will be');
  t.equal(await c.claimAll(), 0, 'what stood in the queue is not dialed');
  await dispatchDue(runtime);
  t.equal(await c.claimAll(), 0);
  for (const call of others) t.match(await c.read(call), { status: 'scheduled', why: 'campaign_rejected' });
  t.match(await whyCall(runtime, tenantId, others[0] ?? 0), {
    decision: 'waiting',
    reason: 'campaign_rejected',
    message: /not dialed yet: .*reject/,
  });
  t.match(await retryNow(runtime, tenantId, dialed), { retryAttempt: 1 }, 'by hand as well');
  await dispatchDue(runtime);
  t.equal(await c.claimAll(), 0);
  await runCampaignPass(runtime);
  await runCampaignPass(runtime);
  t.equal((await campaignOf(runtime, tenantId, id)).status, 'active', 'nothing of it is over');
  t.same(await c.statesOf(id), ['in_line', 'in_line', 'in_line', 'in_line']);
  t.match(await preflight(runtime, tenantId, id), { obstacles: ['the administrator has rejected it'] });
  t.match(await campaignOf(runtime, tenantId, id), { completedContacts: 0, successfulContacts: 0 });
  t.same(await countCampaignCalls(sql, tenantId, id), { total: 0, completed: 0 }, 'what was not dialed counts for nothing');

  await changeCampaign(runtime, c.who, id, { status: 'paused' });
  await t.rejects(changeCampaign(runtime, c.who, id, { status: 'active' }), { code: 'conflict', message: /rejected/ });
  await c.decide(id, APPROVE);
  await changeCampaign(runtime, c.who, id, { status: 'active' });
  await runCampaignPass(runtime);
  await dispatchDue(runtime);
  t.equal(await c.claimAll(), 4, 'it goes on at once: those who waited, and the retry');
});

t.test('so do those of one that is not approved yet, where that is required', async (t) => {
  const c = await open(t, { CAMPAIGN_APPROVAL: 'required' });
  const id = await c.addCampaign(2);
  await runCampaignPass(c.runtime);
  t.same(await c.statesOf(id), ['waiting', 'waiting'], 'nobody is put in line');
  const call = await c.put({ to: '+14155553001' });
  await c.sql`update calls set campaign_id = ${id} where id = ${call}`;
  await dispatchDue(c.runtime);
  t.match(await c.read(call), { status: 'scheduled', why: 'campaign_not_running' });
  await runCampaignPass(c.runtime);
  t.equal((await campaignOf(c.runtime, c.tenant.tenantId, id)).status, 'active');
  await c.decide(id, APPROVE);
  await runCampaignPass(c.runtime);
  await dispatchDue(c.runtime);
  t.equal(await c.claimAll(), 3);
});

/** A company that notes what it is told; what `answer` throws it does not do, unless it says `unclear`. */
function openCompany(answer: (id: string, approve: boolean) => Promise<void> | void = () => undefined) {
  const told: string[] = [];
  const running = new Set<string>();
  const nobody = (): never => {
    throw new Error('not asked here');
  };
  const directory: Directory = {
    carrier: 'millis',
    listAgents: nobody,
    listPhones: nobody,
    setAgent: nobody,
    setTags: nobody,
    importPhone: nobody,
    listCallLogs: nobody,
    recording: nobody,
    decideCampaign: async (id, approve) => {
      const act = () => (approve ? running.add(id) : running.delete(id));
      told.push(`${approve ? 'start' : 'stop'} ${id}`);
      try {
        await answer(id, approve);
      } catch (error) {
        if (error instanceof CarrierFailure && error.kind === 'unclear') act();
        throw error;
      }
      act();
      return {};
    },
  };
  return { directory, told, running };
}

t.test('a campaign that stands for one of the phone company', async (t) => {
  const c = await open(t, { CARRIER_TIMEOUT_MS: '1000' });
  const rowOf = async (id: number) => {
    const [row] = await c.sql`
      select approval, carrier_campaign_id as theirs, (select count(*) from campaign_approvals where campaign_id = ${id}) as words from campaigns where id = ${id}`;
    return { ...row };
  };

  await t.test('two administrators at once: the company and the row end with the same word', async (t) => {
    const id = await c.addCampaign();
    const gates: Array<() => void> = [];
    const { directory, told, running } = openCompany(() => new Promise((resolve) => gates.push(resolve)));
    const on = { ...c.runtime, directory };
    const first = c.decide(id, { approve: true, carrierCampaignId: 'a' }, on);
    await eventually(() => gates.length === 1);
    const second = c.decide(id, { approve: false }, { ...on });
    await eventually(async () => {
      const rows =
        await c.sql`select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
      return rows.length === 1;
    });
    t.same(told, ['start a'], 'the other waits until the company has answered and the row is written');
    gates.shift()?.();
    await first;
    await eventually(() => gates.length === 1);
    gates.shift()?.();
    await second;
    t.same(told, ['start a', 'stop a'], 'and decides about what the first has left');
    t.same([...running], []);
    t.same(await rowOf(id), { approval: 'rejected', theirs: 'a', words: 2 });
  });

  await t.test('another one of the company takes its place', async (t) => {
    const id = await c.addCampaign();
    const { directory, told, running } = openCompany();
    const on = { ...c.runtime, directory };
    await c.decide(id, { carrierCampaignId: 'a' }, on);
    await c.decide(id, { carrierCampaignId: 'b' }, on);
    t.same(told, ['start a', 'stop a', 'start b'], 'the old one stops first');
    t.same([...running], ['b']);
    t.same(await rowOf(id), { approval: 'approved', theirs: 'b', words: 2 });
    await c.decide(id, { approve: false, carrierCampaignId: 'c' }, on);
    t.same([...running], [], 'whichever it is to stand for when it is rejected');
  });

  await t.test('one that the company no longer has', async (t) => {
    const id = await c.addCampaign();
    const { directory, told } = openCompany((theirs, approve) => {
      if (theirs === 'gone' && !approve) throw new CarrierFailure('missing', 'Millis answered 404');
    });
    const on = { ...c.runtime, directory };
    await c.decide(id, { carrierCampaignId: 'gone' }, on);
    await c.decide(id, { carrierCampaignId: 'b' }, on);
    t.same(told, ['start gone', 'stop gone', 'start b'], 'is in nobody’s way');
    const other = await c.addCampaign();
    await t.rejects(
      c.decide(other, { approve: false, carrierCampaignId: 'gone' }, on),
      { code: 'carrier_failure' },
      'unless it is the one that is named',
    );
  });

  for (const kind of ['refused', 'not_now', 'unclear'] as const) {
    await t.test(`the new one does not start: ${kind}`, async (t) => {
      const id = await c.addCampaign();
      const { directory, running } = openCompany((theirs, approve) => {
        if (theirs === 'b' && approve) throw new CarrierFailure(kind, 'Millis did not');
      });
      const on = { ...c.runtime, directory };
      await c.decide(id, { carrierCampaignId: 'a' }, on);
      await t.rejects(c.decide(id, { carrierCampaignId: 'b' }, on), { code: 'carrier_failure' });
      t.same([...running], ['a'], 'the old one runs as before');
      t.same(await rowOf(id), { approval: 'approved', theirs: 'a', words: 1 });
    });
  }

  await t.test('the old one does not stop', async (t) => {
    const id = await c.addCampaign();
    const { directory, running, told } = openCompany((_, approve) => {
      if (!approve) throw new CarrierFailure('not_now', 'Millis answered 429');
    });
    const on = { ...c.runtime, directory };
    await c.decide(id, { carrierCampaignId: 'a' }, on);
    await t.rejects(c.decide(id, { carrierCampaignId: 'b' }, on), { code: 'carrier_failure' });
    t.same([told, [...running]], [['start a', 'stop a'], ['a']], 'the new one does not start');
    t.same(await rowOf(id), { approval: 'approved', theirs: 'a', words: 1 });
  });

  await t.test('killed between the company’s answer and the row: asked again, all is as it should be', async (t) => {
    for (const dies of ['stop a', 'start b']) {
      const id = await c.addCampaign();
      const company = openCompany();
      const on = { ...c.runtime, directory: company.directory };
      await c.decide(id, { carrierCampaignId: 'a' }, on);
      const dying: Directory = {
        ...company.directory,
        decideCampaign: async (theirs, approve) => {
          await company.directory.decideCampaign(theirs, approve);
          if (company.told.at(-1) === dies) throw new Error('killed');
          return {};
        },
      };
      await t.rejects(c.decide(id, { carrierCampaignId: 'b' }, { ...on, directory: dying }), /killed/);
      t.same(await rowOf(id), { approval: 'approved', theirs: 'a', words: 1 });
      await c.decide(id, { carrierCampaignId: 'b' }, on);
      t.same([...company.running], ['b']);
      t.same(await rowOf(id), { approval: 'approved', theirs: 'b', words: 2 });
    }
  });
});

t.test('whoever waits for a slow company is not cut off by the pool’s own patience', async (t) => {
  const { runtime } = await openLine(t, undefined, { CARRIER_TIMEOUT_MS: '20000' });
  const limits = await whileAsking(
    runtime,
    (sql) => sql`select current_setting('idle_in_transaction_session_timeout') as rest, current_setting('lock_timeout') as lock`,
  );
  t.same([...limits], [{ rest: '85s', lock: '85s' }], 'four requests, and some time of our own');
  const [after] = await runtime.db.sql`select current_setting('lock_timeout') as lock`;
  t.same(after, { lock: '10s' }, 'and only there');
});
