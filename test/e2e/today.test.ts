// The Today panel: what a click on the icon shows, and what its buttons do.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './harness/axe.ts';
import { screenshot, windowPicture } from './harness/screenshots.ts';
import { EMAIL, World } from './harness/world.ts';

const MINUTE = 60_000;

/** A working day around now: one meeting is on, others come and have been. */
function publishDay(world: World): void {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const at = (minutes: number) => new Date(now + minutes * MINUTE);
  world.sandbox.ics.publish('ada', [
    { uid: 'a', summary: 'Merger talks', start: at(-20), end: at(40) },
    { uid: 'b', summary: 'Design review', start: at(10), end: at(70) },
    { uid: 'c', summary: 'Lunch', start: at(100), end: at(160), busyStatus: 'FREE' },
    { uid: 'd', summary: 'Standup', start: at(-120), end: at(-105) },
    { uid: 'e', summary: 'Birthday of Grace', start: new Date(now), end: at(24 * 60), isAllDay: true },
  ]);
}

describe('Today', () => {
  let world: World;

  const open = async (): Promise<Page> => {
    await world.tray.activate();
    const page = await world.app.waitForWindow((one) => one.url().includes('/today/'), { what: 'the Today panel' });
    await page.locator('h1').waitFor();
    return page;
  };
  const close = async (page: Page): Promise<void> => {
    const closed = page.waitForEvent('close');
    await world.press(page, 'Escape');
    await closed;
  };

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, settings: { language: 'en' } });
    publishDay(world);
    await world.launch();
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
  });

  afterAll(() => world?.close());

  it('shows the day, and what each chat shows until when', async () => {
    const page = await open();
    await page.getByRole('button', { name: /^Merger talks, .*Counts as Do not disturb/ }).waitFor();
    await page.getByRole('button', { name: /^Lunch, .*Does not count/ }).waitFor();
    await page.getByRole('button', { name: /^Birthday of Grace, all day/ }).waitFor();
    expect(await page.locator('h1').textContent()).toMatch(/^Do not disturb until /);
    for (const chat of ['hipchat', 'slack']) {
      const row = page.locator(`li[data-account=${chat}]`);
      expect(await row.innerText()).toMatch(
        chat === 'hipchat' ? /Do not disturb · In a meeting, until \d/ : /· In a meeting, until \d/,
      );
      expect(await row.innerText()).toContain('set by HipStatus');
    }
    await screenshot(page, 'today-light');
    await close(page);
    expect(world.app.windows).toHaveLength(0);
  });

  it('says why, to the mouse and to the keyboard', async () => {
    const page = await open();
    const caption = page.locator('figcaption');
    await page.getByRole('button', { name: /^Merger talks/ }).hover();
    await caption.filter({ hasText: 'Counts as Do not disturb' }).waitFor();
    await page.mouse.move(1, 1);
    await page.locator('[data-piece][tabindex="0"]').focus();
    await page.keyboard.press('Home');
    expect(await caption.innerText()).toContain('Birthday of Grace');
    await page.keyboard.press('ArrowRight');
    expect(await caption.innerText()).toContain('Standup');
    await page.keyboard.press('End');
    expect(await caption.innerText()).toContain('Your own status');
    await screenshot(page, 'today-focus');
    await close(page);
  });

  it('looks well dark, in German and at 200 %, and axe finds nothing', async () => {
    await world.app.setTheme('dark');
    const dark = await open();
    await screenshot(dark, 'today-dark');
    expect(await axeFindings(dark)).toEqual([]);
    await close(dark);
    await world.app.setTheme('light');
    world.writeSettings({ ...world.settings, language: 'de' });
    await world.tray.menu.waitForItem(['Heute anzeigen']);
    const german = await open();
    await german.getByRole('button', { name: /^Merger talks, .*Zählt als „Nicht stören“/ }).waitFor();
    expect(await german.locator('html').getAttribute('lang')).toBe('de');
    await screenshot(german, 'today-german');
    expect(await axeFindings(german)).toEqual([]);
    await world.app.zoom(german, 2);
    await german.waitForFunction('innerWidth === 440');
    await windowPicture(world.app, german, 'today-200');
    expect(await german.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await world.app.zoom(german, 1);
    await close(german);
    world.writeSettings({ ...world.settings, language: 'en' });
    await world.tray.menu.waitForItem(['Show today']);
  });

  it('pauses for a time that is chosen, with focus that is never lost, and goes on', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Pause…' }).click();
    await screenshot(page, 'today-pause');
    await page.getByRole('button', { name: 'For 30 min' }).click();
    await world.hipchatShows('chat', '');
    await page.getByRole('heading', { name: /^Paused until/ }).waitFor();
    const focused = () => page.evaluate('document.activeElement.tagName');
    expect(await focused()).toBe('BUTTON');
    await page.getByRole('button', { name: 'Resume' }).click();
    await world.hipchatShows('dnd', 'In a meeting');
    await page.getByRole('heading', { name: /^Do not disturb/ }).waitFor();
    expect(await focused()).toBe('BUTTON');
    await close(page);
  });

  it('takes "not for this meeting" and "busy until"', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Not for this meeting' }).click();
    await world.hipchatShows('chat', '');
    await page.getByRole('button', { name: /^Merger talks, .*you had the last word on it/ }).waitFor();
    await page.getByRole('button', { name: "I'm busy until…" }).click();
    await page.getByRole('button', { name: 'For 1 hr' }).click();
    await world.hipchatShows('dnd', 'In a meeting');
    await page.getByRole('button', { name: 'No longer busy' }).click();
    await world.hipchatShows('chat', '');
    await close(page);
  });

  it('names the next step of an account that is in trouble, and opens it', async () => {
    const { sandbox, tray } = world;
    sandbox.hipchat.rejectToken(sandbox.known.hipchatToken);
    await tray.menu.click(['Sync now']);
    await tray.menu.waitForItem([/sign-in not accepted/]);
    const page = await open();
    await page.locator('li[data-account=hipchat].bad').waitFor();
    await screenshot(page, 'today-trouble');
    expect(await axeFindings(page)).toEqual([]);
    const closed = page.waitForEvent('close');
    await world.click(page, 'Renew…');
    await closed;
    const prompt = await world.prompt('Enter your HipChat API token');
    await world.press(prompt, 'Escape');
    sandbox.hipchat.addToken(sandbox.known.hipchatToken, 42);
  });

  it('holds what it shows nowhere but in the window', () => {
    const home = world.homeText();
    for (const word of ['Merger talks', 'Design review', 'Birthday of Grace']) expect(home).not.toContain(word);
    expect(home).not.toContain(EMAIL.replace('@', '%40'));
  });
});
