import { pino } from 'pino';
import t, { type Test } from 'tap';
import type { Step } from '../../carrier/port.ts';
import { parseConfig } from '../../core/config.ts';
import { giveUpPreviews, releaseLost } from '../../db/query/people-release.ts';
import { peopleTick } from '../../scheduler/tick/people.ts';
import { sipPasswordPlace } from '../../service/bridge.ts';
import { continueTalk, leaveBridge, startTalk } from '../../service/conversation.ts';
import { applyProgress } from '../../service/progress.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { seal } from '../../service/vault.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

const TOKEN = '00000000-0000-4000-8000-000000000001';
const leg = (callId: number) => ({ callId, token: TOKEN, carrierCallId: `CA${callId}` });
const failed = (bridge: number, outcome: 'no_answer' | 'busy' | 'failed' | 'gone' = 'busy') => ({ bridge, outcome, talkSeconds: 0 });
const words = (steps: Step[]) => steps.flatMap((step) => (step.do === 'say' ? step.text : [])).join(' ');
const usernameOf = (steps: Step[]) => steps.flatMap((step) => (step.do === 'connect' && 'sip' in step.to ? step.to.username : []))[0];

interface Scene {
  runtime: Runtime;
  tenantId: number;
  campaignId: number;
  /** a person of the campaign, free for that long */
  person(sipUsername: string, freeForSeconds?: number, state?: string): Promise<number>;
  /** a call of the campaign that is being dialed */
  call(): Promise<number>;
}

