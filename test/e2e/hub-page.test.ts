// The team's page as people meet it, in a real Chromium. The pictures are in test/e2e/.screenshots; `npm run pictures` takes one of
// them for the documentation, for which the machine should have a font with emoji.
import { createServer } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { newId } from '../../src/hub/ids.ts';
import { type HubWorld, type HubWorldOptions, openHub } from '../contract/hub-world.ts';
import { ShiftedClock } from '../fakes/shiftedClock.ts';
import { launchChromium, openPage, type WatchedPage } from './harness/browser.ts';
import { liveMorning } from './harness/hubTeam.ts';
import { screenshot } from './harness/screenshots.ts';

const MIDNIGHT = Date.parse('2026-11-24T00:00:00+01:00');
const NOW = MIDNIGHT + 10 * HOUR + 36 * MINUTE;
/** What everybody may wait for; a test waits this long only when it fails. */
const SOON = 5 * SECOND;

let browser: Browser;
const worlds: HubWorld[] = [];
const opened: WatchedPage[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const { page } of opened.splice(0)) await page.context().close();
  for (const world of worlds.splice(0)) await world.close();
});

async function openWorld(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  worlds.push(world);
  return world;
}

async function open(options?: BrowserContextOptions): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  opened.push(watched);
  watched.page.setDefaultTimeout(SOON);
  return watched;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.keyboard.press('Enter');
}

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });

/** A team of three, and Grace's page with it. */
async function threeOnAPage() {
  const world = await openWorld();
  const grace = await world.person('Grace');
  const ada = await world.person('Ada');
  await world.person('José');
  const admin = await world.token(['admin']);
  const say = (id: string, presence: object) =>
    world.ask(`/api/v1/presences/${id}`, admin, { method: 'PUT', body: JSON.stringify(presence) });
  await say(grace, { state: 'available', text: 'At my desk' });
  const issued = await world.hub.tokens.issue({
    name: 'grace',
    scopes: ['read', 'publish'],
    personId: grace,
    expiresAt: null,
  });
  const watched = await open();
  await watched.page.goto(world.url);
  return { world, grace, ada, say, token: issued.token, tokenId: issued.info.id, ...watched };
}

describe('signing in', () => {
  it('takes a token, says what is wrong with one, and keeps it nowhere in the browser', async () => {
    const { page, world, token, complaints } = await threeOnAPage();
    await page.getByRole('heading', { name: 'Sign in to see your team' }).waitFor();
    expect(await page.locator('main').ariaSnapshot()).toContain('textbox "Token"');
    await page.locator('#token:focus').waitFor();

    await signIn(page, 'hst_wrong');
    const alert = page.getByRole('alert').filter({ hasText: 'not known here' });
    await alert.waitFor();
    expect(await page.getByLabel('Token').getAttribute('aria-invalid')).toBe('true');
    await signIn(page, await world.token(['publish']));
    await page.getByRole('alert').filter({ hasText: 'scope “read”' }).waitFor();

    await signIn(page, token);
    await row(page, 'Grace').waitFor();
    expect(page.url()).toBe(`${world.url}/`);
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML])',
    );
    expect(kept).not.toContain(token);
    expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    // The browser itself notes that a sign-in was refused.
    expect(complaints.filter((line) => !/status of 40[13].*\/session$/.test(line))).toEqual([]);
  });

  it('signs out, in every tab', async () => {
    const { page, world, token } = await threeOnAPage();
    await signIn(page, token);
    const second = await page.context().newPage();
    await second.goto(world.url);
    await row(second, 'Grace').waitFor();
    const [cookie] = await page.context().cookies();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await second.getByLabel('Token').waitFor();
    expect(await page.context().cookies()).toEqual([]);
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
    expect((await world.ask('/api/v1/presences', null, { headers })).status).toBe(401);
    await page.reload();
    await page.getByLabel('Token').waitFor();
  });

  it('asks again once the token is revoked', async () => {
    const { page, world, token, tokenId } = await threeOnAPage();
    await signIn(page, token);
    await row(page, 'Grace').waitFor();
    await world.hub.tokens.revoke(tokenId);
    // The hub looks every ten seconds whether the tokens of open streams still count.
    await page.getByText('You were signed out').waitFor({ timeout: 20 * SECOND });
    expect(await page.getByRole('listitem').count()).toBe(0);
  });
});

