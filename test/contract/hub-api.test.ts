import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { isUpToDate } from '../../scripts/hub-openapi.ts';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { MINUTE } from '../../src/core/time.ts';
import { EventStream } from './eventStream.ts';
import { type HubWorld, type HubWorldOptions, openHub } from './hub-world.ts';

const worlds: HubWorld[] = [];
const streams: EventStream[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const world of worlds.splice(0)) await world.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  worlds.push(world);
  return world;
}

interface Person {
  readonly id: string;
  readonly email: string;
}
interface Out {
  readonly person: Person;
  readonly state: string;
  readonly text: string;
  readonly until: string | null;
  readonly reporting: boolean;
  readonly event: number;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const put = (world: HubWorld, token: string, body: object, who = 'me', headers: Record<string, string> = {}) =>
  world.ask(`/api/v1/presences/${who}`, token, { method: 'PUT', body: JSON.stringify(body), headers });
const json = async <T>(response: Response | Promise<Response>): Promise<T> => (await (await response).json()) as T;
const dnd = { state: 'dnd', text: 'In a meeting' };

describe('the description', () => {
  it('is the one in docs, and says what the routes do', async () => {
    expect(await isUpToDate()).toBe(true);
  });
});

describe('tokens', () => {
  it('are asked for everywhere, and let nobody do more than their scopes', async () => {
    const world = await open();
    const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
    const publish = await world.token(['publish'], ann);
    const read = await world.token(['read']);
    const admin = await world.token(['admin']);
    const allowed: [string, string, string | null, number][] = [
      ['GET', '/presences', null, 401],
      ['GET', '/presences', 'hst_wrong', 401],
      ['GET', '/presences', `${read}x`, 401],
      ['GET', '/presences', publish, 403],
      ['GET', '/presences', read, 200],
      ['GET', '/presences', admin, 200],
      ['GET', '/presences/me', publish, 200],
      ['GET', `/presences/${bob}`, publish, 403],
      ['GET', `/presences/${bob}`, read, 200],
      ['GET', '/presences/bob@example.com', read, 200],
      ['GET', '/presences/me', read, 404],
      ['PUT', '/presences/me', publish, 200],
      ['PUT', `/presences/${bob}`, publish, 403],
      ['PUT', `/presences/${bob}`, read, 403],
      ['PUT', '/presences/Bob@Example.com', admin, 200],
      ['DELETE', `/presences/${bob}`, publish, 403],
      ['GET', '/people', publish, 403],
      ['GET', '/people', read, 200],
      ['DELETE', `/people/${bob}`, read, 403],
      ['DELETE', `/people/${bob}`, admin, 204],
      ['GET', `/people/${bob}`, admin, 404],
      ['GET', '/events', publish, 403],
    ];
    for (const [method, path, token, status] of allowed) {
      const body = method === 'PUT' ? { body: JSON.stringify(dnd) } : {};
      const answer = await world.ask(`/api/v1${path}`, token, { method, ...body });
      expect(answer.status, `${method} ${path}`).toBe(status);
      await answer.body?.cancel();
    }
  });

  it('are kept as hashes alone', async () => {
    const world = await open();
    const token = await world.token(['read']);
    const secret = token.split('_')[2] ?? '';
    const files = readdirSync(world.folder).map((name) => readFileSync(join(world.folder, name), 'latin1'));
    expect(files.join('').length).toBeGreaterThan(1_000);
    for (const file of files) expect(file).not.toContain(secret);
  });

  it('end when they are revoked, at once', async () => {
    const world = await open();
    const token = await world.token(['read']);
    expect((await world.ask('/api/v1/presences', token)).status).toBe(200);
    await world.hub.tokens.revoke(token.split('_')[1] ?? '');
    expect((await world.ask('/api/v1/presences', token)).status).toBe(401);
  });
});

describe('presences', () => {
  it('say what was put, until it ends', async () => {
    let ahead = 0;
    const world = await open({ clock: { ...systemClock, now: () => Date.now() + ahead } });
    const ann = await world.token(['publish', 'read'], await world.person('Ann'));
    expect((await json<Out>(world.ask('/api/v1/presences/me', ann))).state).toBe('offline');
    const until = new Date(Date.now() + 5 * MINUTE).toISOString();
    const said = await json<Out>(put(world, ann, { ...dnd, until }));
    expect(said).toMatchObject({ ...dnd, until, reporting: true });
    expect(await json<Out>(world.ask('/api/v1/presences/me', ann))).toEqual(said);
    const stream = await EventStream.open(`${world.url}/api/v1/events`, ann);
    streams.push(stream);
    ahead = 5 * MINUTE;
    const change = await stream.next('change');
    expect(change.data).toMatchObject({ presence: { state: 'available', text: '', until: null } });
    expect((await json<Out>(world.ask('/api/v1/presences/me', ann))).state).toBe('available');
  });

  it('become offline without reports, and come back with the next', async () => {
    let ahead = 0;
    const world = await open({
      clock: { ...systemClock, now: () => Date.now() + ahead },
      env: { HUB_REPORT_TIMEOUT: '600' },
    });
    const ann = await world.token(['publish', 'read'], await world.person('Ann'));
    await put(world, ann, dnd);
    const stream = await EventStream.open(`${world.url}/api/v1/events`, ann);
    streams.push(stream);
    ahead = 9 * MINUTE;
    const kept = await json<Out>(world.ask('/api/v1/presences/me/report', ann, { method: 'POST' }));
    expect(kept).toMatchObject(dnd);
    ahead = 18 * MINUTE;
    expect((await json<Out>(world.ask('/api/v1/presences/me', ann))).state).toBe('dnd');
    ahead = 19 * MINUTE + 1;
    expect((await stream.next('change')).data).toMatchObject({
      presence: { state: 'offline', text: '', reporting: false },
    });
    const back = await json<Out>(world.ask('/api/v1/presences/me/report', ann, { method: 'POST' }));
    expect(back).toMatchObject({ ...dnd, reporting: true });
    expect((await world.ask('/api/v1/presences/me', ann, { method: 'DELETE' })).status).toBe(204);
    expect((await json<Out>(world.ask('/api/v1/presences/me', ann))).state).toBe('offline');
  });

  it('are written only over what was read, where that is asked', async () => {
    const world = await open();
    const ann = await world.token(['publish'], await world.person('Ann'));
    const first = await put(world, ann, dnd);
    const etag = first.headers.get('etag') ?? '';
    expect((await put(world, ann, { state: 'away' }, 'me', { 'if-match': etag })).status).toBe(200);
    const stale = await put(world, ann, dnd, 'me', { 'if-match': etag });
    expect(stale.status).toBe(412);
    expect(await json(stale)).toMatchObject({ error: { code: 'conflict' } });
    expect((await json<Out>(world.ask('/api/v1/presences/me', ann))).state).toBe('away');
    expect((await put(world, ann, dnd, 'me', { 'if-match': '"x"' })).status).toBe(400);
  });

  it('refuse what is not right, and name it', async () => {
    const world = await open();
    const ann = await world.token(['publish'], await world.person('Ann'));
    const wrong: [unknown, string][] = [
      [{}, 'state'],
      [{ state: 'sleeping' }, 'state'],
      [{ ...dnd, until: 'soon' }, 'until'],
      [{ ...dnd, until: '2020-01-01T00:00:00Z' }, 'until'],
      [{ ...dnd, text: 'x'.repeat(501) }, 'text'],
      [{ ...dnd, text: 'a\u0007b' }, 'text'],
      [{ ...dnd, source: 'a b' }, 'source'],
      [{ ...dnd, more: 1 }, 'more'],
      [{ ...dnd, day: [{ start: '2026-01-05T10:00:00Z', end: '2026-01-05T09:00:00Z', state: 'dnd' }] }, 'end'],
    ];
    for (const [body, named] of wrong) {
      const answer = await put(world, ann, body as object);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(JSON.stringify(await answer.json())).toContain(named);
    }
  });

  it('are listed page by page, filtered, and not sent again unchanged', async () => {
    const world = await open();
    const read = await world.token(['read', 'publish']);
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push(await world.person(`Person${i}`));
    const admin = await world.token(['admin']);
    for (const id of ids.slice(0, 3)) await put(world, admin, dnd, id);
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Page<Out> = await json(world.ask(`/api/v1/presences?limit=2&after=${after}`, read));
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ person }) => person.id));
      after = page.next;
    }
    expect(seen).toEqual(ids.toSorted());
    const busy: Page<Out> = await json(world.ask('/api/v1/presences?state=dnd', read));
    expect(busy.items.map(({ person }) => person.id)).toEqual(ids.slice(0, 3).toSorted());
    const one: Page<Out> = await json(world.ask('/api/v1/presences?email=PERSON4@example.com', read));
    expect(one.items.map(({ person }) => person.email)).toEqual(['person4@example.com']);
    const first = await world.ask('/api/v1/presences', read);
    const etag = first.headers.get('etag') ?? '';
    const again = await world.ask('/api/v1/presences', read, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await put(world, admin, { state: 'away' }, ids[0] ?? '');
    expect((await world.ask('/api/v1/presences', read, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('tell of the day: what was shown, and what is planned', async () => {
    let ahead = 0;
    const world = await open({ clock: { ...systemClock, now: () => Date.now() + ahead } });
    const ann = await world.token(['publish'], await world.person('Ann'));
    await put(world, ann, { state: 'available' });
    ahead = MINUTE;
    const since = new Date(Date.now() + MINUTE / 2).toISOString();
    const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();
    const day = [{ start: at(30), end: at(60), state: 'dnd' }];
    await put(world, ann, { ...dnd, day });
    const { items } = await json<Page<object>>(world.ask(`/api/v1/presences/me/day?since=${since}`, ann));
    expect(items).toEqual([
      { start: since, end: expect.any(String), state: 'available', kind: 'was' },
      { start: expect.any(String), end: null, state: 'dnd', kind: 'was' },
      { ...day[0], kind: 'will' },
    ]);
  });
});

describe('people', () => {
  it('are added, changed and forgotten, and no email is had twice', async () => {
    const world = await open();
    const admin = await world.token(['admin']);
    const post = (body: object) => world.ask('/api/v1/people', admin, { method: 'POST', body: JSON.stringify(body) });
    const identities = [{ service: 'slack', id: 'U1' }];
    const made = await post({ email: 'Ann@Example.com', name: 'Ann', identities });
    expect(made.status).toBe(201);
    const ann = await json<Person>(made);
    expect(ann).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{26}$/),
      email: 'ann@example.com',
      name: 'Ann',
      identities,
    });
    expect((await post({ email: 'ann@example.com' })).status).toBe(409);
    expect((await post({ email: 'bob@example.com', id: ann.id })).status).toBe(409);
    expect((await post({ email: 'nobody' })).status).toBe(400);
    const patched = await world.ask(`/api/v1/people/${ann.id}`, admin, {
      method: 'PATCH',
      body: JSON.stringify({ name: 'Ann B' }),
    });
    expect(await json(patched)).toEqual({ ...ann, name: 'Ann B' });
    expect((await world.ask('/api/v1/people/ann@example.com', admin, { method: 'DELETE' })).status).toBe(204);
    expect((await json<Page<Person>>(world.ask('/api/v1/people', admin))).items).toEqual([]);
  });
});

