/**
 * Platform events for clients: CometD long polling (`/cometd/65.0`, as jsforce and the streaming clients of Salesforce
 * speak it) with replay, and the same as server-sent events (`/local/events`) for pages.
 */
import { randomBytes } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type { EventMessage, Json } from '../org/contracts.js';
import { ApiError } from './api-error.js';
import { queryValue, type RestContext } from './context.js';
import { valueToJson } from './record-json.js';
import { sessionOf } from './sessions.js';

const POLL_MS = 30_000;
const CLIENT_LIFETIME_MS = 120_000;
const HEARTBEAT_MS = 15_000;

interface Client {
  readonly userId: string;
  readonly queue: Json[];
  readonly subscriptions: Map<string, () => void>;
  wake: () => void;
  lastSeen: number;
}

type Message = Readonly<Record<string, unknown>>;

/** `/event/MediaVerdict__e` to the event's name; refuses what the org has not or the user may not see. */
function eventOf({ org }: RestContext, channel: string, userId: string): string {
  const wanted = channel.replace(/^\/event\//, '');
  const local = org.schema.localName(wanted).toLowerCase();
  const name = org.eventNames().find((event) => event.toLowerCase() === local);
  if (!name)
    throw new ApiError(400, 'INVALID_FIELD', `403::The channel ${channel} does not exist.`);
  const isReadable = org.run(userId, `subscribe ${channel}`, (tx) =>
    org.rights.objectRight(tx, name, 'read'),
  );
  if (!isReadable)
    throw new ApiError(403, 'FORBIDDEN', `403:denied:The user may not read ${name}.`);
  return name;
}

function payloadOf(message: EventMessage): Json {
  const payload: Record<string, Json> = {};
  for (const [name, value] of message.record.entries()) payload[name] = valueToJson(value, '');
  payload['CreatedDate'] ??= new Date(message.publishedAt).toISOString();
  return { schema: message.event, payload, event: { replayId: message.replayId } };
}

export function cometdRoutes(context: RestContext): Router {
  const clients = new Map<string, Client>();
  const router = Router();

  const dropStale = (): void => {
    for (const [id, client] of clients) {
      if (client.lastSeen + CLIENT_LIFETIME_MS > Date.now()) continue;
      for (const stop of client.subscriptions.values()) stop();
      clients.delete(id);
    }
  };

  function handshake(message: Message, userId: string): Json {
    dropStale();
    const clientId = randomBytes(12).toString('hex');
    clients.set(clientId, {
      userId,
      queue: [],
      subscriptions: new Map(),
      wake: () => undefined,
      lastSeen: Date.now(),
    });
    return {
      ...reply(message),
      successful: true,
      version: '1.0',
      minimumVersion: '1.0',
      supportedConnectionTypes: ['long-polling'],
      clientId,
      ext: { replay: true },
    };
  }

  function subscribe(message: Message, client: Client): Json {
    const channel = String(message['subscription']);
    const ext = message['ext'] as { replay?: Record<string, number> } | undefined;
    try {
      const event = eventOf(context, channel, client.userId);
      const listener = (received: EventMessage): void => {
        client.queue.push({ channel, data: payloadOf(received) });
        client.wake();
      };
      client.subscriptions.get(channel)?.();
      client.subscriptions.set(
        channel,
        context.org.onEvent(event, listener, ext?.replay?.[channel] ?? -1),
      );
      return { ...reply(message), successful: true, subscription: channel };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { ...reply(message), successful: false, subscription: channel, error: error.message };
    }
  }

  /** @param waits false answers at once with what is there */
  async function connect(
    message: Message,
    client: Client,
    response: Response,
    waits: boolean,
  ): Promise<Json[]> {
    if (waits && client.queue.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        client.wake = () => {
          clearTimeout(timer);
          resolve();
        };
        response.on('close', client.wake);
      });
    }
    client.wake = () => undefined;
    client.lastSeen = Date.now();
    const events = client.queue.splice(0);
    return [
      {
        ...reply(message),
        successful: true,
        advice: { interval: 0, timeout: POLL_MS, reconnect: 'retry' },
      },
      ...events,
    ];
  }

  async function answer(
    message: Message,
    userId: string,
    response: Response,
    isAlone: boolean,
  ): Promise<Json[]> {
    if (message['channel'] === '/meta/handshake') return [handshake(message, userId)];
    const client = clients.get(String(message['clientId']));
    if (!client || client.userId !== userId) {
      const advice = { reconnect: 'handshake', interval: 0 };
      return [{ ...reply(message), successful: false, error: '403::Unknown client', advice }];
    }
    client.lastSeen = Date.now();
    switch (message['channel']) {
      case '/meta/connect':
        return connect(message, client, response, isAlone);
      case '/meta/subscribe':
        return [subscribe(message, client)];
      default:
        return [leave(message, client)];
    }
  }

  router.post('/', async (request, response) => {
    const { userId } = sessionOf(response);
    const messages = (Array.isArray(request.body) ? request.body : [request.body]) as Message[];
    const answers: Json[] = [];
    // The others first: a subscription in the same envelope as a poll must not wait for the poll's end.
    const isPoll = ({ channel }: Message): boolean => channel === '/meta/connect';
    const inOrder = [...messages.filter((m) => !isPoll(m)), ...messages.filter(isPoll)];
    for (const message of inOrder) {
      answers.push(...(await answer(message, userId, response, messages.length === 1)));
    }
    response.json(answers);
  });
  return router;
}

function leave(message: Message, client: Client): Json {
  const channels =
    message['channel'] === '/meta/unsubscribe'
      ? [String(message['subscription'])]
      : [...client.subscriptions.keys()];
  for (const channel of channels) {
    client.subscriptions.get(channel)?.();
    client.subscriptions.delete(channel);
  }
  client.wake();
  return { ...reply(message), successful: true };
}

function reply(message: Message): Record<string, Json> {
  const { channel, id } = message;
  return {
    channel: String(channel),
    ...(typeof id === 'string' || typeof id === 'number' ? { id } : {}),
    ...(typeof message['clientId'] === 'string' ? { clientId: message['clientId'] } : {}),
  };
}

/** `GET /local/events?channel=/event/MediaVerdict__e&replay=-1` */
export function sendEvents(context: RestContext, request: Request, response: Response): void {
  const channel = queryValue(request, 'channel') ?? '';
  const event = eventOf(context, channel, sessionOf(response).userId);
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  const replay = Number(queryValue(request, 'replay') ?? -1);
  const stop = context.org.onEvent(
    event,
    (message) =>
      response.write(`data: ${JSON.stringify({ channel, data: payloadOf(message) })}\n\n`),
    Number.isInteger(replay) ? replay : -1,
  );
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  response.on('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}
