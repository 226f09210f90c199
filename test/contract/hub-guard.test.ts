import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { createGuardedFetch, type GuardOptions, type Resolve } from '../../src/hub/guard/guardedFetch.ts';

const ASK = { method: 'POST', body: '{}', timeout: 2_000, maxBytes: 1_000 } as const;
const REFUSED = { code: 'invalidInput', reason: 'refusedAddress' };
const LOOPBACK = { address: '127.0.0.1', family: 4 } as const;
const PUBLIC = { address: '93.184.215.14', family: 4 } as const;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** A server that keeps what it was asked. */
async function receiver(answer: RequestListener = (_, response) => response.end('ok')) {
  const seen: IncomingMessage[] = [];
  const port = await listening(
    createServer((request, response) => {
      seen.push(request);
      request.resume();
      answer(request, response);
    }),
  );
  return { port, seen, url: `http://127.0.0.1:${port}/hook` };
}

function guarded(options: Partial<GuardOptions> = {}) {
  const guard = createGuardedFetch({ clock: systemClock, allowPrivate: false, ...options });
  cleanups.push(() => guard.close());
  return guard;
}

/** Answers with one list after the other, then with the last again. */
function answers(...lists: readonly (readonly { address: string; family: number }[])[]) {
  let asked = 0;
  const resolve: Resolve = (_, onResolved) => {
    const list = lists[Math.min(asked, lists.length - 1)] ?? [];
    asked += 1;
    onResolved(null, list);
  };
  return { resolve, asked: () => asked };
}

