import { afterEach, describe, expect, it } from 'vitest';
import type { HubEvent } from '../../src/hub/model.ts';
import { readHubSettings } from '../../src/hub/settings.ts';
import { type HipchatConnectSandbox, startHipchatConnect } from '../../src/sandbox/hipchatConnect/index.ts';
import { misfits } from './hipchat-connect.ts';
import { ADA, BOB, LAB, YARD } from './hub-addons-world.ts';
import { type HostsOptions, type HostsWorld, MM_USER, openHosts, TEAM, USER } from './hub-hosts-world.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});
async function open(options: HostsOptions = {}): Promise<HostsWorld> {
  const world = await openHosts(options);
  closing.push(world);
  return world;
}

/** A hub and a HipChat server that has the status add-on in its lab. */
async function openWithHipchat() {
  const chat: HipchatConnectSandbox = await startHipchatConnect({
    users: [
      { id: ADA, name: 'Ada Lovelace', email: 'ada@example.com', timezone: 'Europe/London' },
      { id: BOB, name: 'Bob', email: 'bob@example.com' },
    ],
    rooms: [
      { id: LAB, name: 'Lab' },
      { id: YARD, name: 'Yard', members: [ADA, BOB] },
    ],
  });
  const world = await open({ env: { HUB_STATUS_ADDON: '1', HUB_ADDON_SERVERS: new URL(chat.url).origin } });
  closing.unshift(chat);
  const url = `${world.url}/addons/hipstatus.status`;
  return { chat, world, url, install: (room: number) => chat.install(url, { room }) };
}

async function link(world: HostsWorld, person: string, service: string, id: string): Promise<void> {
  const answer = await world.ask(`/api/v1/people/${person}`, await world.token(['admin']), {
    method: 'PATCH',
    body: JSON.stringify({ identities: [{ service, id }] }),
  });
  expect(answer.status).toBe(200);
}

/** The next change of the feed. */
const nextEvent = (world: HostsWorld): Promise<HubEvent> =>
  new Promise((resolve) => {
    const stop = world.hub.feed.follow({
      onEvents: ([event]) => {
        stop();
        if (event !== undefined) resolve(event);
      },
      onReset: () => {},
    });
  });

const textIn = async (answer: Response): Promise<string> => {
  const { attachments, response_type } = (await answer.json()) as {
    attachments: { text: string }[];
    response_type: string;
  };
  expect(response_type).toBe('ephemeral');
  return attachments[0]?.text ?? '';
};

describe('/busy 30m', () => {
  const busy = { state: 'dnd', text: 'Deep work', source: 'command.busy' };

  it('in Slack, by a linked identity, is the presence and an event of the hub', async () => {
    const world = await open();
    const ada = await world.person('Ada');
    await link(world, ada, 'slack', `${TEAM}:${USER}`);
    const before = Date.now();
    const event = nextEvent(world);
    expect(await textIn(await world.slash('/busy 30m Deep work'))).toMatch(
      /^You are busy until [\w ]*\d\d:\d\d: Deep work$/,
    );
    const { record } = await event;
    expect(record).toMatchObject({ person: { id: ada }, said: busy, reporting: true });
    expect(record.said.until).toBeGreaterThanOrEqual(before + 1_800_000);
    expect(record.said.until).toBeLessThan(Date.now() + 1_801_000);
    const shown = await world.ask('/api/v1/presences/ada@example.com', await world.token(['read']));
    expect(await shown.json()).toMatchObject(busy);
    expect(world.chat.got.filter(({ path }) => path === '/api/users.info')).not.toEqual([]);
  });

  it('in Slack, by the email address that Slack tells; not by that of another workspace', async () => {
    const world = await open();
    await world.person('Ada');
    world.chat.user = { team_id: 'TOTHER', profile: { email: 'ada@example.com' } };
    expect(await textIn(await world.slash('/busy 30m'))).toContain(`{"service": "slack", "id": "${TEAM}:${USER}"}`);
    world.chat.user = { team_id: TEAM, tz: 'Asia/Tokyo', profile: { email: 'Ada@Example.com' } };
    const event = nextEvent(world);
    const said = await textIn(await world.slash('/busy until 15:00'));
    const { said: shown } = (await event).record;
    expect(said).toMatch(/15:00\.$/);
    expect(new Date(shown.until ?? 0).getUTCHours()).toBe(6);
  });

  it('in Mattermost', async () => {
    const world = await open();
    const ada = await world.person('Ada');
    expect(await textIn(await world.mattermost('/busy 30m'))).toContain(`"mattermost", "id": "${MM_USER}"`);
    await link(world, ada, 'mattermost', MM_USER);
    const event = nextEvent(world);
    expect(await textIn(await world.mattermost('/busy 30m Deep work'))).toContain('You are busy until');
    expect((await event).record).toMatchObject({ person: { id: ada }, said: busy });
  });

  it('in HipChat, by email address', async () => {
    const { chat, world, install } = await openWithHipchat();
    const ada = await world.person('Ada');
    await install(LAB);
    const event = nextEvent(world);
    const [delivery] = await chat.say(LAB, ADA, '/Busy 30m Deep work');
    expect(delivery?.posted?.body).toMatchObject({ color: 'red', message_format: 'text' });
    expect(delivery?.posted?.text).toMatch(/^You are busy until .*: Deep work$/);
    expect((await event).record).toMatchObject({ person: { id: ada }, said: busy });
    const [other] = await chat.say(LAB, BOB, '/available');
    expect(other?.posted?.text).toContain('The hub does not know who you are.');
  });
});

