// The main job, once through: from nothing to synced, by the real sign-in, and a meeting from its start to its end.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretTag } from '../../src/sandbox/index.ts';
import { judge, loadContracts } from '../contract/specs.ts';
import { endOf, GOOD_ENDS } from './harness/app.ts';
import { shareOf } from './harness/icon.ts';
import { keychain } from './harness/keychain.ts';
import { saveIcon, screenshot } from './harness/screenshots.ts';
import { EMAIL, item, TOKEN_PAGE, World } from './harness/world.ts';

const GREEN = [40, 170, 80] as const;
const ORANGE = [240, 150, 30] as const;

const contracts = loadContracts();

describe('first start', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open();
    await world.launch();
  });

  afterAll(() => world?.close());

  it('signs in to Microsoft 365 in the system browser, and knows the address from there', async () => {
    const page = await world.welcome('Which calendar do you use?');
    await page.locator('[data-provider=microsoft365]').click();
    await world.welcome('Sign in to Microsoft 365');
    await screenshot(page, 'first-start-sign-in');
    await page.locator('button[type=submit]').click();
    const { target } = await world.opened.waitFor((url) => url.includes('/oauth2/v2.0/authorize'));
    const query = new URL(target).searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+/);
    expect(query.get('scope')).toContain('Calendars.ReadBasic');
    await world.exchange(({ path }) => path.endsWith('/calendarView'), 'the calendar to be read', 0);
    await page.getByText('It can be read: nothing is on today.').waitFor();
    expect(world.settings).toMatchObject({ email: EMAIL });
    await world.click(page, 'Continue');
  });

  it('asks for the HipChat token, opens the page to get it, and says what is wrong with a wrong one', async () => {
    const page = await world.welcome('Where is your status to be shown?');
    await page.locator('[data-provider=hipchat]').click();
    await world.welcome('Enter your HipChat API token');
    await screenshot(page, 'first-start-hipchat-token');
    await page.getByText(/set you to Available, Do not disturb,? or Away/).waitFor();
    await page.getByRole('button', { name: 'Get HipChat token…' }).click();
    await world.opened.waitFor((url) => url === TOKEN_PAGE);
    await world.answer(page, 'wrong-token');
    await page.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
    expect(keychain.lookup(item('hctoken'))).toBeUndefined();
    await world.answer(page, world.sandbox.known.hipchatToken);
    await page.getByText('You are shown as Available there.').waitFor();
    await screenshot(page, 'first-start-connected');
    await world.press(page, 'Enter');
    await world.welcome('See what happens today');
    const closed = page.waitForEvent('close');
    await world.clickExactly(page, 'Done');
    await closed;
    await world.tray.waitFor(({ toolTip }) => toolTip.includes('Available'));
  });

  it('adds Slack from the menu', async () => {
    await world.tray.menu.click(['Preferences…', 'Accounts', 'Add a chat…', 'Slack']);
    const prompt = await world.prompt('Enter your Slack user token');
    const closed = prompt.waitForEvent('close');
    await world.answer(prompt, world.sandbox.known.slackToken);
    await world.click(prompt, 'Done');
    await closed;
    await world.tray.menu.waitForItem(['Sync now']);
  });

  it('keeps its secrets where another program finds them, and nowhere else', async () => {
    const { hipchatToken, slackToken } = world.sandbox.known;
    expect(keychain.lookup(item('hctoken'))).toBe(hipchatToken);
    expect(keychain.lookup(item('slacktoken'))).toBe(slackToken);
    expect(keychain.lookup(item('msalcache', 'microsoft365'))).toContain('RefreshToken');
    const home = world.homeText();
    const cache = JSON.parse(keychain.lookup(item('msalcache', 'microsoft365')) ?? '{}') as Record<string, object>;
    const tokens = Object.values(cache).flatMap((part) => Object.values(part).flatMap(({ secret }) => secret ?? []));
    expect(tokens.length).toBeGreaterThan(1);
    for (const secret of [hipchatToken, slackToken, ...tokens]) expect(home).not.toContain(secret);
  });

  it('sets do not disturb when a meeting starts: the right PUT, a notification, icon and menu', async () => {
    const { sandbox, desktop, tray } = world;
    sandbox.hipchat.setUser(EMAIL, { title: 'Analyst' });
    const before = { exchanges: sandbox.exchanges.length, notification: desktop.notifications.lastSeq };
    const now = Date.now();
    const end = new Date(Math.ceil(now / 1_000) * 1_000 + 15_000);
    sandbox.graph.addEvent({
      subject: 'Merger talks',
      start: new Date(now - 60_000),
      end,
      showAs: 'busy',
      attendees: [{ email: 'grace@contoso.example' }],
    });
    await tray.menu.click(['Sync now']);
    const put = await world.exchange(
      ({ service, method, body }) => service === 'hipchat' && method === 'PUT' && JSON.stringify(body).includes('dnd'),
      'the PUT',
      before.exchanges,
    );
    expect(put.path).toBe(`/v2/user/${encodeURIComponent(EMAIL)}`);
    expect(put.headers['authorization']).toContain(secretTag(sandbox.known.hipchatToken));
    expect(put.body).toMatchObject({
      name: 'Ada Lovelace',
      email: EMAIL,
      mention_name: 'Ada',
      title: 'Analyst',
      timezone: 'Europe/Berlin',
      is_group_admin: false,
      presence: { show: 'dnd', status: 'In a meeting' },
    });
    await world.slackShows('In a meeting');
    expect(await sandbox.slack.status()).toEqual({
      status_text: 'In a meeting',
      status_emoji: ':spiral_calendar_pad:',
      status_expiration: end.getTime() / 1_000,
    });
    const shown = await desktop.notifications.waitFor(({ summary }) => summary.includes('Do not disturb'), {
      after: before.notification,
    });
    expect(shown.summary).toBe("You are now set to 'Do not disturb'");
    await tray.menu.waitForItem([/^Do not disturb until /]);
    const { icon } = await tray.read();
    expect(icon && shareOf(icon, GREEN, 70)).toBeGreaterThan(0.03);
  });

  it('brings back what was there within 2 s of its end', async () => {
    const { sandbox, desktop, tray } = world;
    const end = Math.max(...sandbox.graph.events().map((event) => event.end.getTime()));
    const after = desktop.notifications.lastSeq;
    await world.hipchatShows('chat', '');
    await world.slackShows('');
    // The first write brought the profile's time zone along when the token was given; then one for each edge.
    const puts = sandbox.exchanges.filter(({ service, method }) => service === 'hipchat' && method === 'PUT');
    expect(puts).toHaveLength(3);
    expect(puts[0]?.body).toMatchObject({ timezone: 'Europe/Berlin', presence: { show: 'chat' } });
    const late = (puts[2]?.at ?? 0) - end;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(2_000);
    await desktop.notifications.waitFor(({ summary }) => summary === "You are now 'Available'", { after });
    await tray.menu.waitForItem([/^Available/]);
  });

  it('pauses and resumes from the menu, with the icon to tell', async () => {
    const { tray, sandbox } = world;
    sandbox.graph.addEvent({
      start: new Date(Date.now() - 60_000),
      end: new Date(Date.now() + 600_000),
      showAs: 'busy',
    });
    await tray.menu.click(['Sync now']);
    await world.hipchatShows('dnd', 'In a meeting');
    await tray.menu.click(['Pause HipStatus']);
    await tray.menu.waitForItem(['Resume HipStatus']);
    const paused = await tray.waitFor(({ toolTip }) => toolTip.includes('Paused'));
    expect(paused.icon && shareOf(paused.icon, ORANGE, 70)).toBeGreaterThan(0.03);
    expect(paused.icon && saveIcon(paused.icon, 'tray-paused')).toContain('tray-paused.png');
    await world.hipchatShows('chat', '');
    await world.slackShows('');
    expect(world.settings).toMatchObject({ pausedUntil: 'forever' });
    await tray.menu.click(['Resume HipStatus']);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
  });

  it('starts with the session when told to', async () => {
    const { tray } = world;
    const entry = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'autostart', 'hipstatus.desktop');
    await tray.menu.click(['Preferences…', 'Launch at login']);
    await tray.menu.waitFor((menu) =>
      menu.flatMap(({ children }) => children).some(({ label, checked }) => label === 'Launch at login' && checked),
    );
    expect(readFileSync(entry, 'utf8')).toContain('Exec=');
    await tray.menu.click(['Preferences…', 'Launch at login']);
    await tray.menu.waitFor((menu) =>
      menu.flatMap(({ children }) => children).some(({ label, checked }) => label === 'Launch at login' && !checked),
    );
    expect(existsSync(entry)).toBe(false);
  });

  it('restores on quit, and keeps subjects and secrets out of its log', async () => {
    await world.tray.menu.click(['Quit HipStatus']);
    expect(GOOD_ENDS).toContain(endOf(await world.app.waitForExit()));
    await world.hipchatShows('chat', '');
    await world.slackShows('');
    const { log } = world;
    expect(log).toContain('Presence set');
    expect(log).not.toContain('Merger');
    expect(log).not.toContain(world.sandbox.known.hipchatToken);
  });

  it.skipIf(contracts === undefined)('has spoken with every service as its published contract says', () => {
    expect(world.sandbox.exchanges.length).toBeGreaterThan(30);
    expect(judge(contracts, world.sandbox.exchanges)).toEqual([]);
  });
});
