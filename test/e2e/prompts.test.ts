// Every prompt as the person meets it: in light and dark, by keyboard alone. The pictures are in test/e2e/.screenshots.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse } from '../../src/sandbox/index.ts';
import { keychain } from './harness/keychain.ts';
import { screenshot } from './harness/screenshots.ts';
import { EMAIL, item, World } from './harness/world.ts';

const PREFERENCES = 'Preferences…';

/** Menu item, title, and what the first field is. */
const PROMPTS = [
  ['email', 'Change email address', 'Enter your email address', { type: 'email', value: EMAIL }],
  [
    'status-message',
    'Status message…',
    "Enter a message to display when you are set to 'Do not disturb'",
    { type: 'text', value: 'In a meeting' },
  ],
  ['hipchat-token', 'Update saved HipChat token', 'Enter your HipChat API token', { type: 'password', value: '' }],
  ['slack-token', 'Update saved Slack token', 'Enter your Slack user token', { type: 'password', value: '' }],
  [
    'ics-address',
    'Use a published calendar…',
    'Enter the address of your published calendar',
    { type: 'url', value: '' },
  ],
  [
    'ics-password',
    'Update saved password',
    'Enter the password of your published calendar',
    { type: 'password', value: '' },
  ],
] as const;

describe('prompts', () => {
  let world: World;

  beforeAll(async () => {
    const calendars = [{ id: 'ics', provider: 'ics', name: 'Published calendar', username: 'ada' }];
    world = await World.open({ isSetUp: true, settings: { calendars } });
    keychain.store(item('icspassword', 'ics'), 'password of ada');
    await world.launch();
    await world.tray.menu.waitForItem([PREFERENCES, 'Update saved password']);
  });

  afterAll(() => world?.close());

  it.each(PROMPTS)(
    '%s: light and dark, labelled, focus in the field, Escape cancels',
    async (name, label, title, field) => {
      const { app, tray } = world;
      for (const theme of ['light', 'dark'] as const) {
        await app.setTheme(theme);
        await tray.menu.click([PREFERENCES, label]);
        const prompt = await world.prompt(title);
        await prompt.locator('input[name=value]:focus').waitFor();
        const input = prompt.locator('input[name=value]');
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
      await tray.menu.click([PREFERENCES, 'Update saved HipChat token']);
      const prompt = await world.prompt('Enter your HipChat API token');
      await world.answer(prompt, 'not-the-token');
      await prompt.getByRole('alert').filter({ hasText: 'did not accept' }).waitFor();
      await prompt.locator('input[name=value]:focus').waitFor();
      expect(await prompt.locator('input[name=value]').inputValue()).toBe('not-the-token');
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
      await tray.menu.click([PREFERENCES, 'Sign in to Microsoft 365']);
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
      await world.exchange(
        ({ path, status }) => path.endsWith('/calendarView') && status === 200,
        'Graph to be read',
        0,
      );
    }
    expect(world.settings['calendars']).toMatchObject([
      { provider: 'ics' },
      { provider: 'microsoft365', username: EMAIL },
    ]);
  });
});
