/** What a sender sees that speaks HTTP by hand: bodies that are too long, held back or broken off. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { runService, type RunningService } from '../support/running-service.js';

let running: RunningService;

beforeAll(async () => {
  running = await runService({ MEDIAGUARD_MAX_BYTES: '200000' });
});
afterAll(() => running.stop());

it('stops a stream of unknown length at the limit and still answers', async () => {
  const answer = await sendChunks(5, randomBytes(60_000));

  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('"media.too_large"');
});

it('answers a sender that reads only after it has sent much more than the limit', async () => {
  const socket = openSocket().pause();
  await writeChunks(socket, 20, randomBytes(60_000));
  socket.resume();
  const answer = await answerOf(socket);
  socket.destroy();

  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

it('hangs up on a sender that does not stop', async () => {
  const socket = openSocket();
  const answer = answerOf(socket);
  const chunks = 1_000;

  expect(await writeChunks(socket, chunks, randomBytes(60_000))).toBeLessThan(chunks);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
});

it('lets a sender that was refused use its connection again', async () => {
  const socket = openSocket();
  await writeChunks(socket, 5, randomBytes(60_000));
  socket.write('0\r\n\r\n');
  const refused = await answerOf(socket);
  await sleep(2_500);
  socket.write('GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n');
  const healthy = await answerOf(socket);
  socket.destroy();

  expect(refused).toMatch(/^HTTP\/1\.1 413 /);
  expect(healthy).toMatch(/^HTTP\/1\.1 200 /);
});

it.each([
  ['asks for the body of a sender that waits', '', '100'],
  ['refuses a stranger without asking for the body', 'x', '401'],
])('%s', async (_name, spoil, status) => {
  const { port } = new URL(running.service.address);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    head('Content-Length: 5\r\nExpect: 100-continue').replace('Bearer mg', `Bearer ${spoil}mg`),
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();

  expect(answer.toString('latin1').slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
});

it('leaves nothing behind when the sender goes away', async () => {
  const { port } = new URL(running.service.address);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(head('Content-Length: 100000'));
  socket.write(randomBytes(50_000));
  await sleep(200);
  socket.destroy();
  await sleep(300);

  const later = new Date(Date.now() + 1_000);
  expect(await running.service.parts.vault.removeUnfinished(later)).toBe(0);
  expect(running.pipeline.calls).toHaveLength(0);
});

function head(lengthLine: string): string {
  return [
    'POST /v1/verifications HTTP/1.1',
    'Host: test',
    `Authorization: Bearer ${running.key}`,
    'Content-Type: image/jpeg',
    lengthLine,
    '\r\n',
  ].join('\r\n');
}

async function sendChunks(count: number, chunk: Buffer): Promise<string> {
  const socket = openSocket();
  const answer = answerOf(socket);
  await writeChunks(socket, count, chunk);
  await answer;
  socket.destroy();
  return answer;
}

function openSocket(): Socket {
  const { port } = new URL(running.service.address);
  return connect(Number(port), '127.0.0.1')
    .setEncoding('utf8')
    .on('error', () => undefined);
}

/** Writes chunks until there are enough or the connection is gone, and answers with their number. */
async function writeChunks(socket: Socket, count: number, chunk: Buffer): Promise<number> {
  socket.write(head('Transfer-Encoding: chunked'));
  let written = 0;
  for (; written < count && !socket.destroyed; written += 1) {
    socket.write(`${chunk.length.toString(16)}\r\n`);
    socket.write(chunk);
    socket.write('\r\n');
    await sleep(20);
  }
  return written;
}

/** All that arrives up to the end of the answer's JSON, or of the connection. */
async function answerOf(socket: Socket): Promise<string> {
  let answer = '';
  socket.on('data', (text: string) => (answer += text));
  while (!answer.includes('}') && !socket.destroyed) await sleep(10);
  return answer;
}
