import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { readHubSettings } from '../../src/hub/settings.ts';
import { openReceiver } from './hub-webhooks-world.ts';
import { type HubWorld, type HubWorldOptions, OUTLOOK_SECRET, openHub } from './hub-world.ts';

const API = '/api/v1';
const OUTLOOK = '/plugins/com.mattermost.outlook-presence/api/v1';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  opened.push(world);
  return world;
}

describe('every answer', () => {
  it('carries the security headers, errors and streams too', async () => {
    const world = await open({ env: { HUB_RATE_ADDRESS: '4', HUB_MAX_SOCKETS: '1', HUB_BODY_LIMIT: '1024' } });
    const token = await world.token(['admin']);
    const large = { method: 'POST', body: 'x'.repeat(2_000) };
    const secret = encodeURIComponent(OUTLOOK_SECRET);
    const asked: readonly (readonly [number, string, string | null, RequestInit?])[] = [
      [200, '/healthz', null],
      [200, '/readyz', null],
      [200, `${API}/openapi.json`, null],
      [200, `${API}/presences`, token],
      [200, `${OUTLOOK}/status?secret=${secret}`, null],
      [200, `${API}/events`, token],
      [503, `${API}/events`, token],
      [404, `${API}/people`, token, { method: 'OPTIONS' }],
      [400, `${API}/presences?limit=none`, token],
      [400, '/%zz', null],
      [400, `${API}/people/${'x'.repeat(500)}`, token],
      [401, `${API}/presences`, null],
      [403, `${OUTLOOK}/status?secret=wrong`, null],
      [404, '/nothing', null],
      [413, `${API}/people`, token, large],
      [401, `${API}/people`, null],
      [401, `${API}/people`, null],
      [429, `${API}/people`, null],
    ];
    for (const [status, path, with_, init] of asked) {
      const response = await world.ask(path, with_, init);
      const shown = `${status} ${path}`;
      const { headers } = response;
      expect(response.status, shown).toBe(status);
      expect(headers.get('content-security-policy'), shown).toContain("default-src 'none'");
      expect(headers.get('content-security-policy'), shown).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options'), shown).toBe('nosniff');
      expect(headers.get('x-frame-options'), shown).toBe('DENY');
      expect(headers.get('referrer-policy'), shown).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy'), shown).toBe('same-origin');
      expect(headers.get('cache-control'), shown).toMatch(/no-store|no-cache/);
      for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) {
        expect(headers.get(name), shown).toBeNull();
      }
      if (path === `${API}/events` && status === 200) opened.push({ close: () => response.body?.cancel() });
      else await response.arrayBuffer();
    }
  });

  it('says nothing of the inside when something goes wrong', async () => {
    const world = await open();
    const token = await world.token(['admin', 'publish'], await world.person('Ada'));
    vi.spyOn(world.hub.presences, 'say').mockRejectedValue(new Error('SELECT hash FROM /var/lib/hub.db'));
    const body = JSON.stringify({ state: 'busy', text: 'Dentist' });
    const broken = await world.ask(`${API}/presences/me`, token, { method: 'PUT', body });
    expect(broken.status).toBe(500);
    expect(await broken.json()).toEqual({
      error: { code: 'serverError', message: 'Something went wrong in the hub. Its log has more.' },
    });
    const nothing = await world.ask(`/nothing/${token}?secret=${token}`, null);
    expect(nothing.status).toBe(404);
    expect(await nothing.json()).toEqual({ error: { code: 'notFound', message: 'There is nothing at this address.' } });
    for (const path of [`/%zz${token}`, `${API}/people/${token}${'x'.repeat(500)}`]) {
      expect(await (await world.ask(path, token)).text()).not.toContain(token);
    }
    expect(world.log.join('')).toContain('A request failed');
    for (const word of ['SELECT', 'Dentist', token]) expect(world.log.join('')).not.toContain(word);
  });

  it('tells a token for one person nothing of who else there is', async () => {
    const world = await open();
    const [ada, bob] = [await world.person('Ada'), await world.person('Bob')];
    const token = await world.token(['publish'], ada);
    const asked = async (path: string, init?: RequestInit) => {
      const response = await world.ask(`${API}${path}`, token, init);
      return `${response.status} ${await response.text()}`;
    };
    const put = { method: 'PUT', body: JSON.stringify({ state: 'busy' }) };
    for (const part of ['people', 'presences']) {
      const there = await asked(`/${part}/bob@example.com`);
      expect(there).toMatch(/^403 /);
      expect(await asked(`/${part}/nobody@example.com`)).toBe(there);
      expect(await asked(`/${part}/${bob}`)).toBe(there);
    }
    expect(await asked(`/presences/${bob}`, put)).toBe(await asked('/presences/nobody@example.com', put));
    expect(await asked('/presences', { method: 'GET' })).toMatch(/^403 /);
    expect(await asked('/presences/me', put)).toMatch(/^200 /);
    expect(await asked(`/presences/${ada}`)).toMatch(/^200 /);
  });
});

describe('the metrics', () => {
  it('name nobody, and are for those who may read', async () => {
    const world = await open();
    const id = await world.person('Gwendolyn');
    expect((await world.ask('/metrics', null)).status).toBe(401);
    expect((await world.ask('/metrics', await world.token(['publish'], id))).status).toBe(403);
    const metrics = await (await world.ask('/metrics', await world.token(['read']))).text();
    expect(metrics).toContain('hipstatus_hub_people{state="offline"} 1');
    for (const word of [id, 'wendolyn', '@']) expect(metrics).not.toContain(word);
  });
});

