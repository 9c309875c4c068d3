/** How every benchmark measures and reports: ours and its bound, turn about in the same run, and the ratio. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Comparison {
  name: string;
  /** of both figures; more is better */
  unit: string;
  /** the ratio to reach (performance, anchors P1 to P6); none: it is only told */
  goal?: number;
  rounds: number;
  ours: () => Promise<number>;
  bound: () => Promise<number>;
}

export interface Figures {
  name: string;
  unit: string;
  ours: number;
  bound: number;
  ratio: number;
  goal?: number;
  met?: boolean;
}

/**
 * Alternates the two, each round the other one first, so that a slow minute of the machine hits both. The figures are
 * medians; the ratio is the median of the rounds' ratios. Prints a line a round, the result, and the result as JSON.
 */
export async function compare({ name, unit, goal, rounds, ours, bound }: Comparison): Promise<Figures> {
  const pairs: Array<{ ours: number; bound: number }> = [];
  for (let round = 1; round <= rounds; round++) {
    const pair = { ours: 0, bound: 0 };
    for (const side of round % 2 === 1 ? (['ours', 'bound'] as const) : (['bound', 'ours'] as const)) {
      pair[side] = await (side === 'ours' ? ours() : bound());
    }
    pairs.push(pair);
    say(
      `${name}  round ${round}: ours ${whole(pair.ours)}, bound ${whole(pair.bound)} ${unit}, ratio ${(pair.ours / pair.bound).toFixed(2)}`,
    );
  }
  const ratio = median(pairs.map((pair) => pair.ours / pair.bound));
  const figures = {
    name,
    unit,
    ours: Math.round(median(pairs.map((pair) => pair.ours))),
    bound: Math.round(median(pairs.map((pair) => pair.bound))),
    ratio: Math.round(ratio * 1000) / 1000,
    ...(goal !== undefined && { goal, met: ratio >= goal }),
  };
  const verdict = goal === undefined ? '' : ` (goal ≥ ${goal}): ${figures.met ? 'met' : 'not met'}`;
  say(`${name}: ours ${whole(figures.ours)} ${unit}, bound ${whole(figures.bound)}, ratio ${ratio.toFixed(2)}${verdict}`);
  say(JSON.stringify(figures));
  return figures;
}

/** Runs one measurement in a process of its own; the other end is `measureAsChild` in the same file. */
export async function inChild<Task extends object, Result>(file: string, task: Task): Promise<Result> {
  const child = fork(file, ['child'], { execArgv: process.execArgv });
  child.send(task);
  const answer: unknown[] | undefined = await Promise.race([
    once(child, 'message') as Promise<unknown[]>,
    once(child, 'exit').then(() => undefined),
  ]);
  if (!answer) throw new Error(`A measuring process ended without a result (exit code ${child.exitCode})`);
  if (child.exitCode === null) await once(child, 'exit');
  return answer[0] as Result;
}

/** True in the process that `inChild` started, after it has measured and answered. */
export async function measureAsChild<Task, Result>(measure: (task: Task) => Promise<Result>): Promise<boolean> {
  if (process.argv[2] !== 'child') return false;
  const [task] = (await once(process, 'message')) as [Task];
  const result = await measure(task);
  process.send?.(result);
  process.disconnect();
  return true;
}

/** A number from the command line: `--calls 3000`. */
export function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return fallback;
  const value = Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} takes a positive number`);
  return value;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
