import { subscribe, unsubscribe } from 'lightning/empApi';
import { onVerdict } from 'c/mediaVerdictEvents';

jest.mock('lightning/empApi', () => ({ subscribe: jest.fn(), unsubscribe: jest.fn() }));

jest.mock(
  '@salesforce/schema/MediaVerdict__e',
  () => ({ default: { objectApiName: 'MediaVerdict__e' } }),
  { virtual: true },
);

describe('c-media-verdict-events', () => {
  afterEach(() => {
    jest.clearAllMocks();
  });

  it('calls back for each verdict until it is stopped', async () => {
    const callback = jest.fn();
    subscribe.mockResolvedValue({ id: 1 });

    const stop = await onVerdict(callback);
    const [channel, replayFrom, listener] = subscribe.mock.calls[0];
    listener();
    stop();

    expect(channel).toBe('/event/MediaVerdict__e');
    expect(replayFrom).toBe(-1);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(unsubscribe).toHaveBeenCalledTimes(1);
  });

  it('leaves the page as it is when events are not to be had', async () => {
    subscribe.mockRejectedValue(new Error('No access.'));

    const stop = await onVerdict(jest.fn());

    expect(() => stop()).not.toThrow();
    expect(unsubscribe).not.toHaveBeenCalled();
  });
});
