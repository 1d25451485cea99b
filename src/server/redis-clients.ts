import { createClient, createCluster, createSentinel } from 'redis';
import type { RedisPlace } from './redis-url.ts';

// The same few commands on one Redis, on the primary that Sentinels name, and on a cluster. They differ in how a lost
// connection is replaced.

export interface RedisClients {
  /** Connects and subscribes to a channel; retries until closed, and resolves when both have succeeded once. */
  connect(channel: string, listener: (message: string) => void): Promise<void>;
  /** Whether a command would be sent now. Otherwise it fails, or waits for the topology. */
  isReady(): boolean;
  get(key: string): Promise<string | null>;
  set(key: string, text: string, seconds: number): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  onError(listener: () => void): void;
  /** commands are accepted, for the first time or again */
  onReady(listener: () => void): void;
  /** messages may have been missed */
  onGap(listener: () => void): void;
  close(): void;
}

/** ms without a byte after which a connection is closed: its peer may be gone for good. */
const deadAfter = 5000;
/** ms between two attempts to find a topology, and between two checks whether it has changed. */
const pause = 500;

const options = {
  disableOfflineQueue: true,
  socket: {
    connectTimeout: 1000,
    socketTimeout: deadAfter,
    reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, 500),
  },
};
// The client's own limit of 5 s keeps a signal per command for as long. No command here waits that long anyway.
const commandOptions = { timeout: 0 };

/** Clients for a place, not yet connected. */
export function redisClients(place: RedisPlace): RedisClients {
  if (place.kind === 'one') return ofOne(place.url);
  return place.kind === 'sentinel' ? ofSentinel(place) : ofCluster(place);
}

/** What the library's three clients have in common. */
interface Commands {
  get(key: string): Promise<string | null>;
  set(key: string, text: string, options: { expiration: { type: 'EX'; value: number } }): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
}

const commands = (client: Commands): Pick<RedisClients, 'get' | 'set' | 'publish'> => ({
  get: (key) => client.get(key),
  set: (key, text, seconds) => client.set(key, text, { expiration: { type: 'EX', value: seconds } }),
  publish: (channel, message) => client.publish(channel, message),
});

function ofOne(url: string): RedisClients {
  const client = createClient({ ...options, url, commandOptions });
  // Its offline queue keeps the subscription until Redis is available.
  const subscriber = createClient({ ...options, url, commandOptions, disableOfflineQueue: false });
  return {
    ...commands(client),
    async connect(channel, listener) {
      await Promise.all([client.connect(), subscriber.connect(), subscriber.subscribe(channel, listener)]);
    },
    isReady: () => client.isReady,
    onError: (listener) => {
      for (const one of [client, subscriber]) one.on('error', listener);
    },
    onReady: (listener) => void client.on('ready', listener),
    onGap: (listener) => void subscriber.on('ready', listener),
    close() {
      client.destroy();
      subscriber.destroy();
    },
  };
}

function ofSentinel(place: RedisPlace & { kind: 'sentinel' }): RedisClients {
  const { name, nodes, username, password, tls, database } = place;
  const secured = tls && { tls: true as const };
  const node = { ...options, username, password, database };
  // The next topology scan replaces lost connections. The library's own attempts would pile up, one per scan without a
  // primary, and a command on a lost connection would query the Sentinels without a pause.
  const once = { socket: { ...options.socket, ...secured, reconnectStrategy: false as const } };
  const sentinel = createSentinel({
    ...{ name, sentinelRootNodes: nodes, commandOptions, scanInterval: pause, maxCommandRediscovers: 0 },
    ...{ nodeClientOptions: { ...node, ...once }, sentinelClientOptions: once },
  });
  // The library's own subscriber is not used either: it drops a subscription if its primary is lost while it connects.
  let subscriber: ReturnType<typeof listenTo> | null = null;
  const listenTo = (primary: { host: string; port: number }) =>
    createClient({
      ...{ ...node, commandOptions, disableOfflineQueue: false },
      socket: { ...options.socket, ...secured, ...primary },
    })
      .on('error', listeners.error)
      .on('ready', listeners.gap);
  const { untilDone, close } = persistent(sentinel);
  const listeners = { error: () => {}, gap: () => {} };
  const subscribe = (channel: string, listener: (message: string) => void) => {
    const primary = sentinel.getMasterNode();
    if (!primary) return;
    subscriber?.destroy();
    subscriber = listenTo(primary);
    for (const step of [subscriber.connect(), subscriber.subscribe(channel, listener)]) step.catch(() => {});
  };
  return {
    ...commands(sentinel),
    async connect(channel, listener) {
      sentinel.on('ready', () => subscribe(channel, listener));
      await untilDone(() => sentinel.connect());
    },
    isReady: () => sentinel.isReady && sentinel.getMasterNode() !== undefined,
    onError(listener) {
      listeners.error = listener;
      sentinel.on('error', listener);
    },
    onReady: (listener) => void sentinel.on('ready', listener),
    onGap(listener) {
      listeners.gap = listener;
    },
    close() {
      subscriber?.destroy();
      close();
    },
  };
}

function ofCluster({ nodes, username, password, tls }: RedisPlace & { kind: 'cluster' }): RedisClients {
  const socket = { ...options.socket, ...(tls && { tls: true as const }) };
  const cluster = createCluster({
    rootNodes: nodes.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: { ...options, socket, username, password },
    commandOptions,
    topologyRefreshOnReconnectionAttemptStrategy: pause,
  });
  const { untilDone, close } = persistent(cluster);
  return {
    ...commands(cluster),
    close,
    async connect(channel, listener) {
      await untilDone(() => cluster.connect());
      await untilDone(() => cluster.subscribe(channel, listener));
    },
    isReady: () => cluster.isReady,
    onError: (listener) => void cluster.on('error', listener),
    onReady: (listener) => void cluster.on('connect', listener),
    // The library does not report that the channel of one server was reopened; the silence before that reveals it.
    onGap: () => {},
  };
}

/** The library's clients for several servers give up if they find no topology; this retries them. */
function persistent(client: { destroy(): unknown }) {
  let closed = false;
  return {
    async untilDone(step: () => Promise<unknown>): Promise<void> {
      while (!closed) {
        try {
          return void (await step());
        } catch {
          await Bun.sleep(pause);
        }
      }
    },
    close(): void {
      closed = true;
      Promise.resolve(client.destroy()).catch(() => {});
    },
  };
}
