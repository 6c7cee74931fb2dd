/** `lightning/messageService`: messages between the components of one page. */
const subscriptions = new Set();

export const APPLICATION_SCOPE = Object.freeze({});

export const createMessageContext = () => Object.freeze({});

export const releaseMessageContext = () => undefined;

export const MessageContext = Object.assign(() => undefined, {
  adapter: class {
    constructor(dataCallback) {
      dataCallback(createMessageContext());
    }
    connect() {}
    update() {}
    disconnect() {}
  },
});

export function subscribe(context, channel, listener) {
  const subscription = { channel: channel.name, listener };
  subscriptions.add(subscription);
  return subscription;
}

export function unsubscribe(subscription) {
  subscriptions.delete(subscription);
}

/** Messages are copies: a subscriber cannot change what the others get. */
export function publish(context, channel, message) {
  for (const { channel: name, listener } of [...subscriptions])
    if (name === channel.name) listener(structuredClone(message));
}
