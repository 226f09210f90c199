// What is asked of every window alike: for eyes of all kinds, for the keyboard alone, for lines from right to left, at 200 %.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './harness/axe.ts';
import { screenshot, windowPicture } from './harness/screenshots.ts';
import { lostFocus, mirrorFindings, motions, overflowFindings, tabFindings, watchFocus } from './harness/sweep.ts';
import { World } from './harness/world.ts';

const MINUTE = 60_000;

/** A way for eyes: as the system tells pages. */
const EYES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  forced: { forcedColors: 'active' },
  contrast: { contrast: 'more' },
  'dark-contrast': { colorScheme: 'dark', contrast: 'more' },
} as const;
const USUAL = { colorScheme: null, forcedColors: null, contrast: null, reducedMotion: null } as const;

interface Place {
  readonly name: string;
  /** The folder of its page. */
  readonly page: string;
  /** In the menu; null for a click on the icon. */
  readonly item: readonly (string | RegExp)[] | null;
  /** What is done there before it is looked at. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const tab = (name: string) => async (page: Page) => {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`#tab-${name}[aria-selected=true]`).waitFor();
  await page.mouse.move(0, 0);
};
const preferences = (name: string, more: (page: Page) => Promise<unknown> = async () => undefined): Place => ({
  name: `preferences-${name}`,
  page: 'preferences',
  item: ['Preferences…', 'All preferences…'],
  ready: async (page) => {
    await tab(name)(page);
    await more(page);
  },
});
const PLACES: readonly Place[] = [
  {
    name: 'today',
    page: 'today',
    item: null,
    ready: (page) => page.getByRole('button', { name: /^Merger talks/ }).waitFor(),
  },
  {
    name: 'today-pause',
    page: 'today',
    item: null,
    ready: (page) => page.getByRole('button', { name: 'Pause…' }).click(),
  },
  preferences('accounts'),
  preferences('rules', (page) => page.getByRole('button', { name: /^Merger talks/ }).waitFor()),
  preferences('messages'),
  preferences('notifications'),
  preferences('general'),
  preferences('managed'),
  { name: 'why', page: 'activity', item: ['Why…'], ready: tab('why') },
  {
    name: 'activity',
    page: 'activity',
    item: ['Activity…'],
    ready: async (page) => {
      await page.locator('.entries li').first().waitFor();
      await page.getByText('What is copied or saved').click();
      await page.locator('pre').waitFor();
    },
  },
  {
    name: 'welcome-try',
    page: 'welcome',
    item: ['Set up HipStatus…'],
    ready: (page) => page.getByRole('button', { name: /^Merger talks/ }).waitFor(),
  },
  {
    name: 'welcome-chats',
    page: 'welcome',
    item: ['Set up HipStatus…'],
    ready: async (page) => {
      await page
        .getByRole('navigation')
        .getByRole('button', { name: /^\W*Chat/ })
        .click();
      await page.getByRole('heading', { name: 'Your chats' }).waitFor();
      await page
        .getByText(/You are shown as/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'checks',
    page: 'checks',
    item: ['Preferences…', 'Check the connections…'],
    ready: (page) => page.locator('form[aria-busy=false] li').first().waitFor(),
  },
  {
    name: 'prompt-token',
    page: 'prompt',
    item: ['Preferences…', 'Accounts', /^HipChat/, 'Update token…'],
    ready: async (page) => {
      await page.locator('input[name=token]').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
      await page.locator('input[name=token]:focus').waitFor();
    },
  },
  {
    name: 'prompt-message',
    page: 'prompt',
    item: ['Preferences…', 'Status message…'],
    ready: (page) => page.locator('input:focus').waitFor(),
  },
];

describe('every window', () => {
  let world: World;

  const close = async (page: Page): Promise<void> => {
    const closed = page.waitForEvent('close');
    // What is open in the window, such as the choice of a time, closes before it.
    for (let pressed = 0; pressed < 2 && !page.isClosed(); pressed += 1) await world.press(page, 'Escape');
    await closed;
  };
  const open = async ({ page: folder, item, ready }: Place): Promise<Page> => {
    if (item === null) await world.tray.activate();
    else await world.tray.menu.click(item);
    const page = await world.app.waitForWindow((one) => one.url().includes(`/${folder}/`), { what: folder });
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await ready(page);
    return page;
  };

  const sweep = async (page: Page, name: string): Promise<Record<string, readonly string[]>> => {
    const found: Record<string, readonly string[]> = {};
    for (const [eyes, media] of Object.entries(EYES)) {
      await page.emulateMedia({ ...USUAL, ...media });
      await screenshot(page, `sweep-${name}-${eyes}`);
      found[eyes] = await axeFindings(page);
    }
    await page.emulateMedia({ ...USUAL, reducedMotion: 'no-preference' });
    expect(await motions(page), 'the probe itself').not.toEqual([]);
    await page.emulateMedia({ ...USUAL, reducedMotion: 'reduce' });
    found['motion'] = await motions(page);
    found['tab'] = await tabFindings(page);
    await page.emulateMedia({ ...USUAL, forcedColors: 'active' });
    found['tab in forced colours'] = await tabFindings(page);
    await page.emulateMedia(USUAL);
    found['mirror'] = await mirrorFindings(page);
    found['mirrored'] = await overflowFindings(page);
    await screenshot(page, `sweep-${name}-rtl`);
    await page.evaluate("document.documentElement.dir = 'ltr'");
    found['width'] = await overflowFindings(page);
    await world.app.zoom(page, 2);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await windowPicture(world.app, page, `sweep-${name}-200`);
    found['200 %'] = await overflowFindings(page);
    await world.app.zoom(page, 1);
    return found;
  };

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, settings: { language: 'en', welcome: 'begun' } });
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const at = (minutes: number) => new Date(now + minutes * MINUTE);
    world.sandbox.ics.publish('ada', [
      { uid: 'a', summary: 'Merger talks', start: at(-20), end: at(40) },
      { uid: 'b', summary: 'Design review', start: at(10), end: at(70) },
      { uid: 'c', summary: 'Lunch', start: at(100), end: at(160), busyStatus: 'FREE' },
      { uid: 'd', summary: 'Standup', start: at(-120), end: at(-105) },
      { uid: 'e', summary: 'Birthday of Grace', start: new Date(now), end: at(24 * 60), isAllDay: true },
    ]);
    await world.launch();
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
    await close(await world.prompt('Welcome to HipStatus'));
  });

  afterAll(() => world?.close());

  it.each(PLACES)('$name: for all eyes, by keyboard, mirrored, still and large', async (place) => {
    const page = await open(place);
    const found = await sweep(page, place.name).finally(() => close(page));
    const wrong = Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0));
    expect(wrong).toEqual({});
  });

  it('goes the other way by arrow keys where lines begin on the right: timeline and tabs', async () => {
    const placeOf = (name: string) => {
      const place = PLACES.find((one) => one.name === name);
      if (place === undefined) throw new Error(`there is no place ${name}`);
      return place;
    };
    const focused = (page: Page) =>
      page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.id');
    const today = await open(placeOf('today'));
    await today.evaluate("document.documentElement.dir = 'rtl'");
    await today.locator('[data-piece][tabindex="0"]').focus();
    const went: string[] = [];
    for (const key of ['Home', 'ArrowLeft', 'ArrowLeft', 'ArrowRight']) {
      await today.keyboard.press(key);
      went.push((await focused(today)).split(',')[0] ?? '');
    }
    expect(went).toEqual(['Birthday of Grace', 'Standup', 'Merger talks', 'Standup']);
    const [standup, merger] = await Promise.all(
      ['Standup', 'Merger talks'].map((name) => today.getByRole('button', { name }).boundingBox()),
    );
    expect(standup?.x).toBeGreaterThan((merger?.x ?? Number.NaN) + (merger?.width ?? Number.NaN));
    await close(today);
    const why = await open(placeOf('why'));
    await why.evaluate("document.documentElement.dir = 'rtl'");
    await why.locator('#tab-why').focus();
    await why.keyboard.press('ArrowLeft');
    expect(await focused(why)).toBe('tab-activity');
    await why.keyboard.press('ArrowRight');
    expect(await focused(why)).toBe('tab-why');
    await close(why);
  });

  /** By the keyboard: each is pressed, and then what comes of it is waited for. */
  const ACTIONS: Readonly<Record<string, readonly (readonly [press: string, then: string])[]>> = {
    today: [
      ['button:has-text("Pause…")', 'fieldset'],
      ['button:has-text("For 30 min")', 'button:has-text("Resume")'],
      ['button:has-text("Resume")', 'button:has-text("Pause…")'],
      ['button:has-text("busy until…")', 'fieldset'],
      ['button:has-text("For 30 min")', 'button:has-text("No longer busy")'],
      ['button:has-text("No longer busy")', 'button:has-text("busy until…")'],
      ['button[aria-label="Sync now"]', 'header svg:not(.turning)'],
      ['button:has-text("Not for this meeting")', 'footer:not(:has-text("Not for this meeting"))'],
    ],
    'preferences-accounts': [
      ['button[aria-label="Move Slack up"]', 'button[aria-label="Move Slack down"]:enabled'],
      ['#account-hipchat-test', 'li[data-account=hipchat] >> text=Works'],
    ],
    'preferences-rules': [
      ['#add-category', 'button[aria-label^="Remove "]'],
      ['button[aria-label^="Remove "]', '#add-category'],
    ],
    'preferences-notifications': [['input[role=switch] >> nth=0', 'input[role=switch]']],
    why: [['#tab-why', '.events li']],
    activity: [['button:text-is("Copy")', 'text=Copied']],
    'welcome-try': [
      ['.trial button', '.trial button:text-is("Stop now")'],
      ['.trial button', '.trial button:not(:text-is("Stop now")):not([aria-disabled=true])'],
      ['button:text-is("Back")', 'h2:text-is("Your chats")'],
    ],
    checks: [
      ['button:text-is("Copy")', 'button:text-is("Copied")'],
      ['button:text-is("Check again")', 'form[aria-busy=true]'],
      ['button:text-is("Check again")', 'form[aria-busy=false]'],
    ],
    'prompt-token': [['button.reveal', 'button.reveal[aria-pressed=true]']],
  };

  it.each(PLACES.filter(({ name }) => name in ACTIONS))('$name: the focus is never lost', async (place) => {
    const page = await open(place);
    const lost: (readonly string[])[] = [];
    try {
      for (const [press, then] of ACTIONS[place.name] ?? []) {
        await page.locator(press).first().focus();
        await watchFocus(page);
        await page.keyboard.press(press.startsWith('input') ? 'Space' : 'Enter');
        await page.locator(then).first().waitFor();
        lost.push(await lostFocus(page));
      }
    } finally {
      await close(page);
    }
    expect(lost.flat()).toEqual([]);
  });
});
