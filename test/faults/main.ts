/**
 * `npm run test:faults -- --seeds 20 --first 1 --faults 50 --calls 300 --backend redis|postgres|both`
 * A seed can be run again by itself: --first <seed> --seeds 1. Exit code 1, and the logs kept, when a promise was broken.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Backend } from './fleet.ts';
import { buildProduct } from './product.ts';
import { lineOf, summaryOf } from './report.ts';
import { runSeed, type SeedReport } from './run.ts';
import { openPostgres } from './stores.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    first: { type: 'string', default: '1' },
    faults: { type: 'string', default: '50' },
    calls: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '35' },
    backend: { type: 'string', default: 'both' },
    keep: { type: 'boolean', default: false },
  },
});
const backends: Backend[] = values.backend === 'both' ? ['postgres', 'redis'] : values.backend === 'redis' ? ['redis'] : ['postgres'];
const print = (text: string) => process.stdout.write(`${text}\n`);

const home = await mkdtemp(join(tmpdir(), 'dialfleet-faults-'));
// a server that root starts runs as another user, who must get through
await chmod(home, 0o755);
const product = join(home, 'product');
await buildProduct(product);
const postgres = await openPostgres(join(home, 'postgres'));
const reports: SeedReport[] = [];
let failed = 0;
let stopping = false;
process.once('SIGINT', () => {
  stopping = true;
  print('stopping after this seed; once more to stop at once');
});

try {
  for (let seed = Number(values.first); seed < Number(values.first) + Number(values.seeds) && !stopping; seed++) {
    for (const backend of backends) {
      const folder = join(home, `seed-${seed}-${backend}`);
      const options = { seed, backend, faults: Number(values.faults), calls: Number(values.calls), overSeconds: Number(values.seconds) };
      let bad = true;
      try {
        const report = await runSeed({ ...options, quietSeconds: 90, product, postgres, folder });
        reports.push(report);
        print(lineOf(report));
        bad = report.violations.length > 0;
      } catch (error) {
        print(`seed ${seed} ${backend}: the run itself failed: ${error instanceof Error ? error.stack : String(error)}`);
      }
      if (bad) failed++;
      if (bad || values.keep) print(`  logs: ${folder}`);
      else await rm(folder, { recursive: true, force: true });
    }
  }
  print(summaryOf(reports, failed));
} finally {
  // a server that was crashed may take its time to stop, and a client of it may hold a socket for minutes: all is said by now
  await Promise.race([clearAway(), pause(20_000)]);
}
process.exit(failed > 0 ? 1 : 0);

async function clearAway(): Promise<void> {
  await postgres.close();
  await rm(join(home, 'postgres'), { recursive: true, force: true });
  await rm(product, { recursive: true, force: true });
  if (failed === 0 && !values.keep) await rm(home, { recursive: true, force: true });
}
