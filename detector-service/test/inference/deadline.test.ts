import { BusyTime, Deadline } from '../../src/inference/deadline.js';

describe('the deadline of a child', () => {
  let now = 0;
  const clock = (): number => now;
  beforeEach(() => {
    now = 0;
  });

  it('is over when the time is up', () => {
    const deadline = new Deadline(1_000, null, clock);
    now = 999;
    expect(deadline.leftMs).toBe(1);
    now = 1_000;
    expect(deadline.leftMs).toBe(0);
  });

  it('stands still while others have the processor first', () => {
    const others = new BusyTime(clock);
    others.begin();
    now = 300;
    others.end();
    const deadline = new Deadline(1_000, others, clock);
    now = 400;
    others.begin();
    now = 500;
    others.begin();
    now = 900;
    others.end();
    expect(deadline.leftMs).toBe(900);
    now = 1_000;
    others.end();
    now = 1_500;

    expect(others.total).toBe(900);
    expect(deadline.leftMs).toBe(400);
  });

  it('is over after three times its time, whatever went first', () => {
    const others = new BusyTime(clock);
    others.begin();
    const deadline = new Deadline(1_000, others, clock);
    now = 2_999;
    expect(deadline.leftMs).toBe(1);
    now = 3_000;
    expect(deadline.leftMs).toBe(0);
  });
});