/** A tenant with a campaign for people; the person it belongs to is offline. */
async function setScene(
  runtime: Runtime,
  { tenantId, delaySeconds = 0 }: { tenantId?: number; delaySeconds?: number } = {},
): Promise<Scene> {
  const { sql } = runtime.db;
  const one = async <T>(rows: Promise<T[]>) => {
    const [row] = await rows;
    if (!row) throw new Error('no row');
    return row;
  };
  const tenant = tenantId ?? (await one(sql<Array<{ id: number }>>`insert into tenants (name) values ('Lamps & Co') returning id`)).id;
  let people = 0;
  const newPerson = async (sipUsername: string, freeForSeconds: number, state: string) => {
    const { id } = await one(sql<Array<{ id: number }>>`
      with u as (
        insert into users (tenant_id, email, password_hash, name, role)
        values (${tenant}, ${`person${tenant}-${++people}-${sipUsername}@example.com`}, 'x', ${sipUsername}, 'agent') returning id
      )
      insert into agents (tenant_id, kind, name, user_id, sip_username, state, state_since)
      select ${tenant}, 'human', ${sipUsername}, id, ${sipUsername}, ${state}, now() - ${freeForSeconds} * interval '1 second' from u returning id`);
    const password = seal(runtime.config, sipPasswordPlace(id), `secret of ${sipUsername}`);
    await sql`update agents set sip_password_encrypted = ${password} where id = ${id}`;
    return id;
  };
  const ownerId = await newPerson('boss', 0, 'offline');
  const { id: campaignId } = await one(sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name, status, agent_id, call_delay_seconds, timezone, calling_hours)
    values (${tenant}, 'People', 'active', ${ownerId}, ${delaySeconds}, 'UTC',
            ${JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' }])}::jsonb) returning id`);
  const join = (id: number) => sql`insert into campaign_agents (tenant_id, campaign_id, agent_id) values (${tenant}, ${campaignId}, ${id})`;
  await join(ownerId);
  let number = 1000;
  return {
    runtime,
    tenantId: tenant,
    campaignId,
    person: async (sipUsername, freeForSeconds = 60, state = 'available') => {
      const id = await newPerson(sipUsername, freeForSeconds, state);
      await join(id);
      return id;
    },
    call: async () => {
      const { id } = await one(sql<Array<{ id: number }>>`
        insert into calls (tenant_id, agent_id, campaign_id, to_number, from_number, status, carrier, claimed_at, claim_token)
        values (${tenant}, ${ownerId}, ${campaignId}, ${`+1415555${number++}`}, '+15005550006', 'dialing', 'twilio', now(), ${TOKEN}) returning id`);
      return id;
    },
  };
}

async function openScene(t: Test, options: { delaySeconds?: number; env?: Record<string, string> } = {}): Promise<Scene> {
  const { url } = await createTestDatabase(t);
  const config = parseConfig({ NODE_ENV: 'test', DATABASE_URL: url, CARRIER: 'null', SIP_DOMAIN: 'pbx.example.com', ...options.env });
  const runtime = openRuntime(config, pino({ level: 'silent' }), 'test');
  t.teardown(() => runtime.close());
  return setScene(runtime, options);
}

interface PersonFacts {
  state: string;
  callId: number | null;
  nextState: string | null;
  wrapUpUntil: Date | null;
  history: string[];
}

async function readPerson({ runtime }: Scene, id: number): Promise<PersonFacts> {
  const [row] = await runtime.db.sql<PersonFacts[]>`
    select state, current_call_id as "callId", next_state as "nextState", wrap_up_until as "wrapUpUntil",
           array(select s.state || coalesce(': ' || s.reason, '') from agent_states s where s.agent_id = a.id order by s.id) as history
      from agents a where id = ${id}`;
  if (!row) throw new Error(`no person ${id}`);
  return row;
}

interface CallFacts {
  status: string;
  agentId: number;
  bridged: boolean;
  abandoned: boolean;
  withinMs: number | null;
}

async function readCall({ runtime }: Pick<Scene, 'runtime'>, id: number): Promise<CallFacts> {
  const [row] = await runtime.db.sql<CallFacts[]>`
    select status, agent_id as "agentId", bridged_at is not null as bridged, abandoned_at is not null as abandoned,
           extract(epoch from coalesce(bridged_at, abandoned_at) - answered_at)::float8 * 1000 as "withinMs" from calls where id = ${id}`;
  if (!row) throw new Error(`no call ${id}`);
  return row;
}

const end = (runtime: Runtime, callId: number, durationSeconds = 30) =>
  applyProgress(runtime, { ...leg(callId), progress: { type: 'ended', outcome: 'completed', durationSeconds } });

t.test('who is free the longest gets the call', async (t) => {
  const scene = await openScene(t);
  const { runtime } = scene;
  await scene.person('short', 5);
  const long = await scene.person('long', 500);
  const callId = await scene.call();
  const steps = await startTalk(runtime, leg(callId), 'human');
  t.same(steps, [
    {
      do: 'connect',
      to: { sip: 'sip:long@pbx.example.com', username: 'long', password: 'secret of long' },
      bridge: 1,
      timeoutSeconds: 5,
    },
  ]);
  t.match(await readCall(scene, callId), { agentId: long, bridged: true, abandoned: false });
  t.match(await readPerson(scene, long), { state: 'on_call', callId, history: ['on_call'] });

  t.same(await startTalk(runtime, leg(callId), 'human'), steps, 'asked again it answers the same');
  t.match(await readPerson(scene, long), { history: ['on_call'] });
  t.same(await startTalk(runtime, { ...leg(callId), carrierCallId: 'CAother' }, 'human'), [{ do: 'hangup' }], 'but not to another leg');

  t.same(await leaveBridge(runtime, leg(callId), { bridge: 1, outcome: 'talked', talkSeconds: 30 }), [{ do: 'hangup' }]);
  await end(runtime, callId);
  t.match(await readCall(scene, callId), { status: 'completed', agentId: long });
  t.match(await readPerson(scene, long), { state: 'available', callId: null, history: ['on_call', 'available'] });
  t.same(await leaveBridge(runtime, leg(callId), failed(1)), [{ do: 'hangup' }], 'a late word about a call that is over');
  t.match(await readPerson(scene, long), { state: 'available' });
});

t.test('two calls at once, or one asked about twice at once', async (t) => {
  const scene = await openScene(t);
  const { runtime } = scene;
  const ann = await scene.person('ann');
  const [first, second] = [await scene.call(), await scene.call()];
  const answers = await Promise.all([startTalk(runtime, leg(first), 'human'), startTalk(runtime, leg(second), 'human')]);
  t.same(
    answers.flatMap((steps) => usernameOf(steps) ?? []),
    ['ann'],
    'one person, one call',
  );
  t.equal(answers.filter((steps) => /telemarketing call from Lamps & Co, telephone 1 5 0 0/.test(words(steps))).length, 1);
  await end(runtime, first);
  await end(runtime, second);

  await scene.person('bob');
  const third = await scene.call();
  const [a, b] = await Promise.all([startTalk(runtime, leg(third), 'human'), startTalk(runtime, leg(third), 'human')]);
  t.same(a, b);
  const [count] = await runtime.db.sql`select count(*) from agents where current_call_id is not null`;
  t.equal(Number(count?.count), 1, 'never two people');
  t.match(await readPerson(scene, ann), { state: 'available' });
});

t.test('nobody free', async (t) => {
  const scene = await openScene(t);
  const { runtime } = scene;
  await scene.person('paused', 60, 'paused');
  const gone = await scene.person('gone');
  const off = await scene.person('off');
  await runtime.db.sql`update agents set deleted_at = now() where id = ${gone}`;
  await runtime.db.sql`update agents set is_active = false where id = ${off}`;
  const stranger = await setScene(runtime);
  await stranger.person('stranger');

  await t.test('is told within two seconds, with a way to opt out, and counts as abandoned', async (t) => {
    const callId = await scene.call();
    const steps = await startTalk(runtime, leg(callId), 'human');
    t.match(words(steps), /Lamps & Co.*press 9/);
    t.match(steps.at(-1), { do: 'listen', turn: 1 });
    const facts = await readCall(scene, callId);
    t.match(facts, { abandoned: true, bridged: false });
    t.ok(facts.withinMs !== null && facts.withinMs >= 1990 && facts.withinMs < 2600, `after ${facts.withinMs} ms`);
    t.same(await startTalk(runtime, leg(callId), 'human'), steps, 'asked again it says the same');
    t.same(await continueTalk(runtime, leg(callId), 1, { speech: 'Hello?', digits: undefined }), [{ do: 'hangup' }]);
    await end(runtime, callId);
    t.match(await readCall(scene, callId), { status: 'abandoned' });
    const [open] = await runtime.db.sql`select retry_open as open from calls where id = ${callId}`;
    t.equal(open?.open, true, 'its rules say whether it is tried again');
  });

  await t.test('who presses the key is not called again', async (t) => {
    await runtime.db.sql`update campaigns set abandon_message = 'Sorry from the lamps.' where id = ${scene.campaignId}`;
    const callId = await scene.call();
    t.match(words(await startTalk(runtime, leg(callId), 'human')), /^Sorry from the lamps\. .*press 9/);
    t.match(await continueTalk(runtime, leg(callId), 1, { speech: undefined, digits: '9' }), [
      { do: 'say', text: /not be called again/ },
      { do: 'hangup' },
    ]);
    t.match(await runtime.db.sql`select source from suppressions where call_id = ${callId}`, [{ source: 'keypress' }]);
    await end(runtime, callId);
  });

  await t.test('who hangs up while waiting was abandoned too', async (t) => {
    const callId = await scene.call();
    const answer = startTalk(runtime, leg(callId), 'human');
    await eventually(async () => (await readCall(scene, callId)).status === 'in_progress');
    await end(runtime, callId, 3);
    t.same(await answer, [{ do: 'hangup' }]);
    t.match(await readCall(scene, callId), { status: 'abandoned', abandoned: false });
  });

  await t.test('but not within the two seconds in which nobody has to be there', async (t) => {
    const counted = async () => {
      const [row] = await runtime.db.sql<Array<{ dials: number; abandoned: number }>>`
        select sum(dials)::int as dials, sum(abandoned)::int as abandoned from campaign_days where campaign_id = ${scene.campaignId}`;
      return row ?? { dials: 0, abandoned: 0 };
    };
    const { dials, abandoned } = await counted();
    const callId = await scene.call();
    const answer = startTalk(runtime, leg(callId), 'human');
    await eventually(async () => (await readCall(scene, callId)).status === 'in_progress');
    await end(runtime, callId, 2);
    t.same(await answer, [{ do: 'hangup' }]);
    t.match(await readCall(scene, callId), { status: 'completed', abandoned: false });
    t.same(await counted(), { dials: dials + 1, abandoned });
  });

  await t.test('until somebody becomes free', async (t) => {
    const callId = await scene.call();
    const answer = startTalk(runtime, leg(callId), undefined);
    await eventually(async () => (await readCall(scene, callId)).status === 'in_progress');
    const late = await scene.person('late');
    t.equal(usernameOf(await answer), 'late');
    t.match(await readCall(scene, callId), { agentId: late, bridged: true });
  });

  await t.test('a machine takes nobody', async (t) => {
    const free = await scene.person('free');
    const callId = await scene.call();
    t.same(await startTalk(runtime, leg(callId), 'machine'), [{ do: 'hangup' }]);
    t.match(await readPerson(scene, free), { state: 'available', history: [] });
    await end(runtime, callId);
    t.match(await readCall(scene, callId), { status: 'voicemail' });
  });
});

t.test('a person who can not be connected is paused, and the next one is tried, once', async (t) => {
  const scene = await openScene(t);
  const { runtime } = scene;
  const ann = await scene.person('ann', 300);
  const bob = await scene.person('bob', 200);
  const cyd = await scene.person('cyd', 100);
  const callId = await scene.call();
  t.equal(usernameOf(await startTalk(runtime, leg(callId), 'human')), 'ann');
  const second = await leaveBridge(runtime, leg(callId), failed(1));
  t.match(second, [{ do: 'connect', to: { username: 'bob' }, bridge: 2 }]);
  t.same(await leaveBridge(runtime, leg(callId), failed(1)), second, 'a repeated word answers the same');
  t.match(await readPerson(scene, ann), { state: 'paused', callId: null, history: ['on_call', 'paused: The phone was busy'] });
  t.match(await readPerson(scene, bob), { state: 'on_call', callId });
  t.match(await readCall(scene, callId), { agentId: bob, bridged: true });

  t.match(words(await leaveBridge(runtime, leg(callId), failed(2, 'no_answer'))), /Lamps/, 'not a third');
  t.match(await readPerson(scene, bob), { state: 'paused', history: ['on_call', 'paused: Did not pick up'] });
  t.match(await readPerson(scene, cyd), { state: 'available', history: [] });
  await end(runtime, callId);
  t.match(await readCall(scene, callId), { status: 'abandoned', bridged: false });

  const late = await scene.call();
  t.equal(usernameOf(await startTalk(runtime, leg(late), 'human')), 'cyd');
  await scene.person('dan');
  await runtime.db.sql`update calls set connect_by = now() - interval '3 seconds' where id = ${late}`;
  t.match(words(await leaveBridge(runtime, leg(late), failed(1, 'no_answer'))), /Lamps/, 'not after two seconds either');

  const left = await scene.call();
  const eve = await scene.person('eve', 900);
  t.equal(usernameOf(await startTalk(runtime, leg(left), 'human')), 'eve');
  t.same(await leaveBridge(runtime, leg(left), failed(1, 'gone')), [{ do: 'hangup' }], 'the callee left: nobody is to blame');
  t.match(await readPerson(scene, eve), { state: 'available' });
  await end(runtime, left);
  t.match(await readCall(scene, left), { status: 'abandoned' });

  const sealed = await scene.call();
  await runtime.db.sql`update agents set sip_password_encrypted = 'v1.AAAA', state_since = now() - interval '1 day' where id = ${eve}`;
  t.equal(usernameOf(await startTalk(runtime, leg(sealed), 'human')), 'dan', 'nor one whose password can not be read');
  t.match(await readPerson(scene, eve), { state: 'paused' });
});

t.test('after the call', async (t) => {
  const scene = await openScene(t, { delaySeconds: 20 });
  const { runtime } = scene;
  const { sql } = runtime.db;
  const ann = await scene.person('ann');
  const talk = async () => {
    const callId = await scene.call();
    t.equal(usernameOf(await startTalk(runtime, leg(callId), 'human')), 'ann');
    return callId;
  };

  await t.test('people wrap up for as long as the campaign pauses, then they are free', async (t) => {
    await end(runtime, await talk());
    const { state, wrapUpUntil } = await readPerson(scene, ann);
    t.equal(state, 'wrap_up');
    const leftMs = (wrapUpUntil?.getTime() ?? 0) - Date.now();
    t.ok(leftMs > 15_000 && leftMs <= 21_000, `${leftMs} ms`);
    await peopleTick(runtime);
    t.match(await readPerson(scene, ann), { state: 'wrap_up' });
    await sql`update agents set wrap_up_until = now() where id = ${ann}`;
    await peopleTick(runtime);
    t.match(await readPerson(scene, ann), { state: 'available', wrapUpUntil: null, history: ['on_call', 'wrap_up', 'available'] });
  });

  await t.test('what they asked for meanwhile comes true', async (t) => {
    const callId = await talk();
    await sql`update agents set next_state = 'offline' where id = ${ann}`;
    await end(runtime, callId);
    t.match(await readPerson(scene, ann), { state: 'offline', nextState: null, wrapUpUntil: null, callId: null });
    await sql`update agents set state = 'available' where id = ${ann}`;
  });

  await t.test('whoever ends it: the watchdog', async (t) => {
    const callId = await talk();
    await applyProgress(runtime, { ...leg(callId), progress: { type: 'ended', outcome: 'failed', durationSeconds: 0 } });
    t.match(await readPerson(scene, ann), { state: 'wrap_up', callId: null });
    await sql`update agents set state = 'available', wrap_up_until = null where id = ${ann}`;
  });

  await t.test('a process that died in between leaves nobody on a call for ever', async (t) => {
    const callId = await talk();
    t.equal(await releaseLost(sql), 0, 'who talks is left alone');
    await sql`update calls set status = 'completed', ended_at = now() where id = ${callId}`;
    t.equal(await releaseLost(sql), 1);
    t.match(await readPerson(scene, ann), { state: 'wrap_up', callId: null });
    await sql`update agents set state = 'available', wrap_up_until = null where id = ${ann}`;
    const waiting = await scene.call();
    await sql`update calls set status = 'scheduled', claimed_at = null where id = ${waiting}`;
    await sql`update agents set state = 'on_call', current_call_id = ${waiting}, state_since = now() where id = ${ann}`;
    t.same(await giveUpPreviews(sql), [], 'who waits for a preview gets a while');
    await sql`update agents set state_since = now() - interval '31 seconds' where id = ${ann}`;
    t.match(await giveUpPreviews(sql), [{ callId: waiting }], 'and no more');
  });
});

t.test('people and callees over the carrier', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { runtime } = system;
  const { sql } = runtime.db;
  const { userId } = await system.login();
  const [tenant] = await sql<Array<{ id: number }>>`select tenant_id as id from users where id = ${Number(userId.replace('user_', ''))}`;
  const tenantId = tenant?.id ?? 0;
  const scene = await setScene(runtime, { tenantId });
  await sql`insert into phone_numbers (tenant_id, number) values (${tenantId}, '+15005550006')`;
  const dial = async (to: string) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, campaign_id, to_number, status, scheduled_for, due_at)
      select tenant_id, agent_id, id, ${to}, 'scheduled', now(), now() from campaigns where id = ${scene.campaignId} returning id`;
    return row?.id ?? 0;
  };
  const over = (callId: number) =>
    eventually(async () => {
      const facts = await readCall(scene, callId);
      return ['completed', 'abandoned', 'voicemail', 'no_answer', 'failed', 'busy'].includes(facts.status) ? facts : undefined;
    }, 20_000);
  const ringOf = (to: string) => system.sandbox?.rings().filter((ring) => ring.to === to) ?? [];

  await t.test('answered, connected within two seconds, talked', async (t) => {
    const ann = await scene.person('ann');
    const facts = await over(await dial('+14155500006'));
    t.match(facts, { status: 'completed', agentId: ann, bridged: true, abandoned: false });
    t.ok(facts.withinMs !== null && facts.withinMs < 2000, `after ${facts.withinMs} ms`);
    t.match(ringOf('+14155500006'), [{ connectedTo: 'sip:ann@sip.example.com', status: 'completed' }]);
    await eventually(async () => (await readPerson(scene, ann)).state === 'available');
    t.same((await readPerson(scene, ann)).history, ['on_call', 'available']);
    await sql`update agents set state = 'offline' where id = ${ann}`;
  });

  await t.test('the phone of the first is busy, the second takes it', async (t) => {
    const busy = await scene.person('busy1', 500);
    const bea = await scene.person('bea', 100);
    t.match(await over(await dial('+14155510006')), { status: 'completed', agentId: bea, bridged: true });
    t.match(await readPerson(scene, busy), { state: 'paused' });
    t.match(ringOf('+14155510006'), [{ connectedTo: 'sip:bea@sip.example.com' }]);
    await sql`update agents set state = 'offline' where id = ${bea}`;
  });

  await t.test('the only phone is busy: the message, and abandoned; the counts say so', async (t) => {
    const busy = await scene.person('busy2');
    const callId = await dial('+14155520006');
    t.match(await over(callId), { status: 'abandoned', bridged: false, abandoned: true });
    t.match(ringOf('+14155520006'), [{ status: 'completed' }]);
    t.equal(ringOf('+14155520006')[0]?.connectedTo, undefined);
    t.match(await readPerson(scene, busy), { state: 'paused' });
    t.match(
      await sql`select sum(dials)::int as dials, sum(answered)::int as answered, sum(abandoned)::int as abandoned from campaign_days`,
      [{ dials: 3, answered: 3, abandoned: 1 }],
    );
  });

  await t.test('a preview rings for the person who asked for it, whoever else is free', async (t) => {
    await sql`update campaigns set dialing_mode = 'preview' where id = ${scene.campaignId}`;
    const other = await scene.person('other', 900);
    const asker = await scene.person('asker', 1);
    const callId = await sql.begin(async (tx) => {
      const [row] = await tx<Array<{ id: number }>>`
        insert into calls (tenant_id, agent_id, campaign_id, to_number, status, scheduled_for, due_at)
        values (${tenantId}, ${asker}, ${scene.campaignId}, '+14155530006', 'scheduled', now(), now()) returning id`;
      await tx`update agents set state = 'on_call', current_call_id = ${row?.id ?? 0}, state_since = now() where id = ${asker}`;
      return row?.id ?? 0;
    });
    t.match(await over(callId), { status: 'completed', agentId: asker, bridged: true });
    t.match(ringOf('+14155530006'), [{ connectedTo: 'sip:asker@sip.example.com' }]);
    t.match(await readPerson(scene, other), { state: 'available', history: [] });
    await eventually(async () => (await readPerson(scene, asker)).state === 'available');
  });
});
