import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type HipchatConnectSandbox, startHipchatConnect } from '../../src/sandbox/hipchatConnect/index.ts';
import { type HubWorld, openHub } from '../contract/hub-world.ts';
import { launchChromium, openPage } from './harness/browser.ts';
import { screenshot } from './harness/screenshots.ts';

const ADA = 42;
const LAB = 7;
let browser: Browser;
const closing: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

/** A page of another origin that frames an address. */
async function framing(address: string): Promise<{ url: string }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<iframe name="panel" src="${address}"></iframe>`);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  closing.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const at = server.address();
  return { url: `http://localhost:${typeof at === 'object' ? at?.port : 0}` };
}

async function open(): Promise<{ chat: HipchatConnectSandbox; hub: HubWorld; panel: string }> {
  const chat = await startHipchatConnect({
    users: [{ id: ADA, name: 'Ada', email: 'ada@example.com' }],
    rooms: [{ id: LAB, name: 'Lab' }],
  });
  const hub = await openHub({
    env: {
      HUB_STATUS_ADDON: '1',
      HUB_ADDON_SERVERS: new URL(chat.url).origin,
      HUB_ALLOW_PRIVATE_ADDONS: '1',
    },
  });
  closing.push(hub, chat);
  const url = `${hub.url}/addons/hipstatus.status`;
  const installation = await chat.install(url, { room: LAB });
  const token = chat.sign(installation, { user: ADA, room: LAB });
  return { chat, hub, panel: `${url}/panel/status-panel?signed_request=${token}` };
}

it('the status panel shows the room live in the chat, and nowhere else', async () => {
  const { chat, hub, panel } = await open();
  const ada = await hub.person('Ada');
  const say = (text: string) =>
    hub.hub.presences.say(ada, { state: 'dnd', text, emoji: '', until: null }, { source: 'api' });
  await say('<img src=x onerror=alert(1)>');
  const { page, complaints } = await openPage(browser);
  // A page of the chat's own, in which the panel is framed.
  await page.goto(`${chat.url}/addons/`);
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(panel)} }))`,
  );
  const row = page.frameLocator('iframe').locator('li');
  await expect
    .poll(() => row.innerText(), { timeout: 10_000 })
    .toContain('busy (do not disturb): <img src=x onerror=alert(1)>');
  await say('Review');
  await expect.poll(() => row.innerText(), { timeout: 10_000 }).toContain('busy (do not disturb): Review');
  expect(await row.getAttribute('data-state')).toBe('dnd');
  await screenshot(page, 'hub-status-panel');
  // The stand-in's own page has no icon.
  expect(complaints.filter((one) => !one.endsWith('/favicon.ico'))).toEqual([]);

  const other = await openPage(browser);
  await other.page.goto((await framing(panel)).url);
  await expect.poll(() => other.complaints.join(), { timeout: 10_000 }).toContain('frame-ancestors');
  expect(await other.page.frameLocator('iframe').locator('li').count()).toBe(0);
});
