import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeFetch, systemCertificates } from '../../../../src/adapters/node/nodeFetch.ts';

async function listen(server: Server & { closeAllConnections?: () => void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const answer: RequestListener = (request, response) => response.end(`${request.method} ${request.url}`);

async function tlsServer(): Promise<{ url: string; port: number; certificate: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const port = await listen(createHttpsServer({ cert, key }, answer));
  return { url: `https://localhost:${port}/x`, port, certificate: cert };
}

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('nodeFetch', () => {
  it('sends what it is told over plain HTTP', async () => {
    const port = await listen(createHttpServer(answer));
    const fetch = nodeFetch({ trustedCertificates: [] });
    const response = await fetch(`http://127.0.0.1:${port}/a?b`, { method: 'PUT', body: '{}' });
    expect([response.status, await response.text()]).toEqual([200, 'PUT /a?b']);
  });

  it('trusts a given certificate, and no unknown one', async () => {
    const { url, certificate } = await tlsServer();
    const response = await nodeFetch({ trustedCertificates: [certificate] })(url);
    expect(await response.text()).toBe('GET /x');
    await expect(nodeFetch({ trustedCertificates: [] })(url)).rejects.toThrow(TypeError);
  });

  it('goes by the proxy of the environment, and around it where NO_PROXY says so', async () => {
    const { url, port, certificate } = await tlsServer();
    const asked: string[] = [];
    const proxy = createHttpServer(answer);
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      onTestFinished(() => {
        upstream.destroy();
        socket.destroy();
      });
    });
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
    expect(await (await nodeFetch({ trustedCertificates: [certificate] })(url)).text()).toBe('GET /x');
    expect(asked).toEqual([`localhost:${port}`]);
    vi.stubEnv('NO_PROXY', 'localhost');
    expect(await (await nodeFetch({ trustedCertificates: [certificate] })(url)).text()).toBe('GET /x');
    expect(asked).toHaveLength(1);
  });

  it('stops when the signal says so', async () => {
    const port = await listen(createHttpServer(() => undefined));
    const abort = new AbortController();
    const waiting = nodeFetch({ trustedCertificates: [] })(`http://127.0.0.1:${port}/`, { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says at once when a trusted certificate is none', () => {
    expect(() => nodeFetch({ trustedCertificates: ['junk'] })).toThrow(
      expect.objectContaining({ code: 'invalidInput', reason: 'trustedCertificates' }),
    );
  });

  it('trusts the authorities that Node trusts', () => {
    const certificates = systemCertificates();
    expect(certificates.length).toBeGreaterThan(50);
    expect(certificates[0]).toContain('BEGIN CERTIFICATE');
  });
});
