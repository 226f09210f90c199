import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BODY_ATTACKS,
  type HipchatConnectSandbox,
  InstallRefused,
  TOKEN_ATTACKS,
} from '../../src/sandbox/hipchatConnect/index.ts';
import {
  ADA,
  COMPILERS,
  checkToken,
  ENGINE,
  GRACE,
  startTestAddon,
  startTestServer,
  type TestAddon,
  type Told,
  tokenIn,
} from './hipchat-addon-world.ts';
import { connectFindings, misfits } from './hipchat-connect.ts';

/** The stand-in's side towards add-ons: installations, tokens of people and rooms, webhooks, frames, attacks. */
const NOW = Date.parse('2026-01-05T09:00:00Z');
let clock: number;
let hipchat: HipchatConnectSandbox;
let addon: TestAddon;

beforeEach(async () => {
  clock = NOW;
  addon = await startTestAddon();
  hipchat = await startTestServer({ now: () => clock, patienceMs: 5_000 });
});
afterEach(async () => {
  await hipchat.settled();
  await Promise.all([hipchat.close(), addon.close()]);
});

const install = (room?: number) => hipchat.install(addon.descriptorUrl, room === undefined ? {} : { room });
const told = (): Told => addon.told.at(-1) ?? expect.fail('the add-on was told nothing');
const last = () => addon.requests.at(-1) ?? expect.fail('the add-on was asked nothing');
const lastToken = () => tokenIn(last()) ?? expect.fail('there is no token');

/** Nothing in the traffic so far departs from the published contracts. */
function expectByTheBook(): void {
  expect(connectFindings(hipchat.journal.exchanges)).toEqual([]);
}