describe('the feed', () => {
  it('goes on after the last event that was seen, over both kinds of connection and a restart', async () => {
    let world = await open();
    const ann = await world.person('Ann');
    const token = await world.token(['publish', 'read'], ann);
    const say = async (text: string) => (await json<Out>(put(world, token, { state: 'dnd', text }))).event;
    const first = await EventStream.open(`${world.url}/api/v1/events`, token);
    const seen = await say('one');
    expect((await first.next('change')).id).toBe(seen);
    first.close();
    const missed = [await say('two'), await say('three')];
    const second = await EventStream.open(`${world.url}/api/v1/events`, token, { 'last-event-id': String(seen) });
    streams.push(second);
    const live = await say('four');
    const got = [await second.next('change'), await second.next('change'), await second.next('change')];
    expect(got.map(({ id }) => id)).toEqual([...missed, live]);

    worlds.splice(worlds.indexOf(world), 1);
    world = await world.again();
    worlds.push(world);
    expect((await second.next('bye')).event).toBe('bye');
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/api/v1/socket?after=${seen}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    sockets.push(socket);
    const messages: { kind: string; id: number }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data)) as { kind: string; id: number }));
    await once(socket, 'open');
    const last = await say('five');
    while (messages.at(-1)?.id !== last) await once(socket, 'message');
    expect(messages.map(({ kind, id }) => [kind, id])).toEqual([
      ['ready', seen],
      ...[...missed, live, last].map((id) => ['presence', id]),
    ]);
  });

  it('shows a publisher their own changes, and nobody else’s', async () => {
    const world = await open();
    const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
    const own = await world.token(['publish'], ann);
    const admin = await world.token(['admin']);
    const stream = await EventStream.open(`${world.url}/api/v1/events?person=me`, own);
    streams.push(stream);
    await put(world, admin, dnd, bob);
    const { event } = await json<Out>(put(world, admin, dnd, ann));
    expect((await stream.next('change')).id).toBe(event);
    for (const [path, status] of [
      ['/events', 403],
      [`/events?person=${bob}`, 403],
      ['/events?person=nobody@example.com', 403],
    ] as const) {
      expect((await world.ask(`/api/v1${path}`, own)).status, path).toBe(status);
    }
  });

  it('says reset where what came after is no longer kept', async () => {
    const world = await open();
    const token = await world.token(['publish', 'read'], await world.person('Ann'));
    for (const text of ['one', 'two', 'three']) await put(world, token, { state: 'dnd', text });
    await world.hub.store.trim(Date.now() + MINUTE);
    const again = await world.again();
    worlds.splice(worlds.indexOf(world), 1, again);
    const stream = await EventStream.open(`${again.url}/api/v1/events?after=1`, token);
    streams.push(stream);
    expect((await stream.next('reset')).data).toEqual({ id: again.hub.feed.head });
    const ahead = await EventStream.open(`${again.url}/api/v1/events?after=999999`, token);
    streams.push(ahead);
    expect((await ahead.next('reset')).event).toBe('reset');
  });
});

