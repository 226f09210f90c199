// The first start as the person meets it, by all its ways: sign-in, token, code, what the organisation has set up, and again later.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { browse } from '../../src/sandbox/index.ts';
import { endOf, GOOD_ENDS } from './harness/app.ts';
import { axeFindings } from './harness/axe.ts';
import { keychain } from './harness/keychain.ts';
import { screenshot, windowPicture } from './harness/screenshots.ts';
import { EMAIL, item, TOKEN_PAGE, World, type WorldOptions } from './harness/world.ts';

const CALENDARS = 'Which calendar do you use?';
const CHATS = 'Where is your status to be shown?';
const TRY = 'See what happens today';

describe('the first start', () => {
  let world: World;

  const open = async (options: WorldOptions = {}): Promise<World> => {
    world = await World.open(options);
    return world;
  };

  afterEach(() => world?.close());

  const choose = (page: Page, provider: string) => page.locator(`[data-provider=${provider}]`).click();
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 2, name }).waitFor();

  /** Pictures in light, dark, German and at 200 %, and nothing that axe-core would mind. */
  async function look(page: Page, name: string): Promise<void> {
    await page.mouse.move(1, 1);
    for (const theme of ['dark', 'light'] as const) {
      await world.app.setTheme(theme);
      await screenshot(page, `welcome-${name}-${theme}`);
      expect(await axeFindings(page), `${name}, ${theme}`).toEqual([]);
    }
  }

  it('goes from nothing to a status that was tried for real, by keyboard and mouse', async () => {
    await open();
    const soon = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000);
    world.sandbox.graph.addEvent({
      subject: 'Stand-up',
      start: soon,
      end: new Date(soon.getTime() + 1_800_000),
      showAs: 'busy',
    });
    await world.launch();
    const page = await world.welcome(CALENDARS);
    await look(page, 'calendar');
    expect(await page.locator('[data-provider]').first().getAttribute('data-provider')).toBe('microsoft365');
    await page.keyboard.press('Tab');
    await world.press(page, 'Enter');
    await heading(page, 'Sign in to Microsoft 365');
    await page.getByText('Nothing in your calendar is changed.').waitFor();
    await look(page, 'sign-in');
    await world.click(page, 'Sign in');
    await heading(page, 'Your calendar');
    await page.getByText(/^1 event today, next at|^1 event today/).waitFor();
    await look(page, 'calendar-connected');
    expect(world.settings).toMatchObject({ email: EMAIL, welcome: 'begun' });
    await page.locator('button.default:focus').waitFor();
    await world.press(page, 'Enter');

    await heading(page, CHATS);
    await look(page, 'chat');
    await choose(page, 'hipchat');
    await heading(page, 'Enter your HipChat API token');
    await page.getByText(`You are looked up as ${EMAIL}.`).waitFor();
    await page.getByText(/set you to Available, Do not disturb,? or Away/).waitFor();
    await page.locator('input[name=token]:focus').waitFor();
    await look(page, 'token');
    await world.click(page, 'Get HipChat token…');
    await world.opened.waitFor((url) => url === TOKEN_PAGE);
    await world.answer(page, 'wrong-token');
    await page.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
    await page.getByRole('button', { name: 'Check the connections…' }).waitFor();
    await look(page, 'token-refused');
    expect(keychain.lookup(item('hctoken'))).toBeUndefined();
    await world.answer(page, world.sandbox.known.hipchatToken);
    await heading(page, 'Your chats');
    await page.getByText('You are shown as Available there.').waitFor();
    await look(page, 'chat-connected');
    await world.press(page, 'Enter');

    await heading(page, TRY);
    await page.getByText('Now: Available, your own status').waitFor();
    await look(page, 'try');
    await world.click(page, 'Show me as busy for one minute');
    await world.hipchatShows('dnd', 'In a meeting');
    await page.getByText(/^Your chats show you as busy\./).waitFor();
    await page.getByText('Now: Do not disturb, “In a meeting”, set by HipStatus').waitFor();
    await look(page, 'trial');
    await world.click(page, 'Stop now');
    await page.getByText('Your chats show your own status again.').waitFor();
    await world.hipchatShows('chat', '');
    await page.getByText('Now: Available, your own status').waitFor();
    await look(page, 'tried');
    await page.getByRole('switch', { name: 'Notify me when my status changes' }).click();
    await expect.poll(() => world.settings).toMatchObject({ notifications: { status: false } });
    const closed = page.waitForEvent('close');
    await world.clickExactly(page, 'Done');
    await closed;
    expect(world.settings).toMatchObject({ welcome: 'done' });
    await world.tray.menu.waitForItem(['Sync now']);
    await world.app.quit();
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
    expect(world.app.windows).toHaveLength(0);
  });

  it('asks for the address where a chat needs it, and takes none that is no address', async () => {
    await open();
    await world.launch();
    const page = await world.welcome(CALENDARS);
    await choose(page, 'ics');
    await page.locator('input[name=address]:focus').waitFor();
    await world.answer(page, 'nonsense');
    await page.getByRole('alert').filter({ hasText: 'must begin with https://' }).waitFor();
    await look(page, 'fields-refused');
    await world.answer(page, world.sandbox.ics.publish('ada', []));
    await page.getByText('It can be read: nothing is on today.').waitFor();
    await world.press(page, 'Enter');
    await heading(page, CHATS);
    await choose(page, 'hipchat');
    await heading(page, 'Enter your email address');
    await page.getByText('HipChat finds you by your email address.').waitFor();
    await look(page, 'email');
    await world.answer(page, 'ada');
    await page.getByRole('alert').filter({ hasText: 'ada@example.com' }).waitFor();
    await world.answer(page, 'nobody@contoso.example');
    await heading(page, 'Enter your HipChat API token');
    await world.answer(page, world.sandbox.known.hipchatToken);
    await page.getByRole('alert').filter({ hasText: 'does not know' }).waitFor();
    await world.click(page, 'Another address…');
    await world.answer(page, EMAIL);
    await heading(page, 'Enter your HipChat API token');
    await world.answer(page, world.sandbox.known.hipchatToken);
    await page.getByText('You are shown as Available there.').waitFor();
    expect(world.settings).toMatchObject({ email: EMAIL, chats: [{ id: 'hipchat' }] });
    expect(keychain.lookup(item('hctoken'))).toBe(world.sandbox.known.hipchatToken);
  });

  it('signs in by a code on another device', async () => {
    await open();
    world.sandbox.entra.device.intervalSeconds = 1;
    await world.launch();
    const page = await world.welcome(CALENDARS);
    await choose(page, 'microsoft365');
    await world.click(page, 'Use a code on another device…');
    const code = page.locator('output');
    await code.waitFor();
    await look(page, 'code');
    await world.press(page, 'Escape');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await world.click(page, 'Use a code on another device…');
    await code.waitFor();
    const [address = ''] =
      /localhost:\d+\/\S+?(?=[\s,]|$)/.exec((await page.locator('#message').textContent()) ?? '') ?? [];
    const visited = await browse(`https://${address}`, {
      account: EMAIL,
      code: (await code.textContent()) ?? '',
      ca: world.sandbox.certificate.cert,
    });
    expect(visited.status).toBe(200);
    await heading(page, 'Your calendar');
    expect(world.settings).toMatchObject({ calendars: [{ id: 'microsoft365', username: EMAIL }] });
  });

  it('goes on where it was closed: from the menu and at the next start', async () => {
    await open();
    await world.launch();
    const first = await world.welcome(CALENDARS);
    await choose(first, 'ics');
    await world.answer(first, world.sandbox.ics.publish('ada', []));
    await heading(first, 'Your calendar');
    const closed = first.waitForEvent('close');
    await world.press(first, 'Escape');
    await closed;
    await world.tray.menu.click(['Set up HipStatus…']);
    const second = await world.welcome(CHATS);
    await choose(second, 'slack');
    await world.answer(second, EMAIL);
    await world.answer(second, world.sandbox.known.slackToken);
    await heading(second, 'Your chats');
    await world.app.quit();
    await world.launch();
    const third = await world.welcome(TRY);
    await third.getByText('Now: Available, your own status').waitFor();
    expect(await third.locator('nav button.isDone').count()).toBe(2);
    const over = third.waitForEvent('close');
    await world.press(third, 'Escape');
    await over;
    await world.tray.menu.waitForItem(['Set up HipStatus…']);
  });

  it('asks a person with a managed configuration for their sign-ins only', async () => {
    await open({
      managed: {
        calendars: [{ id: 'microsoft365', provider: 'microsoft365' }],
        chats: [{ id: 'hipchat', provider: 'hipchat' }],
        launchAtLogin: false,
      },
    });
    await world.launch();
    const page = await world.welcome('Sign in to Microsoft 365');
    await page.getByText('Only your sign-in is missing.').waitFor();
    await look(page, 'managed-sign-in');
    await world.click(page, 'Sign in');
    await heading(page, 'Your calendar');
    expect(await page.getByRole('button', { name: /another calendar/ }).count()).toBe(0);
    await world.press(page, 'Enter');
    await heading(page, 'Enter your HipChat API token');
    await world.answer(page, world.sandbox.known.hipchatToken);
    await page.getByText('You are shown as Available there.').waitFor();
    await world.press(page, 'Enter');
    await heading(page, TRY);
    expect(await page.getByRole('switch', { name: 'Start HipStatus when I log in' }).isDisabled()).toBe(true);
    await look(page, 'managed-try');
    await world.clickExactly(page, 'Done');
    await world.app.quit();
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
    expect(world.app.windows).toHaveLength(0);
  });

  it('opens no window where the organisation has left nothing to do', async () => {
    await open({
      isSetUp: true,
      managed: { chats: [{ id: 'hipchat', provider: 'hipchat' }], calendars: [{ id: 'ics', provider: 'ics' }] },
    });
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
    await world.exchange(({ service, status }) => service === 'hipchat' && status === 200, 'HipChat to be read', 0);
    expect(world.app.windows).toHaveLength(0);
  });

  it('starts anew on sample data when asked to, from any step', async () => {
    await open();
    await world.launch();
    const page = await world.welcome(CALENDARS);
    await choose(page, 'ics');
    // What comes after it is for the tests of the sample data: here nothing is to be started again.
    await world.app.electron.evaluate(({ app }) => {
      app.relaunch = (options) => void process.stdout.write(`relaunch ${options?.args?.join(' ')}\n`);
    });
    await world.click(page, 'Try with sample data…');
    await world.app.waitForOutput(/relaunch .*--sample/);
    expect(GOOD_ENDS).toContain(endOf(await world.app.waitForExit()));
    expect(world.settings).toMatchObject({ welcome: 'begun' });
  });

  it('speaks German, and fits at 200 %', async () => {
    await open({ isSetUp: true, settings: { language: 'de', welcome: 'begun' } });
    await world.launch();
    const page = await world.prompt('Willkommen bei HipStatus');
    await heading(page, 'Was heute geschieht');
    await look(page, 'try-de');
    await page.getByRole('button', { name: 'Kalender' }).click();
    await heading(page, 'Ihr Kalender');
    await page.getByText('Er lässt sich lesen').waitFor();
    await look(page, 'calendar-connected-de');
    await page.getByRole('button', { name: /^Weiteren Kalender hinzufügen/ }).click();
    await heading(page, 'Welchen Kalender verwenden Sie?');
    await look(page, 'calendar-de');
    await choose(page, 'microsoft365');
    await page.locator('h2').waitFor();
    await look(page, 'sign-in-de');
    await world.app.zoom(page, 2);
    await windowPicture(world.app, page, 'welcome-sign-in-de-200');
    await world.click(page, 'Zurück');
    await heading(page, 'Welchen Kalender verwenden Sie?');
    await windowPicture(world.app, page, 'welcome-calendar-de-200');
    await page.getByRole('button', { name: /Ausprobieren/ }).click();
    await heading(page, 'Was heute geschieht');
    await windowPicture(world.app, page, 'welcome-try-de-200');
    expect(await axeFindings(page)).toEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