describe('an installation', () => {
  it('reads the descriptor, and tells the add-on who it is', async () => {
    const { oauthId, oauthSecret } = await install(ENGINE);
    const capabilitiesUrl = `${hipchat.url}/v2/capabilities`;
    expect(told()).toEqual({ capabilitiesUrl, oauthId, oauthSecret, groupId: 1, roomId: ENGINE });
    const capabilities = await (await fetch(capabilitiesUrl)).json();
    expect(capabilities).toMatchObject({ links: { self: capabilitiesUrl, api: `${hipchat.url}/v2` } });
    const descriptor = await (await fetch(addon.descriptorUrl)).json();
    expect(misfits('descriptor', descriptor)).toEqual([]);
    expectByTheBook();
  });

  it('names no room when it is for all', async () => {
    await install();
    expect(told()).not.toHaveProperty('roomId');
    expectByTheBook();
  });

  it('gives every room a client of its own, and a room that has one already another in its place', async () => {
    const first = await install(ENGINE);
    const other = await install(COMPILERS);
    const again = await install(ENGINE);
    expect(new Set([first.oauthId, other.oauthId, again.oauthId]).size).toBe(3);
    expect(hipchat.installations.map(({ oauthId }) => oauthId)).toEqual([other.oauthId, again.oauthId]);
  });

  it.each([
    ['that it is for no room', { installable: { allowRoom: false } }, ENGINE, /allowRoom/],
    ['that it is not for all', { installable: { allowGlobal: false } }, undefined, /allowGlobal/],
    ['no scope', { hipchatApiConsumer: { scopes: [] } }, ENGINE, /scopes/],
    ['a scope that there is not', { hipchatApiConsumer: { scopes: ['rule_all'] } }, ENGINE, /scopes\.0/],
    ['an event that there is not', { webhook: [{ event: 'room_on_fire', url: 'http://a.example' }] }, ENGINE, /event/],
    [
      'a bad expression',
      { webhook: [{ event: 'room_message', url: 'http://a.example', pattern: '(' }] },
      ENGINE,
      /pattern/,
    ],
    ['no address', { installable: { callbackUrl: '/installed' } }, ENGINE, /callbackUrl/],
    ['a glance without its panel', { webPanel: [] }, ENGINE, /target panel/],
  ])('is refused by a descriptor that says %s', async (_name, capabilities, room, problem) => {
    addon.capabilities = capabilities;
    const refusal = await install(room).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InstallRefused);
    expect(String(refusal)).toMatch(problem);
    expect([hipchat.installations, addon.told]).toEqual([[], []]);
  });

  it.each([
    ['the descriptor is not there', { match: { path: '/descriptor' }, status: 404 }, /no descriptor.*404/],
    [
      'the descriptor is no JSON',
      { match: { path: '/descriptor' }, status: 200, body: '{"key":' },
      /descriptor is wrong/,
    ],
    [
      'the descriptor is always elsewhere',
      { match: { path: '/descriptor' }, status: 302, headers: { location: '/descriptor' }, times: 9 },
      /too many redirects/,
    ],
    ['the add-on refuses', { match: { path: '/installed' }, status: 403, body: 'not you' }, /refused: 403 not you/],
    ['the add-on hangs up', { match: { path: '/installed' }, drop: true }, /refused: ECONNRESET/],
  ])('comes to nothing when %s', async (_name, fault, problem) => {
    addon.fail(fault);
    await expect(install(ENGINE)).rejects.toThrow(problem);
    expect(hipchat.installations).toEqual([]);
  });

  it('can go by the browser: the document behind installable_url can be read once', async () => {
    addon.capabilities = {
      installable: { installedUrl: `${addon.url}/page/in`, uninstalledUrl: `${addon.url}/page/out` },
    };
    const installation = await install(ENGINE);
    const { query } = last();
    expect(query.get('redirect_url')).toBe(`${hipchat.url}/addons/`);
    const document = String(query.get('installable_url'));
    const read = (await (await fetch(document)).json()) as Told;
    expect([read.oauthId, misfits('installation', read)]).toEqual([installation.oauthId, []]);
    expect((await fetch(document)).status).toBe(404);

    await hipchat.uninstall(installation);
    expect(last().path).toBe('/page/out');
    const gone = (await (await fetch(String(last().query.get('installable_url')))).json()) as Told;
    expect(gone.oauthId).toBe(installation.oauthId);
    expectByTheBook();
  });

  it('ends by DELETE, or without a word', async () => {
    const [one, other] = [await install(ENGINE), await install(COMPILERS)];
    expect((await hipchat.uninstall(one))?.status).toBe(204);
    expect([last().method, last().path]).toEqual(['DELETE', `/installed/${one.oauthId}`]);
    expect(await hipchat.uninstall(other, 'nothing')).toBeNull();
    expect([addon.requests.length, hipchat.installations]).toEqual([3, []]);
  });
});

