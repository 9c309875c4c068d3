/**
 * What clients ask of the fleet while it fails: calls, a file, cancels, do-not-call words, schedules, two campaigns, and requests
 * that must be refused. Seeded: the same random numbers ask for the same things at the same moments. Remembers every answer.
 */
import postgres from 'postgres';
import { openAccounts, ZONES } from './accounts.ts';
import { openCampaigns, runCampaigns } from './campaigns.ts';
import { ask, numberOf, outcomeOf, type Reply } from './client.ts';
import type { Fleet } from './fleet.ts';
import { planWork, type PlannedCall } from './plan.ts';
import type { Account, AskedCall, Promised } from './promised.ts';
import { at, insist, type Work } from './work.ts';

export interface Workload {
  /** all requests have been made and answered, or given up */
  done: Promise<void>;
  /** what was promised so far; whole after `done` */
  promised(): Promised;
  /** Nobody listens to events any more. */
  close(): Promise<void>;
}

export interface WorkloadOptions {
  random: () => number;
  calls: number;
  overSeconds: number;
}

/** Opens the accounts while all is well, then asks in the background. Moments of the plan count from when this resolves. */
export async function startWorkload(fleet: Fleet, options: WorkloadOptions): Promise<Workload> {
  const sql = postgres(fleet.databaseUrl, { max: 2, onnotice: () => undefined });
  const plan = planWork(options);
  const clients = await openAccounts(fleet, sql, closingTime(options.overSeconds));
  const tenants = Object.fromEntries(Object.values(clients).map((client) => [client.account, client.tenantId]));
  const promised: Promised = {
    tenants: tenants as Promised['tenants'],
    calls: [],
    imports: [],
    cancelled: [],
    suppressed: [],
    schedules: [],
    probes: [],
    refusedTags: [],
    campaigns: [],
    partings: [],
    people: [],
    heard: [],
  };
  const campaigns = await openCampaigns(fleet, sql, clients.campaigns, plan.campaigns, promised);
  const work: Work = { fleet, sql, clients, plan, startMs: Date.now(), overMs: options.overSeconds * 1000, promised };
  await addSchedules(work);
  const done = Promise.all([
    ...plan.calls.map((call) => at(work, call.askMs, () => askForCall(work, call))),
    at(work, plan.file.askMs, () => sendFile(work)),
    ...plan.suppressions.map(({ account, to, askMs }) => at(work, askMs, () => suppress(work, account, to))),
    ...plan.probesMs.map((askMs, n) => at(work, askMs, () => probe(work, n))),
    runCampaigns(work, campaigns),
  ]).then(() => sql.end({ timeout: 5 }));
  return { done, promised: () => promised, close: () => campaigns.listener.close() };
}

/** The hours account's windows end at a whole minute, in the middle of the run if one falls into it. */
function closingTime(overSeconds: number): Date {
  return new Date(Math.ceil((Date.now() + overSeconds * 400) / 60_000) * 60_000);
}

async function askForCall(work: Work, planned: PlannedCall): Promise<void> {
  const { fleet, clients, promised } = work;
  const { token, agentId } = clients[planned.account];
  const zone = planned.zone && ZONES[planned.zone][planned.zoneIndex % ZONES[planned.zone].length];
  const callId = await insist(work, async (time) => {
    // each time another call: nobody knows whether the last one was taken
    const tag = time === 0 ? planned.tag : `${planned.tag}-again-${time}`;
    const to = planned.to.replace('+12', `+1${2 + time}`);
    const json = {
      toPhone: to,
      agentId: `agent_${agentId}`,
      context: tag,
      priority: planned.priority,
      ...(zone && { timezone: zone }),
      ...(planned.dueMs !== undefined && { scheduledFor: new Date(work.startMs + planned.dueMs).toISOString() }),
    };
    const reply = await ask(`${fleet.url}/api/v1/calls/outbound`, 'POST', { token, json });
    const outcome = outcomeOf(reply);
    if (outcome === 'refused') throw new Error(`A good call was refused with ${reply.status}: ${JSON.stringify(reply.body)}`);
    const callId = outcome === 'accepted' ? numberOf(reply.body.data._id) : undefined;
    promised.calls.push({ tag, account: planned.account, to, outcome, callId });
    return callId;
  });
  if (callId === undefined || planned.cancelMs === undefined) return;
  await at(work, planned.cancelMs, async () => {
    await insist(work, async () => {
      const { status, answeredAtMs } = await ask(`${fleet.url}/api/v1/calls/outbound/call_${callId}`, 'DELETE', { token });
      if (status === 200) promised.cancelled.push({ callId, answeredAtMs });
      return status !== undefined && status < 500 ? true : undefined;
    });
  });
}

/** Each may have been taken whole. */
const MOST_FILES = 3;

