import { PassThrough } from 'node:stream';

import { progressBar, type BarStream } from '../../src/cli/progress.js';

function terminal(isTTY: boolean): { stream: BarStream; written: () => string } {
  const chunks: Buffer[] = [];
  const through = new PassThrough();
  through.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    stream: Object.assign(through, { isTTY, columns: 80 }),
    written: () => Buffer.concat(chunks).toString('utf8'),
  };
}

function run(isTTY: boolean): string {
  const { stream, written } = terminal(isTTY);
  const bar = progressBar('files', stream);
  bar.start(4);
  bar.advance();
  bar.clear();
  bar.advance();
  bar.stop();
  return written();
}

it('draws a bar on a terminal and takes it away at the end', () => {
  const drawn = run(true);

  expect(drawn).toContain('0/4 files');
  expect(drawn).toContain('2/4 files');
  expect(drawn).toContain('\r\u001b[K');
});

it('writes nothing where the output goes to a file or another program', () => {
  expect(run(false)).toBe('');
});
