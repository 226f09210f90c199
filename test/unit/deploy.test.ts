import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FROM_FILE, readHubSettings, SETTING_NAMES } from '../../src/hub/settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEPLOY = join(ROOT, 'deploy');
const read = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8');
const run = promisify(execFile);

const DEFAULT_PORT = readHubSettings({}).HUB_PORT;

let secrets = '';
beforeAll(() => {
  secrets = mkdtempSync(join(tmpdir(), 'hipstatus-deploy-'));
  writeFileSync(join(secrets, 'redis-url'), 'redis://:hidden@redis:6379/0\n');
  writeFileSync(join(secrets, 'outlook-secret'), 'a secret of sixteen\n');
  writeFileSync(join(secrets, 'integration-tokens'), '1234:test:a-token\n');
  writeFileSync(join(secrets, 'integrations-secret'), 'a-secret-of-sixteen\n');
  for (const name of ['tls-cert', 'tls-key']) writeFileSync(join(secrets, name), name);
});
afterAll(() => rmSync(secrets, { recursive: true }));

type Environment = Readonly<Record<string, string>>;

describe('the deploy files', () => {
  it('name only settings that there are', () => {
    const known = new Set([...SETTING_NAMES, ...FROM_FILE.map((name) => `${name}_FILE`)]);
    const files = readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
    const named = [
      ...files.filter((name) => !name.endsWith('.d')).map(read),
      readFileSync(join(ROOT, 'docs/hub.md'), 'utf8'),
    ]
      .flatMap((text) => [...text.matchAll(/\bHUB_[A-Z_]+/g)])
      .map(([name]) => name);
    expect(named).toContain('HUB_REDIS_URL_FILE');
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('come with the npm package', () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
    expect(files).toEqual(expect.arrayContaining(['out/main', 'out/hub', 'deploy']));
  });
});

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions of a Dockerfile by stage, continued lines joined. */
function stagesOf(dockerfile: string): readonly (readonly Instruction[])[] {
  const lines = dockerfile
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      name: line.split(' ')[0] ?? '',
      text: line.slice(line.indexOf(' ') + 1).replaceAll(/\s+/g, ' '),
    }));
  return lines.reduce<Instruction[][]>((stages, line) => {
    if (line.name === 'FROM') stages.push([]);
    stages.at(-1)?.push(line);
    return stages;
  }, []);
}

describe('Dockerfile', () => {
  const stages = stagesOf(read('Dockerfile'));
  const last = stages.at(-1) ?? [];
  const textOf = (name: string): string => last.findLast((one) => one.name === name)?.text ?? '';
  const environment = (): Environment =>
    Object.fromEntries(
      textOf('ENV')
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    );

  it('ends in a slim image of Node that does not run as root', () => {
    expect(textOf('FROM')).toMatch(/^node:\d+-[a-z]+-slim$/);
    expect(textOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(last.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(
      last.findLastIndex(({ name }) => name === 'COPY'),
    );
    expect(JSON.parse(textOf('ENTRYPOINT'))).toEqual(['hipstatus', 'hub']);
  });

  it('keeps the store in a volume that the user owns', () => {
    const { HUB_DATA } = readHubSettings({ ...environment(), HUB_BEHIND_PROXY: '1' });
    expect(textOf('VOLUME')).toBe(HUB_DATA);
    expect(textOf('RUN')).not.toBe('');
    expect(last.some(({ text }) => text.includes(`chown ${textOf('USER')} ${HUB_DATA}`))).toBe(true);
  });

  it('listens at the port that it names, which PORT may change', () => {
    expect(textOf('EXPOSE')).toBe(String(DEFAULT_PORT));
    const proxied = { ...environment(), HUB_BEHIND_PROXY: '1' };
    expect(readHubSettings(proxied)).toMatchObject({ HUB_HOST: '0.0.0.0', HUB_PORT: DEFAULT_PORT });
    expect(readHubSettings({ ...proxied, PORT: '8080' }).HUB_PORT).toBe(8080);
  });

  it('serves nobody in the clear by itself', () => {
    expect(() => readHubSettings(environment())).toThrow('HUB_BEHIND_PROXY');
  });

  it('takes no secret, and copies only what is let in', () => {
    const all = stages.flat();
    expect(all.filter(({ name }) => name === 'ARG')).toEqual([]);
    expect(all.filter(({ name, text }) => name === 'ENV' && /SECRET|PASSWORD|TOKEN|REDIS/.test(text))).toEqual([]);
    const letIn = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(read('Dockerfile.dockerignore')).toMatch(/^\*$/m);
    const copied = all
      .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1))
      .filter((source) => source !== '.');
    expect(copied.length).toBeGreaterThan(3);
    expect(copied.filter((source) => !letIn.includes(source) || !existsSync(join(ROOT, source)))).toEqual([]);
    expect(letIn.filter((name) => /secret|\.env|\.git$/.test(name))).toEqual([]);
  });

  it('checks its health with a file that is in the image', () => {
    const check = last.find(({ name }) => name === 'HEALTHCHECK')?.text ?? '';
    const [, script] = JSON.parse(check.slice(check.indexOf('['))) as [string, string];
    expect(script).toBe('/app/deploy/healthcheck.mjs');
    expect(last.some(({ text }) => text === 'deploy/healthcheck.mjs deploy/')).toBe(true);
  });
});

