import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommandsWorld, HOOK_SECRET, openCommandsHub, roomMessage } from './hub-commands-world.ts';
import { openHub } from './hub-world.ts';

const worlds: CommandsWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(env: Readonly<Record<string, string>> = {}): Promise<CommandsWorld> {
  const world = await openCommandsHub(env);
  worlds.push(world);
  return world;
}

const returning = (expression: string, parts = '{ query }') =>
  `export const runIntegration = (${parts}) => ${expression};`;
const plain = { message_format: 'text', color: 'yellow', notify: false };

describe('a command', () => {
  it('runs the script of its name, in any case, and answers with what it returns', async () => {
    const world = await open();
    await world.script(
      'echo.ts',
      `interface Call { readonly query: string }
       enum Color { Green = 'green' }
       export async function runIntegration({ query }: Call): Promise<object> {
         return { message: query satisfies string, color: Color.Green, message_format: 'text' };
       }`,
    );
    expect(await world.told('/echo hello')).toEqual({ ...plain, message: 'hello', color: 'green' });
    expect(await world.told('/ECHO Hello You')).toMatchObject({ message: 'Hello You' });
    await world.script('Shout.js', returning('query.toUpperCase() + "!"'));
    expect(await world.told('/shout hello')).toEqual({ ...plain, message: 'HELLO!' });
    await world.script('old.js', 'exports.runIntegration = ({ query }) => require("node:path").basename(query);');
    expect(await world.told('/old a/b')).toMatchObject({ message: 'b' });
    await world.script('mod.mjs', `const { sep } = await import('node:path');\n${returning('sep + query')}`);
    expect(await world.told('/mod x')).toMatchObject({ message: '/x' });
  });

  it('gives the script what was sent, its tokens, and nothing of the hub', async () => {
    const world = await open({
      HUB_INTEGRATION_TOKENS: '1234:show:room-token show:global-token file_uploader:uploads',
    });
    await world.script(
      'show.js',
      returning(
        'JSON.stringify({ notification, query, allTokens, token, env: process.env, argv: process.argv.slice(2), logs: typeof log.error })',
        '{ notification, query, allTokens, token, log }',
      ),
    );
    const seen = JSON.parse((await world.told('/show a  b', 1234))?.message ?? '');
    expect(seen).toEqual({
      notification: JSON.parse(roomMessage('/show a  b', 1234)),
      query: 'a  b',
      allTokens: { show: 'global-token', file_uploader: 'uploads', '1234': { show: 'room-token' } },
      token: 'room-token',
      env: {},
      argv: [],
      logs: 'function',
    });
    expect(JSON.parse((await world.told('/show', 5))?.message ?? '')).toMatchObject({ token: 'global-token' });
  });

  it('that nobody has is left to other bots, as are other messages and events', async () => {
    const world = await open();
    await world.script('echo.js', returning('query'));
    for (const message of ['/unknown x', 'hello', 'say /echo x', '/', '/echo.js x']) {
      expect((await world.say(message)).status, message).toBe(204);
    }
    const entered = roomMessage('/echo x').replace('room_message', 'room_enter');
    const answer = await world.ask(`/integrations/${HOOK_SECRET}`, null, { method: 'POST', body: entered });
    expect(answer.status).toBe(204);
    await world.script('quiet.js', returning('undefined'));
    expect((await world.say('/quiet')).status).toBe(204);
  });

  it('used wrongly is told how, in the words of the script', async () => {
    const world = await open();
    await world.script(
      'remind.ts',
      `export const usage = '/remind MINUTES TEXT';
       class UsageError extends Error { override readonly name = 'UsageError'; }
       export function runIntegration({ query }: { query: string }) {
         if (query === 'broken') return undefined_thing;
         if (!/^\\d+ /.test(query)) throw new UsageError(query === '' ? '' : 'That is no number of minutes.');
         return 'ok';
       }`,
    );
    expect(await world.told('/remind soon')).toEqual({
      ...plain,
      message: 'That is no number of minutes.\nUsage: /remind MINUTES TEXT',
    });
    expect(await world.told('/remind')).toEqual({ ...plain, message: 'Usage: /remind MINUTES TEXT' });
    const failed = await world.told('/remind broken');
    expect(failed).toEqual({
      ...plain,
      color: 'red',
      message: '/remind failed. Whoever runs the hub finds why in its log.\nUsage: /remind MINUTES TEXT',
    });
    const where = world.log.join('');
    expect(where).toContain('undefined_thing is not defined');
    expect(where).toMatch(/at runIntegration .*remind\.ts:4:\d+/);
  });

  it('whose reply is none is a failure in words', async () => {
    const world = await open();
    await world.script('pink.js', returning("({ message: 'x', color: 'pink' })"));
    await world.script('number.js', returning('7'));
    await world.script('none.js', 'export const run = 1;');
    for (const name of ['pink', 'number', 'none']) {
      expect((await world.told(`/${name}`))?.message).toBe(
        `/${name} failed. Whoever runs the hub finds why in its log.`,
      );
    }
    expect(world.log.join('')).toMatch(
      /not right in color[\s\S]*returned neither a text[\s\S]*no function runIntegration/,
    );
  });

  it('writes to the log, tokens left out', async () => {
    const world = await open({ HUB_INTEGRATION_TOKENS: 'talk:a-very-secret-token' });
    await world.script(
      'talk.js',
      `export function runIntegration({ log, token }) {
         log('plain', token, { a: 1 });
         log.error('an error');
         console.log('printed ' + token + '\\nforged line');
         process.stderr.write('raw\\n');
         throw new Error(token);
       }`,
    );
    await world.told('/talk');
    const said = world.log.filter((line) => line.includes('integration=talk'));
    expect(said.map((line) => line.replace(/^\S+ /, '').trimEnd()).slice(0, 6)).toEqual([
      'info  commands: A script says integration=talk line="plain [token] { a: 1 }"',
      'error commands: A script says integration=talk line="an error"',
      'info  commands: A script says integration=talk line="printed [token]"',
      'info  commands: A script says integration=talk line="forged line"',
      'warn  commands: A script says integration=talk line=raw',
      'error commands: A script failed integration=talk line="Error: [token]"',
    ]);
    expect(world.log.join('')).not.toContain('a-very-secret-token');
  });
});

