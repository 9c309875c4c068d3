/** `GET /metrics` of a running system, as Prometheus sees it. */
import t from 'tap';
import { watchSilentCalls } from '../../service/watchdog.ts';
import { eventually } from '../eventually.ts';
import { parseScrape } from '../scrape.ts';
import { startSystem } from '../system.ts';

/** The watchdog asks when a test tells it to. */
const system = await startSystem(t, { sandbox: true, worker: true, env: { WATCHDOG_SECONDS: '3600', RING_TIMEOUT_SECONDS: '5' } });
const { request, runtime } = system;

const nowMs = performance.now.bind(performance);
let aheadMs = 0;
performance.now = () => nowMs() + aheadMs;
/** What is known of the fleet is remembered for five seconds: they pass. */
const later = () => void (aheadMs += 5000);
const leases = async () => (await runtime.db.sql`select from capacity_leases`).length;

async function scrape() {
  const { status, headers, body } = await request('GET', '/metrics');
  return { status, headers, ...parseScrape(String(body)) };
}

t.test('a call moves the gauges while it lasts and the counters when it ends', async (t) => {
  const { token } = await system.login();
  const agent = await request('POST', '/api/v1/agents', {
    token,
    json: { name: 'Agent', systemPrompt: 'You help.', voice: 'Rachel', isActive: true },
  });
  const before = await scrape();
  t.equal(before.status, 200);
  t.match(before.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  t.equal(before.samples.get('dialfleet_leases{carrier="twilio"}'), 0);
  t.equal(before.samples.get('dialfleet_processes{role="api"}'), 1);

  // the sandbox never reports this call's end: it stays in flight until somebody asks
  const call = await request('POST', '/api/v1/calls/outbound', { token, json: { toPhone: '+14155550008', agentId: agent.body.data._id } });
  t.equal(call.status, 201);
  await eventually(async () => (await leases()) === 1, 20_000);
  later();
  const { samples: during } = await scrape();
  t.equal(during.get('dialfleet_leases{carrier="twilio"}'), 1);
  const inFlight = ['dialing', 'unknown', 'ringing', 'in_progress'].map(
    (status) => during.get(`dialfleet_calls{status="${status}"}`) ?? NaN,
  );
  t.equal(
    inFlight.reduce((a, b) => a + b),
    1,
    'exactly one call in flight',
  );
  t.equal(during.get('dialfleet_repairs_total{what="asked_back_found"}'), undefined);

  await eventually(async () => {
    await runtime.db.sql`update calls set check_at = now() where check_at is not null`;
    await watchSilentCalls(runtime);
    const [ended] = await runtime.db.sql`select 1 from calls where ended_at is not null`;
    return ended;
  }, 20_000);
  await eventually(async () => (await leases()) === 0, 20_000);
  later();
  const { samples: after } = await scrape();
  t.equal(after.get('dialfleet_leases{carrier="twilio"}'), 0);
  t.ok((after.get('dialfleet_repairs_total{what="asked_back_found"}') ?? 0) >= 1);
  const ended = [...after].filter(([sample]) => sample.startsWith('dialfleet_calls_ended_total{'));
  t.equal(
    ended.reduce((sum, [, value]) => sum + value, 0),
    1,
    'one call ended, once',
  );
  t.equal(after.get('http_request_duration_seconds_count{method="POST",route="/api/v1/calls/outbound",status="201",surface="calling"}'), 1);
  t.ok((after.get('process_resident_memory_bytes') ?? 0) > 0);

  const text = String((await request('GET', '/metrics')).body);
  t.notMatch(text, /5550008|tenant|agent_\d/i, 'no number, tenant or id');
});

t.test('a callback with a bad signature is counted', async (t) => {
  const path = '/carrier/twilio/calls/1/00000000-0000-0000-0000-000000000000/status';
  const headers = { 'x-twilio-signature': 'forged', 'content-type': 'application/x-www-form-urlencoded' };
  t.equal((await request('POST', path, { headers })).status, 403);
  t.equal((await scrape()).samples.get('dialfleet_callbacks_refused_total{carrier="twilio"}'), 1);
});

t.test('the database is away: what the process knows is still answered', async (t) => {
  t.equal((await scrape()).samples.get('dialfleet_fleet_scrape_ok'), 1);
  await runtime.db.sql.end();
  later();
  const away = await scrape();
  t.equal(away.status, 200);
  t.equal(away.samples.get('dialfleet_fleet_scrape_ok'), 0);
  t.equal(away.samples.get('dialfleet_due_calls'), undefined, 'an old figure would look like a new one');
  t.equal(away.samples.get('dialfleet_queue_jobs{queue="calls",state="waiting"}'), 0, 'the queues are still there');
  t.ok((away.samples.get('http_request_duration_seconds_count{method="GET",route="/metrics",status="200",surface="none"}') ?? 0) >= 1);
});
