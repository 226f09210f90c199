import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddon } from '../../src/hub/addons/index.ts';
import { judgeSlack } from '../../src/hub/hosts/slackSignature.ts';
import { shiftedClock } from './hub-addons-world.ts';
import {
  BOT_TOKEN,
  CHANNEL,
  type HostsOptions,
  type HostsWorld,
  newId,
  openHosts,
  SLACK_SECRET,
  TEAM,
  USER,
} from './hub-hosts-world.ts';
import { specsFolder } from './specs.ts';

const worlds: HostsWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
async function open(options: HostsOptions = {}): Promise<HostsWorld> {
  const world = await openHosts(options);
  worlds.push(world);
  return world;
}

const ECHO =
  "export const runIntegration = ({ query }) => ({ message: query, color: 'green', message_format: 'text' });";
const green = (text: string) => ({
  response_type: 'in_channel',
  attachments: [{ color: '#2eb67d', fallback: text, text, mrkdwn_in: [] }],
});

describe("Slack's signature", () => {
  // The example of "Verifying requests from Slack", with what Slack says it is.
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const timestamp = '1531420618';
  const text =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
  const body = Buffer.from(text);
  const now = 1_531_420_618_000;
  const good = { signature, timestamp, body };

  it("is understood as Slack's documents have it", () => {
    expect(judgeSlack(good, secret, now)).toBe('good');
    expect(judgeSlack(good, secret, now + 300_000)).toBe('good');
    expect(judgeSlack(good, secret, now + 301_000)).toBe('old');
    expect(judgeSlack(good, secret, now - 301_000)).toBe('old');
  });

  it.each([
    ['another secret', good, 'other', 'wrong'],
    ['another body', { ...good, body: Buffer.from(`${text}&a=b`) }, secret, 'wrong'],
    ['a later timestamp', { ...good, timestamp: '1531420619' }, secret, 'wrong'],
    ['another version', { ...good, signature: `v1${signature.slice(2)}` }, secret, 'wrong'],
    ['a shorter one', { ...good, signature: signature.slice(0, -2) }, secret, 'wrong'],
    ['none', { ...good, signature: undefined }, secret, 'missing'],
    ['no timestamp', { ...good, timestamp: undefined }, secret, 'missing'],
    ['a timestamp in words', { ...good, timestamp: 'now' }, secret, 'wrong'],
  ])('does not count with %s', (_what, given, key, judged) => {
    expect(judgeSlack(given, key, now)).toBe(judged);
  });
});

