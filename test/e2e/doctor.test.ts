// "Check the connections…": what the person sees of a network that works in part, and a real PAC file and proxy.
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ForwardProxy, startForwardProxy } from '../fakes/forwardProxy.ts';
import { screenshot } from './harness/screenshots.ts';
import { EMAIL, World } from './harness/world.ts';

const ITEM = ['Preferences…', 'Check the connections…'];
const TITLE = 'Check of the connections';
/** Nobody listens there: the port of the discard service. */
const NOBODY = 'http://127.0.0.1:9009/api/';

const line = (page: Page, id: string) => page.locator(`li[data-check="${id}"]`);

/** Waits until all was tried. */
const done = (page: Page) => page.locator('form[aria-busy=false] li').first().waitFor();

async function textOf(page: Page, id: string): Promise<string> {
  return (await line(page, id).innerText()).replaceAll(/\s+/g, ' ');
}

describe('the check of the connections', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, managed: { organisation: { slackApiUrl: NOBODY } } });
    await world.launch();
    await world.tray.menu.waitForItem(ITEM);
  });

  afterAll(() => world?.close());

  it('says in a window what works and what does not, light and dark, and ends with Escape', async () => {
    const { app, tray } = world;
    for (const theme of ['light', 'dark'] as const) {
      await app.setTheme(theme);
      await tray.menu.click(ITEM);
      const page = await world.prompt(TITLE);
      await done(page);
      expect(await line(page, 'network').getAttribute('class')).toBe('failed');
      expect(await textOf(page, 'network')).toContain('127.0.0.1:9009 refuses the connection');
      expect(await line(page, 'chat.slack').getAttribute('class')).toBe('failed');
      expect(await textOf(page, 'chat.slack')).toContain('See "Network".');
      expect(await line(page, 'chat.hipchat').getAttribute('class')).toBe('ok');
      expect(await line(page, 'calendar.ics').getAttribute('class')).toBe('ok');
      expect(await textOf(page, 'calendar.ics')).toContain('0 events in the next hour');
      expect(await line(page, 'keychain').getAttribute('class')).toBe('ok');
      expect(await line(page, 'clock').getAttribute('class')).toBe('ok');
      expect(await textOf(page, 'proxy')).toContain('No proxy, directly: ');
      expect(await line(page, 'network').getByRole('img').getAttribute('aria-label')).toBe('does not work');
      expect(await page.locator('#message').innerText()).toBe('Does not work: Network and Slack.');
      await screenshot(page, `checks-${theme}`);
      const closed = page.waitForEvent('close');
      await world.press(page, 'Escape');
      await closed;
    }
    expect(app.windows).toHaveLength(0);
  });

  it('tries again when asked to, and copies without what a help desk need not know', async () => {
    const { app, tray, sandbox } = world;
    await app.setTheme('light');
    sandbox.hipchat.rejectToken(sandbox.known.hipchatToken);
    await tray.menu.click(ITEM);
    const page = await world.prompt(TITLE);
    await done(page);
    expect(await line(page, 'signIn').getAttribute('class')).toBe('failed');
    expect(await textOf(page, 'signIn')).toContain('Not accepted by HipChat.');
    sandbox.hipchat.addToken(sandbox.known.hipchatToken, 42);
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.locator('li[data-check="chat.hipchat"].ok').waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toMatch(/^HipStatus 2\.\S+ on \w+, \d{4}-/);
    expect(copied).toMatch(/^FAILED +Network +127\.0\.0\.1:9009 refuses the connection/m);
    expect(copied).toMatch(/^ok +HipChat +Could be read\./m);
    const secrets = [EMAIL, sandbox.known.hipchatToken, sandbox.known.slackToken];
    for (const secret of secrets) expect(copied).not.toContain(secret);
    const closed = page.waitForEvent('close');
    await page
      .getByRole('button', { name: 'Close' })
      .click()
      .catch(() => undefined);
    await closed;
  });
});

