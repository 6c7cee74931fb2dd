/** Runs the same tests on both tiers: the embedded database and a PostgreSQL server. */
import { describePostgres, startPostgres, type PostgresServer } from './postgres.js';
import { freshDataFolder, removeFolder } from './service-data.js';

export interface Place {
  readonly dataFolder: string;
  /** Absent: embedded. */
  readonly databaseUrl?: string;
}

export interface Tier {
  /** A place with nothing in it. It is removed when the tests end. */
  fresh(): Promise<Place>;
}

export function onBothTiers(tests: (tier: Tier) => void): void {
  describe('on the embedded database', () => {
    const folders: string[] = [];
    afterAll(() => Promise.all(folders.map(removeFolder)));
    tests({
      async fresh() {
        const dataFolder = await freshDataFolder();
        folders.push(dataFolder);
        return { dataFolder };
      },
    });
  });
  describePostgres('on PostgreSQL', () => {
    const folders: string[] = [];
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(async () => {
      await server.remove();
      await Promise.all(folders.map(removeFolder));
    });
    tests({
      async fresh() {
        const dataFolder = await freshDataFolder();
        folders.push(dataFolder);
        return { dataFolder, databaseUrl: server.createDatabase() };
      },
    });
  });
}
