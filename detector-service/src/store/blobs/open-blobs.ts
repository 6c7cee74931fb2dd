import { join } from 'node:path';

import type { Config } from '../../ops/config.js';
import type { BlobStore } from './blob-store.js';
import { FileBlobs } from './file-blobs.js';

/** The bucket when one is configured, else a folder of the data folder. The S3 client is loaded only where it is needed. */
export async function openBlobs({
  dataFolder,
  vaultBucket,
}: Pick<Config, 'dataFolder' | 'vaultBucket'>): Promise<BlobStore> {
  if (!vaultBucket) return FileBlobs.open(join(dataFolder, 'vault'));
  const { S3Blobs } = await import('./s3-blobs.js');
  return new S3Blobs(vaultBucket);
}
