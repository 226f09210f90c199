// A server process of the hub's bench: `hub` is the hub itself, `bare` the least that sends the same bytes (ws, fastify).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { WebSocketServer } from 'ws';
import { createPlainLogger } from '../../../src/adapters/node/plainLogger.ts';
import { startHub } from '../../../src/hub/compose.ts';
import { newId } from '../../../src/hub/ids.ts';
import { readHubSettings } from '../../../src/hub/settings.ts';
import { type Answer, type Ask, sharedNow } from './protocol.ts';

const SECRET = 'a-secret-of-the-bench';
const PATH = '/plugins/com.mattermost.outlook-presence/api/v1';
const PAGE = 100;

/** What both kinds of server can do. */
interface Server {
  readonly url: string;
  people(count: number): Promise<void>;
  /** One change of one person, unlike the one before. */
  change(): Promise<void> | void;
}

const emailOf = (index: number): string => `person.${String(index).padStart(7, '0')}@bench.example.com`;

async function hub(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'hipstatus-bench-hub-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const running = await startHub({
    settings: readHubSettings({
      HUB_PORT: '0',
      HUB_DATA: folder,
      HUB_OUTLOOK_SECRET: SECRET,
      HUB_OUTLOOK_REPEAT: '0',
      HUB_REPORT_TIMEOUT: '86400',
      HUB_RATE_TOKEN: '10000000',
      HUB_RATE_ADDRESS: '10000000',
    }),
    logger: createPlainLogger({ stream: { write: () => true }, level: 'error', now: () => Date.now() }),
    version: '0.0.0',
  });
  const ids: string[] = [];
  let changes = 0;
  const states = ['dnd', 'available'] as const;
  return {
    url: running.address,
    async people(count) {
      for (let from = ids.length; from < count; ) {
        const upTo = Math.min(count, from + 2_000);
        const added = Array.from({ length: upTo - from }, (_, i) => ({
          id: newId(Date.now()),
          email: emailOf(from + i),
          name: `Person ${from + i}`,
          identities: [],
        }));
        await Promise.all(added.map((person) => running.presences.putPerson(person)));
        ids.push(...added.map(({ id }) => id));
        from = upTo;
      }
    },
    async change() {
      const index = changes++;
      const state = states[Math.floor(index / ids.length) % 2] ?? 'dnd';
      const presence = { state, text: '', emoji: '', until: null };
      await running.presences.say(ids[index % ids.length] ?? '', presence, { source: 'bench' });
    },
  };
}

async function bare(): Promise<Server> {
  const app = fastify();
  const pages: Buffer[] = [];
  app.get(`${PATH}/status`, (request, reply) => {
    const { page = '0' } = request.query as { page?: string };
    return reply.header('content-type', 'application/json').send(pages[Number(page)] ?? Buffer.from('[]'));
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  app.server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (one) => sockets.emit('connection', one, request));
  });
  let changes = 0;
  let people: { user_id: string; email: string; status: string }[] = [];
  return {
    url: await app.listen({ host: '127.0.0.1', port: 0 }),
    async people(count) {
      people = Array.from({ length: count }, (_, i) => ({
        user_id: newId(Date.now()),
        email: emailOf(i),
        status: 'offline',
      }));
      for (let from = 0; from < count; from += PAGE) {
        pages.push(Buffer.from(JSON.stringify(people.slice(from, from + PAGE))));
      }
    },
    change() {
      const message = Buffer.from(JSON.stringify({ ...people[changes++ % people.length], status: 'dnd' }));
      for (const socket of sockets.clients) socket.send(message, { binary: false });
    },
  };
}

const say = (answer: Answer) => process.send?.(answer);
const server = await (process.argv[2] === 'hub' ? hub() : bare());

async function answer(ask: Ask): Promise<Answer> {
  switch (ask.what) {
    case 'people':
      await server.people(ask.count);
      return { what: 'done' };
    case 'changes': {
      const startedAt: number[] = [];
      for (let index = 0; index < ask.count; index += 1) {
        startedAt.push(sharedNow());
        await server.change();
        // So that neither server sends in one go what was asked for one by one.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { what: 'changed', startedAt };
    }
    case 'memory': {
      for (let times = 0; times < 3; times += 1) globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      return { what: 'memory', rss, heap: heapUsed };
    }
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return { what: 'cpu', milliseconds: (user + system) / 1_000 };
    }
    default:
      throw new Error(`This is a server: ${ask.what} is for its clients.`);
  }
}

process.on('message', (ask: Ask) => void answer(ask).then(say));
process.on('disconnect', () => process.exit(0));
say({ what: 'listening', url: server.url, secret: SECRET });
