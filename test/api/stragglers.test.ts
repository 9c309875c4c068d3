/** Who has sent half a request when a server closes, on a plain server: with ours around it, see surface.test.ts. */
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import { followStragglers } from '../../api/plugin/stragglers.ts';
import { eventually } from '../eventually.ts';

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
const HALF = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf';

async function open(t: Test, answer: RequestListener) {
  const server = createServer(answer);
  const cut = followStragglers(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const say = (words: string) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(words));
    t.teardown(() => socket.destroy());
    let heard = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
    return { gone: once(socket, 'close'), heard: () => heard };
  };
  return { server, cut, say };
}

t.test('who is answered is not cut off, whatever they have sent behind', async (t) => {
  const waiting: ServerResponse[] = [];
  const { cut, say } = await open(t, (_request, response) => void waiting.push(response));
  const both = say(GET + HALF);
  const half = say(HALF);
  await eventually(() => waiting.length === 3);
  cut();
  await half.gone;
  waiting.find(({ req }) => req.method === 'GET')?.end('done');
  await eventually(() => both.heard().includes('done'));
  t.match(both.heard(), /^HTTP\/1.1 200 OK/);
  cut();
  await both.gone;
});

t.test('who is gone is forgotten, with all that was asked at once', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { server, say } = await open(t, (_request, response) => void setImmediate(() => setImmediate(() => response.end('done'))));
  let kept = 0;
  const registry = new FinalizationRegistry(() => kept--);
  server.on('connection', (socket: Socket) => {
    kept++;
    registry.register(socket, undefined);
    socket.once('data', () => setImmediate(() => socket.destroy()));
  });
  await Promise.all(Array.from({ length: 20 }, () => say(GET + GET).gone));
  // the last one may still stand in a register
  await eventually(() => {
    collect();
    return kept <= 1;
  });
  t.ok(kept <= 1);
});
