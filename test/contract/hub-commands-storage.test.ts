import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommandsWorld, openCommandsHub, roomMessage } from './hub-commands-world.ts';

const worlds: CommandsWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const COUNT = 'export const runIntegration = ({ storage }) => String((storage.runs = (storage.runs ?? 0) + 1));';
/** `/keep {"a":1,"b":null}` sets a and deletes b; answers with all there is. */
const KEEP = `export function runIntegration({ query, storage }) {
  for (const [key, value] of Object.entries(JSON.parse(query || '{}'))) {
    if (value === null) delete storage[key];
    else storage[key] = value;
  }
  return JSON.stringify(storage);
}`;

async function open(env: Readonly<Record<string, string>> = {}): Promise<CommandsWorld> {
  const world = await openCommandsHub(env);
  worlds.push(world);
  await world.script('count.js', COUNT);
  await world.script('keep.js', KEEP);
  return world;
}

const kept = async (world: CommandsWorld, change: object = {}): Promise<unknown> =>
  JSON.parse((await world.told(`/keep ${JSON.stringify(change)}`))?.message ?? '');

const admin = async (world: CommandsWorld, body: object): Promise<Response> =>
  world.ask('/api/v1/integrations/storage', await world.token(['admin']), {
    method: 'POST',
    body: JSON.stringify(body),
  });

describe('storage', () => {
  it('is kept from run to run, for each integration by itself, and over a restart', async () => {
    const world = await open();
    expect((await world.told('/count'))?.message).toBe('1');
    expect((await world.told('/count'))?.message).toBe('2');
    expect(await kept(world, { a: 1, b: { c: [true, 'x'] } })).toEqual({ a: 1, b: { c: [true, 'x'] } });
    expect(await kept(world, { a: null })).toEqual({ b: { c: [true, 'x'] } });
    const again = await world.again();
    worlds.splice(0, 1, again);
    expect((await again.told('/count'))?.message).toBe('3');
    expect(await kept(again)).toEqual({ b: { c: [true, 'x'] } });
  });

  it('survives kill -9 of a hub that was started from the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-hub-'));
    const scripts = join(folder, 'integrations');
    mkdirSync(scripts);
    writeFileSync(
      join(scripts, 'test.js'),
      'export const runIntegration = ({ storage, token, allTokens }) => [storage.runs = (storage.runs ?? 0) + 1, token, Object.keys(allTokens)].join();',
    );
    const run = async (): Promise<string> => {
      const words = [
        'hub',
        '--port',
        '0',
        '--integrations',
        scripts,
        '--token',
        '1234:test:room-token',
        '--token',
        'send_message:x',
      ];
      const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...words], {
        cwd: join(import.meta.dirname, '../..'),
        env: { PATH: process.env['PATH'], HOME: folder, HUB_DATA: join(folder, 'data'), HUB_LOG_LEVEL: 'error' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      for await (const chunk of child.stdout) {
        said += String(chunk);
        const [url] = /http:\S+/.exec(said) ?? [];
        if (url === undefined) continue;
        // As a new user would: on this machine, with no secret set.
        const answer = await fetch(`${url}/integrations`, { method: 'POST', body: roomMessage('/test', 1234) });
        const text = answer.ok ? ((await answer.json()) as { message: string }).message : await answer.text();
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
        return text;
      }
      return said;
    };
    expect(await run()).toBe('1,room-token,1234,send_message');
    expect(await run()).toBe('2,room-token,1234,send_message');
    rmSync(folder, { recursive: true });
  });

  it('loses no key of runs at the same time', async () => {
    const world = await open();
    const keys = Array.from({ length: 40 }, (_, index) => `key${index}`);
    await Promise.all(keys.map((key, index) => world.told(`/keep {"${key}": ${index}, "last": ${index}}`, index % 8)));
    const all = (await kept(world)) as Record<string, number>;
    expect(Object.keys(all).sort()).toEqual([...keys, 'last'].sort());
    for (const [index, key] of keys.entries()) expect(all[key]).toBe(index);
  });

  it('is a dictionary: nothing is in it that was not put there', async () => {
    const world = await open();
    await world.script(
      'dict.js',
      "export const runIntegration = ({ storage }) => ['toString' in storage, storage.constructor, storage.missing].join();",
    );
    expect((await world.told('/dict'))?.message).toBe('false,,');
    expect(await kept(world, { constructor: 1, toString: 2 })).toEqual({ constructor: 1, toString: 2 });
  });

  it('keeps what a run changed before it failed, and nothing of one that was stopped', async () => {
    const world = await open({ HUB_INTEGRATION_SECONDS: '1' });
    await world.script(
      'half.js',
      `export const runIntegration = ({ query, storage }) => {
         if (query === '') return JSON.stringify(storage);
         storage[query] = true;
         if (query === 'loop') for (;;);
         throw new Error('half');
       };`,
    );
    expect((await world.told('/half fail'))?.color).toBe('red');
    expect((await world.told('/half loop'))?.color).toBe('red');
    expect((await world.told('/half'))?.message).toBe('{"fail":true}');
  });

  it('that is no JSON or too much is not kept, and that is said', async () => {
    const world = await open();
    await world.script(
      'wild.js',
      `export function runIntegration({ query, storage }) {
         storage.good = 1;
         if (query === 'function') storage.bad = () => 1;
         if (query === 'circle') storage.bad = storage;
         if (query === 'bigint') storage.bad = 1n;
         if (query === 'large') storage.bad = 'x'.repeat(300_000);
         return Object.keys(storage).join();
       }`,
    );
    for (const kind of ['function', 'circle', 'bigint', 'large']) {
      expect((await world.told(`/wild ${kind}`))?.message, kind).toBe(
        "/wild was run, but what it wanted to remember can't be kept. Whoever runs the hub finds why in its log.",
      );
    }
    expect((await world.told('/wild'))?.message).toBe('good');
    const log = world.log.join('');
    expect(log).toContain("storage.bad can't be kept: it is no plain JSON");
    expect(log).toContain('the storage has more than 262144 characters');
  });
});

