/** A TCP proxy that can misbehave, to stand between a process and what it talks to. */
import { once } from 'node:events';
import { createConnection, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * `pass`: as if it were not there. `delay`: every piece comes later. `stall`: nothing moves, nothing is lost. `hole`: bytes
 * vanish without a word, in connections new and old. `refuse`: connections are reset as soon as they are there.
 */
export type Weather = { does: 'pass' } | { does: 'delay'; delayMs: number } | { does: 'stall' } | { does: 'hole' } | { does: 'refuse' };

export interface Proxy {
  port: number;
  /** Whoever lost bytes in a hole is reset when it ends: no peer knows that connection any more. */
  set(weather: Weather): void;
  /** Resets every connection there is, once; answers how many. */
  reset(): number;
  connections(): number;
  close(): Promise<void>;
}

interface Pair {
  sockets: [Socket, Socket];
  lostBytes: boolean;
}

/** Listens on a free port of loopback, or the one given, and forwards to `target`. */
export async function openProxy(target: NetConnectOpts, wantedPort = 0): Promise<Proxy> {
  let weather: Weather = { does: 'pass' };
  let changed = deferred();
  const pairs = new Set<Pair>();

  const server = createServer((client) => {
    if (weather.does === 'refuse') {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection(target);
    const pair: Pair = { sockets: [client, upstream], lostBytes: false };
    pairs.add(pair);
    client.once('close', () => pairs.delete(pair));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.setNoDelay(true);
      // who fails takes the other along
      from.on('error', () => reset(pair));
      // none of the protocols behind us goes on in one direction only
      from.on('close', () => void untilItPasses().then(() => to.destroySoon()));
      forward(pair, from, to).catch(() => reset(pair));
    }
  });

  async function forward(pair: Pair, from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (weather.does === 'delay') await pause(weather.delayMs);
      while (weather.does === 'stall') await changed.promise;
      if (weather.does === 'hole') pair.lostBytes = true;
      if (pair.lostBytes || to.destroyed) continue;
      if (!to.write(chunk)) await drained(to);
    }
    await untilItPasses();
    to.end();
  }

  /** A closed connection is news, too. */
  async function untilItPasses(): Promise<void> {
    while (weather.does === 'stall' || weather.does === 'hole') await changed.promise;
  }

  function reset(pair: Pair): void {
    const [client, upstream] = pair.sockets;
    if (!client.destroyed) client.resetAndDestroy();
    // a Unix socket knows no reset
    if ('path' in target) upstream.destroy();
    else if (!upstream.destroyed) upstream.resetAndDestroy();
  }

  const resetAll = () => {
    const all = [...pairs];
    all.forEach(reset);
    return all.length;
  };

  await once(server.listen(wantedPort, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server without a port');
  return {
    port: address.port,
    set(next) {
      weather = next;
      changed.resolve();
      changed = deferred();
      if (next.does !== 'hole') for (const pair of pairs) if (pair.lostBytes) reset(pair);
    },
    reset: resetAll,
    connections: () => pairs.size,
    async close() {
      weather = { does: 'refuse' };
      changed.resolve();
      resetAll();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Until it takes more, or never will. */
async function drained(socket: Socket): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })]).finally(() => settled.abort());
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
