import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type HubWorld, type HubWorldOptions, OUTLOOK_SECRET, openHub } from './hub-world.ts';

/**
 * Mattermost's Outlook presence plugin, from its description alone: a plain HTTP and WebSocket client that knows nothing of the hub but
 * base address and secret.
 */
const BASE = '/plugins/com.mattermost.outlook-presence/api/v1';

interface Status {
  readonly user_id: string;
  readonly email: string;
  readonly status: string;
}

const worlds: HubWorld[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const world of worlds.splice(0)) await world.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  worlds.push(world);
  return world;
}

const encoded = (times: number): string => {
  let text = OUTLOOK_SECRET;
  for (let i = 0; i < times; i += 1) text = encodeURIComponent(text);
  return text;
};

const statusPage = async ({ url }: HubWorld, page?: number): Promise<Status[]> => {
  const answer = await fetch(`${url}${BASE}/status?secret=${encoded(1)}${page === undefined ? '' : `&page=${page}`}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('application/json');
  return (await answer.json()) as Status[];
};

/** All people, as the Windows provider reads them: page after page until one is empty. */
async function allStatuses(world: HubWorld): Promise<Status[]> {
  const all: Status[] = [];
  for (let page = 0; ; page += 1) {
    const found = await statusPage(world, page);
    if (found.length === 0) return all;
    all.push(...found);
  }
}

/** A WebSocket that keeps what comes. */
class Client {
  readonly socket: WebSocket;
  readonly messages: string[] = [];
  #onMessage = (): void => {};

  constructor({ url }: HubWorld, secret = encoded(1)) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}${BASE}/ws?secret=${secret}`);
    sockets.push(this.socket);
    this.socket.on('message', (data, isBinary) => {
      expect(isBinary).toBe(false);
      this.messages.push(String(data));
      this.#onMessage();
    });
  }

  async ready(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  /** The n-th message (from 0), once it is there. */
  async message(index: number): Promise<Status> {
    while (this.messages.length <= index) {
      await new Promise<void>((resolve) => {
        this.#onMessage = resolve;
      });
    }
    return JSON.parse(this.messages[index] ?? '') as Status;
  }
}

