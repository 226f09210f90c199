import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { makeCertificate } from '../../../src/sandbox/tls.ts';
import { freePort, type ServerProcess, startProcess } from './process.ts';

export interface RedisServerOptions {
  /** Default `everysec`, as Redis is set up. `always`: what was answered is on disk. */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  readonly password?: string;
  /** More lines for redis.conf. */
  readonly config?: string;
  /** TLS from the first byte, and no plain port. */
  readonly isTls?: boolean;
}

export interface RedisServer {
  readonly port: number;
  /** For database 0, with the password. */
  readonly url: string;
  /** Of the certificate authority, which is the certificate itself; empty without TLS. */
  readonly certificate: string;
  /** A connection for the test itself; `close` ends it. */
  readonly client: Redis;
  /** SIGTERM: Redis writes what it has. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Again, on the same port and the same data. */
  start(): Promise<void>;
  readonly output: () => string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** Redis flushes its append-only file to disk, which costs nothing where there is none. */
const MEMORY = '/dev/shm';

/** Redis (https://redis.io, Debian's package) on a free port, with an append-only file in a temporary folder. */
export async function startRedis({
  appendfsync = 'everysec',
  password = 'redis-pass-word!',
  config = '',
  isTls = false,
}: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'hipstatus-redis-'));
  const port = await freePort();
  const path = (name: string) => join(folder, name);
  const { key, cert } = isTls ? await makeCertificate() : { key: '', cert: '' };
  writeFileSync(path('key.pem'), key);
  writeFileSync(path('cert.pem'), cert);
  const listen = isTls
    ? `port 0\ntls-port ${port}\ntls-cert-file ${path('cert.pem')}\ntls-key-file ${path('key.pem')}\ntls-auth-clients no`
    : `port ${port}`;
  writeFileSync(
    path('redis.conf'),
    `bind ${HOST}\n${listen}\ndir ${folder}\nsave ""\nappendonly yes\nappendfsync ${appendfsync}\nrequirepass ${password}\n${config}\n`,
  );
  const connection = () =>
    new Redis({
      host: HOST,
      port,
      password,
      protocol: 2,
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 50,
      ...(isTls ? { tls: { ca: cert } } : {}),
    }).on('error', () => undefined);
  /** Whether it has read its data and takes commands. */
  const isReady = async () => {
    const probe = connection();
    try {
      return (await probe.ping()) === 'PONG';
    } finally {
      probe.disconnect();
    }
  };
  let server: ServerProcess | null = null;
  const start = async () => {
    server = await startProcess({ command: 'redis-server', args: [path('redis.conf')], cwd: folder, isReady });
  };
  await start();
  const client = connection();
  return {
    port,
    url: `${isTls ? 'rediss' : 'redis'}://:${encodeURIComponent(password)}@${HOST}:${port}/0`,
    certificate: cert,
    client,
    stop: async () => server?.stop(),
    kill: async () => server?.kill(),
    start,
    output: () => server?.output() ?? '',
    async close() {
      client.disconnect();
      await server?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
