import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommandsWorld, HOOK_SECRET, openCommandsHub, roomMessage } from './hub-commands-world.ts';

const worlds: CommandsWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(env: Readonly<Record<string, string>> = {}): Promise<CommandsWorld> {
  const world = await openCommandsHub(env);
  worlds.push(world);
  await world.script('echo.js', 'export const runIntegration = ({ query }) => query;');
  return world;
}

const LOOK = 'Whoever runs the hub finds why in its log.';

describe('a name', () => {
  it('never leads out of the folder', async () => {
    const world = await open();
    const outside = join(world.folder, 'outside.js');
    const code = "export const runIntegration = () => 'outside';";
    writeFileSync(outside, code);
    mkdirSync(join(world.scripts, 'inner'));
    writeFileSync(join(world.scripts, 'inner', 'deep.js'), code);
    mkdirSync(join(world.scripts, 'folder.js'));
    writeFileSync(join(world.scripts, '.hidden.js'), code);
    writeFileSync(join(world.scripts, 'types.d.ts'), code);
    writeFileSync(join(world.scripts, 'page.html'), code);
    symlinkSync(outside, join(world.scripts, 'link.js'));
    symlinkSync(world.folder, join(world.scripts, 'linked'));
    symlinkSync(join(world.scripts, 'nowhere.js'), join(world.scripts, 'broken.js'));
    const relative = `../${world.folder.split('/').at(-1)}/outside`;
    const names = [
      relative,
      outside,
      outside.replace('.js', ''),
      'inner/deep',
      'inner\\deep',
      'linked/outside',
      'link',
      'broken',
      'folder',
      '.hidden',
      'hidden',
      'types',
      'types.d',
      'page',
      'echo.js',
      'echo\0',
      '%2e%2e%2foutside',
      '__proto__',
      'constructor',
    ];
    for (const name of names) {
      expect(await world.told(`/${name} x`), name).toBeNull();
      expect(
        await world.hub.commands.runCommand?.({ name, query: '', notification: {}, roomId: null }),
        name,
      ).toBeNull();
    }
    // A link within the folder leads nowhere else.
    symlinkSync(join(world.scripts, 'echo.js'), join(world.scripts, 'alias.js'));
    expect((await world.told('/alias hello'))?.message).toBe('hello');
  });
});

describe('a script that', () => {
  const HURTFUL: readonly [what: string, code: string, told: string][] = [
    ['loops', 'export const runIntegration = () => { for (;;); };', 'took longer than a second and was stopped.'],
    ['loops when it is read', 'for (;;);', 'took longer than a second and was stopped.'],
    ['never answers', 'export const runIntegration = () => new Promise(() => {});', 'took longer than a second'],
    [
      'never lets others have a turn',
      'export const runIntegration = async () => { for (;;) await null; };',
      'took longer than a second',
    ],
    [
      'matches without end',
      "export const runIntegration = () => /^(a+)+$/.test('a'.repeat(40) + 'b');",
      'took longer than a second',
    ],
    ['exits', 'export const runIntegration = () => process.exit(0);', 'failed.'],
    ['aborts', 'export const runIntegration = () => process.abort();', 'failed.'],
    [
      'fails later',
      "export const runIntegration = () => { Promise.reject(new Error('late')); return new Promise(() => {}); };",
      'failed.',
    ],
    [
      'throws from a timer',
      "export const runIntegration = () => { setTimeout(() => { throw new Error('late'); }); return new Promise(() => {}); };",
      'failed.',
    ],
    ['throws nothing', 'export const runIntegration = () => { throw null; };', 'failed.'],
    [
      'throws what can not be shown',
      "export const runIntegration = () => { throw { get stack() { throw 1; }, [Symbol.for('nodejs.util.inspect.custom')]() { throw 2; } }; };",
      'failed.',
    ],
    ['calls itself without end', 'const f = () => f() + 1; export const runIntegration = f;', 'failed.'],
    [
      'fills its heap',
      'export const runIntegration = () => { const all = []; for (;;) all.push(new Array(1_000).fill({})); };',
      'needed more memory than it may have',
    ],
    [
      'fills memory beside its heap',
      'export const runIntegration = () => { const all = []; for (;;) all.push(Buffer.alloc(8_388_608, 1)); };',
      'needed more memory than it may have',
    ],
    ['returns a monster', 'export const runIntegration = () => ({ message: 1, get color() { throw 3; } });', 'failed.'],
  ];

  it.each(HURTFUL)('%s hurts nobody', async (_what, code, told) => {
    const world = await open({ HUB_INTEGRATION_SECONDS: '1', HUB_INTEGRATION_MEMORY: '48' });
    await world.script('bad.js', code);
    const bad = world.told('/bad', 1);
    expect((await world.told('/echo hello', 2))?.message).toBe('hello');
    const reply = await bad;
    expect(reply).toMatchObject({ color: 'red', message_format: 'text' });
    expect(reply?.message).toContain(`/bad ${told}`);
    expect(reply?.message).toContain(LOOK);
    expect((await world.told('/echo again', 1))?.message).toBe('again');
    expect(world.log.join('')).toMatch(/integration=bad/);
  });

  it('talks without end is cut short', async () => {
    const world = await open({ HUB_INTEGRATION_SECONDS: '1' });
    await world.script(
      'talk.js',
      "export const runIntegration = ({ log }) => { for (;;) { log('x'.repeat(100)); console.log('y'); process.stdout.write('z'); } };",
    );
    await world.script(
      'long.js',
      "export const runIntegration = ({ log }) => { log('x'.repeat(10_000_000)); return 'y'.repeat(10_000_000); };",
    );
    expect((await world.told('/talk'))?.message).toContain('took longer than a second');
    const lines = world.log.filter((line) => line.includes('integration=talk'));
    expect(lines.length).toBeLessThan(210);
    expect(lines.join('')).toContain('It says more than is kept: the rest is left out.');
    expect((await world.told('/long'))?.message).toHaveLength(10_000);
    expect(world.log.join('').length).toBeLessThan(100_000);
  });

  it('waits when the hub stops does not keep it', async () => {
    const world = await open({ HUB_INTEGRATION_SECONDS: '60' });
    await world.script('wait.js', 'export const runIntegration = ({ log }) => { log("waits"); for (;;); };');
    const told = world.hub.commands.runCommand?.({ name: 'wait', query: '', notification: {}, roomId: 1 });
    await expect.poll(() => world.log.join('')).toContain('line=waits');
    await world.hub.close();
    expect((await told)?.message).toBe('The hub is restarting. Try again in a moment.');
    worlds.splice(0, 1, await world.again());
  });
});

describe('a body', () => {
  it('that is too large is refused before it is read', async () => {
    const world = await open({ HUB_BODY_LIMIT: '4096' });
    const body = roomMessage(`/echo ${'x'.repeat(10_000)}`);
    const answer = await world.ask(`/integrations/${HOOK_SECRET}`, null, { method: 'POST', body });
    expect(answer.status).toBe(413);
    expect((await world.told('/echo hello'))?.message).toBe('hello');
  });

  it('from somebody who may not is not waited for', async () => {
    const world = await open();
    const { hostname, port } = new URL(world.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /integrations/wrong HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n{"item"',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403/);
    socket.destroy();
  });
});