describe('the log', () => {
  it('holds no token, secret, address, text or name, whatever is done', async () => {
    const world = await open({ env: { HUB_ALLOW_PRIVATE_WEBHOOKS: '1' } });
    const receiver = await openReceiver((_, response) => void response.writeHead(500).end());
    opened.push(receiver);
    const id = await world.person('Gwendolyn');
    const token = await world.token(['admin', 'publish'], id);
    const wrong = `${token.slice(0, -6)}WRONG0`;
    const secret = encodeURIComponent(OUTLOOK_SECRET);
    const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) });

    await world.ask(`${API}/presences`, wrong);
    await world.ask(`${API}/presences?email=gwendolyn@example.com`, token);
    await world.ask(`${API}/presences/gwendolyn@example.com`, token, {
      method: 'PUT',
      body: JSON.stringify({ state: 'dnd', text: 'Dentist', emoji: ':tooth:' }),
    });
    await world.ask(`${API}/presences/me`, token, { method: 'PUT', body: '{"text":"Dentist"' });
    const hook = { url: `${receiver.url}/URL-WITH-A-SECRET`, secret: 'signing-secret-of-this-test' };
    await world.ask(`${API}/webhooks`, token, post(hook));
    await world.ask(`${API}/people`, token, post({ email: 'hermine@example.com', name: 'Hermine' }));
    await receiver.count(1);
    await vi.waitFor(() => expect(world.log.join('')).toContain('A delivery failed'));
    await world.ask(`${OUTLOOK}/status?secret=${secret}`, null);
    await world.ask(`${OUTLOOK}/status?secret=WRONG-SECRET`, null);
    await world.ask(`${OUTLOOK}/status/publish?secret=${secret}`, null, post({ user_id: id, status: 'dnd' }));
    await world.ask(`/nothing?token=${token}`, null);
    for (const path of [`${OUTLOOK}/ws?secret=${secret}`, `${API}/socket`]) {
      const headers = { authorization: `Bearer ${token}` };
      const socket = new WebSocket(`${world.url.replace('http', 'ws')}${path}`, { headers });
      await once(socket, 'open');
      socket.close();
      await once(socket, 'close');
    }
    await vi.waitFor(() => expect(world.log.filter((line) => line.includes('Client disconnected'))).toHaveLength(2));
    await world.hub.close();

    expect(world.log.length).toBeGreaterThan(15);
    const log = world.log.filter((line) => !line.includes('Listening')).join('');
    const inner = token.slice(-43);
    const words = [
      ...[token, inner, inner.slice(0, 20), wrong.slice(-20), 'hst_', 'whsec', 'Bearer'],
      ...[OUTLOOK_SECRET, secret, 'WRONG-SECRET', hook.secret, 'URL-WITH', '127.0.0.1', '@'],
      ...['Dentist', 'tooth', 'wendolyn', 'ermine', world.folder],
    ];
    expect(words.filter((word) => log.includes(word))).toEqual([]);
  });
});

describe('the network', () => {
  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.5',
    '10.0.0.1',
    'hub.example.com',
    '127.0.0.1.example.com',
    'localhost.example',
  ])('is not listened to at %s without TLS', (host) => {
    expect(() => readHubSettings({ HUB_HOST: host })).toThrow(/HUB_TLS_CERT/);
    expect(readHubSettings({ HUB_HOST: host, HUB_BEHIND_PROXY: '1' }).HUB_HOST).toBe(host);
  });

  it.each([undefined, '127.0.0.1', 'localhost', '::1', '127.1.2.3'])('may be left out: %s', (host) => {
    expect(readHubSettings(host === undefined ? {} : { HUB_HOST: host }).tls).toBeNull();
  });

  it('is used with TLS: modern, by the certificate that was given, and nothing else on that port', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-tls-'));
    opened.push({ close: () => rmSync(folder, { recursive: true, force: true }) });
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const world = await open({ env: { HUB_TLS_CERT: certFile, HUB_TLS_KEY: keyFile } });
    expect(world.url).toMatch(/^https:/);
    const token = await world.token(['read']);

    const [response] = await once(httpsRequest(`${world.url}/healthz`, { ca: cert }).end(), 'response');
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(response.headers['strict-transport-security']).toBe('max-age=31536000');
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${world.url.replace('https', 'wss')}${API}/socket`, { ca: cert, headers });
    const [message] = await once(socket, 'message');
    expect(JSON.parse(String(message))).toMatchObject({ kind: 'ready' });
    socket.terminate();

    const [untrusted] = await once(httpsRequest(`${world.url}/healthz`).end(), 'error');
    expect(untrusted).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const port = Number(new URL(world.url).port);
    const old = tlsConnect({ port, host: '127.0.0.1', ca: cert, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
    await expect(once(old, 'secureConnect')).rejects.toBeInstanceOf(Error);
    const [plain] = await once(httpRequest(`http://127.0.0.1:${port}/healthz`).end(), 'error');
    expect(plain).toMatchObject({ code: expect.stringMatching(/ECONNRESET|HPE_INVALID/) });
  });
});
