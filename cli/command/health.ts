import { type Command, EXIT, isOn } from '../command.ts';
import { reasonOf, SERVER_OPTIONS, serverOf } from '../remote.ts';
import { print, printJson } from '../terminal.ts';

const PATIENCE_MS = 10_000;
const GAUGE = /^dialfleet_(queue_jobs|processes)\{([^}]*)\} ([\d.]+)$/gm;

export const health: Command = {
  name: 'health',
  args: {},
  summary: 'Whether a server is alive and ready, what is in its queues, and which processes run',
  example: 'health --url https://calls.example.com',
  options: { json: { type: 'boolean', help: 'Print the result as JSON' }, ...SERVER_OPTIONS },
  notes: ['Failed: it does not answer, or is not ready.'],
  async run(terminal, given) {
    const server = serverOf(terminal, given);
    const look = (path: string) => read(server + path, terminal.stop);
    const [live, ready, metrics] = await Promise.all([look('/health/live'), look('/health/ready'), look('/metrics')]);
    const { queues, processes } = gaugesIn(metrics.fault === undefined ? metrics.text : '');
    const [isLive, isReady] = [live.fault === undefined, ready.fault === undefined];
    const found = { server, live: isLive, ready: isReady, stores: storesIn(ready.text), queues, processes };
    if (isOn(given, 'json')) printJson(terminal, { ...found, error: live.fault ?? ready.fault ?? null });
    else {
      const away = Object.entries(found.stores).filter(([, state]) => state !== 'healthy');
      print(terminal, `${server}: ${live.fault ?? `alive, ${isReady ? 'ready' : 'not ready'}`}`);
      for (const [store, state] of away) print(terminal, `  ${store} is ${state}`);
      for (const [queue, jobs] of Object.entries(queues)) print(terminal, `queue ${queue.padEnd(12)} ${inWords(jobs)}`);
      if (Object.keys(processes).length > 0) print(terminal, `processes: ${inWords(processes)}`);
    }
    return isLive && isReady ? EXIT.ok : EXIT.failed;
  },
};

/** What a page says, and what is wrong with it. */
async function read(url: string, stop: AbortSignal): Promise<{ text: string; fault?: string }> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]) });
    const text = await answer.text();
    return answer.ok ? { text } : { text, fault: `answered ${answer.status} at ${new URL(url).pathname}` };
  } catch (error) {
    stop.throwIfAborted();
    return { text: '', fault: `does not answer: ${reasonOf(error)}` };
  }
}

/** Database and queue, as `/health/ready` names them. */
function storesIn(text: string): Record<string, string> {
  try {
    const { database, queue } = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries({ database, queue }).flatMap(([name, state]) => (typeof state === 'string' ? [[name, state]] : [])),
    );
  } catch {
    // a proxy's own page
    return {};
  }
}

/** Jobs by queue and state, and processes by role (`dialfleet_queue_jobs`, `dialfleet_processes`). */
function gaugesIn(metrics: string) {
  const queues: Record<string, Record<string, number>> = {};
  const processes: Record<string, number> = {};
  for (const [, name, labels = '', value] of metrics.matchAll(GAUGE)) {
    const label = (key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (name === 'processes') processes[label('role')] = Number(value);
    else (queues[label('queue')] ??= {})[label('state')] = Number(value);
  }
  return { queues, processes };
}

function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
