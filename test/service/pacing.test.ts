/** What the pacer reads of people, lines and days, on real PostgreSQL, and what it stores. */
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { parseConfig } from '../../core/config.ts';
import { readPaced, readRecentDials, takeForPacing } from '../../db/query/pacing.ts';
import { runPacing } from '../../scheduler/tick/pacing.ts';
import { paceCampaigns } from '../../service/pacing.ts';
import { openRuntime } from '../../service/runtime.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';

/** How a call stands; moments are seconds ago. */
interface CallLook {
  campaignId?: number;
  status?: string;
  claimed?: number;
  answered?: number;
  ended?: number;
  bridged?: number;
  abandoned?: number;
  answeredBy?: string;
}

async function open(t: Test) {
  const { url } = await createTestDatabase(t);
  const config = parseConfig({ NODE_ENV: 'test', DATABASE_URL: url, CARRIER: 'null' });
  const runtime = openRuntime(config, pino({ level: 'silent' }), 'pacing test');
  t.teardown(() => runtime.close());
  const { sql } = runtime.db;
  const idOf = async (rows: Promise<Array<{ id: number }>>) => {
    const [row] = await rows;
    if (!row) throw new Error('no row');
    return row.id;
  };
  const tenantId = await idOf(sql<Array<{ id: number }>>`insert into tenants (name) values ('Lamps & Co') returning id`);
  let count = 0;
  const person = async (
    campaignIds: number[],
    state: string,
    { since = 0, wrapUpFor, next }: { since?: number; wrapUpFor?: number; next?: string } = {},
  ) => {
    const id = await idOf(sql<Array<{ id: number }>>`
      with u as (
        insert into users (tenant_id, email, password_hash, name, role) values (${tenantId}, ${`p${++count}@example.com`}, 'x', 'P', 'agent') returning id
      )
      insert into agents (tenant_id, kind, name, user_id, state, state_since, wrap_up_until, next_state)
      select ${tenantId}, 'human', 'P', id, ${state}, now() - ${since} * interval '1 second', now() + ${wrapUpFor ?? null}::int * interval '1 second', ${next ?? null}
        from u returning id`);
    for (const campaignId of campaignIds) {
      await sql`insert into campaign_agents (tenant_id, campaign_id, agent_id) values (${tenantId}, ${campaignId}, ${id})`;
    }
    return id;
  };
  const ownerId = await person([], 'offline');
  const campaign = ({ mode = 'predictive', status = 'active', ratio = 4, overdial = 0 } = {}) =>
    idOf(sql<Array<{ id: number }>>`
      insert into campaigns (tenant_id, name, status, agent_id, dialing_mode, dial_ratio, overdial, call_delay_seconds)
      values (${tenantId}, 'C', ${status}, ${ownerId}, ${mode}, ${ratio}, ${overdial}, 15) returning id`);
  const mine = await campaign();
  const call = async (look: CallLook = {}) => {
    const { campaignId = mine, status = 'dialing', claimed = 5, answered, ended, bridged, abandoned, answeredBy } = look;
    const at = (ago: number | undefined) => sql`now() - ${ago ?? null}::float8 * interval '1 second'`;
    const id = await idOf(sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, campaign_id, to_number, status, claimed_at, claim_token, answered_at, ended_at, bridged_at, abandoned_at, answered_by)
      values (${tenantId}, ${ownerId}, ${campaignId}, ${`+1415555${String(1000 + ++count)}`}, ${status}, ${at(claimed)}, gen_random_uuid(), ${at(answered)}, ${at(ended)},
              ${at(bridged)}, ${at(abandoned)}, ${answeredBy ?? null}) returning id`);
    if (ended === undefined) {
      await sql`
        insert into capacity_leases (call_id, tenant_id, campaign_id, agent_id, carrier, to_number, expires_at)
        select id, tenant_id, campaign_id, agent_id, 'null', to_number, now() + interval '1 hour' from calls where id = ${id} and status <> 'scheduled'`;
    }
    return id;
  };
  const day = (ago: number, answered: number, abandoned: number, campaignId = mine) => sql`
    insert into campaign_days (campaign_id, day, dials, answered, abandoned)
    values (${campaignId}, (now() at time zone 'UTC')::date - ${ago}::int, ${answered}, ${answered}, ${abandoned})`;
  const stored = async (campaignId = mine) => {
    const [row] = await sql<Array<{ overdial: number; pacing: { risk: number; atMs: number; seen: unknown } | null }>>`
      select overdial, pacing from campaigns where id = ${campaignId}`;
    if (!row) throw new Error('no campaign');
    return row;
  };
  return { runtime, sql, tenantId, mine, campaign, person, call, day, stored };
}

/** So many dials of the last half hour, of which one in ten was answered after ten seconds and talked with for a minute. */
async function history(c: Awaited<ReturnType<typeof open>>, dials: number): Promise<void> {
  for (let index = 0; index < dials; index += 1) {
    const claimed = 200 + index * 5;
    await c.call(
      index % 10 === 0
        ? { status: 'completed', claimed, answered: claimed - 10, bridged: claimed - 10, ended: claimed - 70 }
        : { status: 'no_answer', claimed, ended: claimed - 25 },
    );
  }
}

t.test('people and lines as the gate counts them', async (t) => {
  const c = await open(t);
  const shared = await c.campaign({ mode: 'progressive' });
  const foreign = await c.campaign();
  await c.person([c.mine], 'available');
  await c.person([c.mine, shared], 'available');
  await c.person([foreign], 'available');
  const talking = await c.person([c.mine], 'on_call', { since: 40 });
  await c.person([c.mine], 'on_call', { since: 50, next: 'paused' });
  await c.person([c.mine], 'wrap_up', { wrapUpFor: 7 });
  await c.person([c.mine], 'wrap_up');
  for (const state of ['paused', 'busy', 'offline']) await c.person([c.mine], state);

  await c.call({ claimed: 8 });
  await c.call({ campaignId: shared, claimed: 3 });
  await c.call({ campaignId: foreign });
  await c.call({ status: 'in_progress', claimed: 12, answered: 1 });
  await c.call({ status: 'in_progress', claimed: 20, answered: 9, answeredBy: 'machine' });
  const taken = await c.call({ status: 'in_progress', claimed: 60, answered: 40 });
  await c.sql`update agents set current_call_id = ${taken} where id = ${talking}`;
  await c.call({ status: 'in_progress', claimed: 60, answered: 50, bridged: 49 });
  await c.call({ status: 'in_progress', claimed: 60, answered: 4, abandoned: 2 });
  await c.call({ status: 'scheduled' });
  await c.day(0, 100, 2);
  await c.day(29, 1000, 20);
  await c.day(30, 5000, 5000);
  await c.day(0, 7, 7, foreign);

  const facts = await c.sql.begin((sql) => readPaced(sql, c.mine));
  if (!facts) throw new Error('no campaign');
  const ago = (moments: number[]) => moments.map((ms) => Math.round((facts.nowMs - ms) / 1000)).sort((a, b) => a - b);
  t.match(facts, {
    tenantId: c.tenantId,
    free: 2,
    people: 6,
    waiting: 1,
    machines: 1,
    dialRatio: 4,
    wrapUpMs: 15_000,
    overdial: 0,
    pacing: null,
  });
  t.ok(ago(facts.talkingSinceMs).length === 1 && Math.abs((ago(facts.talkingSinceMs)[0] ?? 0) - 40) <= 2, 'who comes back after the talk');
  t.ok(Math.abs((ago(facts.wrapUpUntilMs)[0] ?? 0) + 7) <= 2 && facts.wrapUpUntilMs.length === 1, 'a wrap-up that ends by itself');
  t.ok(
    Math.abs((ago(facts.ringingSinceMs)[0] ?? 0) - 3) <= 2 && facts.ringingSinceMs.length === 2,
    'its own line, and one that is for the same people',
  );
  t.strictSame(facts.today, { answered: 102, abandoned: 3 }, 'of today, with a talk and a message that still go on');
  t.strictSame(facts.month, { answered: 1102, abandoned: 23 }, '30 days with today');
  t.equal(facts.day, new Date(facts.nowMs).toISOString().slice(0, 10));
  t.equal(await c.sql.begin((sql) => readPaced(sql, 999)), undefined);
});

t.test('the last dials, oldest first', async (t) => {
  const c = await open(t);
  await c.call({ status: 'completed', claimed: 300, answered: 290, bridged: 289, ended: 200 });
  await c.call({ status: 'no_answer', claimed: 250, ended: 220 });
  await c.call({ status: 'completed', claimed: 240, answered: 230, ended: 215, answeredBy: 'machine' });
  await c.call({ status: 'abandoned', claimed: 150, answered: 140, abandoned: 138, ended: 130 });
  await c.call({ status: 'ringing', claimed: 4 });
  await c.call({ status: 'scheduled', claimed: 2 });
  const dials = (limit: number) => c.sql.begin((sql) => readRecentDials(sql, c.tenantId, c.mine, limit));
  const seconds = (dial: Awaited<ReturnType<typeof dials>>[number]) => {
    const after = (ms: number | undefined) => ms && Math.round((ms - dial.dialedAtMs) / 1000);
    return [after(dial.answeredAtMs), after(dial.lapsedAtMs), dial.talkedMs];
  };
  const undef = undefined;
  t.strictSame((await dials(10)).map(seconds), [
    [10, undef, 89_000],
    [undef, 30, undef],
    [undef, 10, undef],
    [10, undef, undef],
    [undef, undef, undef],
  ]);
  t.equal((await dials(2)).length, 2);
  t.strictSame((await dials(2)).map(seconds), (await dials(10)).map(seconds).slice(-2), 'the last ones');
});

t.test('the word is stored, remembered, and taken back when nothing is paced any more', async (t) => {
  const c = await open(t);
  for (let n = 0; n < 4; n += 1) await c.person([c.mine], 'available');
  const others = await Promise.all([
    c.campaign({ mode: 'progressive', overdial: 5 }),
    c.campaign({ status: 'paused', overdial: 5 }),
    c.campaign({ status: 'completed', overdial: 5 }),
  ]);
  t.equal(await paceCampaigns(c.runtime), 1);
  t.equal((await c.stored()).overdial, 0, 'nothing is known: one line for each free person');
  for (const id of others) t.strictSame(await c.stored(id), { overdial: 0, pacing: null }, 'not paced');

  await history(c, 60);
  await c.day(0, 300, 1);
  await paceCampaigns(c.runtime);
  const { overdial, pacing } = await c.stored();
  t.ok(overdial > 0 && overdial <= 12, `one in ten answers: ${overdial} more for four people, within the ratio`);
  t.match(pacing, { risk: Number, answerRate: Number, allowance: Number, seen: { answered: 300, abandoned: 1 } });

  await c.sql`update campaign_days set abandoned = 9`;
  await paceCampaigns(c.runtime);
  const after = await c.stored();
  t.equal(after.overdial, 0, 'the cap is reached');
  t.ok((after.pacing?.risk ?? 1) < (pacing?.risk ?? 0), 'and less is risked from now on');

  await c.sql`update campaigns set status = 'paused', overdial = 3 where id = ${c.mine}`;
  t.equal(await paceCampaigns(c.runtime), 0);
  t.equal((await c.stored()).overdial, 0);
});

t.test('a campaign is paced by one at a time', async (t) => {
  const c = await open(t);
  await c.sql.begin(async (sql) => {
    t.equal(await takeForPacing(sql, c.mine), true);
    t.equal(await paceCampaigns(c.runtime), 0, 'somebody else is at it');
  });
  t.equal(await paceCampaigns(c.runtime), 1);
});

t.test('it goes on until it is stopped', async (t) => {
  const c = await open(t);
  const stopping = new AbortController();
  const running = runPacing(c.runtime, stopping.signal);
  const at = await eventually(async () => (await c.stored()).pacing?.atMs);
  t.ok(at);
  stopping.abort();
  await running;
});
