/**
 * One process a data folder. The embedded database has no lock of its own and two processes on one folder lose each other's
 * commits without an error, so the folder is guarded by a socket the kernel frees even when the process is killed.
 */
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { createServer, type ListenOptions } from 'node:net';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

export class FolderInUseError extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another MediaGuard process. ` +
        'Stop that process, choose another folder with MEDIAGUARD_DATA, or set DATABASE_URL to share a PostgreSQL server.',
    );
    this.name = 'FolderInUseError';
  }
}

/**
 * Takes the folder and clears the lock file a crash may have left in it: an empty `postmaster.pid` makes the database
 * unopenable, and removing it is safe only while the folder is held.
 */
export async function lockDatabaseFolder(folder: string): Promise<FolderLock> {
  const { dev, ino } = await stat(folder);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new FolderInUseError(folder) : error);
    });
    server.listen(lockAddress(`${dev}-${ino}`), resolve);
  });
  server.unref();
  await rm(join(folder, 'postmaster.pid'), { force: true });
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** An abstract socket on Linux, a named pipe on Windows, elsewhere a loopback port derived from the folder's identity. */
function lockAddress(identity: string): ListenOptions {
  if (process.platform === 'linux') return { path: `\0mediaguard-${identity}` };
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\mediaguard-${identity}` };
  const digest = createHash('sha256').update(identity).digest();
  return { host: '127.0.0.1', port: 49_152 + (digest.readUInt16BE(0) % 16_384), exclusive: true };
}