describe('a slash command in Slack', () => {
  it('runs the script of its name, and answers at once', async () => {
    const world = await open();
    world.script('echo.js', ECHO);
    const answer = await world.slash('/Echo hello &lt;b&gt; <@U777|grace>');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(green('hello &lt;b&gt; @grace'));
  });

  it('gives scripts what HipChat would have sent', async () => {
    const world = await open();
    world.script('show.js', 'export const runIntegration = ({ notification }) => JSON.stringify(notification);');
    const { attachments } = (await (await world.slash('/show <@U777|grace>')).json()) as {
      attachments: { text: string }[];
    };
    const seen = JSON.parse(attachments[0]?.text.replaceAll('&lt;', '<').replaceAll('&gt;', '>') ?? '');
    expect(seen).toMatchObject({
      event: 'room_message',
      item: {
        message: { message: '/show @grace', from: { name: 'ada', mention_name: 'ada' }, mentions: [{ name: 'grace' }] },
        room: { name: 'lab' },
      },
      host: { service: 'slack', team: TEAM, room: CHANNEL, user: USER },
    });
    expect(Number.isSafeInteger(seen.item.room.id) && Number.isSafeInteger(seen.item.message.from.id)).toBe(true);
  });

  it('runs commands and webhooks of add-ons', async () => {
    const addon = createAddon({ key: 'com.example.tools', name: 'Tools' })
      .command('who', ({ who, query }) => `${who.service} ${who.identity} ${who.name} ${query}`)
      .webhook({ event: 'room_message', pattern: /^\/dice\b/i }, async ({ client, sender, match }) => {
        await client.room.notify({
          message: '<b>Rolling</b> for <a href="https://example.com/a?b&amp;c">you</a>',
          color: 'gray',
        });
        return { message: `${sender?.name} ${match?.[0]}`, message_format: 'text', color: 'random' };
      });
    const world = await open({ addons: [addon] });
    expect(await (await world.slash('/who me')).json()).toEqual({
      response_type: 'in_channel',
      text: `slack ${TEAM}:${USER} ada me`,
    });
    const first = world.chat.next('/answers');
    expect(await (await world.slash('/dice 6')).json()).toEqual({
      response_type: 'in_channel',
      attachments: [{ fallback: 'ada /dice', text: 'ada /dice', mrkdwn_in: [] }],
    });
    const text = '*Rolling* for <https://example.com/a?b&amp;c|you>';
    expect(await first).toEqual({
      response_type: 'in_channel',
      attachments: [{ color: '#9aa0a6', fallback: text, text, mrkdwn_in: ['text'] }],
    });
  });

  it('that nobody has is told what there is, alone', async () => {
    const world = await open({ env: { HUB_STATUS_ADDON: '0' } });
    world.script('echo.js', ECHO);
    expect(await (await world.slash('/nothing')).json()).toMatchObject({
      response_type: 'ephemeral',
      attachments: [{ text: 'The hub has no command /nothing. It has /echo.' }],
    });
  });

  it('whose add-on fails says so to who asked, without what went wrong', async () => {
    const addon = createAddon({ key: 'com.example.bad', name: 'Bad' }).command('bad', () => {
      throw new Error('secret thing');
    });
    const world = await open({ addons: [addon] });
    const answer = JSON.stringify(await (await world.slash('/bad')).json());
    expect(answer).toContain('"ephemeral"');
    expect(answer).toContain('/bad failed.');
    expect(answer + world.log.join('')).not.toContain('secret thing');
  });

  it('that is slow is acknowledged within three seconds, and answered at the response_url', async () => {
    const world = await open();
    world.script(
      'slow.js',
      'export const runIntegration = ({ query }) => new Promise((done) => setTimeout(done, 3500, query));',
    );
    const later = world.chat.next('/answers');
    const before = Date.now();
    const answer = await world.slash('/slow cup');
    const body = await answer.text();
    expect(Date.now() - before).toBeLessThan(3_000);
    expect([answer.status, body]).toEqual([200, '']);
    expect(await later).toMatchObject({ response_type: 'in_channel', attachments: [{ text: 'cup' }] });
  });

  const specs = specsFolder();
  it.runIf(specs !== undefined)('is answered as the specification says', async () => {
    const schema = JSON.parse(readFileSync(join(specs ?? '', 'slash-command.schema.json'), 'utf8'));
    const ajv = new Ajv({ strict: false });
    ajv.addSchema(schema);
    const isReply = ajv.compile({ $ref: 'slash-command.schema.json#/definitions/reply' });
    const world = await open();
    world.script('echo.js', ECHO);
    for (const command of ['/echo hello', '/none']) {
      expect(isReply(await (await world.slash(command)).json()), command).toBe(true);
    }
  });
});

