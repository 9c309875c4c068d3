/** What is counted, what is read from rows, and who may ask: figures that are wrong, old or missing are worse than none. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import type { CarrierCall } from '../../carrier/port.ts';
import { parseConfig } from '../../core/config.ts';
import { startExporter } from '../../service/exporter.ts';
import { openFleetMetrics } from '../../service/fleet-metrics.ts';
import { startHeartbeat } from '../../service/health.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { watchSilentCalls } from '../../service/watchdog.ts';
import { createTestDatabase } from '../database.ts';
import { freePort } from '../free-port.ts';
import { parseScrape } from '../scrape.ts';

function open(t: Test, databaseUrl: string, env: Record<string, string> = {}) {
  const lines: Array<{ level: number; msg: string; port?: number }> = [];
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()));
      done();
    },
  });
  const config = parseConfig({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    CARRIER: 'null',
    DATABASE_POOL: '4',
    WATCHDOG_SECONDS: '1',
    ...env,
  });
  const runtime = openRuntime(config, pino({ level: 'warn' }, stream), 'metrics test');
  t.teardown(() => runtime.close());
  return { runtime, lines };
}

async function openWithTenants(t: Test) {
  const { url } = await createTestDatabase(t);
  const opened = open(t, url);
  const { sql } = opened.runtime.db;
  const [ours, theirs] = await seedTenants(sql, 2);
  if (!ours || !theirs) throw new Error('no tenants');
  /** calls of a tenant, each with these columns in SQL's own words */
  const insert = async (tenant: typeof ours, columns: Record<string, string>, count = 1) => {
    const rows = await sql.unsafe<Array<{ id: number }>>(`
      insert into calls (tenant_id, agent_id, to_number, ${Object.keys(columns).join(', ')})
      select ${tenant.tenantId}, ${tenant.agentId}, '+1415555' || lpad((random() * 9999)::int::text, 4, '0'), ${Object.values(columns).join(', ')}
        from generate_series(1, ${count}) returning id`);
    return rows.map(({ id }) => id);
  };
  return { ...opened, sql, ours, theirs, insert };
}