describe('the team', () => {
  it('shows changes within a second, without reload', async () => {
    const { page, ada, say, token, complaints } = await threeOnAPage();
    await signIn(page, token);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await page.evaluate('window.stayed = true');
    const until = new Date(Date.now() + 10 * MINUTE);
    const at = Date.now();
    await say(ada, { state: 'dnd', text: 'Design review', emoji: ':coffee:', until: until.toISOString() });
    await row(page, 'Ada').getByText('Do not disturb').waitFor();
    expect(Date.now() - at).toBeLessThan(SECOND);
    const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(until);
    const [, shown = ''] = ((await row(page, 'Ada').textContent()) ?? '').split('Do not disturb');
    expect(shown).toContain(`until ${time}`);
    expect(shown).toContain('☕ Design review');
    await row(page, 'Ada')
      .getByRole('img', { name: /^Today: .*Do not disturb/ })
      .waitFor();
    await say(ada, { state: 'busy' });
    await row(page, 'Ada').getByText('Busy').waitFor();
    expect(await page.evaluate('window.stayed')).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('shows who comes, changes name and goes', async () => {
    const { page, world, ada, token } = await threeOnAPage();
    await signIn(page, token);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await world.person('Edsger');
    await row(page, 'Edsger').waitFor();
    await world.hub.presences.putPerson({ id: ada, email: 'ada@example.com', name: 'Ada Lovelace', identities: [] });
    await row(page, 'Ada Lovelace').waitFor();
    await world.hub.presences.removePerson(ada);
    await row(page, 'Ada').waitFor({ state: 'detached' });
    const names = await page.locator('.name').allTextContents();
    expect(names).toEqual(['Grace', 'Edsger', 'José']);
  });

  it('is searched and filtered by keyboard alone, with counts', async () => {
    const { page, ada, say, token } = await threeOnAPage();
    await say(ada, { state: 'busy' });
    await signIn(page, token);
    await row(page, 'José').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('jose');
    await row(page, 'Ada').waitFor({ state: 'detached' });
    expect(await page.locator('.name').allTextContents()).toEqual(['José']);
    await page.getByRole('status').filter({ hasText: '1 person' }).waitFor({ state: 'attached' });
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('Nobody like this.').waitFor();
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await row(page, 'Ada').waitFor();

    await page.getByRole('searchbox').focus();
    await page.keyboard.press('Tab');
    expect(await page.getByRole('radio', { name: 'All 3' }).isChecked()).toBe(true);
    for (const state of ['Available 1', 'Away 0', 'Busy 1']) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => page.getByRole('radio', { name: state }).isChecked()).toBe(true);
    }
    await row(page, 'Grace').waitFor({ state: 'detached' });
    expect(await page.locator('.name').allTextContents()).toEqual(['Ada']);
    await say(ada, { state: 'away' });
    await page.getByText('Nobody like this.').waitFor();
  });

  it('tells a day in words to who asks, by keyboard too', async () => {
    const { page, grace, say, token } = await threeOnAPage();
    const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();
    await say(grace, { state: 'busy', day: [{ start: at(0), end: at(2), state: 'busy' }] });
    await signIn(page, token);
    const unfold = page.getByRole('button', { name: 'The day of Grace in words' });
    await unfold.focus();
    await page.keyboard.press('Enter');
    const spans = page.locator('.spans li');
    await spans.filter({ hasText: /^Busy \d\d:\d\d–\d\d:\d\d$/ }).waitFor();
    expect(await unfold.getAttribute('aria-expanded')).toBe('true');
    await row(page, 'Grace')
      .first()
      .getByRole('img', { name: /^Today/ })
      .click();
    await spans.first().waitFor({ state: 'detached' });
  });

  it('has a name for everything that is drawn', async () => {
    const { page, grace, say, token } = await threeOnAPage();
    await signIn(page, token);
    await say(grace, { state: 'away', text: 'Lunch' });
    await row(page, 'Grace').getByRole('img', { name: /Away/ }).waitFor();
    const snapshot = await page.locator('body').ariaSnapshot();
    for (const line of ['banner:', 'main:', 'search:', 'heading "Team" [level=1]', 'list "People":', 'status: Live']) {
      expect(snapshot).toContain(line);
    }
    expect(snapshot).toMatch(
      /Grace You grace@example\.com\n\s+- paragraph: Away since \d\d:\d\d\n\s+- paragraph: Lunch/,
    );
    expect(snapshot).not.toMatch(/- (button|img|textbox|searchbox|radio)( \[|:|$)/m);
    const polite = await page.locator('[role=status], [aria-live]').count();
    expect(polite).toBe(2);
  });
});

describe('organisation sync', () => {
  it('is told of in one line, and only where it runs', async () => {
    const world = await openWorld();
    await world.person('Ada');
    const { page, complaints } = await open();
    await page.goto(world.url);
    await signIn(page, await world.token(['read']));
    await row(page, 'Ada').waitFor();
    expect(await page.getByText('read by the hub').count()).toBe(0);
    const at = Date.now();
    const progress = { at, people: 1_200, stale: 3, waiting: 40, lagSeconds: 130 };
    await world.hub.store.documents.put('sync', 'progress', progress, at);
    await page.reload();
    await page.getByText(/1.200 read by the hub · 40 waiting, up to 3 min late · 3 can’t be read now/).waitFor();
    await screenshot(page, 'hub-page-sync');
    expect(complaints).toEqual([]);
  });
});

describe('a hub that goes and comes back', () => {
  it('is told of, and what changed meanwhile is shown', async () => {
    const port = String(await freePort());
    const world = await openHub({ env: { HUB_PORT: port } });
    const ada = await world.person('Ada');
    const token = await world.token(['read']);
    const { page, complaints } = await open();
    await page.goto(world.url);
    await signIn(page, token);
    await row(page, 'Ada').getByText('Offline').waitFor();

    await world.hub.close();
    const lost = page.getByRole('status').filter({ hasText: /Not connected\. What you see is from \d\d:\d\d\./ });
    await lost.waitFor();
    await screenshot(page, 'hub-page-lost');
    // Another hub on the same store: nothing of this is said on the page's address.
    const elsewhere = await openHub({ folder: world.folder });
    await elsewhere.hub.presences.say(
      ada,
      { state: 'dnd', text: 'Said meanwhile', emoji: '', until: null },
      { source: 'api' },
    );
    await elsewhere.hub.close();
    await openWorld({ folder: world.folder, env: { HUB_PORT: port } });
    await row(page, 'Ada')
      .getByText('Said meanwhile')
      .waitFor({ timeout: 30 * SECOND });
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    expect(complaints.filter((line) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/.test(line))).toEqual([]);
  });

  it('has everybody read anew when the feed no longer reaches back', async () => {
    const port = String(await freePort());
    const world = await openHub({ env: { HUB_PORT: port } });
    const ada = await world.person('Ada');
    const bob = await world.person('Bob');
    const token = await world.token(['read']);
    const { page } = await open();
    await page.goto(world.url);
    await signIn(page, token);
    await row(page, 'Bob').waitFor();
    await world.hub.close();
    const elsewhere = await openHub({ folder: world.folder });
    await elsewhere.hub.presences.putPerson({ id: ada, email: 'ada@example.com', name: 'Ada L', identities: [] });
    await elsewhere.hub.presences.removePerson(bob);
    await elsewhere.person('Cleo');
    await elsewhere.hub.store.trim(Date.now() + MINUTE);
    await elsewhere.hub.close();
    await openWorld({ folder: world.folder, env: { HUB_PORT: port } });
    await row(page, 'Cleo').waitFor({ timeout: 30 * SECOND });
    expect(await page.locator('.name').allTextContents()).toEqual(['Ada L', 'Cleo']);
  });
});

describe('two thousand people', () => {
  it('are all there to find, while only the days in sight are asked for', async () => {
    const world = await openWorld();
    const many = 2_000;
    for (let index = 0; index < many; index += 1) {
      const email = `person.${index}@example.com`;
      await world.hub.presences.putPerson({ id: newId(index + 1), email, name: `Person ${index}`, identities: [] });
    }
    const { page } = await open({ viewport: { width: 1280, height: 800 } });
    const days: string[] = [];
    page.on('request', (request) => request.url().includes('/day?') && days.push(request.url()));
    await page.goto(world.url);
    await signIn(page, await world.token(['read']));
    await row(page, 'person.0@').waitFor();
    await page.getByRole('radio', { name: 'All 2,000' }).waitFor({ state: 'attached' });
    await expect.poll(() => page.getByRole('listitem').count(), { timeout: 20 * SECOND }).toBe(many);
    await row(page, 'person.0@')
      .getByRole('img', { name: /^Today/ })
      .waitFor();
    expect(days.length).toBeLessThan(60);
    await page.getByRole('searchbox').fill('person 1999');
    await row(page, 'person.1999@')
      .getByRole('img', { name: /^Today/ })
      .waitFor();
    expect(await page.getByRole('listitem').count()).toBe(1);
  });
});

describe('the look', () => {
  const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
    ['light', { viewport: { width: 1280, height: 1000 } }],
    ['dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 }],
    // What a window of 1280 pixels has at 200 %, and at 400 %.
    ['zoom-200', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
    ['zoom-400', { viewport: { width: 320, height: 225 }, deviceScaleFactor: 4 }],
    ['more-contrast', { viewport: { width: 1280, height: 860 }, contrast: 'more' }],
    ['forced-colours', { viewport: { width: 1280, height: 860 }, forcedColors: 'active', colorScheme: 'dark' }],
    ['american', { viewport: { width: 1000, height: 860 }, locale: 'en-US' }],
  ];

  it.each(LOOKS)('%s: everything fits, and the day is drawn', async (name, options) => {
    const clock = new ShiftedClock(MIDNIGHT);
    const world = await openWorld({ clock });
    const ids = await liveMorning(world.hub, clock, MIDNIGHT, NOW);
    const token = await world.token(['read', 'publish'], ids.get('Grace Hopper'));
    const { page, complaints } = await open(options);
    await page.clock.install({ time: clock.now() });
    await page.goto(world.url);
    await page.getByLabel('Token').waitFor();
    await screenshot(page, `hub-page-${name}-sign-in`);
    await signIn(page, token);
    const ada = row(page, 'Ada Lovelace').getByRole('img', { name: /^Today: .*Busy .*\(planned\)/ });
    await row(page, 'Ada Lovelace').scrollIntoViewIfNeeded();
    await ada.waitFor();
    expect((await ada.boundingBox())?.height).toBeGreaterThan(16);
    if (name === 'dark') await page.getByRole('button', { name: 'The day of Ada' }).click();
    await page.evaluate('scrollTo(0, 0)');
    await expect.poll(() => page.locator('.bar.waiting').count()).toBe(0);
    await screenshot(page, `hub-page-${name}`);
    const widths = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(widths)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });
});