interface Service {
  readonly environment?: Environment;
  readonly ports?: readonly string[];
  readonly secrets: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly stop_grace_period: string;
  readonly command?: readonly string[];
  readonly networks: readonly string[];
  readonly deploy?: { readonly replicas: number };
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

describe('compose.yaml', () => {
  const file = parse(read('compose.yaml')) as {
    readonly services: { readonly hub: Service; readonly redis: Service };
    readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
    readonly secrets: Readonly<Record<string, unknown>>;
  };
  const { hub, redis } = file.services;

  it('runs two hubs on one Redis that keeps what it is told', () => {
    const { HUB_REDIS_URL } = readHubSettings({
      ...hub.environment,
      HUB_REDIS_URL_FILE: join(secrets, hub.environment?.['HUB_REDIS_URL_FILE']?.replace('/run/secrets/', '') ?? ''),
    });
    expect(HUB_REDIS_URL).toBe('redis://:hidden@redis:6379/0');
    expect(hub.deploy?.replicas).toBe(2);
    expect(existsSync(join(DEPLOY, hub.build?.context ?? '', hub.build?.dockerfile ?? ''))).toBe(true);
    expect(redis.command?.join('\n')).toMatch(
      /appendonly yes[\s\S]*noeviction[\s\S]*requirepass \$\$\(cat \/run\/secrets/,
    );
  });

  it('lets only this machine in, by the port of the hub, and nobody to Redis', () => {
    expect(hub.ports).toEqual([`127.0.0.1:${DEFAULT_PORT}-${DEFAULT_PORT + 1}:${DEFAULT_PORT}`]);
    expect(redis.ports).toBeUndefined();
    expect(redis.networks.map((name) => file.networks[name]?.internal)).toEqual([true]);
  });

  it('has secrets in files alone, and each that is named', () => {
    expect(Object.keys(file.secrets).toSorted()).toEqual([...hub.secrets, ...redis.secrets].toSorted());
    const environment = JSON.stringify([hub.environment, redis.environment]);
    expect(environment).not.toMatch(/redis:\/\/|PASSWORD/);
  });

  it('keeps containers to what they need, and waits for them to end', () => {
    for (const service of [hub, redis]) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], restart: 'unless-stopped' });
    }
    expect(Number.parseInt(hub.stop_grace_period, 10)).toBeGreaterThan(
      Number(hub.environment?.['HUB_SHUTDOWN_SECONDS']),
    );
  });
});

/** A unit file: its lines as section, key and value. */
const linesOf = (unit: string): readonly (readonly [section: string, key: string, value: string])[] => {
  let section = '';
  return unit.split('\n').flatMap((line) => {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[section, key, value] as const];
  });
};

