// What the person says in their team's hub, done by the real app.
import { afterEach, expect, it } from 'vitest';
import { type HubWorld, openHub } from '../contract/hub-world.ts';
import { freePort } from '../contract/servers/process.ts';
import { endOf, GOOD_ENDS } from './harness/app.ts';
import { keychain } from './harness/keychain.ts';
import { item, World } from './harness/world.ts';

let world: World | undefined;
let hub: HubWorld | undefined;
afterEach(async () => {
  await world?.close();
  await hub?.close();
  keychain.clear(item('accountsecret', 'hub'));
  world = undefined;
  hub = undefined;
});

it('busy, with a text, shows in Slack and in the menu within two seconds; a word said while the app is off is done at its start', async () => {
  hub = await openHub({ env: { HUB_PORT: String(await freePort()) } });
  const token = await hub.token(['publish'], await hub.person('Ada'));
  keychain.store(item('accountsecret', 'hub'), token);
  world = await World.open({
    isSetUp: true,
    settings: {
      chats: [
        { id: 'hub', provider: 'hub', server: hub.url },
        { id: 'slack', provider: 'slack', email: '' },
      ],
    },
  });
  await world.launch();
  const inHub = async () => (await hub?.ask('/api/v1/presences/me', token))?.json();
  const say = async (body: object) => {
    const answer = await hub?.ask('/api/v1/people/me/word', token, { method: 'POST', body: JSON.stringify(body) });
    expect(answer?.status).toBe(200);
  };
  await expect.poll(inHub, { timeout: 10_000 }).toMatchObject({ state: 'available', reporting: true });

  const said = Date.now();
  await say({ kind: 'busy', minutes: 30, text: 'Deep work' });
  await world.slackShows('Deep work');
  expect(Date.now() - said).toBeLessThan(2_000);
  await expect.poll(inHub).toMatchObject({ state: 'dnd', text: 'Deep work', source: 'app' });
  await world.tray.menu.waitForItem([/^No longer busy \(until /]);

  await world.app.kill9();
  await say({ kind: 'available' });
  await world.launch();
  await world.slackShows('');
  await expect.poll(inHub).toMatchObject({ state: 'available', text: '' });

  await world.tray.menu.waitForItem([/^I'm busy for/]);
  await say({ kind: 'pause', minutes: 60 });
  await world.tray.menu.waitForItem([/^Resume/]);

  hub = await hub.again();
  await expect.poll(() => inHub().catch(() => null), { timeout: 10_000 }).toMatchObject({ state: 'available' });
  await say({ kind: 'resume' });
  await world.tray.menu.waitForItem([/^Pause for/]);
  await world.tray.menu.click(['Quit HipStatus']);
  expect(GOOD_ENDS).toContain(endOf(await world.app.waitForExit()));
}, 60_000);
