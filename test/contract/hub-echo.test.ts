import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Addon } from '../../src/hub/addons/addon.ts';
import { misfits } from './hipchat-connect.ts';
import { ADA, type AddonWorld, LAB, openAddon } from './hub-addons-world.ts';
import { openHosts } from './hub-hosts-world.ts';
import { startRedis } from './servers/redis.ts';

const file = new URL('../../examples/echo/echo.mjs', import.meta.url).href;
const { default: echo } = (await import(/* @vite-ignore */ file)) as { default: Addon };

describe('the echo example in HipChat', () => {
  let world: AddonWorld;
  beforeEach(async () => {
    world = await openAddon(echo);
  });
  afterEach(() => world.close());

  it('has a descriptor, for one room', async () => {
    const descriptor = await (await fetch(world.descriptorUrl)).json();
    expect(misfits('descriptor', descriptor)).toEqual([]);
    expect(descriptor).toMatchObject({
      capabilities: {
        hipchatApiConsumer: { scopes: ['send_notification', 'view_messages'] },
        installable: { allowRoom: true, allowGlobal: false },
        webhook: [{ url: `${world.url}/echo`, event: 'room_message', pattern: '^\\/[Ee][Cc][Hh][Oo](?:\\s|$)' }],
      },
    });
  });

  it.each([
    ['/echo hello', 'hello', 'green'],
    ['/ECHO Hello  World', 'Hello  World', 'green'],
    ['/Echo <b>x</b>', '<b>x</b>', 'green'],
    ['/echo', 'Say what: /echo hello', 'yellow'],
  ])('answers %s', async (text, message, color) => {
    await world.chat.install(world.descriptorUrl, { room: LAB });
    const [delivery] = await world.chat.say(LAB, ADA, text);
    expect(delivery?.posted?.body).toMatchObject({ message, color, message_format: 'text' });
  });

  it('leaves other words alone', async () => {
    await world.chat.install(world.descriptorUrl, { room: LAB });
    expect(await world.chat.say(LAB, ADA, '/echoes hello')).toEqual([]);
  });
});

it('the echo example answers in Slack and Mattermost too', async () => {
  const world = await openHosts({ addons: [echo] });
  try {
    const green = { attachments: [{ color: '#2eb67d', text: 'hello' }] };
    expect(await (await world.slash('/ECHO hello')).json()).toMatchObject(green);
    expect(await (await world.mattermost('/echo hello')).json()).toMatchObject(green);
    expect(await (await world.mattermostHook({ text: 'echo hello', trigger_word: 'echo' })).json()).toMatchObject(
      green,
    );
  } finally {
    await world.close();
  }
});

it('the echo example keeps its installations on a Redis, for its next process', async () => {
  const redis = await startRedis();
  try {
    const first = await openAddon(echo, { store: redis.url });
    const { oauthId, oauthSecret, groupId } = await first.chat.install(first.descriptorUrl, { room: LAB });
    await first.close();
    const next = await openAddon(echo, { store: redis.url });
    try {
      const taken = await fetch(`${next.url}/installed`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          oauthId,
          oauthSecret: `${oauthSecret}x`,
          groupId,
          roomId: LAB,
          capabilitiesUrl: `${next.chat.url}/v2/capabilities`,
        }),
      });
      // Somebody has this id already.
      expect(taken.status).toBe(409);
    } finally {
      await next.close();
    }
  } finally {
    await redis.close();
  }
});
