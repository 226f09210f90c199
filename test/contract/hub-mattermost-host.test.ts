import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddon } from '../../src/hub/addons/index.ts';
import { type HostsOptions, type HostsWorld, MATTERMOST_TOKEN, MM_USER, newId, openHosts } from './hub-hosts-world.ts';
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
  skip_slack_parsing: true,
  attachments: [{ color: '#2eb67d', fallback: text, text, mrkdwn_in: [] }],
});
const SLOW = 'export const runIntegration = ({ query }) => new Promise((done) => setTimeout(done, 3500, query));';

function counting() {
  const runs: string[] = [];
  const addon = createAddon({ key: 'com.example.count', name: 'Count' }).command(
    'count',
    ({ who, query, mentions }) => {
      runs.push(
        `${who.service} ${who.identity} ${query} ${mentions.map(({ name, identity }) => `${name}=${identity}`)}`,
      );
      return String(runs.length);
    },
  );
  return { runs, addon };
}

describe('a slash command in Mattermost', () => {
  it('runs the script of its name, by POST and by GET', async () => {
    const world = await open();
    world.script('echo.js', ECHO);
    const answer = await world.mattermost('/Echo hello');
    expect([answer.status, await answer.json()]).toEqual([200, { response_type: 'in_channel', ...green('hello') }]);
    const got = await world.mattermost('/echo hello', {}, { method: 'GET' });
    expect(await got.json()).toEqual({ response_type: 'in_channel', ...green('hello') });
  });

  it('knows who it is and whom it mentions', async () => {
    const { runs, addon } = counting();
    const world = await open({ addons: [addon] });
    const mentioned = { user_mentions: 'grace', user_mentions_ids: 'rnina9994bde8mua79zqcg5hmo' };
    await world.mattermost('/count for @grace', mentioned);
    expect(runs).toEqual([`mattermost ${MM_USER} for @grace grace=rnina9994bde8mua79zqcg5hmo`]);
  });

  it('says what people wrote as they wrote it, and calls nobody', async () => {
    const world = await open();
    world.script('echo.js', 'export const runIntegration = ({ query }) => query;');
    world.script(
      'html.js',
      'export const runIntegration = () => ({ message: \'<b>2 * 3</b><br>see <a href="https://example.com/a_b">this</a>, <i>not</i> <a href="javascript:x()">that</a> &lt;b&gt;\', message_format: \'html\' });',
    );
    const said = async (command: string) => {
      const { attachments } = (await (await world.mattermost(command)).json()) as { attachments: { text: string }[] };
      return attachments[0]?.text;
    };
    expect(await said('/echo *a* _b_ [c](d) <!channel> @all @Channel @ada https://example.com/a_b')).toBe(
      '\\*a\\* \\_b\\_ \\[c\\](d) \\<\\!channel\\> @\u200Ball @\u200BChannel @ada https://example.com/a_b',
    );
    expect(await said('/html')).toBe('**2 \\* 3**\nsee [this](https://example.com/a_b), *not* that \\<b\\>');
  });

  it('that is slow is acknowledged within three seconds, and answered at the response_url', async () => {
    const world = await open();
    world.script('slow.js', SLOW);
    const later = world.chat.next('/hooks/commands/zozc1xwxybdedeyz8djwjpngny');
    const before = Date.now();
    const answer = await world.mattermost('/slow cup');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(Date.now() - before).toBeLessThan(3_000);
    expect(await later).toMatchObject({ response_type: 'in_channel', attachments: [{ text: 'cup' }] });
  });

  it('is waited for where the response_url is elsewhere: nothing is sent there', async () => {
    const elsewhere = await open();
    const world = await open();
    world.script('slow.js', SLOW);
    const answer = await world.mattermost('/slow cup', {
      response_url: `${elsewhere.chat.url}/hooks/commands/zozc1xwxybdedeyz8djwjpngny`,
    });
    expect(await answer.json()).toMatchObject({ attachments: [{ text: 'cup' }] });
    expect([...elsewhere.chat.got, ...world.chat.got]).toEqual([]);
  });

  const specs = specsFolder();
  it.runIf(specs !== undefined)('is answered as the specification says', async () => {
    const ajv = new Ajv({ strict: false });
    ajv.addSchema(JSON.parse(readFileSync(join(specs ?? '', 'slash-command.schema.json'), 'utf8')) as object);
    const isReply = ajv.compile({ $ref: 'slash-command.schema.json#/definitions/reply' });
    const world = await open();
    world.script('echo.js', ECHO);
    for (const command of ['/echo hello', '/none']) {
      expect(isReply(await (await world.mattermost(command)).json()), command).toBe(true);
    }
  });
});

