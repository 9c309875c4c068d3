/** A process that holds an embedded PostgreSQL, for tests that kill it: starts one, says so in a line, and waits. */
import { pino } from 'pino';
import { startPostgres } from '../../launch/postgres.ts';

const dataDir = process.argv[2] ?? '';
const patienceMs = process.argv[3] ? Number(process.argv[3]) : undefined;
try {
  const { url, started, pid, stop } = await startPostgres({ dataDir, durable: false, patienceMs, log: pino({ level: 'silent' }) });
  process.once('SIGTERM', () => void stop().then(() => process.exit()));
  process.stdout.write(`${JSON.stringify({ url, started, pid })}\n`);
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
}