describe('a PAC file and the proxy that it names', () => {
  let world: World;
  let proxy: ForwardProxy;
  let pac: Server;
  let pacUrl: string;
  let hasAsked = false;

  beforeAll(async () => {
    world = await World.open({ isSetUp: true });
    // Names that nobody but the proxy knows: what answers there has come through it.
    const port = (url: string) => Number(new URL(url).port);
    proxy = await startForwardProxy({
      credentials: 'ada:swordfish',
      hosts: { 'hipchat.contoso.example': port(world.sandbox.urls.hipchat) },
    });
    world.manage({ organisation: { hipchatServer: 'http://hipchat.contoso.example' } });
    pac = createServer((_request, response) => {
      hasAsked = true;
      response.setHeader('content-type', 'application/x-ns-proxy-autoconfig');
      response.end(
        `function FindProxyForURL(url, host) {
          return dnsDomainIs(host, '.contoso.example') ? 'PROXY 127.0.0.1:${proxy.port}' : 'DIRECT';
        }`,
      );
    });
    await new Promise<void>((resolve) => pac.listen(0, '127.0.0.1', resolve));
    pacUrl = `http://127.0.0.1:${(pac.address() as AddressInfo).port}/proxy.pac`;
  });

  afterAll(async () => {
    await world?.close();
    await proxy?.close();
    pac?.close();
  });

  it('is gone by; a proxy that asks for a sign-in is said to', async () => {
    await world.launch(`--proxy-pac-url=${pacUrl}`);
    await world.tray.menu.waitForItem(ITEM);
    await world.tray.menu.waitForItem(['HipChat: the proxy asks for a sign-in']);
    await world.tray.menu.click(ITEM);
    const page = await world.prompt(TITLE);
    await done(page);
    expect(hasAsked).toBe(true);
    expect(proxy.asked.some((asked) => asked.includes('hipchat.contoso.example/v2/user'))).toBe(true);
    expect(proxy.passed).toEqual([]);
    expect(await line(page, 'proxy').getAttribute('class')).toBe('failed');
    const text = await textOf(page, 'proxy');
    expect(text).toContain('Your proxy asks for a sign-in, so hipchat.contoso.example could not be reached.');
    expect(text).toContain(`Through 127.0.0.1:${proxy.port} (from this computer's settings): hipchat.contoso.example.`);
    expect(await line(page, 'chat.slack').getAttribute('class')).toBe('ok');
    await screenshot(page, 'checks-proxy');
    await world.app.quit();
  });

  it('lets through who has the credentials for it', async () => {
    process.env['HTTP_PROXY'] = `http://ada:swordfish@127.0.0.1:${proxy.port}`;
    try {
      await world.launch(`--proxy-pac-url=${pacUrl}`);
    } finally {
      delete process.env['HTTP_PROXY'];
    }
    await world.tray.menu.waitForItem(ITEM);
    await world.tray.menu.click(ITEM);
    const page = await world.prompt(TITLE);
    await done(page);
    expect(await line(page, 'proxy').getAttribute('class')).toBe('ok');
    expect(await line(page, 'chat.hipchat').getAttribute('class')).toBe('ok');
    expect(proxy.passed.some((passed) => passed.includes('hipchat.contoso.example/v2/user'))).toBe(true);
    expect(`${world.log}${await page.locator('form').innerText()}`).not.toContain('swordfish');
  });
});

describe('certificates that are not as they should be', () => {
  let world: World;
  const servers: Server[] = [];

  /** A TLS server on the loopback. */
  async function serve(host: string, more: object = {}): Promise<{ url: string; cert: string }> {
    const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ...more,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
    });
    const server = createTlsServer({ cert, key }, (_request, response) => response.end('{}'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `https://localhost:${(server.address() as AddressInfo).port}`, cert };
  }

  beforeAll(async () => {
    world = await World.open({
      isSetUp: true,
      settings: { calendars: [{ id: 'microsoft365', provider: 'microsoft365', homeAccountId: '', username: '' }] },
    });
  });

  afterAll(async () => {
    await world?.close();
    for (const server of servers) server.close();
  });

  it('are told apart: expired, for another host, from an unknown authority; a file that is not there', async () => {
    const expired = await serve('localhost', {
      notBeforeDate: new Date('2020-01-01'),
      notAfterDate: new Date('2020-02-01'),
    });
    const elsewhere = await serve('other.example');
    const unknown = await serve('localhost');
    const [file, absent] = [join(world.folder, 'own.pem'), join(world.folder, 'absent.pem')];
    writeFileSync(file, `${expired.cert}${elsewhere.cert}`);
    world.manage({
      organisation: {
        graphAuthority: expired.url,
        graphBaseUrl: elsewhere.url,
        slackApiUrl: `${unknown.url}/api/`,
        trustedCertificateFiles: [file, absent],
      },
    });
    // A file that is not there does not keep the app from starting.
    await world.launch();
    await world.tray.menu.waitForItem(ITEM);
    await world.tray.menu.waitForItem(['Slack: certificate not trusted']);
    await world.tray.menu.click(ITEM);
    const page = await world.prompt(TITLE);
    await done(page);
    const text = await textOf(page, 'certificates');
    const host = ({ url }: { url: string }) => new URL(url).host;
    expect(text).toContain(`The certificate of ${host(expired)} has expired, or is not valid yet.`);
    expect(text).toContain(`The certificate of ${host(elsewhere)} is for another host name.`);
    expect(text).toContain(
      `The certificate of ${host(unknown)} comes from an authority that this computer does not trust.`,
    );
    expect(text).toContain(`${file}: 2 certificates read, 1 of them not valid now.`);
    expect(text).toContain(`The certificate file ${absent} is not there.`);
    expect(await line(page, 'network').getAttribute('class')).toBe('ok');
    await screenshot(page, 'checks-certificates');
  });
});