describe('webhooks', () => {
  beforeEach(() => install(ENGINE));

  it('carry a token about who did it and where, and a body as it was recorded', async () => {
    const [delivery] = await hipchat.say('Engine room', '@Ada', '/test @grace and more');
    expect(delivery).toMatchObject({ status: 204, posted: null, problem: null });
    const iat = clock / 1000;
    const context = { user_tz: 'Europe/London', room_id: ENGINE };
    const claims = await checkToken(lastToken(), told(), clock);
    expect(claims).toMatchObject({ sub: '42', prn: '42', iat, exp: iat + 900, context });
    expect(misfits('jwtClaims', claims)).toEqual([]);
    expect(last().json).toMatchObject({
      event: 'room_message',
      oauth_client_id: told().oauthId,
      webhook_id: delivery?.webhook.id,
      item: {
        message: { message: '/test @grace and more', from: { id: ADA }, mentions: [{ id: GRACE }], type: 'message' },
        room: { id: ENGINE, name: 'Engine room', privacy: 'public' },
      },
    });
    expectByTheBook();
  });

  it('tell of all that happens in a room', async () => {
    await hipchat.enter(ENGINE, ADA);
    expect(hipchat.room(ENGINE).participants).toEqual([ADA]);
    await hipchat.setTopic(ENGINE, GRACE, 'Punched cards');
    expect(last().json).toMatchObject({
      item: { topic: 'Punched cards', sender: { id: GRACE, mention_name: 'Grace' } },
    });
    await hipchat.exit(ENGINE, ADA);
    await hipchat.change('room_archived', ENGINE, ADA);
    const events = addon.requests.flatMap(({ json }) => (json as { event?: string }).event ?? []);
    expect(events).toEqual(['room_enter', 'room_topic_change', 'room_exit', 'room_archived']);
    expectByTheBook();
  });

  it('go only where the room and the expression fit', async () => {
    expect(await hipchat.say(ENGINE, ADA, 'a /test')).toEqual([]);
    expect(await hipchat.say(COMPILERS, ADA, '/test')).toEqual([]);
    await install();
    // The installation for all rooms hears it; the one of the other room does not.
    expect(await hipchat.say(COMPILERS, ADA, '/test')).toHaveLength(1);
    expect(await hipchat.say(ENGINE, ADA, '/test')).toHaveLength(2);
  });

  it('have no token where the descriptor asks for none', async () => {
    addon.capabilities = { webhook: { event: 'room_message', url: `${addon.url}/hook` } };
    await install(ENGINE);
    await hipchat.say(ENGINE, ADA, 'anything');
    expect(tokenIn(last())).toBeNull();
  });

  it('post the notification that the receiver answers', async () => {
    addon.answer = { status: 200, body: { message: 'Done', color: 'green', message_format: 'text' } };
    const [delivery] = await hipchat.say(ENGINE, ADA, '/test');
    expect(delivery?.posted).toMatchObject({ kind: 'notification', from: 'Testing', room: ENGINE, text: 'Done' });
    expect(hipchat.posts.map(({ kind, text }) => [kind, text])).toEqual([
      ['message', '/test'],
      ['notification', 'Done'],
    ]);
  });

  it.each([
    ['an unknown colour', { message: 'x', color: 'pink' }, /color/],
    ['an empty message', { message: '' }, /message/],
    ['text', 'thanks', /not JSON/],
  ])('post nothing for an answer with %s', async (_name, body, problem) => {
    addon.answer = { status: 200, body };
    const [delivery] = await hipchat.say(ENGINE, ADA, '/test');
    expect([delivery?.posted, delivery?.problem]).toEqual([null, expect.stringMatching(problem)]);
  });

  it('post nothing for an add-on that may not', async () => {
    addon.capabilities = { hipchatApiConsumer: { scopes: ['view_room'] } };
    await install(ENGINE);
    addon.answer = { status: 200, body: { message: 'Done' } };
    const [delivery] = await hipchat.say(ENGINE, ADA, '/test');
    expect(delivery?.problem).toMatch(/send_notification/);
  });

  it('tell of notifications that fit, with a name for who it is from', async () => {
    addon.answer = { status: 200, body: { message: 'The build failed' } };
    await hipchat.say(ENGINE, ADA, '/test');
    addon.answer = { status: 204 };
    await hipchat.settled();
    const events = addon.requests
      .map(({ json }) => json)
      .filter((json) => (json as { event?: string }).event === 'room_notification');
    expect(events[0]).toMatchObject({ item: { message: { from: 'Testing', message: 'The build failed' } } });
    expectByTheBook();
  });

  it('end an exchange of answers at the limit of messages to a room', async () => {
    addon.answer = { status: 200, body: { message: 'the build broke' } };
    await hipchat.say(ENGINE, ADA, '/test');
    await hipchat.settled();
    expect(hipchat.posts.filter(({ kind }) => kind === 'notification')).toHaveLength(30);
  });
});