describe('attacks on slash commands', () => {
  it('a request that Slack has not signed runs nothing', async () => {
    const world = await open();
    world.script('echo.js', ECHO);
    const at = Math.floor(Date.now() / 1000);
    const tries: [string, Promise<Response>][] = [
      ['another secret', world.slash('/echo x', {}, { secret: 'some-other-secret-of-16' })],
      ['an altered body', world.slash('/echo x', {}, { body: 'command=%2Fecho&text=evil' })],
      ['an old timestamp', world.slash('/echo x', {}, { at: at - 301 })],
      ['a timestamp ahead', world.slash('/echo x', {}, { at: at + 301 })],
      ['no signature', world.slash('/echo x', {}, { headers: { 'x-slack-signature': '' } })],
      [
        'a newer timestamp',
        world.slash('/echo x', {}, { at: at - 400, headers: { 'x-slack-request-timestamp': String(at) } }),
      ],
      ['events too', world.event({ text: '/echo x' }, {}, { secret: 'some-other-secret-of-16' })],
      [
        'a challenge too',
        world.event({}, { type: 'url_verification', challenge: 'c' }, { secret: 'some-other-secret-of-16' }),
      ],
      ['ssl_check with more', world.slash('/echo x', { ssl_check: '1' }, { secret: 'some-other-secret-of-16' })],
    ];
    for (const [what, asked] of tries) {
      const answer = await asked;
      expect([what, answer.status]).toEqual([what, 401]);
      expect(await answer.json()).toMatchObject({ error: { code: 'unauthorized' } });
    }
    expect(world.chat.got).toEqual([]);
    expect(world.log.join('')).not.toContain(SLACK_SECRET);
  });

  it('many wrong signatures make an address wait', async () => {
    const world = await open({ env: { HUB_RATE_FAILURES: '3' } });
    const wrong = () => world.slash('/echo x', {}, { secret: 'some-other-secret-of-16' });
    for (let times = 0; times < 3; times += 1) expect((await wrong()).status).toBe(401);
    expect((await wrong()).status).toBe(429);
  });

  it('a request that comes again is answered, and not run again', async () => {
    let runs = 0;
    const addon = createAddon({ key: 'com.example.count', name: 'Count' }).command('count', () => {
      runs += 1;
      return String(runs);
    });
    const world = await open({ addons: [addon] });
    const fields = { trigger_id: '1.2.same' };
    const at = Math.floor(Date.now() / 1000);
    expect(await (await world.slash('/count', fields, { at })).json()).toMatchObject({ text: '1' });
    const again = await world.slash('/count', fields, { at });
    expect([again.status, await again.text(), runs]).toEqual([200, '', 1]);
    await world.slash('/count', { trigger_id: '1.2.other' }, { at });
    expect(runs).toBe(2);
  });

  it('no answer goes to an address that is none of Slack', async () => {
    const results: string[] = [];
    const addon = createAddon({ key: 'com.example.tell', name: 'Tell' }).webhook(
      { event: 'room_message', pattern: /^\/tell/ },
      async ({ client }) => {
        await client.room.notify('again').catch(({ reason }: { reason: string }) => results.push(reason));
      },
    );
    const elsewhere = await open();
    const world = await open({ addons: [addon], env: { HUB_ALLOW_PRIVATE_ADDONS: '0' } });
    for (const address of [
      `${elsewhere.chat.url}/answers`,
      'https://hooks.slack.com.example.com/x',
      'http://hooks.slack.com/x',
      'https://hooks.slack.com:8443/x',
      'https://user@hooks.slack.com@example.com/x',
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      'none',
    ]) {
      const answer = await world.slash('/tell', { response_url: address });
      expect([address, answer.status, results.pop()]).toEqual([address, 200, 'responseUrl']);
    }
    expect(elsewhere.chat.got).toEqual([]);
  });

  it('other workspaces are refused where ours are named', async () => {
    const world = await open({ env: { HUB_SLACK_TEAMS: 'T999,T1DC2JH3J' } });
    expect((await world.slash('/x')).status).toBe(200);
    expect((await world.slash('/x', { team_id: 'TEVIL' })).status).toBe(403);
    expect((await world.event({ text: '/x' }, { team_id: 'TEVIL' })).status).toBe(403);
  });

  it('a body that is no command is refused, a huge one too', async () => {
    const world = await open();
    const form = 'application/x-www-form-urlencoded';
    expect((await world.signed('/hosts/slack/commands', 'a=b', form)).status).toBe(400);
    expect((await world.signed('/hosts/slack/commands', 'a'.repeat(70_000), form)).status).toBe(413);
    expect((await world.signed('/hosts/slack/events', '{', 'application/json')).status).toBe(400);
    expect((await world.signed('/hosts/slack/commands', 'ssl_check=1', form)).status).toBe(200);
  });

  it('without its secret Slack is off', async () => {
    const world = await open({ env: { HUB_SLACK_SIGNING_SECRET: '' } });
    expect((await world.slash('/x')).status).toBe(404);
  });
});

