/**
 * `npm run test:mutations -- --only do-not-call,pace --backend redis|postgres --seeds 5`
 * Takes one guard after another out of the product and runs the fault harness until the judge notices. Exit code 1 when it
 * did not: then the judge, or the workload, is blind there.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Backend } from './fleet.ts';
import type { Violation } from './judge.ts';
import { cutOut, type Mutation, MUTATIONS } from './mutations.ts';
import { buildProduct } from './product.ts';
import { runSeed } from './run.ts';
import { openPostgres, type PostgresServer } from './stores.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    backend: { type: 'string', default: 'redis' },
    seeds: { type: 'string', default: '5' },
  },
});
const backend: Backend = values.backend === 'postgres' ? 'postgres' : 'redis';
const wanted = values.only?.split(',');
const chosen = MUTATIONS.filter(({ name }) => !wanted || wanted.includes(name));
if (wanted && chosen.length < wanted.length) throw new Error(`Known mutations: ${MUTATIONS.map(({ name }) => name).join(', ')}`);
const print = (text: string) => process.stdout.write(`${text}\n`);

/** Enough work for every rule, few faults where none is needed. */
const WORK = { calls: 260, overSeconds: 15, quietSeconds: 75 };
const FAULTS = { needed: 30, notNeeded: 3 };

const home = await mkdtemp(join(tmpdir(), 'dialfleet-mutations-'));
// a server that root starts runs as another user, who must get through
await chmod(home, 0o755);
let missed = 0;
try {
  await checkCuts();
  const postgres = await openPostgres(join(home, 'postgres'));
  try {
    await checkProduct(postgres);
    for (const mutation of chosen) if (!(await isCaught(mutation, postgres))) missed++;
  } finally {
    await postgres.close();
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
print(`${chosen.length - missed} of ${chosen.length} mutations caught`);
process.exitCode = missed > 0 ? 1 : 0;

/** Every guard is where the list says, before an hour is spent; leaves the product as it is in `whole`. */
async function checkCuts(): Promise<void> {
  const cut = new Map<Mutation, Set<string>>(MUTATIONS.map((mutation) => [mutation, new Set()]));
  const faults: string[] = [];
  await buildProduct(join(home, 'whole'), (path, text) => {
    for (const [mutation, paths] of cut) {
      paths.add(path);
      try {
        cutOut(mutation, path, text);
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
    }
    return text;
  });
  for (const [{ name, cuts }, paths] of cut) {
    for (const { file } of cuts) if (!paths.has(file)) faults.push(`Mutation ${name}: no such file: ${file}`);
  }
  if (faults.length > 0) throw new Error(`The list of mutations is out of date:\n  ${faults.join('\n  ')}`);
}

/** The judge says nothing about the product as it is: else what it says of a mutation would prove nothing. */
async function checkProduct(postgres: PostgresServer): Promise<void> {
  const violations = await runOnce(join(home, 'whole'), postgres, 1, FAULTS.needed);
  await rm(join(home, 'whole'), { recursive: true, force: true });
  if (violations.length === 0) return;
  const said = violations.map(({ rule, callId, detail }) => `  ${rule}${callId ? ` call ${callId}` : ''}: ${detail}`).join('\n');
  throw new Error(`The product breaks its promises without any mutation:\n${said}`);
}

async function runOnce(product: string, postgres: PostgresServer, seed: number, faults: number): Promise<Violation[]> {
  const folder = `${product}-${seed}`;
  try {
    return (await runSeed({ ...WORK, seed, backend, faults, product, postgres, folder })).violations;
  } catch (error) {
    return [{ rule: 'harness', detail: error instanceof Error ? error.message : String(error) }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isCaught(mutation: Mutation, postgres: PostgresServer): Promise<boolean> {
  const { name, promise, expect, needsFaults } = mutation;
  const product = join(home, name);
  await buildProduct(product, (path, text) => cutOut(mutation, path, text));
  const others = new Set<string>();
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const violations = await runOnce(product, postgres, seed, needsFaults ? FAULTS.needed : FAULTS.notNeeded);
    const found = violations.find(({ rule }) => expect.some((expected) => expected === rule));
    if (found) {
      print(
        `caught      promise ${promise}  ${name}, seed ${seed}: ${found.rule}${found.callId ? ` call ${found.callId}` : ''}: ${found.detail}`,
      );
      return true;
    }
    for (const { rule } of violations) others.add(rule);
  }
  print(
    `NOT CAUGHT  promise ${promise}  ${name}: expected ${expect.join(' or ')}${others.size > 0 ? `, found ${[...others].join(', ')}` : ''}`,
  );
  return false;
}