describe('an outgoing webhook of Mattermost', () => {
  it('runs the command of its trigger word, or the one after it, from a form and from JSON', async () => {
    const world = await open();
    world.script('echo.js', ECHO);
    for (const [fields, asJson] of [
      [{ text: 'echo hello', trigger_word: 'echo' }, false],
      [{ text: '!Echo hello', trigger_word: '!Echo' }, true],
      [{ text: 'hub echo hello', trigger_word: 'hub' }, true],
      [{ text: '/echo hello', trigger_word: '' }, false],
    ] as const) {
      const answer = await world.mattermostHook(fields, asJson);
      expect([fields.text, answer.status, await answer.json()]).toEqual([fields.text, 200, green('hello')]);
    }
  });

  it('for nothing of ours is answered with nothing', async () => {
    const world = await open();
    for (const fields of [
      { text: 'hello all', trigger_word: '' },
      { text: 'what is it', trigger_word: 'what' },
    ]) {
      const answer = await world.mattermostHook(fields);
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
  });
});

describe('attacks on the address for Mattermost', () => {
  it('without the right token nothing runs', async () => {
    const { runs, addon } = counting();
    const world = await open({ addons: [addon] });
    const tries: [string, Promise<Response>][] = [
      ['another token', world.mattermost('/count', { token: 'aezum4kpu3faiec7r7c5zt6tfy' })],
      ['a part of it', world.mattermost('/count', { token: MATTERMOST_TOKEN.slice(0, -1) })],
      ['all of them', world.mattermost('/count', { token: `another-token-of-mattermost,${MATTERMOST_TOKEN}` })],
      ['an empty one', world.mattermost('/count', { token: '' })],
      ['another by GET', world.mattermost('/count', { token: 'aezum4kpu3faiec7r7c5zt6tfy' }, { method: 'GET' })],
      [
        'a list as JSON',
        world.mattermostHook({ text: 'count', trigger_word: 'count', token: [MATTERMOST_TOKEN] }, true),
      ],
      ['none', world.mattermostHook({ text: 'count', trigger_word: 'count', token: '' })],
    ];
    for (const [what, asked] of tries) {
      const answer = await asked;
      expect([what, answer.status]).toEqual([what, 401]);
    }
    expect(runs).toEqual([]);
    expect(world.log.join('')).not.toContain(MATTERMOST_TOKEN);
  });

  it('many wrong tokens make an address wait', async () => {
    const world = await open({ env: { HUB_RATE_FAILURES: '3' } });
    const wrong = () => world.mattermost('/x', { token: 'wrong' });
    for (let times = 0; times < 3; times += 1) expect((await wrong()).status).toBe(401);
    expect((await wrong()).status).toBe(429);
  });

  it('a request that comes again is not run again', async () => {
    const { runs, addon } = counting();
    const world = await open({ addons: [addon] });
    const fields = { trigger_id: newId('trigger') };
    expect(await (await world.mattermost('/count', fields)).json()).toMatchObject({ text: '1' });
    const again = await world.mattermost('/count', { ...fields, text: 'altered' });
    expect([again.status, await again.text()]).toEqual([200, '']);
    const post = { text: 'count', trigger_word: 'count', post_id: newId('post') };
    expect(await (await world.mattermostHook(post)).json()).toMatchObject({ text: '2' });
    expect(await (await world.mattermostHook(post)).text()).toBe('');
    expect(runs).toHaveLength(2);
  });

  it('what is no command is refused', async () => {
    const world = await open();
    expect((await world.mattermost('/x', { trigger_id: '' })).status).toBe(400);
    expect((await world.mattermost('/x', { user_id: '../me' })).status).toBe(400);
    expect((await world.mattermost('x')).status).toBe(400);
    expect((await world.mattermostHook({ text: 'x', post_id: '' })).status).toBe(400);
    const huge = await world.mattermost('/x', { text: 'a'.repeat(70_000) });
    expect(huge.status).toBe(413);
  });

  it('without tokens Mattermost is off', async () => {
    const world = await open({ env: { HUB_MATTERMOST_TOKENS: '' } });
    expect((await world.mattermost('/x')).status).toBe(404);
  });
});
