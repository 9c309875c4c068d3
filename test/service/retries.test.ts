/** What follows an attempt that nobody answered: decided once, in the right place, or not at all. */
import { randomUUID } from 'node:crypto';
import t, { type Test } from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import { repairTick } from '../../scheduler/tick/repair.ts';
import { cancelCall } from '../../service/calls.ts';
import { endCall } from '../../service/ending.ts';
import { decideForgotten, decideRetry, retryNow } from '../../service/retries.ts';
import type { Runtime } from '../../service/runtime.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

interface Member {
  id: number;
  status: string;
  retryAttempt: number;
  retryOpen: boolean;
}

async function chainOf({ db }: Runtime, rootId: number): Promise<Member[]> {
  return db.sql<Member[]>`
    select id, status, retry_attempt as "retryAttempt", retry_open as "retryOpen" from calls
     where ${rootId} in (id, original_call_id) order by retry_attempt`;
}

const statusesOf = (chain: readonly Member[]) => chain.map((member) => member.status);
const isOver = (chain: readonly Member[]) =>
  chain.every(
    (member) => !member.retryOpen && !['scheduled', 'queued', 'dialing', 'unknown', 'ringing', 'in_progress'].includes(member.status),
  );

t.test('through the real thing: a phone that nobody answers', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { runtime } = system;
  const { token } = await system.login();
  await runtime.db.sql`update tenants set calling_hours = '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]'::jsonb`;
  const json = { name: 'Test Agent', systemPrompt: 'You help.' };
  const agentId: string = (await system.request('POST', '/api/v1/agents', { token, json })).body.data._id;
  const configured = await system.request('PUT', `/api/v1/retry/config/${agentId}`, {
    token,
    json: { no_answer: { maxAttempts: 3, initialDelay: 0 } },
  });
  t.equal(configured.status, 200);
  const ringsOf = (to: string) => system.sandbox?.rings().filter((ring) => ring.to === to).length;
  const dialed = async (toPhone: string) => {
    const { body } = await system.request('POST', '/api/v1/calls/outbound', { token, json: { toPhone, agentId, context: 'order 7' } });
    return Number((body.data._id as string).slice(5));
  };

  await t.test('rings maxAttempts times in all and no more', async (t) => {
    const to = '+14155550002';
    const rootId = await dialed(to);
    const chain = await eventually(async () => {
      const members = await chainOf(runtime, rootId);
      return members.length >= 3 && isOver(members) ? members : undefined;
    }, 60_000);
    t.same(statusesOf(chain), ['no_answer', 'no_answer', 'no_answer']);
    t.same(
      chain.map((member) => member.retryAttempt),
      [0, 1, 2],
    );
    t.equal(ringsOf(to), 3);

    const { body } = await system.request('POST', `/api/v1/retry/manual/${rootId}`, { token });
    t.match(body, {
      message: /beyond the 3 attempts/,
      data: { originalCallId: `call_${rootId}`, retryAttempt: 3, exceedsMaxAttempts: true },
    });
    const more = await eventually(async () => {
      const members = await chainOf(runtime, rootId);
      return members.length >= 4 && isOver(members) ? members : undefined;
    }, 30_000);
    t.equal(more.length, 4, 'one dial by hand, and none after it');
    t.equal(ringsOf(to), 4);
  });

  await t.test('a call that was answered is not tried again', async (t) => {
    const to = '+14155550005';
    const rootId = await dialed(to);
    const chain = await eventually(async () => {
      const members = await chainOf(runtime, rootId);
      return isOver(members) ? members : undefined;
    }, 30_000);
    t.same(statusesOf(chain), ['completed']);
    t.equal(ringsOf(to), 1);
  });

  await t.test('a decision that was lost is made by the repair, which the scheduler runs', async (t) => {
    const [row] = await runtime.db.sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, retry_open, claimed_at, ended_at)
      select tenant_id, id, '+14155551002', 'no_answer', true, now() - interval '1 minute', now() - interval '1 minute' from agents where kind = 'ai'
      returning id`;
    const rootId = row?.id ?? 0;
    await eventually(async () => (await chainOf(runtime, rootId)).length > 1, 20_000);
    t.match(await chainOf(runtime, rootId), [{ retryOpen: false }, { retryAttempt: 1 }]);
  });
});

t.test('decisions', async (t) => {
  const system = await startSystem(t);
  const { runtime } = system;
  const { sql } = runtime.db;
  const [tenant, stranger] = await seedTenants(sql, 2);
  if (!tenant || !stranger) throw new Error('no tenants');
  const { tenantId, agentId, userId } = tenant;
  let numbers = 0;
  let rows = 0;

  /** An attempt that ended without success just now, open to a decision. */
  async function ended(more: { outcome?: string; to?: string; campaignId?: number; endedAgoSeconds?: number } = {}): Promise<number> {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, retry_open, scheduled_for, due_at, claimed_at, ended_at, context, timezone, priority,
                         campaign_id, created_by, metadata, import_id, import_row)
      values (${tenantId}, ${agentId}, ${more.to ?? `+1415666${1000 + ++numbers}`}, ${more.outcome ?? 'no_answer'}, true, now(), now(), now(),
              clock_timestamp() - ${more.endedAgoSeconds ?? 0} * interval '1 second', 'order 7', 'Asia/Kolkata', 1, ${more.campaignId ?? null},
              ${userId}, '{"order":7}', 9, ${++rows})
      returning id`;
    return row?.id ?? 0;
  }
  async function campaign(fields: { status?: string; approval?: string; maxAttempts?: number; interval?: number }): Promise<number> {
    const [row] = await sql<Array<{ id: number }>>`
      insert into campaigns (tenant_id, name, status, approval, max_attempts, retry_interval_minutes, agent_id)
      values (${tenantId}, 'Spring', ${fields.status ?? 'active'}, ${fields.approval ?? 'approved'}, ${fields.maxAttempts ?? 3},
              ${fields.interval ?? null}, ${agentId}) returning id`;
    return row?.id ?? 0;
  }
  const delayOf = async (rootId: number): Promise<number> => {
    const [row] = await sql<Array<{ ms: number }>>`
      select extract(epoch from retry.scheduled_for - last.ended_at)::float8 * 1000 as ms
        from calls retry join calls last on last.id = ${rootId} where retry.original_call_id = ${rootId}`;
    return row?.ms ?? NaN;
  };

  await t.test('a retry is a new row of the same call', async (t) => {
    const rootId = await ended();
    t.equal(await decideRetry(runtime, rootId), 'scheduled');
    t.equal(await decideRetry(runtime, rootId), undefined, 'it is decided');
    const [row] = await sql`
      select r.status, r.retry_attempt, r.tenant_id = c.tenant_id and r.agent_id = c.agent_id and r.to_number = c.to_number
             and r.context = c.context and r.timezone = c.timezone and r.priority = c.priority and r.created_by = c.created_by
             and r.metadata = c.metadata as same, r.due_at = r.scheduled_for as in_line, r.import_id, r.import_row, r.schedule_id, r.claimed_at,
             c.retry_open as open
        from calls r join calls c on c.id = r.original_call_id where c.id = ${rootId}`;
    t.match(row, {
      status: 'scheduled',
      retry_attempt: 1,
      same: true,
      in_line: true,
      import_id: null,
      import_row: null,
      schedule_id: null,
      claimed_at: null,
      open: false,
    });
    const ms = await delayOf(rootId);
    t.ok(ms >= 300_000 && ms < 300_002, `five minutes after the end (${ms} ms)`);
  });

  await t.test('the second retry waits twice as long, the third dial is the last', async (t) => {
    const rootId = await ended();
    await decideRetry(runtime, rootId);
    const retryId = (await chainOf(runtime, rootId))[1]?.id ?? 0;
    const endAgain = (id: number) =>
      sql`update calls set status = 'no_answer', retry_open = true, claimed_at = now(), ended_at = now(), due_at = null where id = ${id}`;
    await endAgain(retryId);
    t.equal(await decideRetry(runtime, retryId), 'scheduled');
    const [row] = await sql<Array<{ id: number; ms: number; original: number }>>`
      select r.id, extract(epoch from r.due_at - last.ended_at)::float8 * 1000 as ms, r.original_call_id as original
        from calls r join calls last on last.id = ${retryId} where r.original_call_id = ${rootId} and r.retry_attempt = 2`;
    t.equal(row?.original, rootId, 'the chain hangs on its first call');
    t.ok((row?.ms ?? 0) >= 600_000 && (row?.ms ?? 0) < 600_002, `ten minutes (${row?.ms} ms)`);
    await endAgain(row?.id ?? 0);
    t.equal(await decideRetry(runtime, row?.id ?? 0), 'exhausted');
    t.equal((await chainOf(runtime, rootId)).length, 3);
  });

  await t.test('asked at once, from everywhere, a chain gets one row', async (t) => {
    for (let round = 0; round < 5; round++) {
      const rootId = await ended();
      const decisions = await Promise.all(Array.from({ length: 6 }, () => decideRetry(runtime, rootId)));
      t.same(
        decisions.filter((decision) => decision !== undefined),
        ['scheduled'],
      );
      t.equal((await chainOf(runtime, rootId)).length, 2);
    }
  });

  await t.test('decision, retry by hand and cancellation at once leave one open member at most', async (t) => {
    for (let round = 0; round < 8; round++) {
      const rootId = await ended();
      const answers = await Promise.allSettled([
        decideRetry(runtime, rootId),
        retryNow(runtime, tenantId, rootId),
        cancelCall(runtime, tenantId, rootId),
        decideRetry(runtime, rootId),
        retryNow(runtime, tenantId, rootId),
      ]);
      t.same(
        answers.map((answer) => answer.status),
        answers.map(() => 'fulfilled'),
      );
      const chain = await chainOf(runtime, rootId);
      t.ok(statusesOf(chain).filter((status) => status === 'scheduled').length <= 1, statusesOf(chain).join(' '));
      t.ok(chain.every((member) => !member.retryOpen));
      await cancelCall(runtime, tenantId, rootId);
      const after = statusesOf(await chainOf(runtime, rootId));
      t.notOk(after.includes('scheduled'), 'once cancelled nothing waits');
    }
  });

  await t.test('a chain that was cancelled is not tried again by itself', async (t) => {
    const rootId = await ended();
    await decideRetry(runtime, rootId);
    await cancelCall(runtime, tenantId, rootId);
    const { callId: byHand, retryAttempt } = await retryNow(runtime, tenantId, rootId);
    t.equal(retryAttempt, 2);
    await sql`update calls set status = 'busy', retry_open = true, claimed_at = now(), ended_at = now() where id = ${byHand}`;
    t.equal(await decideRetry(runtime, byHand), 'cancelled');
    t.same(statusesOf(await chainOf(runtime, rootId)), ['no_answer', 'cancelled', 'busy']);
  });

  await t.test('what is not tried again, and why', async (t: Test) => {
    const decided = async (rootId: number, expected: string) => {
      t.equal(await decideRetry(runtime, rootId), expected);
      const chain = await chainOf(runtime, rootId);
      t.equal(chain.length, expected === 'scheduled' ? 2 : 1, expected);
      t.equal(chain[0]?.retryOpen, false);
    };
    await decided(await ended({ outcome: 'voicemail' }), 'no_rule');
    await decided(await ended({ outcome: 'abandoned' }), 'no_rule');
    await sql`insert into retry_rules (tenant_id, agent_id, outcome, max_attempts, initial_delay_ms, backoff_multiplier)
              values (${tenantId}, ${agentId}, 'voicemail', 2, 1000, 1)`;
    await decided(await ended({ outcome: 'voicemail' }), 'scheduled');
    await sql`insert into suppressions (tenant_id, phone, source) values (${tenantId}, '+14155550901', 'speech'), (${stranger.tenantId}, '+14155550902', 'api')`;
    await decided(await ended({ to: '+14155550901' }), 'suppressed');
    await decided(await ended({ to: '+14155550902' }), 'scheduled');
    await decided(await ended({ campaignId: await campaign({ status: 'completed' }) }), 'campaign_over');
    await decided(await ended({ campaignId: await campaign({ approval: 'rejected' }) }), 'scheduled');
    await decided(await ended({ campaignId: await campaign({ maxAttempts: 1 }) }), 'exhausted');
    await sql`update agents set is_active = false where id = ${agentId}`;
    const refusing = await ended({ campaignId: await campaign({}) });
    await sql`
      with k as (
        insert into contacts (tenant_id, campaign_id, phone, status) select tenant_id, campaign_id, to_number, 'not_interested' from calls where id = ${refusing}
        returning id
      )
      update calls set contact_id = k.id from k where calls.id = ${refusing}`;
    await decided(refusing, 'not_interested');
    await t.rejects(retryNow(runtime, tenantId, refusing), { code: 'conflict', message: /not interested/ });
    await decided(await ended(), 'agent_inactive');
    await decided(await ended({ campaignId: await campaign({}) }), 'scheduled');
    await sql`update agents set deleted_at = now() where id = ${agentId}`;
    await decided(await ended({ campaignId: await campaign({}) }), 'agent_inactive');
    await sql`update agents set deleted_at = null where id = ${agentId}`;
    await sql`update agents set is_active = true where id = ${agentId}`;
    const [{ hours } = { hours: null }] = await sql<Array<{ hours: string | null }>>`
      with old as (select id, calling_hours::text as hours from tenants where id = ${tenantId})
      update tenants t set calling_hours = '[]'::jsonb from old where t.id = old.id returning old.hours`;
    await decided(await ended(), 'never_open');
    await sql`update tenants set calling_hours = ${hours}::jsonb where id = ${tenantId}`;
  });

  await t.test("a campaign's settings come first: its interval does not grow", async (t) => {
    const rootId = await ended({ outcome: 'busy', campaignId: await campaign({ maxAttempts: 9, interval: 45 }) });
    await decideRetry(runtime, rootId);
    const ms = await delayOf(rootId);
    t.ok(ms >= 45 * 60_000 && ms < 45 * 60_000 + 2, `${ms} ms`);
  });

  await t.test("outside the calling hours, in the call's own zone, it waits for them", async (t) => {
    // Kolkata is five and a half hours ahead, all year
    const local = new Date(Date.now() + 5.5 * 3_600_000);
    const clock = (hours: number) => `${String((local.getUTCHours() + hours) % 24).padStart(2, '0')}:00`;
    const windows = JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], start: clock(3), end: clock(5) }]);
    await sql`update tenants set calling_hours = ${windows}::jsonb where id = ${tenantId}`;
    const rootId = await ended();
    t.equal(await decideRetry(runtime, rootId), 'scheduled');
    const [row] = await sql<Array<{ at: string }>>`
      select to_char(scheduled_for at time zone 'Asia/Kolkata', 'HH24:MI:SS') as at from calls where original_call_id = ${rootId}`;
    t.equal(row?.at, `${clock(3)}:00`);
    await sql`update tenants set calling_hours = '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]'::jsonb where id = ${tenantId}`;
  });

  await t.test('what was forgotten is decided by the repair, and counted; what is fresh is left to its job', async (t) => {
    const [old, older, fresh] = [await ended({ endedAgoSeconds: 6 }), await ended({ endedAgoSeconds: 600 }), await ended()];
    await repairTick(runtime);
    t.same(
      (await Promise.all([old, older, fresh].map((id) => chainOf(runtime, id)))).map((chain) => chain.length),
      [2, 2, 1],
    );
    t.match((await runtime.metrics.repairs.get()).values, [{ labels: { what: 'retry_undecided' }, value: 2 }]);
    t.equal(await decideForgotten(runtime), 0);
    await decideRetry(runtime, fresh);
  });

  await t.test('an ending', async (t) => {
    async function live(): Promise<{ callId: number; token: string }> {
      const token = randomUUID();
      const [row] = await sql<Array<{ id: number }>>`
        insert into calls (tenant_id, agent_id, to_number, status, claim_token, claimed_at)
        values (${tenantId}, ${agentId}, ${`+1415666${1000 + ++numbers}`}, 'ringing', ${token}::uuid, now()) returning id`;
      return { callId: row?.id ?? 0, token };
    }
    const ending = (outcome: 'busy' | 'completed') => ({
      carrierCallId: undefined,
      outcome,
      durationSeconds: 0,
      reason: undefined,
      answeredBy: undefined,
      carrierAt: undefined,
    });
    const isOpen = async (callId: number) => (await chainOf(runtime, callId))[0]?.retryOpen;

    await t.test('without success asks for a decision; a success does not', async (t) => {
      const [busy, fine] = [await live(), await live()];
      t.equal(await endCall(runtime, { ...busy, ...ending('busy') }), true);
      t.equal(await endCall(runtime, { ...fine, ...ending('completed') }), true);
      t.equal(await endCall(runtime, { ...busy, ...ending('busy') }), false, 'once');
      t.equal(await isOpen(busy.callId), true);
      t.equal(await isOpen(fine.callId), false);
      const ids = [busy, fine].map(({ callId }) => `retry_${callId}`);
      const states = await eventually(async () => {
        const found = await runtime.producer.jobState('retries', ids);
        return found.get(ids[0] ?? '') === 'present' ? found : undefined;
      });
      t.same([...states.values()], ['present', 'missing']);
      const { values } = await runtime.metrics.endings.get();
      t.same(
        new Map(values.map(({ labels, value }) => [labels.outcome, value])),
        new Map([
          ['busy', 1],
          ['completed', 1],
        ]),
      );
    });

    await t.test('does not depend on the queue', async (t) => {
      const busy = await live();
      let asked = 0;
      const enqueueMany = async () => {
        asked += 1;
        throw new Error('no queue');
      };
      const queueless: Runtime = { ...runtime, producer: { ...runtime.producer, enqueueMany } };
      t.equal(await endCall(queueless, { ...busy, ...ending('busy') }), true);
      await eventually(() => asked === 1);
      t.equal(await isOpen(busy.callId), true, 'the row still says so');
    });
  });
});
