// Accounts as the person meets them: a second Slack workspace is added, told of a meeting, and removed again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MORE_KNOWN } from '../../src/sandbox/index.ts';
import type { MattermostSandbox } from '../../src/sandbox/mattermost.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack.ts';
import { keychain } from './harness/keychain.ts';
import { outline } from './harness/menu.ts';
import { screenshot } from './harness/screenshots.ts';
import { openWorkspaces, type Workspaces } from './harness/workspaces.ts';
import { EMAIL, item, World } from './harness/world.ts';

const ACCOUNTS = ['Preferences…', 'Accounts'] as const;
const TOKEN = 'xoxp-token-of-ada-at-acme';

describe('several accounts', () => {
  let world: World;
  let acme: SlackSandbox;
  let workspaces: Workspaces;
  let mattermost: MattermostSandbox;

  beforeAll(async () => {
    world = await World.open({ isSetUp: true });
    const { slack, known } = world.sandbox;
    acme = await startSlack({
      user: { name: 'ada', realName: 'Ada Lovelace', email: EMAIL },
      tokens: [{ token: TOKEN }],
    });
    workspaces = await openWorkspaces(
      new Map([
        [known.slackToken, slack.apiUrl],
        [TOKEN, acme.apiUrl],
      ]),
      acme.apiUrl,
    );
    world.manage({ organisation: { slackApiUrl: workspaces.apiUrl } });
    mattermost = await world.sandbox.more.open('mattermost');
    for (const id of ['slack-2', 'mattermost']) keychain.clear(item('accountsecret', id));
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
  });

  afterAll(async () => {
    await world?.close();
    await workspaces?.close();
    await acme?.close();
  });

  const acmeShows = (text: string) =>
    expect.poll(async () => (await acme.status()).status_text, { timeout: 20_000, interval: 200 }).toBe(text);

  it('stand in the menu with their state', async () => {
    const menu = await world.tray.menu.waitFor((items) => outline(items).includes('HipChat: shows your own status'));
    expect(outline(menu)).toContain('Published calendar: is read');
    expect(outline(menu)).toMatch(/Add a calendar….*Microsoft 365.*Published calendar.*Add a chat….*Slack/s);
  });

  it('a second workspace is asked for its token and a name, and says what is wrong with a wrong one', async () => {
    await world.tray.menu.click([...ACCOUNTS, 'Add a chat…', 'Slack']);
    const prompt = await world.prompt('Enter your Slack user token');
    await prompt.locator('input[name=name]').fill('Acme');
    await screenshot(prompt, 'accounts-add');
    await world.answer(prompt, 'xoxp-not-a-token');
    await prompt.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
    await screenshot(prompt, 'accounts-add-refused');
    expect(await prompt.locator('input[name=name]').inputValue()).toBe('Acme');
    expect(keychain.lookup(item('accountsecret', 'slack-2'))).toBeUndefined();
    await world.answer(prompt, TOKEN);
    await prompt.getByRole('heading', { name: 'Slack (Acme) is connected' }).waitFor();
    await prompt.getByText('show a status text of up to 100 characters, with an emoji').waitFor();
    await prompt.getByText('It cannot:').waitFor();
    for (const theme of ['dark', 'light'] as const) {
      await world.app.setTheme(theme);
      await screenshot(prompt, `accounts-connected-${theme}`);
    }
    const closed = prompt.waitForEvent('close');
    await world.click(prompt, 'Done');
    await closed;
    expect(world.settings['chats']).toMatchObject([
      { id: 'hipchat' },
      { id: 'slack' },
      { id: 'slack-2', provider: 'slack', name: 'Acme' },
    ]);
    expect(keychain.lookup(item('accountsecret', 'slack-2'))).toBe(TOKEN);
    expect(keychain.lookup(item('slacktoken'))).toBe(world.sandbox.known.slackToken);
  });

  it('a Mattermost server is asked for its address and a token, and may be typed as the browser shows it', async () => {
    await world.tray.menu.click([...ACCOUNTS, 'Add a chat…', 'Mattermost']);
    const prompt = await world.prompt('Connect Mattermost');
    await prompt.locator('input[name=server]').fill('http://chat.example.com');
    await prompt.locator('input[name=token]').fill(MORE_KNOWN.mattermostToken);
    await world.press(prompt, 'Enter');
    await prompt.getByRole('alert').filter({ hasText: 'must begin with https://' }).waitFor();
    await screenshot(prompt, 'accounts-mattermost-refused');
    await prompt.locator('input[name=server]').fill(`${mattermost.url}/`);
    await world.press(prompt, 'Enter');
    const { host } = new URL(mattermost.url);
    await prompt.getByRole('heading', { name: `Mattermost (${host}) is connected` }).waitFor();
    await prompt.getByText(/set you to Available, Do not disturb,? or Away/).waitFor();
    await screenshot(prompt, 'accounts-mattermost-connected');
    const closed = prompt.waitForEvent('close');
    await world.click(prompt, 'Done');
    await closed;
    expect(world.settings['chats']).toContainEqual(
      expect.objectContaining({ id: 'mattermost', server: mattermost.url, username: '' }),
    );
    expect(keychain.lookup(item('accountsecret', 'mattermost'))).toBe(MORE_KNOWN.mattermostToken);
  });

  it('are told of a meeting, each for itself', async () => {
    await world.tray.menu.waitForItem([...ACCOUNTS, /^Slack \(Acme\)/]);
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
    await acmeShows('In a meeting');
    await world.until(
      () => mattermost.status().status === 'dnd' && mattermost.customStatus()?.text === 'In a meeting',
      {
        what: 'Mattermost to show the meeting',
        timeoutMs: 20_000,
      },
    );
    await world.tray.menu.waitForItem([...ACCOUNTS, 'Slack (Acme): shows what HipStatus set']);
  });

  it('a removed one is given back its status, then its token is gone; the others stay', async () => {
    await world.tray.menu.click([...ACCOUNTS, /^Slack \(Acme\)/, 'Remove…']);
    const prompt = await world.prompt('Remove Slack (Acme)?');
    await screenshot(prompt, 'accounts-remove');
    const closed = prompt.waitForEvent('close');
    await world.click(prompt, 'Remove');
    await closed;
    expect((await acme.status()).status_text).toBe('');
    expect(keychain.lookup(item('accountsecret', 'slack-2'))).toBeUndefined();
    expect(world.settings['chats']).toMatchObject([{ id: 'hipchat' }, { id: 'slack' }, { id: 'mattermost' }]);
    await world.slackShows('In a meeting');
    const menu = await world.tray.menu.waitFor((items) => !outline(items).includes('Acme'));
    expect(outline(menu)).toContain('Slack: shows what HipStatus set');
    expect(world.homeText()).not.toContain(TOKEN);
    // The Activity says for seven days what was done there; nothing else knows it any more.
    for (const name of ['settings.json', 'claims.json', 'claims.copy.json', 'state.json'])
      expect(readFileSync(join(world.home, name), 'utf8')).not.toContain('slack-2"');
  });

  it('the calendars of an account are chosen; one of a colleague needs the browser once more', async () => {
    const { graph } = world.sandbox;
    graph.addCalendar({ id: 'AAMkProject=', name: 'Project' });
    graph.addCalendar({
      id: 'AAMkTeam=',
      name: 'Team',
      owner: { name: 'Grace Hopper', address: 'grace@contoso.example' },
    });
    await world.tray.menu.click([...ACCOUNTS, 'Add a calendar…', 'Microsoft 365']);
    const adding = await world.prompt('Sign in to Microsoft 365');
    await world.click(adding, 'Sign in');
    await adding.getByRole('heading', { name: `Microsoft 365 (${EMAIL}) is connected` }).waitFor();
    const added = adding.waitForEvent('close');
    await world.click(adding, 'Done');
    await added;
    await world.tray.menu.click([...ACCOUNTS, /^Microsoft 365 \(/, 'Choose calendars…']);
    const prompt = await world.prompt(`Choose the calendars of Microsoft 365 (${EMAIL})`);
    const box = (name: string) => prompt.getByRole('checkbox', { name });
    await box('Team (Grace Hopper)').waitFor();
    expect(
      await Promise.all(['Calendar', 'Project', 'Team (Grace Hopper)'].map((name) => box(name).isChecked())),
    ).toEqual([true, false, false]);
    await box('Team (Grace Hopper)').check();
    for (const theme of ['dark', 'light'] as const) {
      await world.app.setTheme(theme);
      await screenshot(prompt, `accounts-calendars-${theme}`);
    }
    const closed = prompt.waitForEvent('close');
    await world.click(prompt, 'OK');
    await closed;
    expect(world.settings['calendars']).toContainEqual(
      expect.objectContaining({ id: 'microsoft365', calendars: [expect.any(String), 'shared/AAMkTeam='] }),
    );
    await world.tray.menu.waitForItem([...ACCOUNTS, `Microsoft 365 (${EMAIL}): is read`]);
  });

  it('a refused token leads to the prompt of its own account', async () => {
    const { sandbox, desktop, tray } = world;
    const after = desktop.notifications.lastSeq;
    sandbox.slack.revokeToken(sandbox.known.slackToken);
    await tray.menu.click(['Sync now']);
    const notice = await desktop.notifications.waitFor(({ summary }) => summary === 'Authentication error to Slack', {
      after,
    });
    desktop.notifications.click(notice);
    const prompt = await world.prompt('Enter your Slack user token');
    sandbox.slack.addToken(sandbox.known.slackToken);
    await world.answer(prompt, sandbox.known.slackToken);
    await tray.menu.waitForItem([...ACCOUNTS, 'Slack: shows what HipStatus set']);
  });
});
