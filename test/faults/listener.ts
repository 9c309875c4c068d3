/** Somebody's server that listens to the events of an account, and remembers each that it was told. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { HeardEvent } from './promised.ts';

export interface Listener {
  url: string;
  close(): Promise<void>;
}

export async function openListener(heard: HeardEvent[]): Promise<Listener> {
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const { type } = JSON.parse(body) as { type: string };
        heard.push({ eventId: String(request.headers['webhook-id']), type });
        response.writeHead(204).end();
      },
      // whoever told it was killed in the middle of a sentence
      () => response.destroy(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server without a port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