describe('hipstatus-hub.service', () => {
  const UNIT = 'hipstatus-hub.service';
  const dropIns = readdirSync(join(DEPLOY, `${UNIT}.d`)).toSorted();
  const valuesOf = (unit: string, key: string): readonly string[] =>
    linesOf(unit)
      .filter(([section, name]) => section === 'Service' && name === key)
      .map(([, , value]) => value);
  const environmentOf = (unit: string): Environment =>
    Object.fromEntries(
      valuesOf(unit, 'Environment').map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return [name, value.replace('%S', '/var/lib').replace('%d', secrets)];
      }),
    );
  const settings = (...extra: readonly string[]) =>
    readHubSettings(
      Object.assign(
        {},
        ...[UNIT, ...extra.map((name) => `${UNIT}.d/${name}`)].map((file) => environmentOf(read(file))),
      ),
    );

  it('runs as nobody else, and writes to its own folder', () => {
    const unit = read(UNIT);
    for (const key of ['DynamicUser', 'NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'RestrictNamespaces']) {
      expect(valuesOf(unit, key), key).toEqual(['yes']);
    }
    expect(valuesOf(unit, 'User')).toEqual([]);
    expect(settings().HUB_DATA).toBe(`/var/lib/${valuesOf(unit, 'StateDirectory')[0]}`);
  });

  it('starts again when it ends, and waits for it to end', () => {
    const unit = read(UNIT);
    expect(valuesOf(unit, 'Restart')).toEqual(['always']);
    expect(Number(valuesOf(unit, 'TimeoutStopSec')[0])).toBeGreaterThan(settings().HUB_SHUTDOWN_SECONDS);
  });

  it('takes what more it needs from files that systemd hands over', () => {
    expect(dropIns).toEqual(['integrations.conf', 'outlook.conf', 'redis.conf', 'tls.conf']);
    expect(settings('redis.conf').HUB_REDIS_URL).toContain('redis://');
    expect(settings('outlook.conf').HUB_OUTLOOK_SECRET).toBe('a secret of sixteen');
    expect(settings('integrations.conf')).toMatchObject({
      HUB_INTEGRATIONS: '/etc/hipstatus-hub/integrations',
      HUB_INTEGRATION_TOKENS: '1234:test:a-token',
      HUB_INTEGRATIONS_SECRET: 'a-secret-of-sixteen',
    });
    expect(settings('tls.conf')).toMatchObject({ tls: { cert: 'tls-cert', key: 'tls-key' }, HUB_PORT: 443 });
    for (const name of dropIns) {
      const unit = read(`${UNIT}.d/${name}`);
      const loaded = valuesOf(unit, 'LoadCredential').map((value) => value.split(':')[0]);
      const used = [...unit.matchAll(/%d\/(\S+)/g)].map(([, file]) => file);
      expect(used.toSorted(), name).toEqual(loaded.toSorted());
    }
  });

  it('is what systemd understands', async () => {
    const sections = [UNIT, ...dropIns.map((name) => `${UNIT}.d/${name}`)].flatMap((file) => linesOf(read(file)));
    expect(new Set(sections.map(([section]) => section))).toEqual(new Set(['Unit', 'Service', 'Install']));
    const analyze = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find(existsSync);
    // Elsewhere than on Linux nobody can be asked.
    if (analyze === undefined) return;
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-unit-'));
    try {
      cpSync(join(DEPLOY, `${UNIT}.d`), join(folder, `${UNIT}.d`), { recursive: true });
      // A program that is there: where Node is differs from machine to machine.
      writeFileSync(join(folder, UNIT), read(UNIT).replace('/usr/bin/node', process.execPath));
      const { stdout, stderr } = await run(analyze, ['verify', join(folder, UNIT)]);
      expect(stdout + stderr).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('app.yaml', () => {
  it('listens where App Engine says, behind its proxy, and keeps all in Redis', () => {
    const file = parse(read('app.yaml')) as { readonly env_variables: Environment; readonly entrypoint: string };
    const settings = readHubSettings({ ...file.env_variables, PORT: '8080' });
    expect(settings).toMatchObject({ HUB_HOST: '0.0.0.0', HUB_PORT: 8080, HUB_BEHIND_PROXY: true });
    expect(settings.HUB_REDIS_URL).toBe('redis://10.0.0.3:6379/0');
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: object };
    expect(Object.keys(bin).map((name) => `exec node_modules/.bin/${name} hub`)).toContain(file.entrypoint);
  });
});