describe('the other commands', () => {
  async function linked() {
    const world = await open();
    const ada = await world.person('Ada');
    await link(world, ada, 'slack', `${TEAM}:${USER}`);
    return { world, ada };
  }

  it('/available, /pause and /resume are words that the app hears', async () => {
    const { world, ada } = await linked();
    for (const [command, kind, answer] of [
      ['/available', 'available', /^You are available\.$/],
      ['/pause 1h', 'pause', /^Your calendar is not followed until .*\d\d:\d\d\.$/],
      ['/resume', 'resume', /^Your calendar is followed again\.$/],
    ] as const) {
      const event = nextEvent(world);
      expect(await textIn(await world.slash(command))).toMatch(answer);
      expect((await event).record).toMatchObject({ person: { id: ada }, said: { source: `command.${kind}` } });
    }
    const words = await world.ask('/api/v1/people/me/words', await world.token(['publish'], ada));
    const { items } = (await words.json()) as { items: { kind: string }[] };
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['available', 'pause', 'resume']));
  });

  it('tell what people show', async () => {
    const { world, ada } = await linked();
    const grace = await world.person('Grace');
    await link(world, grace, 'slack', `${TEAM}:U777`);
    const until = Date.now() + 3_600_000;
    await world.hub.presences.say(grace, { state: 'busy', text: 'Review', emoji: '', until }, { source: 'api' });
    for (const query of ['<@U777|grace>', 'Grace', '@grace', 'grace@example.com']) {
      expect(await textIn(await world.slash(`/status ${query}`))).toMatch(/^Grace is busy until .*: Review$/);
    }
    await world.hub.presences.say(ada, { state: 'dnd', text: '', emoji: '', until: null }, { source: 'api' });
    expect(await textIn(await world.slash('/status'))).toBe(
      'You are busy (do not disturb)\nThe team: 2 in a meeting, 0 available, 0 away, 0 offline.',
    );
    expect(await textIn(await world.slash('/status @nobody'))).toContain('The hub knows nobody of that name');
  });

  it('are for oneself, and say how they are used', async () => {
    const { world } = await linked();
    const grace = await world.person('Grace');
    for (const [command, answer] of [
      ['/busy', 'Say for how long: /busy 30m'],
      ['/busy soon', 'Say for how long: /busy 30m'],
      ['/busy 2d', 'Say for how long: /busy 30m'],
      [`/busy 30m ${'x'.repeat(201)}`, '200 characters at most'],
      ['/pause', 'Say for how long: /pause 1h'],
      ['/pause 1h because', 'Say for how long: /pause 1h'],
      ['/busy <@U777|grace> 30m', 'You can only say this of yourself.'],
      ['/available @grace', 'You can only say this of yourself.'],
      ['/pause @grace 1h', 'You can only say this of yourself.'],
    ] as const) {
      expect(await textIn(await world.slash(command)), command).toContain(answer);
    }
    expect(world.hub.roster.get(grace)?.said.source).toBe('none');
  });

  it('are off where HUB_STATUS_ADDON is 0', async () => {
    const world = await open({ env: { HUB_STATUS_ADDON: '0' } });
    expect(await textIn(await world.slash('/busy 30m'))).toContain('The hub has no command /busy.');
  });
});

