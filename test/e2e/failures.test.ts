// What goes wrong, and what the person is told and can do: on a set-up app, by real notifications and prompts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shareOf } from './harness/icon.ts';
import { keychain } from './harness/keychain.ts';
import { saveIcon } from './harness/screenshots.ts';
import { EMAIL, HELP_DESK, item, World } from './harness/world.ts';

const RED = [215, 60, 50] as const;

describe('on a set-up app', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open({ isSetUp: true });
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
  });

  beforeEach(async () => {
    await world.quiet();
    await world.tray.menu.click(['Sync now']);
    await world.tray.menu.waitForItem([/^Available/]);
  });

  afterAll(() => world?.close());

  it('a token that was refused: notification → click → prompt → new token → synced', async () => {
    const { sandbox, desktop, tray } = world;
    const after = desktop.notifications.lastSeq;
    sandbox.hipchat.rejectToken(sandbox.known.hipchatToken);
    await tray.menu.click(['Sync now']);
    const notice = await desktop.notifications.waitFor(({ summary }) => summary === 'Authentication error to HipChat', {
      after,
    });
    const attention = await tray.waitFor(({ icon }) => icon !== undefined && shareOf(icon, RED, 70) > 0.03);
    expect(attention.icon && saveIcon(attention.icon, 'tray-attention')).toContain('tray-attention');
    await tray.menu.click(['Sync now']);
    desktop.notifications.click(notice);
    const prompt = await world.prompt('Enter your HipChat API token');
    expect(await prompt.locator('input[name=token]').inputValue()).toBe('');
    sandbox.hipchat.addToken('fresh-token', sandbox.hipchat.user(EMAIL).id);
    await world.answer(prompt, 'fresh-token');
    await tray.waitFor(({ icon }) => icon !== undefined && shareOf(icon, RED, 70) < 0.01);
    expect(keychain.lookup(item('hctoken'))).toBe('fresh-token');
    const told = desktop.notifications.all.filter(({ summary }) => summary === 'Authentication error to HipChat');
    expect(told).toHaveLength(1);
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
  });

  it('a person whom HipChat does not know: notification → click → prompt for the address', async () => {
    const { sandbox, desktop, tray } = world;
    const after = desktop.notifications.lastSeq;
    sandbox.hipchat.fail({ status: 404, times: Number.POSITIVE_INFINITY });
    await tray.menu.click(['Sync now']);
    const notice = await desktop.notifications.waitFor(({ summary }) => summary === 'Could not find you in HipChat', {
      after,
    });
    desktop.notifications.click(notice);
    const prompt = await world.prompt('Enter your email address');
    expect(await prompt.locator('input[name=value]').inputValue()).toBe(EMAIL);
    await world.answer(prompt, 'lovelace@contoso.example');
    await prompt.getByRole('alert').filter({ hasText: 'does not know' }).waitFor();
    await world.press(prompt, 'Escape');
    expect(world.settings).toMatchObject({ email: EMAIL });
  });

  it("the service's own trouble: notification → click → help desk, and the notice goes with its cause", async () => {
    const { sandbox, desktop, tray, opened } = world;
    const after = desktop.notifications.lastSeq;
    sandbox.hipchat.outage(Number.POSITIVE_INFINITY);
    await tray.menu.click(['Sync now']);
    await tray.menu.click(['Sync now']);
    const isTrouble = ({ summary }: { summary: string }) => summary === 'There seems to be a problem with HipChat';
    const notice = await desktop.notifications.waitFor(isTrouble, { after });
    desktop.notifications.click(notice);
    await opened.waitFor((url) => url === HELP_DESK);
    sandbox.hipchat.clearFaults();
    const since = sandbox.exchanges.length;
    await tray.menu.click(['Sync now']);
    await world.exchange(
      ({ service, status }) => service === 'hipchat' && status === 200,
      'HipChat to answer again',
      since,
    );
    expect(desktop.notifications.all.filter(isTrouble)).toHaveLength(1);
  });

  it('one chat down leaves the other right', async () => {
    const { sandbox } = world;
    sandbox.hipchat.fail({ drop: true, times: Number.POSITIVE_INFINITY });
    await world.meet(5);
    await world.slackShows('In a meeting');
    await world.slackShows('');
    expect(sandbox.hipchat.user(EMAIL).presence).toMatchObject({ show: 'chat' });
    await world.tray.menu.waitForItem(['HipChat: not reachable']);
  });

  it('a calendar that fails in a meeting does not make the person free before its end', async () => {
    const { sandbox, tray } = world;
    const end = await world.meet(8);
    await world.hipchatShows('dnd', 'In a meeting');
    sandbox.ics.fail({ status: 503, times: Number.POSITIVE_INFINITY });
    await tray.menu.click(['Sync now']);
    await tray.menu.waitForItem([/^Do not disturb/]);
    await world.hipchatShows('chat', '');
    expect(Date.now()).toBeGreaterThanOrEqual(end.getTime());
  });

  it('a person who changes the presence in a meeting has the last word', async () => {
    const { sandbox, tray } = world;
    const end = await world.meet(6);
    await world.hipchatShows('dnd', 'In a meeting');
    sandbox.hipchat.setPresence(EMAIL, 'chat', 'Ask me anyway');
    await tray.menu.click(['Sync now']);
    await tray.menu.waitForItem(['HipChat: left as you set it']);
    await world.slackShows('');
    expect(Date.now()).toBeGreaterThanOrEqual(end.getTime());
    expect(sandbox.hipchat.user(EMAIL).presence).toMatchObject({ show: 'chat', status: 'Ask me anyway' });
  });

  it('"not for this meeting" and "I\'m busy for" from the menu', async () => {
    const { tray, sandbox } = world;
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await tray.menu.click(['Not for this meeting']);
    await world.hipchatShows('chat', '');
    await world.slackShows('');
    sandbox.ics.publish('ada', []);
    await tray.menu.click(["I'm busy for", '1 hour']);
    await world.hipchatShows('dnd', 'In a meeting');
    await tray.menu.click([/^No longer busy \(until /]);
    await world.hipchatShows('chat', '');
    await tray.menu.click(['Pause for', 'Until tomorrow']);
    await tray.waitFor(({ toolTip }) => /Paused until \w{3} 00:00/.test(toolTip));
    await tray.menu.click(['Resume HipStatus']);
    await tray.menu.waitForItem(['Pause HipStatus']);
  });

  it('a keychain that is locked: a clear message, and nothing in clear on disk', async () => {
    const { desktop, tray, sandbox } = world;
    const after = desktop.notifications.lastSeq;
    await keychain.lock();
    try {
      await tray.menu.click(['Sync now']);
      const notice = await desktop.notifications.waitFor(
        ({ summary }) => summary === 'HipStatus cannot use your keychain',
        {
          after,
          timeoutMs: 90_000,
        },
      );
      expect(notice.body).toMatch(/[Uu]nlock/);
    } finally {
      await keychain.unlock();
    }
    expect(world.homeText()).not.toContain(sandbox.known.slackToken);
    await tray.menu.click(['Sync now']);
    await tray.menu.waitForItem([/^Available/]);
  });

  it('a key that the organisation sets is locked at once', async () => {
    const { tray } = world;
    await tray.menu.click(['Preferences…', 'Status message…']);
    const prompt = await world.prompt(/^Enter a message/);
    await world.answer(prompt, 'Do come in');
    await tray.menu.waitForItem(['Preferences…', 'Do come in']);
    world.manage({ statusMessage: 'Busy by order' });
    const locked = await tray.menu.waitForItem(['Preferences…', 'Status message… (set by your organisation)']);
    expect(locked.enabled).toBe(false);
    await tray.menu.waitForItem(['Preferences…', 'Busy by order']);
    await world.meet(600);
    await world.hipchatShows('dnd', 'Busy by order');
    world.manage({});
    await tray.menu.waitForItem(['Preferences…', 'Do come in']);
  });

  it('a settings file that breaks while the app runs is set aside', async () => {
    const { tray, desktop } = world;
    const after = desktop.notifications.lastSeq;
    const before = JSON.stringify(world.settings);
    writeFileSync(join(world.home, 'settings.json'), '{ "email": ');
    const notice = await desktop.notifications.waitFor(({ summary }) => summary === 'Some settings could not be read', {
      after,
    });
    expect(notice.body).toContain(world.home);
    writeFileSync(join(world.home, 'settings.json'), before);
    await tray.menu.waitForItem([/^Available/]);
  });
});
