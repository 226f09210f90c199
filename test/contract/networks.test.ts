// Corporate networks, with real ones on the loopback: forward proxies, private authorities, certificates that are wrong.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { call, type Fetch, jsonOf } from '../../src/adapters/http.ts';
import { readCertificateFiles } from '../../src/adapters/node/certificateFiles.ts';
import { nodeFetch } from '../../src/adapters/node/nodeFetch.ts';
import { AppError } from '../../src/core/appError.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type ForwardProxyOptions, startForwardProxy } from '../fakes/forwardProxy.ts';
import { MemoryLogger } from '../fakes/memoryStores.ts';

const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const CLI = join(import.meta.dirname, '../../src/cli/main.ts');

const signal = () => new AbortController().signal;
const now = () => Date.now();

beforeEach(() => {
  for (const name of PROXY_NAMES) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function listen(server: Server & { closeAllConnections?: () => void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const hello: RequestListener = (_request, response) => response.end('{}');

interface Made {
  readonly cert: string;
  readonly key: string;
}

/** A certificate; without an issuer it is its own. */
async function certificate(host: string, more: { ca?: Made; isAuthority?: boolean; from?: string; to?: string } = {}) {
  const { ca, isAuthority = false, from, to } = more;
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(ca === undefined ? {} : { ca }),
    ...(from === undefined ? {} : { notBeforeDate: new Date(from) }),
    ...(to === undefined ? {} : { notAfterDate: new Date(to) }),
    extensions: isAuthority
      ? [{ name: 'basicConstraints', cA: true, critical: true }]
      : [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  });
  return { cert, key };
}

const tlsServer = async ({ cert, key }: Made): Promise<string> =>
  `https://localhost:${await listen(createTlsServer({ cert, key }, hello))}/`;

/** What a provider's call comes to. */
async function outcome(url: string, fetch: Fetch = nodeFetch({ trustedCertificates: [] })): Promise<unknown> {
  try {
    const response = await call({ fetch, now }, 'Slack', url, { signal: signal() });
    return response.status;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const { code, reason } = error as AppError;
    return `${code}/${reason}`;
  }
}

const proxy = async (options: ForwardProxyOptions = {}) => {
  const started = await startForwardProxy(options);
  onTestFinished(() => started.close());
  return started;
};

describe('the command line’s network', () => {
  it('names what is wrong with a server: nobody there, no such name, cut off', async () => {
    const closed = createServer(hello);
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await outcome(`http://127.0.0.1:${port}/`)).toBe('network/refused');
    expect(await outcome('https://nobody.invalid/')).toBe('network/dns');
    const cutting = await listen(createServer((request) => request.socket.destroy()));
    expect(await outcome(`http://127.0.0.1:${cutting}/`)).toBe('network/dropped');
    const plain = await listen(createServer(hello));
    expect(await outcome(`https://localhost:${plain}/`)).toBe('network/tls');
  });

  it('trusts a private authority only when its file is named; a file that is broken costs nobody the others', async () => {
    const authority = await certificate('Contoso authority', { isAuthority: true });
    const url = await tlsServer(await certificate('localhost', { ca: authority }));
    expect(await outcome(url)).toBe('network/certificateAuthority');
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-ca-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [file, broken] = [join(folder, 'ca.pem'), join(folder, 'broken.pem')];
    writeFileSync(file, authority.cert);
    writeFileSync(broken, 'nothing');
    const logger = new MemoryLogger();
    const files = readCertificateFiles([broken, file, join(folder, 'absent.pem')], logger);
    expect(files.map(({ certificates, error }) => [certificates.length, error?.reason ?? null])).toEqual([
      [0, 'certificateFile'],
      [1, null],
      [0, 'certificateFile'],
    ]);
    expect(logger.lines).toHaveLength(2);
    const trustedCertificates = files.flatMap(({ certificates }) => certificates.map(String));
    expect(await outcome(url, nodeFetch({ trustedCertificates }))).toBe(200);
  });

  it('refuses what is trusted but expired, not valid yet, or for another host, and says which', async () => {
    const cases = [
      ['network/certificateDates', await certificate('localhost', { from: '2020-01-01', to: '2020-02-01' })],
      ['network/certificateDates', await certificate('localhost', { from: '2090-01-01', to: '2091-01-01' })],
      ['network/certificateHost', await certificate('other.example')],
    ] as const;
    for (const [expected, made] of cases) {
      expect(await outcome(await tlsServer(made), nodeFetch({ trustedCertificates: [made.cert] }))).toBe(expected);
    }
  });

  it('goes through a proxy, signed in where the proxy wants that, and around it where NO_PROXY says so', async () => {
    const made = await certificate('localhost');
    const url = await tlsServer(made);
    const { host } = new URL(url);
    const fetch = () => nodeFetch({ trustedCertificates: [made.cert] });
    for (const credentials of [undefined, 'ada:p%40ss']) {
      const decoded = credentials === undefined ? {} : { credentials: decodeURIComponent(credentials) };
      const through = await proxy(decoded);
      vi.stubEnv(
        'HTTPS_PROXY',
        `${credentials === undefined ? '' : `http://${credentials}@`}127.0.0.1:${through.port}`,
      );
      expect(await outcome(url, fetch())).toBe(200);
      expect(through.passed).toEqual([`CONNECT ${host}`]);
      vi.stubEnv('NO_PROXY', 'localhost');
      expect(await outcome(url, fetch())).toBe(200);
      expect(through.asked).toHaveLength(1);
      vi.stubEnv('NO_PROXY', undefined);
    }
  });

  it('says what a proxy makes of it: asks for a sign-in, refuses, hangs up once, is not there, is no proxy', async () => {
    const url = 'https://localhost:9443/';
    const through = async (options: ForwardProxyOptions) => {
      const started = await proxy(options);
      vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${started.port}`);
      return [await outcome(url), started.asked.length];
    };
    expect(await through({ credentials: 'ada:secret' })).toEqual(['network/proxyAuth', 1]);
    expect(await through({ manner: 'refuse' })).toEqual(['network/proxyRefused', 1]);
    expect(await through({ manner: 'hangUp' })).toEqual(['network/proxyUnreachable', 1]);
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.invalid:3128');
    expect(await outcome(url)).toBe('network/proxyUnreachable');
    vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1080');
    expect(await outcome(url)).toBe('network/proxySettings');
  });

  it('speaks TLS to a proxy that wants it, and says when that proxy is not trusted', async () => {
    const made = await certificate('localhost');
    const server = await tlsServer(made);
    const inner = await proxy();
    const { connect } = await import('node:net');
    const { createServer: createTls } = await import('node:tls');
    const outer = createTls({ cert: made.cert, key: made.key }, (socket) => {
      const onward = connect(inner.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => undefined);
      onTestFinished(() => void [socket, onward].map((end) => end.destroy()));
    });
    vi.stubEnv('HTTPS_PROXY', `https://localhost:${await listen(outer)}`);
    expect(await outcome(server, nodeFetch({ trustedCertificates: [made.cert] }))).toBe(200);
    expect(inner.passed).toEqual([`CONNECT ${new URL(server).host}`]);
    expect(await outcome(server)).toBe('network/proxyCertificate');
  });

  it('takes a web page in place of data for the sign-in page of a network', async () => {
    const page = '<!DOCTYPE html><html><body>Welcome to Hotel Contoso. Secret</body></html>';
    const portal = await listen(
      createServer((request, response) => {
        const type = request.url === '/plain' ? 'application/json' : 'text/html; charset=utf-8';
        response.writeHead(200, { 'content-type': type }).end(page);
      }),
    );
    const fetch = nodeFetch({ trustedCertificates: [] });
    for (const path of ['/typed', '/plain']) {
      const response = await fetch(`http://127.0.0.1:${portal}${path}`);
      const error = await jsonOf('HipChat', response, z.object({}), now()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'badResponse', reason: 'signInPage' });
      expect((error as AppError).message).toContain('sign-in page of a network');
      expect((error as AppError).message).not.toContain('Hotel');
    }
  });
});

describe('hipstatus doctor through a real proxy', () => {
  let sandbox: Sandbox;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ slack: false });
    folder = mkdtempSync(join(tmpdir(), 'hipstatus-doctor-'));
    writeFileSync(join(folder, 'ca.pem'), sandbox.certificate.cert);
  });

  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  /** Runs the command line as a program of its own. */
  async function doctor(env: Readonly<Record<string, string>>, files = [join(folder, 'ca.pem')]) {
    const organisation = {
      graphAuthority: sandbox.urls.entra,
      graphBaseUrl: new URL(sandbox.urls.graph).origin,
      graphClientId: sandbox.known.clientId,
      hipchatServer: new URL(sandbox.urls.hipchat).origin,
      trustedCertificateFiles: files,
      bundleId: 'com.example.hipstatus.doctor',
    };
    const managed = join(folder, 'managed.json');
    writeFileSync(managed, JSON.stringify({ organisation }));
    writeFileSync(
      join(folder, 'settings.json'),
      JSON.stringify({ email: 'ada@contoso.example', chats: [{ id: 'hipchat', provider: 'hipchat', email: '' }] }),
    );
    const own = { ...process.env, ...env, HIPSTATUS_HOME: folder, HIPSTATUS_MANAGED: managed, HOME: folder };
    const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', CLI, 'doctor', '--json'], { env: own });
    let out = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const answer = JSON.parse(out) as {
      well: boolean;
      checks: { id: string; status: string; text: string; nextStep: string | null }[];
    };
    const check = (id: string) => answer.checks.find((one) => one.id === id);
    return { code, out, answer, check };
  }

  it('goes through it, and tells which one and why', async () => {
    const through = await proxy({ credentials: 'ada:swordfish' });
    const { code, out, answer, check } = await doctor({ HTTPS_PROXY: through.url });
    const hosts = [sandbox.urls.entra, sandbox.urls.graph].map((url) => new URL(url).host);
    expect(through.passed.toSorted()).toEqual(hosts.map((host) => `CONNECT ${host}`).toSorted());
    expect(check('network')).toMatchObject({ status: 'ok' });
    expect(check('proxy')).toMatchObject({ status: 'ok' });
    expect(check('proxy')?.text).toContain(
      `Through 127.0.0.1:${through.port} (from HTTPS_PROXY): ${hosts.join(' and ')}.`,
    );
    expect(check('certificates')).toMatchObject({ status: 'ok' });
    expect(check('certificates')?.text).toContain('~/ca.pem: 1 certificate read.');
    expect(check('clock')).toMatchObject({ status: 'ok' });
    // No calendar is set up here, and no token is in the keychain.
    expect([code, answer.well]).toEqual([1, false]);
    expect(check('settings')).toMatchObject({ status: 'failed' });
    for (const secret of ['swordfish', 'ada:', 'ada@contoso', folder]) expect(out).not.toContain(secret);
  }, 60_000);

  it('says that the proxy asks for a sign-in, and that a certificate file is not there', async () => {
    const through = await proxy({ credentials: 'ada:swordfish' });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${through.port}` };
    const { check } = await doctor(env, [join(folder, 'absent.pem')]);
    expect(through.passed).toEqual([]);
    expect(check('proxy')?.text).toContain('Your proxy asks for a sign-in');
    expect(check('proxy')?.nextStep).toContain('HTTPS_PROXY');
    expect(check('certificates')).toMatchObject({ status: 'failed' });
    expect(check('certificates')?.text).toContain('~/absent.pem is not there');
  }, 60_000);
});
