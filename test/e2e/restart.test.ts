// What a start finds: after a kill, with a broken file, with another app running.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startApp } from './harness/app.ts';
import { keychain } from './harness/keychain.ts';
import { EMAIL, item, ROOT, World } from './harness/world.ts';

describe('starting again', () => {
  let world: World | undefined;

  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it('restores within 10 s what a kill in the middle of a meeting has left', async () => {
    world = await World.open({ isSetUp: true });
    await world.launch();
    world.sandbox.hipchat.setPresence(EMAIL, 'away', '');
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
    await world.app.kill9();
    expect(readFileSync(join(world.home, 'claims.json'), 'utf8')).toContain('hipchat');
    world.sandbox.ics.publish('ada', []);
    const started = Date.now();
    await world.launch();
    await world.hipchatShows('away', '');
    await world.slackShows('');
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('adopts its own after a kill when the meeting still runs, and writes nothing', async () => {
    world = await World.open({ isSetUp: true });
    await world.launch();
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
    await world.app.kill9();
    const since = world.sandbox.exchanges.length;
    await world.launch();
    await world.tray.menu.waitForItem([/^Do not disturb/]);
    await world.exchange(({ service }) => service === 'hipchat', 'HipChat to be read', since);
    await world.tray.menu.click(['Quit HipStatus']);
    await world.app.waitForExit();
    const writes = world.sandbox.exchanges.slice(since).filter(({ method }) => method === 'PUT');
    expect(writes.map(({ body }) => (body as { presence: object }).presence)).toEqual([{ show: 'chat', status: '' }]);
  });

  it('leaves the presence on quit when told to, and takes it back at the next start', async () => {
    world = await World.open({ isSetUp: true, settings: { onQuit: 'leave' } });
    await world.launch();
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.tray.menu.click(['Quit HipStatus']);
    await world.app.waitForExit();
    await world.hipchatShows('dnd', 'In a meeting');
    world.sandbox.ics.publish('ada', []);
    await world.launch();
    await world.hipchatShows('chat', '');
  });

  it('sets a broken settings file aside and says so', async () => {
    world = await World.open({ settings: '{ "email": "ada@contoso' });
    await world.launch();
    const notice = await world.desktop.notifications.waitFor(
      ({ summary }) => summary === 'Some settings could not be read',
    );
    const kept = readdirSync(world.home).filter((name) => name.startsWith('settings') && name !== 'settings.json');
    expect(kept).toHaveLength(1);
    expect(notice.body).toContain(kept[0]);
    expect(readFileSync(join(world.home, kept[0] ?? ''), 'utf8')).toContain('ada@contoso');
    await world.welcome('Which calendar do you use?');
  });

  it("takes over the address, the message and the token of JAMF's HipStatus", async () => {
    world = await World.open();
    const preferences = join(homedir(), 'Library', 'Preferences', 'com.jamfsw.hipstatus.plist');
    const email = 'ada@example.com';
    mkdirSync(dirname(preferences), { recursive: true });
    copyFileSync(join(ROOT, 'test/unit/adapters/node/fixtures/hipstatus1-binary.plist'), preferences);
    keychain.store(item('hctoken', email), world.sandbox.known.hipchatToken);
    world.sandbox.hipchat.setUser(EMAIL, { email });
    try {
      await world.launch();
      const page = await world.welcome('Which calendar do you use?');
      await page.getByRole('button', { name: 'Chat done' }).waitFor();
      expect(world.settings).toMatchObject({
        email,
        statusMessage: 'In a meeting – back soon ☕',
        chats: [{ id: 'hipchat', provider: 'hipchat', email: '' }],
      });
      await world.exchange(({ service, status }) => service === 'hipchat' && status === 200, 'HipChat to be read', 0);
    } finally {
      rmSync(preferences);
      keychain.clear(item('hctoken', email));
    }
  });

  it('a second start brings the first one to the front, and ends', async () => {
    world = await World.open();
    await world.launch();
    const prompt = await world.welcome('Which calendar do you use?');
    await prompt.locator('[data-provider=ics]').click();
    await prompt.locator('input[name=address]').fill('half typed');
    const second = await startApp(world.launchOptions);
    expect((await second.waitForExit()).code).toBe(0);
    expect(world.app.running).toBe(true);
    expect(await prompt.locator('input[name=address]').inputValue()).toBe('half typed');
    expect(world.app.windows).toHaveLength(1);
    await world.press(prompt, 'Escape');
    await expect.poll(() => prompt.isClosed()).toBe(true);
    const third = await startApp(world.launchOptions);
    await third.waitForExit();
    await world.welcome('Which calendar do you use?');
  });

  it('finds a presence wrong after sleep and puts it right within 10 s of waking', async () => {
    world = await World.open({ isSetUp: true });
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
    const start = new Date(Date.now() - 60_000);
    world.sandbox.ics.publish('ada', [{ summary: 'Merger talks', start, end: new Date(Date.now() + 600_000) }]);
    world.desktop.power.sleep();
    world.desktop.power.wake();
    const woke = Date.now();
    await world.hipchatShows('dnd', 'In a meeting');
    expect(Date.now() - woke).toBeLessThan(10_000);
    expect(existsSync(join(world.home, 'claims.json'))).toBe(true);
  });
});
