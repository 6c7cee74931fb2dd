/** `lightning/empApi`: platform events, over the org's server-sent events (`/local/events`). */
const subscriptions = new Map();
let errorListener = () => undefined;
let debug = false;

export const isEmpEnabled = async () => true;

export const setDebugFlag = (flag) => {
  debug = flag;
};

export const onError = (listener) => {
  errorListener = listener;
};

/** @param replayId -1 for new events only, -2 for all that are kept, or the last one seen */
export async function subscribe(channel, replayId, onMessage) {
  const url = `/local/events?channel=${encodeURIComponent(channel)}&replay=${replayId ?? -1}`;
  const source = new EventSource(url);
  source.addEventListener('message', (event) => {
    const message = JSON.parse(event.data);
    if (debug) console.debug(channel, message);
    onMessage(message);
  });
  const subscription = { id: crypto.randomUUID(), channel, replayId };
  subscriptions.set(subscription.id, source);
  return new Promise((resolve) => {
    source.addEventListener('open', () => resolve(subscription));
    source.addEventListener('error', () => errorListener({ channel, error: 'connection lost' }));
  });
}

export async function unsubscribe(subscription, callback) {
  subscriptions.get(subscription.id)?.close();
  subscriptions.delete(subscription.id);
  callback?.({ subscription: subscription.channel, successful: true });
}