describe('those who run it', () => {
  it('are told whether it lives, is ready, and what it does', async () => {
    const world = await open();
    expect(await json(world.ask('/healthz', null))).toEqual({ status: 'ok' });
    expect(await json(world.ask('/readyz', null))).toEqual({ status: 'ready' });
    expect((await world.ask('/metrics', null)).status).toBe(401);
    await put(world, await world.token(['publish'], await world.person('Ann')), dnd);
    const metrics = await (await world.ask('/metrics', await world.token(['read']))).text();
    expect(metrics).toContain('hipstatus_hub_people{state="dnd"} 1');
    expect(metrics).toContain('hipstatus_hub_changes_total{kind="presence"} 1');
    expect(metrics).not.toContain('example.com');
  });

  it('are told of a port that is taken, and the hub that did not come up leaves its process free to end', async () => {
    const world = await open();
    const home = mkdtempSync(join(tmpdir(), 'hipstatus-taken-'));
    const root = join(import.meta.dirname, '../..');
    const env = { ...process.env, HIPSTATUS_HOME: home, HUB_DATA: home, HUB_PORT: new URL(world.url).port };
    const second = spawn('node', ['--import', 'tsx', join(root, 'src/cli/main.ts'), 'hub'], { cwd: root, env });
    let said = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    expect(await once(second, 'exit')).toEqual([1, null]);
    expect(said).toContain('Is it taken? Set HUB_PORT.');
    rmSync(home, { recursive: true });
  });
});
