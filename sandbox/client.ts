import * as http from 'node:http';
import * as https from 'node:https';

export interface Sent {
  status: number;
  body: string;
}

export interface Client {
  /** One request over a kept connection. Throws when there is no answer in time. */
  send(method: 'GET' | 'POST', url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Sent>;
  /** Breaks off what is under way and closes all connections. */
  close(): void;
}

/** How the company calls its customers' servers. */
export function openClient(timeoutMs: number): Client {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 256 }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: 256 }),
  };
  const underWay = new Set<http.ClientRequest>();

  const send: Client['send'] = (method, url, headers, body) =>
    new Promise((resolve, reject) => {
      const target = new URL(url);
      const secure = target.protocol === 'https:';
      const length = { 'content-length': String(Buffer.byteLength(body)) };
      const request = (secure ? https : http).request(target, {
        method,
        headers: { ...headers, ...length },
        agent: agents[secure ? 'https:' : 'http:'],
      });
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      underWay.add(request);
      request.once('close', () => {
        clearTimeout(timer);
        underWay.delete(request);
      });
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      });
      request.end(body);
    });

  const close = () => {
    for (const request of underWay) request.destroy(new Error('the sandbox closes'));
    agents['http:'].destroy();
    agents['https:'].destroy();
  };

  return { send, close };
}
