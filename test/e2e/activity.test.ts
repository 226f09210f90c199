// Why and Activity: the sentence and its chain, what was done, filtered and live, and what a help desk gets of it.
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../src/core/activity.ts';
import { axeFindings } from './harness/axe.ts';
import { screenshot, windowPicture } from './harness/screenshots.ts';
import { EMAIL, World } from './harness/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SUBJECTS = ['Merger talks', 'Lunch with Grace'];

const HIPCHAT = { id: 'hipchat', provider: 'hipchat' } as const;

/** What a week has left, the oldest first. */
function formerDays(now: number): readonly ActivityEntry[] {
  return Array.from({ length: 6 }, (_, index) => 6 - index).flatMap((days): ActivityEntry[] => {
    const at = (minutes: number) => now - days * 24 * HOUR + minutes * MINUTE;
    return [
      { kind: 'program', at: at(0), what: 'wake' },
      { kind: 'decision', at: at(1), why: 'meetings', state: 'dnd', until: at(91), events: 2 },
      { kind: 'written', at: at(2), account: HIPCHAT, what: 'set', state: 'dnd' },
      { kind: 'failed', at: at(3), account: { id: 'slack-2', provider: 'slack' }, code: 'network', reason: 'dns' },
      { kind: 'recovered', at: at(8), account: { id: 'slack-2', provider: 'slack' } },
      { kind: 'written', at: at(91), account: HIPCHAT, what: 'restore', state: 'available' },
    ];
  });
}