describe('save, load and erase', () => {
  it('are calls of the API for admins', async () => {
    const world = await open();
    await world.told('/count');
    await kept(world, { a: 1 });
    const file = join(world.folder, 'storage-files', 'storage.txt');
    expect(await (await admin(world, { action: 'save', file: 'storage.txt' })).json()).toEqual({
      action: 'save',
      integrations: 2,
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ count: { runs: 1 }, keep: { a: 1 } });
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    await kept(world, { b: 2 });
    expect(await (await admin(world, { action: 'erase' })).json()).toEqual({ action: 'erase', integrations: 2 });
    expect(await kept(world)).toEqual({});
    await kept(world, { c: 3 });
    expect((await admin(world, { action: 'load', file: 'storage.txt' })).status).toBe(200);
    expect(await kept(world)).toEqual({ a: 1 });
    expect((await world.told('/count'))?.message).toBe('2');
    for (const scope of ['read', 'publish'] as const) {
      const init = { method: 'POST', body: '{"action":"erase"}' };
      expect((await world.ask('/api/v1/integrations/storage', await world.token([scope]), init)).status).toBe(403);
    }
    expect(
      (await world.ask('/api/v1/integrations/storage', null, { method: 'POST', body: '{"action":"erase"}' })).status,
    ).toBe(401);
    expect(await kept(world)).toEqual({ a: 1 });
  });

  it('touch no file outside of their folder', async () => {
    const world = await open();
    await kept(world, { a: 1 });
    await admin(world, { action: 'save', file: 'good.txt' });
    const folder = join(world.folder, 'storage-files');
    const outside = join(world.folder, 'outside.txt');
    writeFileSync(outside, '{"keep":{"stolen":1}}');
    symlinkSync(outside, join(folder, 'link.txt'));
    mkdirSync(join(folder, 'inner'));
    symlinkSync(world.folder, join(folder, 'linked'));
    const names = [
      '../outside.txt',
      outside,
      'linked/outside.txt',
      'inner/x.txt',
      '..',
      '.',
      '.hidden',
      'a\\b',
      'a\0b',
      'x'.repeat(101),
      '~',
      'hub.db/..',
    ];
    for (const file of names) {
      for (const action of ['save', 'load']) {
        expect((await admin(world, { action, file })).status, `${action} ${file}`).toBe(400);
      }
    }
    expect((await admin(world, { action: 'load', file: 'link.txt' })).status).toBe(400);
    expect((await admin(world, { action: 'load', file: 'inner' })).status).toBe(400);
    expect((await admin(world, { action: 'load', file: 'missing.txt' })).status).toBe(404);
    // Over a link the file is written anew, and where the link led nothing changes.
    expect((await admin(world, { action: 'save', file: 'link.txt' })).status).toBe(200);
    expect(lstatSync(join(folder, 'link.txt')).isSymbolicLink()).toBe(false);
    expect(readFileSync(outside, 'utf8')).toBe('{"keep":{"stolen":1}}');
    expect(await kept(world)).toEqual({ a: 1 });
  });

  it('take no file that is no storage', async () => {
    const world = await open();
    await kept(world, { a: 1 });
    await admin(world, { action: 'save', file: 'good.txt' });
    const folder = join(world.folder, 'storage-files');
    const wrong = ['', '[]', '{"a":1}', '{"../x":{}}', `{"keep":{"big":"${'x'.repeat(300_000)}"}}`];
    for (const [index, content] of wrong.entries()) {
      writeFileSync(join(folder, `wrong${index}.txt`), content);
      expect((await admin(world, { action: 'load', file: `wrong${index}.txt` })).status, content.slice(0, 20)).toBe(
        400,
      );
    }
    expect(await kept(world)).toEqual({ a: 1 });
  });

  it('do not follow a link in the place of their folder', async () => {
    const world = await open();
    const elsewhere = join(world.folder, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(world.folder, 'storage-files'));
    expect((await admin(world, { action: 'save', file: 'storage.txt' })).status).toBe(400);
    expect(existsSync(join(elsewhere, 'storage.txt'))).toBe(false);
  });
});

