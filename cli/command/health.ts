import { type Command, EXIT, isOn } from '../command.ts';
import { SERVER_OPTIONS, serverOf } from '../remote.ts';
import { print, printJson } from '../terminal.ts';

const PATIENCE_MS = 10_000;
const GAUGE = /^dialfleet_(queue_jobs|processes)\{([^}]*)\} ([\d.]+)$/gm;

export const health: Command = {
  name: 'health',
  args: [],
  summary: 'Whether a server is alive and ready, what is in its queues, and which processes run',
  options: { json: { type: 'boolean', help: 'Print the result as JSON' }, ...SERVER_OPTIONS },
  notes: ['Exit code 1: it does not answer, or is not ready.'],
  async run(terminal, given) {
    const server = serverOf(terminal, given);
    const [live, ready, metrics] = await Promise.all(
      ['/health/live', '/health/ready', '/metrics'].map((path) => read(server + path, terminal.stop)),
    );
    const { queues, processes } = gaugesIn(metrics?.ok ? metrics.text : '');
    const found = { server, live: live?.ok ?? false, ready: ready?.ok ?? false, stores: storesIn(ready?.text), queues, processes };
    if (isOn(given, 'json')) printJson(terminal, found);
    else {
      const away = Object.entries(found.stores).filter(([, state]) => state !== 'healthy');
      print(
        terminal,
        `${server}: ${found.live ? 'alive' : 'does not answer'}${found.live ? `, ${found.ready ? 'ready' : 'not ready'}` : ''}`,
      );
      for (const [store, state] of away) print(terminal, `  ${store} is ${state}`);
      for (const [queue, jobs] of Object.entries(queues)) print(terminal, `queue ${queue.padEnd(12)} ${inWords(jobs)}`);
      if (Object.keys(processes).length > 0) print(terminal, `processes: ${inWords(processes)}`);
    }
    return found.live && found.ready ? EXIT.good : EXIT.bad;
  },
};

/** undefined: it does not answer */
async function read(url: string, stop: AbortSignal): Promise<{ ok: boolean; text: string } | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]) });
    return { ok: answer.ok, text: await answer.text() };
  } catch {
    // that is what was asked
    stop.throwIfAborted();
    return undefined;
  }
}

/** Database and queue, as `/health/ready` names them. */
function storesIn(text = '{}'): Record<string, string> {
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