describe('Why and Activity', () => {
  let world: World;
  const file = () => join(world.home, 'activity.jsonl');

  const open = async (item: string): Promise<Page> => {
    await world.tray.menu.click([item]);
    const page = await world.app.waitForWindow((one) => one.url().includes('/activity/'), { what: 'the window' });
    await page.locator('h1').waitFor();
    return page;
  };
  const close = async (page: Page): Promise<void> => {
    const closed = page.waitForEvent('close');
    await world.press(page, 'Escape');
    await closed;
  };
  const lines = (page: Page) => page.locator('.entries li').allInnerTexts();
  const kinds = (page: Page): Promise<readonly string[]> =>
    page
      .locator('.entries li')
      .evaluateAll((items) => [
        ...new Set(items.map((item) => (item as unknown as { dataset: { kind: string } }).dataset.kind)),
      ]);

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, settings: { language: 'en' } });
    const entries = formerDays(Date.now());
    appendFileSync(file(), `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n{"kind":"torn`);
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const at = (minutes: number) => new Date(now + minutes * MINUTE);
    world.sandbox.ics.publish('ada', [
      { uid: 'a', summary: 'Merger talks', start: at(-20), end: at(40) },
      { uid: 'b', summary: 'Lunch with Grace', start: at(-10), end: at(60), busyStatus: 'FREE' },
      { uid: 'c', summary: 'Design review', start: at(100), end: at(160) },
    ]);
    await world.launch();
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
  });

  afterAll(() => world?.close());

  it('says why in a sentence, with the chain behind it and each chat', async () => {
    const page = await open('Why…');
    await page
      .getByRole('heading', { name: /^You are set to Do not disturb until .* because a meeting is on\.$/ })
      .waitFor();
    const events = await page.locator('.events li').allInnerTexts();
    expect(events.find((text) => text.includes('Merger talks'))).toContain('Counts as Do not disturb.');
    expect(events.find((text) => text.includes('Lunch with Grace'))).toContain(
      'Does not count: events shown like this do not count.',
    );
    const hipchat = page.locator('article[data-account=hipchat]');
    await hipchat.getByText(/^what HipStatus wrote \(Do not disturb\); at .* it goes back to Available$/).waitFor();
    expect(await hipchat.innerText()).toContain('Do not disturb, “In a meeting”');
    await screenshot(page, 'why-light');
    expect(await axeFindings(page)).toEqual([]);
    await close(page);
    expect(world.app.windows).toHaveLength(0);
  });

  it('follows what happens while it is open', async () => {
    const page = await open('Why…');
    await world.tray.menu.click(['Pause HipStatus']);
    await page.getByRole('heading', { name: 'You have paused HipStatus, so it leaves everything alone.' }).waitFor();
    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.locator('.entries li').filter({ hasText: 'You have paused HipStatus' }).first().waitFor();
    await page
      .locator('.entries li')
      .filter({ hasText: 'HipChat: your own status is back (Available)' })
      .first()
      .waitFor();
    await world.tray.menu.click(['Resume HipStatus']);
    await page.locator('.entries li').filter({ hasText: 'You have resumed HipStatus' }).first().waitFor();
    await world.hipchatShows('dnd', 'In a meeting');
    await page.locator('.entries li').first().filter({ hasText: ': set to' }).waitFor();
    await close(page);
  });

  it('lists what was done by day, the latest first, and less of it when that is wanted', async () => {
    const page = await open('Activity…');
    await page.getByRole('heading', { name: 'Yesterday' }).waitFor();
    const days = await page.locator('section.day > h2').allInnerTexts();
    expect(days.slice(0, 2)).toEqual(['Today', 'Yesterday']);
    expect(days).toHaveLength(7);
    const texts = (await lines(page)).join('\n');
    expect(texts).toContain('because of 2 events');
    expect(texts).toContain('Slack could not be brought up to date: the service could not be reached (network, dns)');
    await screenshot(page, 'activity-light');
    expect(await axeFindings(page)).toEqual([]);

    await page.getByLabel('Show', { exact: true }).selectOption('Problems');
    expect(await kinds(page)).toEqual(['recovered', 'failed']);
    await page.getByRole('status').filter({ hasText: '12 entries' }).waitFor();
    await page.getByLabel('Account').selectOption('HipChat');
    await page.getByText('Nothing of this kind in the last 7 days.').waitFor();
    await screenshot(page, 'activity-empty');
    await page.getByLabel('Show', { exact: true }).selectOption('What chats were told');
    expect((await lines(page)).every((text) => text.includes('HipChat: '))).toBe(true);
    await close(page);
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open('Why…');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.locator('#tab-activity[aria-selected=true]').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('tab-activity');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('group');
    await page.keyboard.type('Your');
    await page.locator('.entries li[data-kind=word]').first().waitFor();
    expect(await kinds(page)).toEqual(['word']);
    await close(page);
  });

  it('gives a text for a help desk, copied or saved, that holds nothing of anybody', async () => {
    const page = await open('Activity…');
    await page.getByRole('heading', { name: 'Yesterday' }).waitFor();
    await page.getByText('What is copied or saved').click();
    const preview = page.locator('pre');
    await preview.waitFor();
    const seen = (await preview.textContent()) ?? '';
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    const copied = await world.app.electron.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied.split('\n').slice(1)).toEqual(seen.split('\n').slice(1));
    expect(copied).toMatch(/^HipStatus 2\.\S+ on \w+, \d{4}-/);
    expect(copied).toMatch(/^\d{4}-\S+Z {2}written {4}HipChat 1: set to Do not disturb$/m);
    await screenshot(page, 'activity-export');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await axeFindings(page)).toEqual([]);

    const target = join(world.folder, 'saved.txt');
    const answer = async (result: { canceled: boolean; filePath: string }): Promise<void> => {
      await world.app.electron.evaluate(({ dialog }, given) => {
        dialog.showSaveDialog = async () => given;
      }, result);
    };
    await answer({ canceled: true, filePath: '' });
    await page.getByRole('button', { name: 'Save…' }).click();
    expect(existsSync(target)).toBe(false);
    await answer({ canceled: false, filePath: join(world.folder, 'saved.txt', 'there', 'x'.repeat(300)) });
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('status').filter({ hasText: 'Could not be saved there.' }).waitFor();
    await answer({ canceled: false, filePath: join(world.folder, 'kept.txt') });
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
    const kept = readFileSync(join(world.folder, 'kept.txt'), 'utf8');
    expect(kept.split('\n').slice(1)).toEqual(copied.split('\n').slice(1));

    const { known } = world.sandbox;
    const secrets = [...SUBJECTS, EMAIL, 'In a meeting', known.hipchatToken, known.slackToken, 'ada', world.home];
    for (const text of [kept, readFileSync(file(), 'utf8')])
      for (const secret of secrets) expect(text).not.toContain(secret);
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
    await close(page);
  });

  it('looks well dark, in German and at 200 %, and axe finds nothing', async () => {
    await world.app.setTheme('dark');
    for (const [item, name, tab] of [
      ['Why…', 'why-dark', 'why'],
      ['Activity…', 'activity-dark', 'activity'],
    ] as const) {
      const dark = await open(item);
      await dark.locator(`#tab-${tab}[aria-selected=true]`).waitFor();
      if (tab === 'activity') await dark.locator('.entries li').first().waitFor();
      await screenshot(dark, name);
      expect(await axeFindings(dark)).toEqual([]);
      await close(dark);
    }
    await world.app.setTheme('light');
    world.writeSettings({ ...world.settings, language: 'de' });
    await world.tray.menu.waitForItem(['Warum …']);
    const why = await open('Warum …');
    await why
      .getByRole('heading', { name: /^Sie sind bis .* auf „Nicht stören“ gesetzt, weil ein Termin läuft\.$/ })
      .waitFor();
    expect(await why.locator('html').getAttribute('lang')).toBe('de');
    await screenshot(why, 'why-german');
    await world.app.zoom(why, 2);
    await why.waitForFunction('innerWidth < 400');
    await windowPicture(world.app, why, 'why-200');
    expect(await why.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await why.getByRole('tab', { name: 'Aktivität' }).click();
    await why.locator('.entries li').first().waitFor();
    await windowPicture(world.app, why, 'activity-200');
    expect(await why.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await axeFindings(why)).toEqual([]);
    await world.app.zoom(why, 1);
    await why.waitForFunction('innerWidth > 400');
    await screenshot(why, 'activity-german');
    expect(await axeFindings(why)).toEqual([]);
    await close(why);
  });

  it('does not hang with ten thousand entries', async () => {
    const now = Date.now();
    const many = Array.from({ length: 10_000 }, (_, index) =>
      JSON.stringify({ kind: 'program', at: now - HOUR + index * 100, what: 'wake' } satisfies ActivityEntry),
    );
    appendFileSync(file(), `${many.join('\n')}\n`);
    const before = performance.now();
    const page = await open('Aktivität …');
    await page.getByRole('status').filter({ hasText: '10000' }).waitFor();
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await page.locator('.entries li').count()).toBe(200);
    await page.getByRole('button', { name: 'Frühere anzeigen' }).click();
    await page.locator('.entries li').nth(399).waitFor();
    await close(page);
  });
});
