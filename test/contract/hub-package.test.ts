import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

// What a server gets: the packed project, installed with npm in an empty folder, without the packages of development.

const ROOT = join(import.meta.dirname, '../..');
const MINUTE = 60_000;
const run = promisify(execFile);

let folder = '';
let app = '';
let packed: readonly string[] = [];

const npm = (args: readonly string[], cwd: string) =>
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, '--loglevel=error'], { cwd, maxBuffer: 2 ** 24 });

/** The environment of a server that nobody has set up. */
const environment = () => ({ PATH: process.env['PATH'], HOME: folder, HUB_PORT: '0', HUB_DATA: join(folder, 'data') });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hipstatus-package-'));
  app = join(folder, 'app');
  mkdirSync(app);
  // Builds only where out/ is missing or old; other tests read it meanwhile.
  await run(process.execPath, [join(ROOT, 'scripts/prepack.mjs')]);
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT);
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = tarball.files.map(({ path }) => path);
  const options = ['--omit=dev', '--no-audit', '--no-fund', '--prefix', app];
  await npm(['install', ...options, join(folder, tarball.filename)], app);
}, 5 * MINUTE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

describe('the installed package', () => {
  const installed = (): readonly string[] => {
    const { packages } = JSON.parse(readFileSync(join(app, 'node_modules/.package-lock.json'), 'utf8')) as {
      packages: Readonly<Record<string, unknown>>;
    };
    return Object.keys(packages).map((path) => path.split('node_modules/').at(-1) ?? '');
  };

  it('brings nothing of a desktop', () => {
    expect(installed()).toContain('fastify');
    expect(installed().filter((name) => /electron|menubar|preact|dbus|tray|playwright|^vite/.test(name))).toEqual([]);
  });

  it('brings what it names, and of the packages of development only those that others of it need', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
    expect(Object.keys(dependencies).filter((name) => !installed().includes(name))).toEqual([]);
    const shared = ['ajv', 'ajv-formats', 'openapi-types', 'yaml'];
    const extra = Object.keys(devDependencies).filter((name) => installed().includes(name));
    expect(extra.filter((name) => !shared.includes(name))).toEqual([]);
  });

  it('holds the bundles, the deploy files and the example, no sources', () => {
    const wanted = [
      'out/main/cli.cjs',
      'out/hub/main.js',
      'out/hub/commandWorker.js',
      'out/hub/page/index.html',
      'deploy/hipstatus-hub.service',
    ];
    expect(packed).toEqual(expect.arrayContaining(wanted));
    const others = packed.filter(
      (path) =>
        !/^(out\/(main|hub)\/|deploy\/(?!secrets)|examples\/echo\/|docs\/(hub|addons|commands)\.md$)/.test(path),
    );
    expect(others.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
  });

  it(
    'runs the command line and the hub',
    async () => {
      const help = async (...words: string[]) =>
        (await run('npx', ['--no-install', 'hipstatus', ...words, '--help'], { cwd: app, env: environment() })).stdout;
      expect(await help()).toContain('usage: hipstatus COMMAND');
      expect(await help('hub')).toContain('usage: hipstatus hub');
    },
    MINUTE,
  );
});

describe('hipstatus/addon, as it was installed', () => {
  const CODE = `import { createAddon, serveAddon } from 'hipstatus/addon';
    const addon = createAddon({ key: 'greeter', name: 'Greeter', scopes: ['send_notification'] });
    addon.webhook({ event: 'room_enter' }, ({ sender, client }) => client.room.notify('hi: ' + sender?.name));
    // @ts-expect-error: there is no such event
    addon.webhook({ event: 'room_explodes' }, () => 'never');
    await serveAddon(addon, { port: 0 });`;
  let served: ChildProcess | undefined;
  afterEach(() => served?.kill('SIGKILL'));

  it(
    'serves an add-on',
    async () => {
      writeFileSync(join(app, 'greeter.mjs'), CODE.replace(/.*(ts-expect|explodes).*\n/g, ''));
      served = spawn(process.execPath, ['greeter.mjs'], { cwd: app, env: environment() });
      const [line] = (await once(served.stdout?.setEncoding('utf8') ?? served, 'data')) as [string];
      const [, address = ''] = /^Public descriptor base URL: (\S+)\n$/.exec(line) ?? [];
      expect(await (await fetch(address)).json()).toMatchObject({
        key: 'greeter',
        links: { self: `${address}/capabilities` },
      });
    },
    MINUTE,
  );

  it(
    'brings its types',
    async () => {
      writeFileSync(join(app, 'greeter.mts'), CODE);
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'];
      const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
      await run(process.execPath, [compiler, ...options, ...types, 'greeter.mts'], { cwd: app });
    },
    MINUTE,
  );
});

describe('hipstatus hub, as it was installed', () => {
  let hub: ChildProcess | undefined;
  afterEach(() => hub?.kill('SIGKILL'));

  /** Its address, once it says that it listens; throws with what it said when it ends instead. */
  const listening = (child: ChildProcess): Promise<string> =>
    new Promise((resolve, reject) => {
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          const [, address] = /listening\b.*?(https?:\/\/[^\s"]+)/.exec(said) ?? [];
          // A line at a time: an address that is cut in two is none.
          if (address !== undefined && said.slice(said.indexOf(address)).includes('\n')) resolve(address);
        });
      }
      child.once('exit', (code) => reject(new Error(`the hub ended with ${code}: ${said}`)));
    });

  it(
    'starts with no set-up, answers, and ends on SIGTERM',
    async () => {
      hub = spawn(join(app, 'node_modules/.bin/hipstatus'), ['hub'], { cwd: app, env: environment() });
      const address = await listening(hub);
      expect((await fetch(new URL('/healthz', address))).status).toBe(200);
      const page = await fetch(new URL('/', address));
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(existsSync(join(folder, 'data'))).toBe(true);
      const ended = once(hub, 'exit');
      hub.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    },
    MINUTE,
  );

  it(
    'runs chat commands, TypeScript too',
    async () => {
      const scripts = join(folder, 'integrations');
      mkdirSync(scripts);
      writeFileSync(join(scripts, 'echo.ts'), 'export const runIntegration = ({ query }: { query: string }) => query;');
      const words = ['hub', '--integrations', scripts];
      hub = spawn(join(app, 'node_modules/.bin/hipstatus'), words, { cwd: app, env: environment() });
      const item = { message: { message: '/echo hello' }, room: { id: 1234 } };
      const answer = await fetch(new URL('/integrations', await listening(hub)), {
        method: 'POST',
        body: JSON.stringify({ event: 'room_message', item }),
      });
      expect(await answer.json()).toMatchObject({ message: 'hello' });
    },
    MINUTE,
  );
});