async function sendFile(work: Work): Promise<void> {
  const { fleet, clients, plan, promised } = work;
  const { account, rows, dueMs } = plan.file;
  const { token, agentId } = clients[account];
  const dueAtMs = work.startMs + dueMs;
  await insist(
    work,
    async (time) => {
      const tagOf = (tag: string) => (time === 0 ? tag : `${tag}-again-${time}`);
      const toOf = (to: string) => to.replace('+12', `+1${2 + time}`);
      const lines = rows.map(({ kind, tag, to, priority }) => {
        const agent = kind === 'bad_agent' ? 'agent_999999999' : `agent_${agentId}`;
        return `${kind === 'bad_number' ? 'nobody' : toOf(to)},${agent},${tagOf(tag)},${new Date(dueAtMs).toISOString()},${priority}`;
      });
      const form = new FormData();
      const csv = ['phoneNumber,agentId,context,scheduledFor,priority', ...lines].join('\n');
      form.set('file', new Blob([csv], { type: 'text/csv' }), 'calls.csv');
      const reply = await ask(`${fleet.url}/api/v1/bulk/import`, 'POST', { token, form });
      const outcome = outcomeOf(reply);
      if (outcome === 'refused') throw new Error(`A good file was refused with ${reply.status}: ${JSON.stringify(reply.body)}`);
      const importId = outcome === 'accepted' ? numberOf(reply.body.data.importId) : undefined;
      const good = rows.filter(({ kind }) => kind === 'good');
      promised.imports.push({
        account,
        outcome,
        importId,
        good: good.map(({ tag, to }): AskedCall => ({ tag: tagOf(tag), account, to: toOf(to), outcome, callId: undefined })),
        // the header is line 1
        badRows: rows.flatMap((row, index) => (row.kind === 'good' ? [] : [index + 2])),
        dueAtMs,
      });
      return importId;
    },
    MOST_FILES,
  );
}

async function suppress(work: Work, account: Account, to: string): Promise<void> {
  const { fleet, clients, promised } = work;
  const { token } = clients[account];
  await insist(work, async () => {
    const reply = await ask(`${fleet.url}/api/v1/do-not-call`, 'POST', { token, json: { phone: to, reason: 'asked not to be called' } });
    const outcome = outcomeOf(reply);
    if (outcome === 'refused') throw new Error(`A good number was refused with ${reply.status}: ${JSON.stringify(reply.body)}`);
    if (outcome === 'accepted') promised.suppressed.push({ account, to, answeredAtMs: reply.answeredAtMs });
    return outcome === 'accepted' || undefined;
  });
}

/** Runs that were missed for days, and one that comes due in mid-run: each fires once. The next one is far off. */
async function addSchedules({ sql, clients, plan, promised }: Work): Promise<void> {
  const { tenantId, agentId } = clients.normal;
  for (const { to, tag, nextInMs } of plan.schedules) {
    const runAt = new Date(Date.now() + nextInMs);
    const [row] = await sql<Array<{ id: number }>>`
      insert into schedules (tenant_id, agent_id, to_number, context, pattern, time_of_day, timezone, start_date, next_run_at)
      values (${tenantId}, ${agentId}, ${to}, ${tag}, 'daily', ${runAt.toISOString().slice(11, 16)}, 'UTC',
              ${new Date(runAt.getTime() - 86_400_000).toISOString().slice(0, 10)}, ${runAt.toISOString()})
      returning id::int`;
    if (row) promised.schedules.push({ scheduleId: row.id, runs: 1 });
  }
}

/** What must be refused whatever else goes on: another account's call, and nonsense. */
async function probe(work: Work, n: number): Promise<void> {
  const { fleet, clients, promised } = work;
  const url = `${fleet.url}/api/v1/calls/outbound`;
  const refuse = async (promise: 7 | 8, what: string, expected: number[], send: () => Promise<Reply>) => {
    const status = await insist(work, async () => {
      const reply = await send();
      return outcomeOf(reply) === 'unsure' ? undefined : reply.status;
    });
    promised.probes.push({ promise, what, expected, status });
  };
  const victim = promised.calls.filter((call) => call.callId !== undefined && call.account !== 'tiny').at(-1 - n);
  if (victim) {
    for (const method of ['GET', 'DELETE']) {
      const what = `${method} of another account's call ${victim.callId}`;
      await refuse(7, what, [404], () => ask(`${url}/call_${victim.callId}`, method, { token: clients.tiny.token }));
    }
  }
  const tag = `refused-${n}`;
  promised.refusedTags.push(tag);
  const good = { toPhone: '+12025550005', agentId: `agent_${clients.normal.agentId}`, context: tag };
  const nonsense: object[] = [
    { ...good, timezone: 'Mars/Olympus' },
    { ...good, toPhone: '555' },
    { ...good, scheduledFor: 'soon' },
    { ...good, agentId: `agent_${clients.tiny.agentId}` },
  ];
  for (const json of nonsense) {
    await refuse(8, `nonsense ${JSON.stringify(json)}`, [400, 422], () => ask(url, 'POST', { token: clients.normal.token, json }));
  }
}