describe('the old one-word form', () => {
  // As `curl -X POST -d "save storage.txt" http://…` sends it.
  const post = (
    world: CommandsWorld,
    body: string,
    headers: Record<string, string> = {},
    token: string | null = null,
  ) =>
    world.ask('/', token, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  it('is off until it is switched on', async () => {
    const world = await open();
    expect((await post(world, 'erase')).status).toBe(404);
  });

  it('saves, loads and erases from this machine', async () => {
    const world = await open({ HUB_OLD_STORAGE_COMMANDS: '1' });
    await kept(world, { a: 1 });
    expect((await post(world, 'save storage.txt')).status).toBe(200);
    expect((await post(world, 'erase')).status).toBe(200);
    expect(await kept(world)).toEqual({});
    expect((await post(world, 'load storage.txt')).status).toBe(200);
    expect(await kept(world)).toEqual({ a: 1 });
    expect((await post(world, 'save ../storage.txt')).status).toBe(400);
    expect(await (await post(world, 'load')).text()).toContain('Say which file, such as: load storage.txt');
  });

  it('takes what an original server has saved', async () => {
    const world = await open({ HUB_OLD_STORAGE_COMMANDS: '1' });
    mkdirSync(join(world.folder, 'storage-files'));
    writeFileSync(
      join(world.folder, 'storage-files', 'old.txt'),
      '{\n    "keep": {\n        "0": "first query"\n    }\n}',
    );
    expect((await post(world, 'load old.txt')).status).toBe(200);
    expect(await kept(world)).toEqual({ '0': 'first query' });
  });

  it('is for this machine and admins: not for pages, proxies, or the secret of webhooks', async () => {
    const world = await open({ HUB_OLD_STORAGE_COMMANDS: '1' });
    await kept(world, { a: 1 });
    const page = { origin: 'https://evil.example.com' };
    const refused = await post(world, 'erase', page);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('This needs an admin token');
    expect((await post(world, 'erase', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(world, 'erase', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(403);
    expect((await post(world, 'erase', page, await world.token(['publish', 'read']))).status).toBe(403);
    const withSecret = await world.ask('/?secret=integrations-secret-of-the-tests', null, {
      method: 'POST',
      body: 'erase',
      headers: page,
    });
    expect(withSecret.status).toBe(403);
    expect(await kept(world)).toEqual({ a: 1 });
    expect((await post(world, 'erase', page, await world.token(['admin']))).status).toBe(200);
    expect(await kept(world)).toEqual({});
  });

  it('takes room messages at the same address', async () => {
    const world = await open({ HUB_OLD_STORAGE_COMMANDS: '1' });
    const answer = await world.ask('/', null, { method: 'POST', body: roomMessage('/count') });
    expect(await answer.json()).toMatchObject({ message: '1' });
  });
});