const publish = ({ url }: HubWorld, body: unknown, secret = encoded(1)) =>
  fetch(`${url}${BASE}/status/publish?secret=${secret}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('GET /status', () => {
  it('pages through everybody until an empty array', async () => {
    const world = await open({ env: { HUB_OUTLOOK_PAGE_SIZE: '3' } });
    const ids: string[] = [];
    for (let i = 0; i < 7; i += 1) ids.push(await world.person(`Person${i}`));
    expect((await statusPage(world)).length).toBe(3);
    expect(await statusPage(world, 0)).toEqual(await statusPage(world));
    expect((await statusPage(world, 2)).length).toBe(1);
    expect(await statusPage(world, 3)).toEqual([]);
    expect(await statusPage(world, 1_000_000)).toEqual([]);
    const all = await allStatuses(world);
    expect(all.map(({ user_id }) => user_id).toSorted()).toEqual(ids.toSorted());
    for (const one of all) {
      expect(Object.keys(one).toSorted()).toEqual(['email', 'status', 'user_id']);
      expect(one.status).toBe('offline');
    }
  });

  it('has pages of 100 by itself, and an empty one where there is nobody', async () => {
    const world = await open();
    expect(await statusPage(world)).toEqual([]);
    for (let i = 0; i < 101; i += 1) await world.person(`Person${i}`);
    expect((await statusPage(world, 0)).length).toBe(100);
    expect((await statusPage(world, 1)).length).toBe(1);
  });

  it('shows what is said now', async () => {
    const world = await open();
    const id = await world.person('Ann');
    for (const status of ['online', 'away', 'dnd', 'offline', 'online']) {
      expect((await publish(world, { user_id: id, status })).status).toBe(200);
      expect(await statusPage(world)).toEqual([{ user_id: id, email: 'ann@example.com', status }]);
    }
  });

  it('answers 400 to a page that is no number', async () => {
    const { url } = await open();
    for (const page of ['one', '1.5', '0x1', ' ', '1e3', '9'.repeat(30)]) {
      const answer = await fetch(`${url}${BASE}/status?secret=${encoded(1)}&page=${encodeURIComponent(page)}`);
      expect(answer.status, page).toBe(400);
      expect(await answer.text()).toContain('page');
    }
  });
});

describe('the secret', () => {
  it('lets in however often it was URL-encoded', async () => {
    const { url } = await open();
    for (const times of [1, 2, 3]) {
      expect((await fetch(`${url}${BASE}/status?secret=${encoded(times)}`)).status, `${times} times`).toBe(200);
    }
  });

  it('lets in from a form, sent with GET or POST', async () => {
    const { url } = await open();
    const body = new URLSearchParams({ secret: OUTLOOK_SECRET }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
    for (const method of ['GET', 'POST']) {
      const answer = await new Promise<number>((resolve, reject) => {
        const asked = request(`${url}${BASE}/status`, { method, headers }, (found) => {
          found.resume();
          resolve(found.statusCode ?? 0);
        });
        asked.on('error', reject).end(body);
      });
      expect(answer, method).toBe(200);
    }
  });

  it('keeps everybody else out with 403', async () => {
    const { url } = await open();
    const wrong = [
      '',
      '?secret=',
      '?secret=wrong',
      `?secret=${encoded(1)}x`,
      `?secret=${encoded(1).slice(0, -3)}`,
      '?secret=%25zz',
    ];
    for (const query of wrong) {
      expect((await fetch(`${url}${BASE}/status${query}`)).status, query).toBe(403);
    }
    expect((await publish({ url } as HubWorld, {}, 'wrong')).status).toBe(403);
    const socket = new WebSocket(`${url.replace('http', 'ws')}${BASE}/ws?secret=wrong`);
    sockets.push(socket);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('403');
  });

  it('is not there at all where none is set', async () => {
    const { url } = await open({ env: { HUB_OUTLOOK_SECRET: '' } });
    for (const secret of ['', 'undefined', 'null']) {
      expect((await fetch(`${url}${BASE}/status?secret=${secret}`)).status).toBe(403);
    }
  });
});

describe('POST /status/publish', () => {
  it('says what is wrong with 400', async () => {
    const world = await open();
    const id = await world.person('Ann');
    const wrong: [unknown, string][] = [
      [{ user_id: id, status: 'busy' }, 'status is not valid'],
      [{ user_id: id }, 'status is not valid'],
      [{ user_id: 'short', status: 'away' }, 'user_id is not valid'],
      [{ status: 'away' }, 'user_id is missing'],
      ['{"user_id":', 'JSON'],
      [[], ''],
    ];
    for (const [body, reason] of wrong) {
      const answer = await publish(world, body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(await answer.text()).toContain(reason);
    }
    expect(await statusPage(world)).toEqual([{ user_id: id, email: 'ann@example.com', status: 'offline' }]);
  });

  it('answers 404 for somebody it does not know', async () => {
    const world = await open();
    expect((await publish(world, { user_id: 'x'.repeat(26), status: 'away' })).status).toBe(404);
  });
});

describe('/ws', () => {
  it('sends every change to everybody, in order, as the page shows it', async () => {
    const world = await open();
    const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
    const clients = [await new Client(world).ready(), await new Client(world, encoded(2)).ready()];
    const said: [string, string][] = [
      [ann, 'dnd'],
      [bob, 'online'],
      [ann, 'away'],
      [bob, 'offline'],
      [ann, 'online'],
    ];
    for (const [user_id, status] of said) await publish(world, { user_id, status });
    for (const client of clients) {
      await client.message(said.length - 1);
      const got = client.messages.map((text) => JSON.parse(text) as Status);
      expect(got.map(({ user_id, status }) => [user_id, status])).toEqual(said);
      expect(got[0]).toEqual({ user_id: ann, email: 'ann@example.com', status: 'dnd' });
    }
  });

  it('logs who comes and goes with the size of the pool', async () => {
    const world = await open();
    const [first, second] = [await new Client(world).ready(), await new Client(world).ready()];
    first.socket.close();
    await once(first.socket, 'close');
    const lines = world.log
      .filter((line) => /Client (dis)?connected/.test(line))
      .map((line) => line.replace(/^.*?Client/, 'Client').trim());
    expect(lines).toEqual([
      'Client connected pool=outlook size=1',
      'Client connected pool=outlook size=2',
      'Client disconnected pool=outlook size=1',
    ]);
    expect(second.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('repeats a status before the provider takes the silence for a lost connection', async () => {
    const world = await open({ env: { HUB_OUTLOOK_REPEAT: '1' } });
    const ann = await world.person('Ann');
    const client = await new Client(world).ready();
    await publish(world, { user_id: ann, status: 'dnd' });
    expect(await client.message(1)).toEqual({ user_id: ann, email: 'ann@example.com', status: 'dnd' });
  });

  it('says with a code that it restarts, and serves who comes back', async () => {
    const world = await open();
    const ann = await world.person('Ann');
    const client = await new Client(world).ready();
    const closed = once(client.socket, 'close');
    worlds.splice(worlds.indexOf(world), 1);
    const next = await world.again();
    worlds.push(next);
    expect((await closed)[0]).toBe(1012);
    const back = await new Client(next).ready();
    await publish(next, { user_id: ann, status: 'away' });
    expect((await back.message(0)).status).toBe('away');
  });
});