describe('the status add-on in HipChat', () => {
  it('is only for servers that are named', async () => {
    expect(() => readHubSettings({ HUB_STATUS_ADDON: '1' })).toThrow(/HUB_ADDON_SERVERS/);
    const world = await open();
    expect((await fetch(`${world.url}/addons/hipstatus.status/capabilities`)).status).toBe(404);
    const other = await startHipchatConnect({
      users: [{ id: ADA, name: 'Ada', email: 'ada@example.com' }],
      rooms: [{ id: LAB, name: 'Lab' }],
    });
    closing.push(other);
    const { url } = await openWithHipchat();
    await expect(other.install(url, { room: LAB })).rejects.toThrow();
  });

  it('has a descriptor, and a glance that follows the presences', async () => {
    const { chat, world, url, install } = await openWithHipchat();
    expect(misfits('descriptor', await (await fetch(`${url}/capabilities`)).json())).toEqual([]);
    const icon = await fetch(`${url}/icon.svg`);
    expect([icon.status, icon.headers.get('cross-origin-resource-policy')]).toEqual([200, 'cross-origin']);
    const [ada, bob] = [await world.person('Ada'), await world.person('Bob')];
    const installation = await install(LAB);
    const asked = await chat.queryGlance(installation, 'status-glance', { user: ADA, room: LAB });
    expect(misfits('glanceContent', asked.content)).toEqual([]);
    expect(asked.content).toMatchObject({ label: { value: 'Nobody in a meeting' } });
    const say = (id: string) =>
      world.hub.presences.say(id, { state: 'busy', text: '', emoji: '', until: null }, { source: 'api' });
    await Promise.all([say(ada), say(bob)]);
    await expect
      .poll(() => chat.glance(installation, 'status-glance', { room: LAB, user: BOB }), { timeout: 8_000 })
      .toMatchObject({ label: { value: '<b>2</b> in a meeting' }, status: { value: { type: 'current' } } });
    // Both changes were one update.
    const updates = chat.journal.exchanges.filter(({ path }) => path.startsWith('/v2/addon/ui'));
    expect(updates).toHaveLength(1);
  });

  it("has a panel of the room's people, for that server's frame alone", async () => {
    const { chat, world, url, install } = await openWithHipchat();
    const [ada, bob] = [await world.person('Ada'), await world.person('Bob')];
    await world.person('Carol');
    const shown = { state: 'busy', text: '<b>Review</b>', emoji: '', until: null } as const;
    await world.hub.presences.say(ada, shown, { source: 'api' });
    await world.hub.presences.say(bob, { ...shown, text: '' }, { source: 'api' });
    const installation = await install(YARD);
    const page = await chat.openFrame(installation, 'status-panel', { user: BOB, room: YARD });
    expect(page.status).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain(`frame-ancestors ${new URL(chat.url).origin}`);
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'/);
    const token = /<meta name="token" content="([^"]+)">/.exec(page.text)?.[1] ?? '';
    const data = await fetch(`${url}/data?signed_request=${token}`);
    expect(data.headers.get('x-acpt')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await data.json()).toEqual({
      people: [
        { name: 'Ada', state: 'busy', says: 'busy: <b>Review</b>' },
        { name: 'Bob', state: 'busy', says: 'busy' },
      ],
    });
    expect((await fetch(`${url}/data`)).status).toBe(401);
    expect((await fetch(`${url}/panel/status-panel`)).status).toBe(401);
  });
});
