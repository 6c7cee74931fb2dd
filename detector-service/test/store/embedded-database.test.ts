import { openDatabase, type Database } from '../../src/store/database.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';

describe('statements of the embedded database', () => {
  let folder: string;
  let database: Database;
  beforeAll(async () => {
    folder = await freshDataFolder();
    database = await openDatabase({ dataFolder: folder });
  });
  afterAll(async () => {
    await database.close();
    await removeFolder(folder);
  });
  beforeEach(() =>
    database.script(`drop table if exists item;
      create table item (id integer primary key, size bigint, facts jsonb, names text[], at timestamptz)`),
  );

  it('gives back what was put in, each time the statement runs', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const row = { id: 1, size: 5_000_000_000, facts: { a: [1, null] }, names: ['x', 'y"'], at };
    for (const id of [1, 2, 3]) {
      await database.query('insert into item values ($1, $2, $3, $4, $5)', [
        id,
        row.size,
        JSON.stringify(row.facts),
        row.names,
        row.at,
      ]);
    }
    await database.query('insert into item (id, size) values ($1, $2)', [4, null]);

    const find = (id: number) => database.query('select * from item where id = $1', [id]);
    expect(await find(1)).toEqual([row]);
    expect(await find(3)).toEqual([{ ...row, id: 3 }]);
    expect(await find(4)).toEqual([{ id: 4, size: null, facts: null, names: null, at: null }]);
    expect(await find(5)).toEqual([]);
  });

  it('goes on after an error, with the same statement', async () => {
    const insert = (id: number) => database.query('insert into item (id) values ($1)', [id]);
    await insert(1);
    await expect(insert(1)).rejects.toMatchObject({ code: '23505' });
    await expect(database.query('select nothing from item')).rejects.toMatchObject({
      code: '42703',
    });
    await insert(2);

    expect(await database.query('select id from item order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('keeps all of a transaction or nothing', async () => {
    await database.transaction(async (transaction) => {
      await Promise.all(
        [1, 2].map((id) => transaction.query('insert into item (id) values ($1)', [id])),
      );
    });
    const failing = database.transaction(async (transaction) => {
      await transaction.query('insert into item (id) values ($1)', [3]);
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    const caught = database.transaction(async (transaction) => {
      await transaction.query('insert into item (id) values ($1)', [4]);
      await transaction.query('insert into item (id) values ($1)', [1]).catch(() => undefined);
    });
    await expect(caught).rejects.toMatchObject({ code: '25P02' });

    expect(await database.query('select id from item order by id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await database.transaction(() => Promise.resolve('nothing to do'))).toBe(
      'nothing to do',
    );
  });

  it('refuses the handle of a transaction that has ended', async () => {
    const handle = await database.transaction((transaction) => Promise.resolve(transaction));

    await expect(handle.query('select 1')).rejects.toThrow('has ended');
  });

  it('takes up a changed schema', async () => {
    const all = () => database.query('select * from item');
    await database.query('insert into item (id) values (1)');
    await all();
    await database.script('alter table item drop column facts, add column note text');

    expect(await all()).toEqual([{ id: 1, size: null, names: null, at: null, note: null }]);
  });

  it('plans a statement anew as its table grows', async () => {
    const plan = async (): Promise<string> => {
      const rows = await database.query<{ statement: string; generic_plans: number }>(
        `select statement, generic_plans from pg_prepared_statements where statement like 'select size%'`,
      );
      return rows.map(({ generic_plans }) => generic_plans).join();
    };
    const find = () => database.query('select size from item where id = $1', [7]);
    for (let run = 0; run < 200; run += 1) await find();
    const before = Number(await plan());
    await find();

    expect(before).toBeGreaterThan(150);
    expect(Number(await plan())).toBe(0);
  });

  it('uses the room of rows that changed again once it was tidied up', async () => {
    const bytes = async (): Promise<number> => {
      const [row] = await database.query<{ size: number }>(
        `select pg_relation_size('item') as size`,
      );
      return row?.size ?? 0;
    };
    const change = () => database.query('update item set size = size + 1');
    await database.query('insert into item (id, size) select i, i from generate_series(1, 2000) i');
    await change();
    await database.tidy();
    const tidied = await bytes();
    for (let i = 0; i < 5; i += 1) {
      await change();
      await database.tidy();
    }
    expect(await bytes()).toBeLessThanOrEqual(1.5 * tidied);

    for (let i = 0; i < 5; i += 1) await change();
    expect(await bytes()).toBeGreaterThan(2 * tidied);
  });

  it('tells what is told inside a transaction once it is committed', async () => {
    const heard: string[] = [];
    await database.listen('test_channel', (message) => heard.push(message));
    await database
      .transaction(async (transaction) => {
        await transaction.query('select pg_notify($1, $2)', ['test_channel', 'rolled back']);
        throw new Error('no');
      })
      .catch(() => undefined);
    await database.transaction(async (transaction) => {
      await transaction.query('select pg_notify($1, $2)', ['test_channel', 'committed']);
      expect(heard).toEqual([]);
    });
    await database.query('select pg_notify($1, $2)', ['test_channel', 'at once']);
    await database.query('select 1');

    expect(heard).toEqual(['committed', 'at once']);
  });
});