describe('scripts', () => {
  it('are picked up, changed and dropped while the hub runs, helpers too', async () => {
    const world = await open();
    expect(await world.told('/live')).toBeNull();
    await world.script('lib/words.ts', "export const word: string = 'one';");
    await world.script('live.ts', `import { word } from './lib/words.ts';\n${returning('word + 1', '')}`);
    expect((await world.told('/live'))?.message).toBe('one1');
    await world.script('live.ts', `import { word } from './lib/words.ts';\n${returning('word + 2', '')}`);
    expect((await world.told('/live'))?.message).toBe('one2');
    await world.script('lib/words.ts', "export const word: string = 'two';");
    expect((await world.told('/live'))?.message).toBe('two2');
    await world.script('live.ts', 'export const = ;');
    expect((await world.told('/live'))?.message).toMatch(/^\/live can't be run: its script has an error\./);
    expect(world.log.join('')).toContain('live.ts:1: Expected identifier');
    rmSync(join(world.scripts, 'live.ts'));
    expect(await world.told('/live')).toBeNull();
  });

  it('start anew with each run, though a worker is kept', async () => {
    const world = await open();
    await world.script(
      'state.js',
      `import { threadId } from 'node:worker_threads';
       let runs = 0;
       export const runIntegration = () => { runs += 1; return runs + ' ' + threadId; };`,
    );
    const told = [];
    for (let times = 0; times < 5; times += 1) told.push((await world.told('/state'))?.message.split(' '));
    expect(told.map((one) => one?.[0])).toEqual(['1', '1', '1', '1', '1']);
    expect(new Set(told.map((one) => one?.[1])).size).toBe(1);
  });

  it('leave nothing to the next run: a worker with a new global or a timer is not used again', async () => {
    const world = await open();
    const code = (leave: string) =>
      `import { threadId } from 'node:worker_threads';
       export const runIntegration = () => { const was = globalThis.left; ${leave}; return was + ' ' + threadId; };`;
    await world.script('global.js', code('globalThis.left = 1'));
    await world.script('timer.js', code('setTimeout(() => {}, 20)'));
    for (const name of ['global', 'timer']) {
      const first = await world.told(`/${name}`);
      const second = await world.told(`/${name}`);
      expect(first?.message).toMatch(/^undefined /);
      expect(second?.message).toMatch(/^undefined /);
      expect(second?.message).not.toBe(first?.message);
    }
  });

  it('finish what they began without waiting for it', async () => {
    const world = await open();
    await world.script(
      'later.js',
      `import { writeFileSync } from 'node:fs';
       export const runIntegration = ({ query }) => { setTimeout(() => writeFileSync(query, 'done'), 50); return 'begun'; };`,
    );
    const file = join(world.scripts, 'mark.txt');
    expect((await world.told(`/later ${file}`))?.message).toBe('begun');
    await expect.poll(() => existsSync(file)).toBe(true);
  });

  it('run at the same time, each room in its turn', async () => {
    const world = await open({ HUB_INTEGRATION_PARALLEL: '3' });
    // Each waits until all three run: one after the other they would never end.
    await world.script(
      'meet.js',
      `import { appendFileSync, readFileSync } from 'node:fs';
       import { setTimeout as sleep } from 'node:timers/promises';
       export async function runIntegration({ query }) {
         appendFileSync(query, 'x');
         while (readFileSync(query, 'utf8').length < 3) await sleep(5);
         return 'met';
       }`,
    );
    const file = join(world.scripts, 'meeting.txt');
    const told = await Promise.all([1, 2, 3].map((room) => world.told(`/meet ${file}`, room)));
    expect(told.map((one) => one?.message)).toEqual(['met', 'met', 'met']);
  });

  it('of one room do not keep the others waiting', async () => {
    const world = await open({ HUB_INTEGRATION_PARALLEL: '2', HUB_INTEGRATION_SECONDS: '2' });
    await world.script('wait.js', 'export const runIntegration = () => new Promise(() => {});');
    await world.script('echo.js', returning('query'));
    const waiting = Array.from({ length: 25 }, () => world.told('/wait', 1));
    const refused = await Promise.race(waiting);
    expect(refused?.message).toBe('Too many commands are waiting. Try again in a moment.');
    expect((await world.told('/echo hello', 2))?.message).toBe('hello');
  });
});

describe('a webhook', () => {
  it('is let in by its secret, by an admin, or from this machine', async () => {
    const world = await open();
    await world.script('echo.js', returning('query'));
    const send = async (path: string, token: string | null, headers: Record<string, string> = {}) => {
      const answer = await world.ask(path, token, { method: 'POST', body: roomMessage('/echo x'), headers });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await send(`/integrations/${HOOK_SECRET}`, null)).toBe(200);
    expect(await send(`/integrations?secret=${HOOK_SECRET}`, null)).toBe(200);
    expect(await send(`/integrations/${HOOK_SECRET}x`, null)).toBe(403);
    expect(await send('/integrations?secret=', null)).toBe(403);
    expect(await send('/integrations', null)).toBe(200);
    expect(await send('/integrations', null, { origin: 'https://evil.example.com' })).toBe(403);
    expect(await send('/integrations', null, { 'x-forwarded-for': '127.0.0.1' })).toBe(403);
    expect(await send('/integrations', await world.token(['admin']), { origin: 'https://app.example.com' })).toBe(200);
    expect(await send('/integrations', await world.token(['read']), { origin: 'https://app.example.com' })).toBe(403);
  });

  it('behind a proxy is from nobody who is known', async () => {
    const world = await open({ HUB_BEHIND_PROXY: '1' });
    const answer = await world.ask('/integrations', null, { method: 'POST', body: roomMessage('/echo x') });
    expect(answer.status).toBe(403);
  });

  it('with a wrong secret too often has to wait', async () => {
    const world = await open({ HUB_RATE_FAILURES: '3' });
    const statuses = [];
    for (let times = 0; times < 5; times += 1) {
      statuses.push((await world.ask('/integrations/wrong', null, { method: 'POST', body: '{}' })).status);
    }
    expect(statuses).toEqual([403, 403, 403, 429, 429]);
  });

  it('counts as one with a token', async () => {
    const world = await open({ HUB_RATE_ADDRESS: '2', HUB_RATE_TOKEN: '4' });
    const statuses = [];
    for (let times = 0; times < 6; times += 1) statuses.push((await world.say('hello')).status);
    expect(statuses).toEqual([204, 204, 204, 204, 429, 429]);
  });

  it('that is none is refused in words', async () => {
    const world = await open();
    for (const body of ['', 'not json', '[]', '{"event":"room_message"}']) {
      const answer = await world.ask(`/integrations/${HOOK_SECRET}`, null, { method: 'POST', body });
      expect(answer.status, body).toBe(400);
      expect(await answer.text()).toContain('This is no webhook of a chat server');
    }
  });
});

describe('docs/commands.md', () => {
  it('has examples that work', async () => {
    const world = await open();
    const page = readFileSync(join(import.meta.dirname, '../../docs/commands.md'), 'utf8');
    const [echo = '', counter = ''] = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
      .map(([, code = '']) => code)
      .filter((code) => code.includes('runIntegration') && !code.includes('fetch('));
    await world.script('echo.ts', echo);
    await world.script('counter.ts', counter);
    expect(await world.told('/echo hello')).toEqual({ ...plain, message: 'hello', color: 'green' });
    expect(page).toContain(JSON.stringify(await world.told('/echo hello')));
    expect((await world.told('/echo'))?.message).toBe('Say what.\nUsage: /echo TEXT');
    await world.told('/counter');
    expect((await world.told('/counter'))?.message).toBe('That was number 2.');
  });
});

describe('a hub', () => {
  it('without a folder has no commands, with a wrong one or wrong tokens does not start', async () => {
    const without = await openHub();
    const answer = await without.ask('/integrations', null, { method: 'POST', body: roomMessage('/echo x') });
    expect(answer.status).toBe(404);
    expect(without.hub.commands.runCommand).toBeNull();
    await without.close();
    await expect(openCommandsHub({ HUB_INTEGRATIONS: '/nowhere/at/all' })).rejects.toThrow(
      'The folder of the integrations is not there. Check HUB_INTEGRATIONS or --integrations.',
    );
    await expect(openCommandsHub({ HUB_INTEGRATION_TOKENS: 'nonsense' })).rejects.toThrow(
      'Token 1 of the integrations',
    );
  });

  it('runs commands for whoever asks it, by a plain function', async () => {
    const world = await open({ HUB_INTEGRATION_TOKENS: 'who:the-token' });
    await world.script('who.js', returning("notification.user + ' ' + token", '{ notification, token }'));
    const { runCommand } = world.hub.commands;
    const call = { name: 'WHO', query: '', notification: { user: 'U1' }, roomId: 'C024BE91L' };
    expect(await runCommand?.(call)).toEqual({ ...plain, message: 'U1 the-token' });
    expect(await runCommand?.({ ...call, name: '../who' })).toBeNull();
  });

  it('counts runs by how they ended', async () => {
    const world = await open();
    await world.script('echo.js', returning('query'));
    await world.told('/echo x');
    await world.told('/echo');
    const metrics = await (await world.ask('/metrics', await world.token(['read']))).text();
    expect(metrics).toContain('hipstatus_hub_commands_total{outcome="answered"} 1');
    expect(metrics).toContain('hipstatus_hub_commands_total{outcome="silent"} 1');
    expect(metrics).toContain('hipstatus_hub_commands{state="running"} 0');
  });
});