t.test('the gauges of the fleet say what the rows say', async (t) => {
  const { runtime, sql, ours, theirs, insert } = await openWithTenants(t);
  await sql`update tenants set is_active = false where id = ${theirs.tenantId}`;
  const ago = (seconds: number) => `now() - interval '${seconds} seconds'`;
  await insert(ours, { status: `'scheduled'`, due_at: ago(90), priority: '3' });
  await insert(ours, { status: `'scheduled'`, due_at: ago(10), priority: '1' }, 2);
  await insert(ours, { status: `'scheduled'`, due_at: `now() + interval '1 hour'` }, 5);
  await insert(ours, { status: `'scheduled'`, due_at: ago(500), held_until: `now() + interval '1 minute'` }, 2);
  await insert(theirs, { status: `'scheduled'`, due_at: ago(900) }, 3);
  await insert(ours, { status: `'queued'`, queued_at: 'now()' }, 4);
  await insert(ours, { status: `'unknown'`, claimed_at: ago(40) });
  await insert(ours, { status: `'unknown'`, claimed_at: ago(20) });
  await insert(ours, { status: `'in_progress'`, claimed_at: ago(600) }, 3);
  await insert(ours, { status: `'busy'`, ended_at: ago(120), retry_open: 'true' });
  await insert(ours, { status: `'completed'`, ended_at: ago(7000) });
  const [original] = await insert(ours, { status: `'busy'`, ended_at: ago(1000) });
  await insert(ours, {
    status: `'scheduled'`,
    due_at: `now() + interval '1 day'`,
    retry_attempt: '1',
    original_call_id: String(original),
  });
  const live = await insert(ours, { status: `'ringing'`, claimed_at: 'now()' }, 2);
  for (const [i, expires] of ['1 hour', '-1 hour'].entries()) {
    await sql`
      insert into capacity_leases (call_id, tenant_id, agent_id, carrier, to_number, expires_at)
      values (${live[i] ?? 0}, ${ours.tenantId}, ${ours.agentId}, 'null', '+14155550000', now() + ${expires}::interval)`;
  }
  await sql`
    insert into carrier_pace (carrier, paused_until, failures)
    values ('twilio', now() + interval '1 minute', 7), ('null', now() - interval '1 minute', 0)`;
  for (const runs of [true, false]) {
    await sql`
      insert into schedules (tenant_id, agent_id, to_number, pattern, time_of_day, timezone, start_date, is_active, next_run_at)
      values (${ours.tenantId}, ${ours.agentId}, '+14155550000', 'daily', '10:00', 'UTC', now(), ${runs}, now() + interval '1 day')`;
  }
  await startHeartbeat(runtime, 'worker');
  await sql`
    insert into heartbeats (process_id, role, host, pid, started_at, last_seen_at)
    values (gen_random_uuid(), 'scheduler', 'h', 1, now(), now() - interval '2 minutes')`;
  for (const jobId of ['call-1', 'call-2']) await runtime.producer.enqueue('calls', { callId: 1 }, { jobId, delayMs: 60_000 });

  const { samples } = parseScrape(await openFleetMetrics(runtime)());
  const expected = {
    'calls{status="queued"}': 4,
    'calls{status="dialing"}': 0,
    'calls{status="unknown"}': 2,
    'calls{status="ringing"}': 2,
    'calls{status="in_progress"}': 3,
    due_calls: 3,
    held_calls: 2,
    retries_pending: 1,
    schedules_active: 1,
    'leases{carrier="null"}': 1,
    'leases{carrier="twilio"}': 0,
    'lease_limit{carrier="null"}': 1000,
    'carrier_paused{carrier="null"}': 0,
    'carrier_paused{carrier="twilio"}': 1,
    'carrier_failures{carrier="twilio"}': 7,
    'processes{role="api"}': 0,
    'processes{role="worker"}': 1,
    'processes{role="scheduler"}': 0,
    'queue_jobs{queue="calls",state="delayed"}': 2,
    'queue_jobs{queue="imports",state="waiting"}': 0,
    fleet_scrape_ok: 1,
  };
  for (const [name, value] of Object.entries(expected)) t.equal(samples.get(`dialfleet_${name}`), value, name);
  const ages = { oldest_due_seconds: 90, unknown_calls_oldest_seconds: 40, retries_open_oldest_seconds: 120 };
  for (const [name, seconds] of Object.entries(ages)) {
    const value = samples.get(`dialfleet_${name}`) ?? NaN;
    t.ok(value >= seconds && value < seconds + 30, `${name} is ${value}`);
  }
});

t.test('an empty fleet has noughts, not gaps', async (t) => {
  const { url } = await createTestDatabase(t);
  const { samples } = parseScrape(await openFleetMetrics(open(t, url).runtime)());
  for (const name of [
    'due_calls',
    'oldest_due_seconds',
    'unknown_calls_oldest_seconds',
    'retries_open_oldest_seconds',
    'schedules_active',
  ]) {
    t.equal(samples.get(`dialfleet_${name}`), 0, name);
  }
  t.equal(samples.get('dialfleet_carrier_paused{carrier="null"}'), 0);
  t.equal(samples.get('dialfleet_fleet_scrape_ok'), 1);
});

t.test('a backlog is counted up to ten thousand, and its age exactly', async (t) => {
  const { runtime, ours, insert } = await openWithTenants(t);
  await insert(ours, { status: `'scheduled'`, due_at: `now() - interval '5 seconds'`, priority: '1' }, 10_500);
  await insert(ours, { status: `'scheduled'`, due_at: `now() - interval '300 seconds'`, priority: '3' });
  const { samples } = parseScrape(await openFleetMetrics(runtime)());
  t.equal(samples.get('dialfleet_due_calls'), 10_000);
  t.ok((samples.get('dialfleet_oldest_due_seconds') ?? 0) >= 300);
});

t.test('figures are read again after five seconds, not before', async (t) => {
  const { runtime, ours, insert } = await openWithTenants(t);
  let nowMs = 0;
  const fleet = openFleetMetrics(runtime, () => nowMs);
  const due = async () => parseScrape(await fleet()).samples.get('dialfleet_due_calls');
  t.equal(await due(), 0);
  await insert(ours, { status: `'scheduled'`, due_at: `now() - interval '1 second'` });
  nowMs = 4999;
  t.equal(await due(), 0);
  nowMs = 5000;
  t.equal(await due(), 1);
});