describe('addresses that others chose', () => {
  it.each([
    'http://example.com/hook',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'data:text/plain,hi',
    'https://user:pass@example.com/',
    'https://user@example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[64:ff9b::10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://10.0.0.1:8443/',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://exam ple.com/',
    'https://example.com/\r\nx: y',
    'https://exa\tmple.com/',
    '/hook',
    '',
  ])('refuses %j without a call', async (address) => {
    const guard = guarded({ resolve: () => expect.unreachable('No name may be asked for.') });
    expect(() => guard.check(address)).toThrow(expect.objectContaining(REFUSED));
    await expect(guard.request(address, ASK)).rejects.toMatchObject(REFUSED);
  });

  it('takes public addresses, with any port', () => {
    const guard = guarded();
    expect(guard.check('https://example.com:8443/hook?team=1').href).toBe('https://example.com:8443/hook?team=1');
    expect(guard.check('https://8.8.8.8/').hostname).toBe('8.8.8.8');
    expect(guard.check('https://[2606:4700:4700::1111]/').port).toBe('');
  });

  it('never calls the metadata of a cloud, or no host at all, even where private addresses are allowed', async () => {
    const guard = guarded({ allowPrivate: true });
    for (const address of ['169.254.169.254', '[::ffff:169.254.169.254]', '[fd00:ec2::254]', '0.0.0.0', '224.0.0.1']) {
      await expect(guard.request(`http://${address}/`, ASK)).rejects.toMatchObject(REFUSED);
    }
    const byName = guarded({ allowPrivate: true, ...answers([{ address: '169.254.169.254', family: 4 }]) });
    await expect(byName.request('http://metadata.example/', ASK)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    ['a private address', [LOOPBACK]],
    ['a public and a private one', [PUBLIC, LOOPBACK]],
    ['a private and a public one', [LOOPBACK, PUBLIC]],
    ['a private one in the form of IPv6', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    ['a public one and unique local IPv6', [PUBLIC, { address: 'fd00::1', family: 6 }]],
    ['none', []],
  ])('refuses a name that has %s', async (_, addresses) => {
    const { port, seen } = await receiver();
    const { resolve, asked } = answers(addresses);
    await expect(guarded({ resolve }).request(`https://hook.example:${port}/`, ASK)).rejects.toMatchObject(REFUSED);
    expect(asked()).toBe(1);
    expect(seen).toEqual([]);
  });

  it('refuses a name of this machine as the system resolves it', async () => {
    const { port, seen } = await receiver();
    await expect(guarded().request(`https://localhost:${port}/`, ASK)).rejects.toMatchObject(REFUSED);
    expect(seen).toEqual([]);
  });

  it('connects only where it has looked: a name that changes its address leads nowhere else', async () => {
    const { port, seen } = await receiver();
    const { resolve, asked } = answers([PUBLIC], [LOOPBACK]);
    const guard = guarded({ resolve });
    // A public address nobody answers at here: had the name been asked again for connecting, the receiver would have been called.
    const first = guard.request(`https://rebind.example:${port}/`, { ...ASK, timeout: 300 });
    await expect(first).rejects.toMatchObject({ code: expect.stringMatching(/network|timeout/) });
    expect(asked()).toBe(1);
    await expect(guard.request(`https://rebind.example:${port}/`, ASK)).rejects.toMatchObject(REFUSED);
    expect(asked()).toBe(2);
    expect(seen).toEqual([]);
  });

  it('calls private addresses where that is allowed, by number and by name', async () => {
    const { port, seen, url } = await receiver();
    const guard = guarded({ allowPrivate: true });
    expect(await guard.request(url, ASK)).toMatchObject({ status: 200, body: Buffer.from('ok') });
    expect((await guard.request(`http://localhost:${port}/x?y=1`, ASK)).status).toBe(200);
    expect(seen.map(({ url: path }) => path)).toEqual(['/hook', '/x?y=1']);
  });

  it('does not follow a redirect', async () => {
    const { url, seen } = await receiver((_, response) => response.writeHead(307, { location: '/other' }).end());
    const answer = await guarded({ allowPrivate: true }).request(url, ASK);
    expect(answer).toMatchObject({ status: 307, headers: { location: '/other' } });
    expect(seen).toHaveLength(1);
  });

  it('reads no more than it was told, and nothing that nobody wants', async () => {
    const { url } = await receiver((_, response) => response.end('x'.repeat(200_000)));
    const guard = guarded({ allowPrivate: true });
    await expect(guard.request(url, ASK)).rejects.toMatchObject({ code: 'badResponse', reason: 'tooLong' });
    expect(await guard.request(url, { ...ASK, maxBytes: 200_000 })).toMatchObject({ status: 200 });
    expect((await guard.request(url, { ...ASK, maxBytes: 0 })).body).toHaveLength(0);
  });

  it('does not unpack what was packed', async () => {
    const packed = Buffer.from('H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==', 'base64');
    const { url } = await receiver((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    expect((await guarded({ allowPrivate: true }).request(url, ASK)).body).toEqual(packed);
  });

  it.each([
    ['says nothing', () => undefined],
    ['sends a body without end', (_: unknown, response: { write(text: string): void }) => response.write('x')],
  ])('gives up in time when the other side %s', async (_, answer) => {
    const { url } = await receiver(answer);
    const asked = guarded({ allowPrivate: true }).request(url, { ...ASK, timeout: 200 });
    await expect(asked).rejects.toMatchObject({ code: 'timeout' });
  });

  it('takes the status for the answer when nobody wants the body', async () => {
    const { url } = await receiver((_, response) => response.writeHead(202).write('x'));
    const answer = await guarded({ allowPrivate: true }).request(url, { ...ASK, timeout: 200, maxBytes: 0 });
    expect(answer.status).toBe(202);
  });

  it('refuses headers without end', async () => {
    const { url } = await receiver((_, response) => response.writeHead(200, { 'x-much': 'x'.repeat(40_000) }).end());
    await expect(guarded({ allowPrivate: true }).request(url, ASK)).rejects.toMatchObject({ code: 'network' });
  });

  it('can be given up, and says what went wrong without the address', async () => {
    const { url } = await receiver(() => undefined);
    const stop = new AbortController();
    const asked = guarded({ allowPrivate: true }).request(`${url}/secret-path`, { ...ASK, signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    const refusedByHost = guarded({ allowPrivate: true }).request('http://127.0.0.1:1/secret-path', ASK);
    const error = await refusedByHost.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'network', reason: 'refused' });
    expect(String((error as Error).message)).not.toMatch(/127|secret/);
    expect((error as Error).cause).toBeUndefined();
  });

  it('tells how long to wait', async () => {
    const { url } = await receiver((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    expect(await guarded({ allowPrivate: true }).request(url, ASK)).toMatchObject({ status: 429, retryAfter: 7_000 });
  });

  it('trusts only certificates of the host that was named', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'hook.example' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'hook.example' }] }],
    });
    const port = await listening(createTlsServer({ cert, key }, (_, response) => response.end('tls')));
    const { resolve } = answers([LOOPBACK]);
    const plain = guarded({ allowPrivate: true, resolve });
    await expect(plain.request(`https://hook.example:${port}/`, ASK)).rejects.toMatchObject({ code: 'network' });
    const trusting = guarded({ allowPrivate: true, resolve, ca: cert });
    expect((await trusting.request(`https://hook.example:${port}/`, ASK)).body.toString()).toBe('tls');
    await expect(trusting.request(`https://other.example:${port}/`, ASK)).rejects.toMatchObject({
      reason: 'certificateHost',
    });
  });
});
