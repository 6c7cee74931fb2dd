import { IntakeTurns } from '../../src/http/intake-turns.js';

/** A clock that stands still until the test moves it. */
class TestClock {
  #now = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ until: this.#now + ms, wake }));
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
    await settled();
  }
}

/** Whatever needs no clock has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the turns of the intake', () => {
  let clock: TestClock;
  let turns: IntakeTurns;
  let begun: string[];
  let finish: Map<string, (error?: Error) => void>;
  let answered: string[];
  beforeEach(() => {
    clock = new TestClock();
    turns = new IntakeTurns(clock);
    [begun, answered, finish] = [[], [], new Map()];
  });

  function send(lane: 'interactive' | 'bulk', name: string): Promise<void> {
    const take = (): Promise<string> => {
      begun.push(name);
      return new Promise((resolve, reject) =>
        finish.set(name, (error) => (error ? reject(error) : resolve(name))),
      );
    };
    return turns.serve(lane, take, (taken) => {
      answered.push(taken);
      return Promise.resolve();
    });
  }

  /** Somebody who waits for a verdict; the result ends the wait. */
  function somebodyWaits(): () => Promise<void> {
    let answer = (): void => undefined;
    const waiting = turns.serve(
      'interactive',
      () => Promise.resolve(),
      () => new Promise((resolve) => (answer = resolve)),
    );
    return async () => {
      answer();
      await waiting;
    };
  }

  it('takes everything in at once while nobody waits', async () => {
    void send('bulk', 'a');
    void send('bulk', 'b');
    await settled();

    expect(begun).toEqual(['a', 'b']);
  });

  it('takes bulk uploads in one after the other, each followed by a rest as long, while somebody waits', async () => {
    somebodyWaits();
    await settled();
    void send('bulk', 'a');
    void send('bulk', 'b');
    void send('interactive', 'urgent');
    await settled();
    expect(begun).toEqual(['urgent', 'a']);

    await clock.pass(20);
    finish.get('a')?.();
    await settled();
    expect(answered).toEqual(['a']);
    await clock.pass(19);
    expect(begun).toEqual(['urgent', 'a']);
    await clock.pass(1);
    expect(begun).toEqual(['urgent', 'a', 'b']);
  });

  it('does not let a slow sender keep the others waiting', async () => {
    somebodyWaits();
    await settled();
    void send('bulk', 'slow');
    void send('bulk', 'b');
    await settled();
    await clock.pass(100);
    await clock.pass(100);

    expect(begun).toEqual(['slow', 'b']);
    expect(answered).toEqual([]);
  });

  it('lets all go once nobody waits any more', async () => {
    const stopWaiting = somebodyWaits();
    await settled();
    const first = send('bulk', 'a');
    void send('bulk', 'b');
    void send('bulk', 'c');
    await settled();
    await stopWaiting();
    finish.get('a')?.();
    await first;
    await settled();

    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('goes on after an upload that failed, and tells only its sender', async () => {
    somebodyWaits();
    await settled();
    const failing = send('bulk', 'a');
    void send('bulk', 'b');
    await settled();
    finish.get('a')?.(new Error('The sender went away.'));

    await expect(failing).rejects.toThrow('went away');
    await clock.pass(0);
    expect(begun).toEqual(['a', 'b']);
  });
});