t.test('a database that does not answer: what the process knows is answered in time, and the database is asked once', async (t) => {
  const sockets: Socket[] = [];
  let connections = 0;
  const hole = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    // the start-up message tells the pool of our statements from that of the queues
    socket.once('data', (start) => {
      if (start.includes('dialfleet metrics test')) connections++;
    });
  }).listen(0, '127.0.0.1');
  await once(hole, 'listening');
  const { runtime, lines } = open(t, `postgres://nobody@127.0.0.1:${(hole.address() as AddressInfo).port}/none`);
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    hole.close();
  });
  const fleet = openFleetMetrics(runtime);
  const startedMs = performance.now();
  const texts = [await fleet(), await fleet()];
  t.ok(performance.now() - startedMs < 8000, 'neither waited for the database');
  for (const text of texts) t.strictSame([...parseScrape(text).samples], [['dialfleet_fleet_scrape_ok', 0]]);
  t.equal(connections, 1);
  t.match(
    lines.map(({ msg }) => msg),
    ['metrics of the fleet could not be read'],
  );
});

t.test('Redis is away: the rows are still told of, the queues are not', async (t) => {
  const { url } = await createTestDatabase(t);
  const { runtime } = open(t, url, { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  const { samples } = parseScrape(await openFleetMetrics(runtime)());
  t.equal(samples.get('dialfleet_fleet_scrape_ok'), 0);
  t.equal(samples.get('dialfleet_due_calls'), 0);
  t.strictSame(
    [...samples.keys()].filter((sample) => sample.startsWith('dialfleet_queue_jobs')),
    [],
  );
});

t.test('a process without an HTTP interface serves its own counters, until it closes', async (t) => {
  const { url } = await createTestDatabase(t);
  const { runtime } = open(t, url);
  const port = await freePort();
  t.equal(await startExporter(runtime, port), true);
  runtime.metrics.repairs.inc({ what: 'given_up' });
  const base = `http://127.0.0.1:${port}`;
  const metrics = await fetch(`${base}/metrics`);
  t.match(metrics.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  t.equal(parseScrape(await metrics.text()).samples.get('dialfleet_repairs_total{what="given_up"}'), 1);
  t.same(await (await fetch(`${base}/health/live`)).json(), { status: 'ok' });
  const ready = async () => {
    const response = await fetch(`${base}/health/ready`);
    return { code: response.status, ...((await response.json()) as object) };
  };
  const well = { database: 'healthy', queue: 'healthy' };
  t.strictSame(await ready(), { code: 503, status: 'unavailable', ...well, heartbeat: 'unhealthy' }, 'nobody sees it yet');
  await startHeartbeat(runtime, 'worker');
  t.strictSame(await ready(), { code: 200, status: 'ok', ...well, heartbeat: 'healthy' });
  const nowMs = performance.now.bind(performance);
  performance.now = () => nowMs() + 60_000;
  t.strictSame(await ready(), { code: 503, status: 'unavailable', ...well, heartbeat: 'unhealthy' }, 'a minute of silence');
  performance.now = nowMs;
  await runtime.db.sql.end();
  t.match(await ready(), { code: 503, status: 'unavailable', database: 'unhealthy' });
  t.equal((await fetch(`${base}/health/live`)).status, 200, 'alive all the same');
  t.equal((await fetch(`${base}/metrics`, { method: 'HEAD' })).status, 200);
  t.equal((await fetch(`${base}/metrics`, { method: 'POST' })).status, 405);
  t.equal((await fetch(`${base}/`)).status, 404);
  await runtime.close();
  await t.rejects(fetch(`${base}/metrics`));
});

t.test('a port in use is a warning, port 0 is silence; the process goes on', async (t) => {
  const { url } = await createTestDatabase(t);
  const { runtime, lines } = open(t, url);
  t.equal(await startExporter(runtime, 0), false);
  t.same(lines, []);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  t.equal(await startExporter(runtime, port), false);
  t.match(lines, [{ level: 40, port, msg: `port ${port} can't be listened on: this process serves no metrics` }]);
  t.same(await runtime.db.sql`select 1 as one`, [{ one: 1 }]);
});

t.test('the watchdog counts what it repaired, and nothing else', async (t) => {
  const { runtime: opened, sql, ours, insert } = await openWithTenants(t);
  let known: CarrierCall | undefined;
  let candidates: CarrierCall[] = [];
  const runtime: Runtime = { ...opened, carrier: { ...opened.carrier, fetch: async () => known, find: async () => candidates } };
  const carrierCall = (progress: CarrierCall['progress'], startedAt: Date | undefined): CarrierCall => {
    return { carrierCallId: 'CAfound', to: '+14155550006', from: '+15005550006', startedAt, progress };
  };
  const silent = {
    claim_token: 'gen_random_uuid()',
    carrier: `'null'`,
    from_number: `'+15005550006'`,
    check_at: `now() - interval '1 second'`,
  };
  const longAgo = { claimed_at: `now() - interval '10 minutes'` };
  const watch = async (columns: Record<string, string>) => {
    const [id] = await insert(ours, { ...silent, ...longAgo, ...columns });
    await watchSilentCalls(runtime);
    const [row] = await sql<Array<{ status: string }>>`update calls set check_at = null where id = ${id ?? 0} returning status`;
    const { values } = await runtime.metrics.repairs.get();
    return { status: row?.status, repairs: Object.fromEntries(values.map(({ labels, value }) => [labels.what, value])) };
  };

  t.same(await watch({ status: `'unknown'` }), { status: 'unknown', repairs: {} }, 'one check proves nothing');
  const done = { proved_unplaced: 1 };
  t.same(await watch({ status: `'unknown'`, denials: '1' }), { status: 'scheduled', repairs: done });
  t.same(await watch({ status: `'ringing'`, denials: '1', carrier_call_id: `'CAgone'` }), {
    status: 'failed',
    repairs: { ...done, gone_at_carrier: 1 },
  });
  candidates = [carrierCall({ type: 'ringing' }, new Date(Date.now() - 3_600_000))];
  t.same(await watch({ status: `'unknown'`, checks: '19' }), {
    status: 'failed',
    repairs: { ...done, gone_at_carrier: 1, given_up: 1 },
  });
  candidates = [];
  known = carrierCall({ type: 'ringing' }, undefined);
  t.same(
    await watch({ status: `'ringing'`, carrier_call_id: `'CAfound'` }),
    { status: 'ringing', repairs: { ...done, gone_at_carrier: 1, given_up: 1 } },
    'nothing was wrong with it',
  );
  await sql`update calls set carrier_call_id = null where carrier_call_id = 'CAfound'`;
  known = carrierCall({ type: 'answered' }, undefined);
  t.same(await watch({ status: `'ringing'`, carrier_call_id: `'CAfound'` }), {
    status: 'in_progress',
    repairs: { ...done, gone_at_carrier: 1, given_up: 1, asked_back_found: 1 },
  });
});

t.test('names, units and labels as Prometheus wants them, and nothing that grows without bound or tells a secret', async (t) => {
  const { url } = await createTestDatabase(t);
  const { runtime } = open(t, url);
  const { types, help, samples } = parseScrape((await runtime.metrics.registry.metrics()) + (await openFleetMetrics(runtime)()));
  const own = [...types].filter(([name]) => name.startsWith('dialfleet_'));
  t.ok(own.length >= 25, `${own.length} metrics of our own`);
  for (const [name, type] of own) {
    t.match(name, /^dialfleet_[a-z0-9]+(_[a-z0-9]+)*$/);
    t.ok((help.get(name) ?? '').length > 5, `${name} has a help`);
    t.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
    t.notMatch(name, /_(ms|milliseconds|minutes|gauge|counter|histogram)(_|$)/);
  }
  const allowed = [
    'status',
    'carrier',
    'queue',
    'state',
    'role',
    'le',
    'answer',
    'why',
    'at',
    'outcome',
    'decision',
    'what',
    'late',
    'source',
  ];
  for (const metric of runtime.metrics.registry.getMetricsAsArray()) {
    const { labelNames = [] } = metric as { labelNames?: string[] };
    if (metric.name.startsWith('dialfleet_'))
      t.strictSame(
        labelNames.filter((label) => !allowed.includes(label)),
        [],
        metric.name,
      );
  }
  const used = [...samples.keys()].filter((name) => name.startsWith('dialfleet_')).flatMap((sample) => [...sample.matchAll(/(\w+)="/g)]);
  t.strictSame(
    [...new Set(used.map(([, label]) => label))].filter((label) => !allowed.includes(label ?? '')),
    [],
  );
});
