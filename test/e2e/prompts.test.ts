// Every prompt as the person meets it: in light and dark, by keyboard alone. The pictures are in test/e2e/.screenshots.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse } from '../../src/sandbox/index.ts';
import { keychain } from './harness/keychain.ts';
import { screenshot } from './harness/screenshots.ts';
import { EMAIL, item, World } from './harness/world.ts';

const PREFERENCES = 'Preferences…';

const ACCOUNTS = 'Accounts';

/** Menu path, title, and what the first field is. */
const PROMPTS = [
  ['email', ['Change email address'], 'Enter your email address', { name: 'value', type: 'email', value: EMAIL }],
  [
    'status-message',
    ['Status message…'],
    "Enter a message to display when you are set to 'Do not disturb'",
    { name: 'value', type: 'text', value: 'In a meeting' },
  ],
  [
    'hipchat-token',
    [ACCOUNTS, /^HipChat/, 'Update token…'],
    'Enter your HipChat API token',
    { name: 'token', type: 'password', value: '' },
  ],
  [
    'slack-token',
    [ACCOUNTS, /^Slack/, 'Update token…'],
    'Enter your Slack user token',
    { name: 'token', type: 'password', value: '' },
  ],
  [
    'ics-address',
    [ACCOUNTS, /^Published calendar/, 'Update address…'],
    'Enter the address of your published calendar',
    { name: 'address', type: 'url', value: '' },
  ],
  [
    'further-slack',
    [ACCOUNTS, 'Add a chat…', 'Slack'],
    'Enter your Slack user token',
    { name: 'token', type: 'password', value: '' },
  ],
] as const;

describe('prompts', () => {
  let world: World;

  beforeAll(async () => {
    const calendars = [{ id: 'ics', provider: 'ics', name: 'Published calendar', username: 'ada' }];
    world = await World.open({ isSetUp: true, settings: { calendars } });
    keychain.store(item('icspassword', 'ics'), 'password of ada');
    await world.launch();
    await world.tray.menu.waitForItem([PREFERENCES, ACCOUNTS, /^Published calendar/, 'Update address…']);
  });

  afterAll(() => world?.close());

  it.each(PROMPTS)(
    '%s: light and dark, labelled, focus in the field, Escape cancels',
    async (name, path, title, field) => {
      const { app, tray } = world;
      for (const theme of ['light', 'dark'] as const) {
        await app.setTheme(theme);
        await tray.menu.click([PREFERENCES, ...path]);
        const prompt = await world.prompt(title);
        await prompt.locator(`input[name=${field.name}]:focus`).waitFor();
        const input = prompt.locator(`input[name=${field.name}]`);
        expect(await input.getAttribute('type')).toBe(field.type);
        expect(await input.inputValue()).toBe(field.value);
        expect(await prompt.locator('label').first().getAttribute('for')).toBe(await input.getAttribute('id'));
        await screenshot(prompt, `prompt-${name}-${theme}`);
        const ink = await prompt.evaluate<string>('getComputedStyle(document.querySelector("h1")).color');
        const [red = 0] = (ink.match(/\d+/g) ?? []).map(Number);
        expect(red < 128).toBe(theme === 'light');
        const closed = prompt.waitForEvent('close');
        await world.press(prompt, 'Escape');
        await closed;
      }
      expect(app.windows).toHaveLength(0);
    },
  );

  it('says in the prompt what was wrong, keeps what was typed, and takes the focus back', async () => {
    const { app, tray } = world;
    for (const theme of ['light', 'dark'] as const) {
      await app.setTheme(theme);
      await tray.menu.click([PREFERENCES, ACCOUNTS, /^HipChat/, 'Update token…']);
      const prompt = await world.prompt('Enter your HipChat API token');
      await world.answer(prompt, 'not-the-token');
      await prompt.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
      await prompt.locator('input[name=token]:focus').waitFor();
      expect(await prompt.locator('input[name=token]').inputValue()).toBe('not-the-token');
      await screenshot(prompt, `prompt-refused-${theme}`);
      await world.press(prompt, 'Escape');
    }
    expect(keychain.lookup(item('hctoken'))).toBe(world.sandbox.known.hipchatToken);
  });

  it('takes an empty status message as none', async () => {
    const { tray } = world;
    await tray.menu.click([PREFERENCES, 'Status message…']);
    await world.answer(await world.prompt(/^Enter a message/), '');
    await tray.menu.waitForItem([PREFERENCES, 'None…']);
    expect(world.settings).toMatchObject({ statusMessage: '' });
  });

  it('signs in by a code that is typed on another device', async () => {
    const { app, tray, sandbox } = world;
    sandbox.entra.device.intervalSeconds = 1;
    for (const theme of ['light', 'dark'] as const) {
      await app.setTheme(theme);
      await tray.menu.click([PREFERENCES, ACCOUNTS, 'Add a calendar…', 'Microsoft 365']);
      const start = await world.prompt('Sign in to Microsoft 365');
      await screenshot(start, `prompt-sign-in-${theme}`);
      await start.getByRole('button', { name: /code on another device/ }).click();
      const code = start.locator('output');
      await code.waitFor();
      await screenshot(start, `prompt-device-code-${theme}`);
      if (theme === 'light') {
        await world.press(start, 'Escape');
        continue;
      }
      const page = new URL('/common/oauth2/deviceauth', sandbox.urls.entra).href;
      const address = (await start.locator('#message').textContent())?.match(
        /localhost:\d+\/\S+?(?=[\s,]|\.?\s|$)/,
      )?.[0];
      const userCode = (await code.textContent()) ?? '';
      const visited = await browse(address === undefined ? page : `https://${address}`, {
        account: EMAIL,
        code: userCode,
        ca: sandbox.certificate.cert,
      });
      expect(visited.status).toBe(200);
      await start.getByRole('heading', { name: `Microsoft 365 (${EMAIL}) is connected` }).waitFor();
      await screenshot(start, 'prompt-calendar-connected');
      await world.press(start, 'Enter');
    }
    expect(world.settings['calendars']).toMatchObject([
      { provider: 'ics' },
      { provider: 'microsoft365', username: EMAIL },
    ]);
  });
});
