/**
 * A worker is killed with `kill -9` while it holds calls and another one is alive or started (performance §b, P10):
 *
 * - unclaimed: it had taken their jobs and claimed none. The queue gives them to the other worker; from the kill until the
 *   carrier was asked for all. The bound: bare BullMQ jobs with the same lock settings, until their second run. Goal ≤ 1.5.
 * - asked: the carrier had been asked and had not answered. Nobody dials these again; the watchdog asks back; until all are
 *   decided.
 * - claimed: it died between its claim and the request. The watchdog asks back twice and only then gives them back; until
 *   the carrier was asked for all.
 *
 * In each, the carrier's log has to show one request a number. The last two take as long as the watchdog is told to wait;
 * here it is told 2 s, and 2 s for a request.
 *
 *   tsx bench/recovery.ts [--rounds 5] [--calls 32]     DATABASE_URL, REDIS_URL: servers to use instead of own ones
 */
import { pino } from 'pino';
import { parseConfig } from '../core/config.ts';
import { openRuntime } from '../service/runtime.ts';
import { bareRecovery, LOCKS } from './bare-recovery.ts';
import { fleetEnv } from './fleet.ts';
import { median, option, say } from './harness.ts';
import { asked, claimed, type Round, unclaimed } from './killed.ts';
import { seedTenants } from './seed.ts';
import { withDatabase, withRedis } from './stores.ts';

const TENANTS = 20;
const GOAL = 1.5;
const KINDS = { unclaimed, bare: bareRecovery, asked, claimed };
type Kind = keyof typeof KINDS;

/** A store as new: a job that a round left behind would be another round's. */
async function forget(env: Record<string, string>): Promise<void> {
  const runtime = openRuntime(parseConfig(env), pino({ level: 'error' }), 'bench');
  await runtime.db.sql`truncate calls, ledger_entries, capacity_leases, carrier_pace cascade`;
  for (const queue of runtime.producer.queuesForBoard()) await queue.obliterate({ force: true });
  await runtime.close();
}

async function measure(name: string, env: Record<string, string>, rounds: number, calls: number): Promise<void> {
  const tookMs: Record<Kind, number[]> = { unclaimed: [], bare: [], asked: [], claimed: [] };
  const seconds = (ms: number | undefined) => `${((ms ?? NaN) / 1000).toFixed(1)} s`;
  const kinds = Object.keys(KINDS) as Kind[];
  for (let n = 0; n < rounds; n++) {
    const round: Round = { env, calls, settleMs: 1000 + (n * LOCKS.stalledInterval) / rounds };
    for (const kind of n % 2 === 0 ? kinds : [...kinds].reverse()) {
      await forget(env);
      tookMs[kind].push(await KINDS[kind](round));
    }
    say(`${name}  round ${n + 1}: ${kinds.map((kind) => `${kind} ${seconds(tookMs[kind].at(-1))}`).join(', ')}`);
  }
  const of = (kind: Kind) => Math.round(median(tookMs[kind]));
  const ratio = of('unclaimed') / of('bare');
  const met = ratio <= GOAL;
  say(
    `${name}: ours ${seconds(of('unclaimed'))}, bound ${seconds(of('bare'))}, ratio ${ratio.toFixed(2)} (goal ≤ ${GOAL}): ${met ? 'met' : 'not met'}; ` +
      `asked ${seconds(of('asked'))}, claimed ${seconds(of('claimed'))}; no number was asked for twice`,
  );
  say(
    JSON.stringify({
      name,
      unit: 'ms',
      ours: of('unclaimed'),
      bound: of('bare'),
      ratio,
      goal: GOAL,
      met,
      asked: of('asked'),
      claimed: of('claimed'),
    }),
  );
}

async function main(): Promise<void> {
  const [rounds, calls] = [option('rounds', 5), option('calls', 32)];
  await withDatabase(async (databaseUrl) => {
    const env = (redisUrl?: string) => ({ ...fleetEnv(databaseUrl, '', redisUrl), WORKER_CONCURRENCY: String(calls) });
    const runtime = openRuntime(parseConfig(env()), pino({ level: 'error' }), 'bench');
    await seedTenants(runtime.db.sql, TENANTS);
    await runtime.close();
    const onRedis = await withRedis(async (url) => {
      await measure('recovery on Redis', env(url), rounds, calls);
      return true;
    });
    if (!onRedis) say('recovery on Redis: no redis-server on this machine, left out');
    await measure('recovery on PostgreSQL', env(), rounds, calls);
  });
}

await main();