describe('attacks', () => {
  beforeEach(() => install(ENGINE));
  const context = () => {
    const [installation] = hipchat.installations;
    if (!installation) throw new Error('nothing is installed');
    return hipchat.attackContext(installation, { user: GRACE, room: COMPILERS });
  };

  it.each(Object.entries(TOKEN_ATTACKS))('%s: the token is refused by the book', async (_name, attack) => {
    await hipchat.say(ENGINE, ADA, '/test', attack(context()));
    const token = tokenIn(last());
    expect(token === null ? null : await checkToken(token, told(), clock)).toBeNull();
    // The same, for a frame.
    const [installation] = hipchat.installations;
    if (installation) await hipchat.openFrame(installation, 'panel', { user: ADA }, attack(context()));
    const inFrame = tokenIn(last());
    expect([last().path, inFrame === null ? null : await checkToken(inFrame, told(), clock)]).toEqual(['/frame', null]);
  });

  it.each(Object.entries(BODY_ATTACKS))('%s: the token is right and the body is not', async (_name, attack) => {
    await hipchat.say(ENGINE, ADA, '/test');
    const [right] = [last()];
    await hipchat.say(ENGINE, ADA, '/test', attack(context()));
    expect(await checkToken(lastToken(), told(), clock)).toMatchObject({ sub: '42', context: { room_id: ENGINE } });
    const shape = ({ json }: { json: unknown }) => {
      const { oauth_client_id, item } = (json ?? {}) as {
        oauth_client_id?: string;
        item?: { message: { from: { id: number } }; room: { id: number } };
      };
      return [oauth_client_id, item?.message.from.id, item?.room.id];
    };
    expect(shape(right)).toEqual([told().oauthId, ADA, ENGINE]);
    expect(shape(last())).not.toEqual(shape(right));
  });

  it('replays a call to the letter', async () => {
    const [delivery] = await hipchat.say(ENGINE, ADA, '/test');
    const first = last();
    if (delivery) await hipchat.send(delivery.call);
    expect(addon.requests.at(-2)).toBe(first);
    expect([last().rawBody, lastToken()]).toEqual([first.rawBody, tokenIn(first)]);
    await hipchat.say(ENGINE, ADA, '/test');
    const [one, two] = await Promise.all([
      checkToken(lastToken(), told(), clock),
      checkToken(tokenIn(first) ?? '', told(), clock),
    ]);
    expect(one?.jti).not.toBe(two?.jti);
  });

  it('can put the token into the query, sign for anybody, and stop in the middle of a body', async () => {
    await hipchat.say(ENGINE, ADA, '/test', { carry: 'query' });
    expect(last().query.get('signed_request')).not.toBeNull();
    const [installation] = hipchat.installations;
    if (!installation) throw new Error('nothing is installed');
    const token = hipchat.sign(installation, { user: GRACE });
    expect(await checkToken(token, told(), clock)).toMatchObject({ sub: '43', context: { user_tz: 'UTC' } });
    const seen = addon.requests.length;
    const stalled = hipchat.say(ENGINE, ADA, '/test', { stall: true });
    await hipchat.close();
    expect((await stalled)[0]).toMatchObject({ status: 0, failure: 'closed' });
    expect(addon.requests).toHaveLength(seen);
  });
});

describe('frames and glances', () => {
  it('open with a token for who looks', async () => {
    const installation = await install(ENGINE);
    expect((await hipchat.openFrame(installation, 'panel', { user: ADA, room: ENGINE })).status).toBe(200);
    expect(await checkToken(lastToken(), told(), clock)).toMatchObject({ sub: '42', context: { room_id: ENGINE } });
    await hipchat.openFrame(installation, 'configurable', { user: ADA }, { carry: 'form' });
    expect([last().query.get('what'), last().method]).toEqual(['configure', 'POST']);
    expect((await checkToken(lastToken(), told(), clock))?.['context']).toEqual({ user_tz: 'Europe/London' });
    expect(() => hipchat.sign(installation, { user: 'nobody' })).toThrow(/no HipChat user nobody/);
  });

  it('show what a good answer says, and what is wrong with another', async () => {
    const installation = await install(ENGINE);
    const looking = { user: ADA, room: ENGINE };
    const good = await hipchat.queryGlance(installation, 'busy', looking);
    expect([good.problems, misfits('glanceContent', good.json)]).toEqual([[], []]);
    expect(hipchat.glance(installation, 'busy', looking)?.label.value).toBe('<b>2</b> busy');
    const wrong = await hipchat.queryGlance(installation, 'wrong', looking);
    expect(wrong.problems.join('\n')).toMatch(/access-control-allow-origin[\s\S]*label/);
    expect(hipchat.glance(installation, 'wrong', looking)).toBeNull();
  });
});
