// The first start as the person meets it, by all its ways: sign-in, token, code, what the organisation has set up, and again later.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { axeFindings } from './harness/axe.ts';
import { keychain } from './harness/keychain.ts';
import { screenshot } from './harness/screenshots.ts';
import { EMAIL, item, orClosed, TOKEN_PAGE, World, type WorldOptions } from './harness/world.ts';

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
    await page.getByText('set you to Available, Do not disturb or Away').waitFor();
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
    await orClosed(page, page.getByRole('button', { name: 'Done', exact: true }).click());
    await closed;
    expect(world.settings).toMatchObject({ welcome: 'done' });
    await world.tray.menu.waitForItem(['Sync now']);
    await world.app.quit();
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
    expect(world.app.windows).toHaveLength(0);
  });
});