describe('an answer at the response_url', () => {
  it('is given five times, within half an hour', async () => {
    const clock = shiftedClock();
    const results: string[] = [];
    const addon = createAddon({ key: 'com.example.many', name: 'Many' }).webhook(
      { event: 'room_message', pattern: /^\/many/ },
      async ({ client, message }) => {
        const say = () =>
          client.room.notify('again').then(
            () => 'said',
            ({ reason }: { reason: string }) => reason,
          );
        if (message?.message === '/many later') clock.shift += 30 * 60_000;
        for (let times = 0; times < 6; times += 1) results.push(await say());
        clock.shift = 0;
      },
    );
    const world = await open({ addons: [addon], clock });
    await world.slash('/many now');
    expect(results).toEqual(['said', 'said', 'said', 'said', 'said', 'usedUp']);
    results.length = 0;
    await world.slash('/many later');
    expect(new Set(results)).toEqual(new Set(['usedUp']));
  });
});

describe('messages in Slack', () => {
  it('the address is verified by its challenge', async () => {
    const world = await open();
    const answer = await world.event({}, { type: 'url_verification', challenge: '3eZbrw1aB' });
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: '3eZbrw1aB' }]);
  });

  it('that begin with a slash and a name, or with the bot, run commands', async () => {
    const world = await open();
    world.script('echo.js', ECHO);
    const { response_type: _, ...hello } = green('hello');
    for (const event of [
      { text: '/echo hello' },
      { text: '<@U0BOT> echo hello' },
      { text: '<@U0BOT|hub>: /echo hello' },
      { type: 'app_mention', text: '<@U0OTHERNAME> echo hello' },
    ]) {
      const said = world.chat.next('/api/chat.postMessage');
      const answer = await world.event({ ...event, thread_ts: '1.2' });
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect(await said).toEqual({ channel: CHANNEL, thread_ts: '1.2', ...hello });
    }
    expect(world.chat.got.every(({ authorization }) => authorization === `Bearer ${BOT_TOKEN}`)).toBe(true);
  });

  it('to the bot that nobody understands are answered to who wrote them, others not at all', async () => {
    const world = await open({ env: { HUB_STATUS_ADDON: '0' } });
    const quiet = [
      { text: '/other command' },
      { text: 'hello there' },
      { text: '<@U0SOMEBODY> echo hello' },
      { text: '/other x', bot_id: 'B1' },
      { text: '<@U0BOT> echo x', subtype: 'message_changed' },
      { text: '/other x', user: undefined },
      { type: 'reaction_added' },
    ];
    for (const event of quiet) expect((await world.event(event)).status).toBe(200);
    const said = world.chat.next('/api/chat.postEphemeral');
    await world.event({ text: '<@U0BOT> what' });
    expect(await said).toMatchObject({
      channel: CHANNEL,
      user: USER,
      attachments: [{ text: 'The hub has no command /what. It has none yet.' }],
    });
    expect(world.chat.got).toHaveLength(1);
  });

  it('that come again, or as two events, run once', async () => {
    let runs = 0;
    const addon = createAddon({ key: 'com.example.count', name: 'Count' }).command('count', () => {
      runs += 1;
      return String(runs);
    });
    const world = await open({ addons: [addon] });
    const event_id = newId('Ev');
    const ts = '1718000000.000100';
    const said = world.chat.next('/api/chat.postMessage');
    const at = Math.floor(Date.now() / 1000);
    await world.event({ text: '<@U0BOT> count', ts }, { event_id }, { at: at - 60 });
    await said;
    await world.event({ text: '<@U0BOT> count', ts }, { event_id }, { headers: { 'x-slack-retry-num': '1' } });
    await world.event({ type: 'app_mention', text: '<@U0BOT> count', ts });
    const other = world.chat.next('/api/chat.postMessage');
    await world.event({ text: '<@U0BOT> count' });
    await other;
    expect(runs).toBe(2);
  });

  it('are acknowledged at once, however long a command takes', async () => {
    let finish = (_said: string): void => {};
    const slow = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const addon = createAddon({ key: 'com.example.slow', name: 'Slow' }).command('slow', () => slow);
    const world = await open({ addons: [addon] });
    expect((await world.event({ text: '/slow' })).status).toBe(200);
    const said = world.chat.next('/api/chat.postMessage');
    finish('done');
    expect(await said).toMatchObject({ text: 'done' });
  });
});
