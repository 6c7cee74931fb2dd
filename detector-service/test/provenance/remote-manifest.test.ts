import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { makeCleanPicture } from '../../../scripts/media/samples.js';
import { signClaim } from '../../../scripts/media/sign-claim.js';
import { makeTestAuthority } from '../../../scripts/media/test-authority.js';
import { createC2paReader } from '../../src/provenance/c2pa-reader.js';
import { reportC2pa } from '../../src/provenance/c2pa-report.js';

it('asks nobody for a manifest that media says is kept elsewhere', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const authority = await makeTestAuthority();
  const picture = await signClaim(
    await makeCleanPicture(),
    'image/jpeg',
    {
      generator: 'Camera',
      digitalSourceType: 'digitalCapture',
      remoteUrl: `http://127.0.0.1:${port}/manifest`,
    },
    await authority.issue('Signer'),
  );

  const reader = createC2paReader({ signers: authority.pem, timeStamps: '' });
  const { report } = reportC2pa(await reader.read(picture, 'image/jpeg'));
  server.close();

  expect(report).toMatchObject({ state: 'remote', remoteHost: `127.0.0.1:${port}` });
  expect(asked).toEqual([]);
});
