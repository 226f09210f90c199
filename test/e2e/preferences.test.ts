// The Preferences window: every tab as a person uses it, on the real app, with what it does to the settings and the chats.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './harness/axe.ts';
import { outline } from './harness/menu.ts';
import { screenshot, windowPicture } from './harness/screenshots.ts';
import { HELP_DESK, World } from './harness/world.ts';

const MINUTE = 60_000;
const ITEM = ['Preferences…', 'All preferences…'] as const;
const TABS = {
  accounts: 'Konten',
  rules: 'Regeln',
  messages: 'Texte',
  notifications: 'Mitteilungen',
  general: 'Allgemein',
  managed: 'Vorgaben',
} as const;

/** One meeting is on; another comes that does not count by the usual rules. */
function publishDay(world: World): void {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const at = (minutes: number) => new Date(now + minutes * MINUTE);
  world.sandbox.ics.publish('ada', [
    { uid: 'a', summary: 'Merger talks', start: at(-20), end: at(40) },
    { uid: 'b', summary: 'Lunch', start: at(50), end: at(80), busyStatus: 'FREE' },
  ]);
}

describe('Preferences', () => {
  let world: World;
  let page: Page;

  const open = async (): Promise<Page> => {
    await world.tray.menu.click(ITEM);
    const found = await world.app.waitForWindow((one) => one.url().includes('/preferences/'), {
      what: 'the Preferences',
    });
    await found.getByRole('tablist').waitFor();
    return found;
  };
  const tab = (name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();
  const save = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
  };
  /** Waits until the settings file has this in it. */
  const kept = (part: Record<string, unknown>): Promise<void> =>
    expect.poll(() => world.settings, { timeout: 10_000, interval: 50 }).toMatchObject(part);
  const focused = (): Promise<string> => page.evaluate('document.activeElement.id');
  const card = (id: string) => page.locator(`li[data-account=${id}]`);
  /** The next native question is answered so; resolves with what it asked. */
  const answerNext = async (response: number): Promise<void> => {
    await world.app.electron.evaluate(({ dialog }, chosen) => {
      dialog.showMessageBox = () => Promise.resolve({ response: chosen, checkboxChecked: false });
    }, response);
  };
  const closeByButton = (): Promise<void> =>
    world.app.electron.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows())
        if (one.webContents.getURL().includes('/preferences/')) one.close();
    });

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, settings: { language: 'en' } });
    publishDay(world);
    await world.launch();
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
    page = await open();
  });

  afterAll(() => world?.close());

  describe('accounts', () => {
    it('stand with their state, and are tried one by one', async () => {
      await card('ics').getByText('is read').waitFor();
      await card('hipchat').getByText('shows what HipStatus set').waitFor();
      await card('ics').getByRole('button', { name: 'Try it now' }).click();
      await card('ics')
        .getByText(/^Works \(.*Events in the next hour: 2\.$/)
        .waitFor();
      world.sandbox.slack.revokeToken(world.sandbox.known.slackToken);
      await card('slack').getByRole('button', { name: 'Try it now' }).click();
      await card('slack')
        .getByText(/^Does not work/)
        .waitFor();
      await screenshot(page, 'preferences-accounts-tried');
      world.sandbox.slack.addToken(world.sandbox.known.slackToken);
      await card('slack').getByRole('button', { name: 'Try it now' }).click();
      await card('slack')
        .getByText(/^Works/)
        .waitFor();
      expect(await focused()).toBe('account-slack-test');
    });

    it('are put in order by button and by key, with focus that stays', async () => {
      await page.getByRole('button', { name: 'Move Slack up' }).click();
      await kept({ chats: [{ id: 'slack' }, { id: 'hipchat' }] });
      await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Move Slack down');
      const menu = await world.tray.menu.waitFor((items) =>
        /Slack: .*HipChat: /.test(outline(items).replaceAll('\n', ' ')),
      );
      expect(outline(menu)).toContain('Slack: shows what HipStatus set');
      await page.keyboard.press('Alt+ArrowDown');
      await kept({ chats: [{ id: 'hipchat' }, { id: 'slack' }] });
      await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Move Slack up');
      await world.hipchatShows('dnd', 'In a meeting');
    });

    it('are added and removed by the prompts, and the focus goes to the next one', async () => {
      await page.getByRole('button', { name: 'Add a chat…' }).click();
      const choose = await world.prompt('Add a chat');
      await world.press(choose, 'Escape');
      await card('hipchat').getByRole('button', { name: 'Remove…' }).click();
      const remove = await world.prompt('Remove HipChat?');
      const closed = remove.waitForEvent('close');
      await world.click(remove, 'Remove');
      await closed;
      await card('hipchat').waitFor({ state: 'detached' });
      await expect.poll(focused).toBe('account-slack');
      expect(world.settings['chats']).toMatchObject([{ id: 'slack' }]);
      world.writeSettings({
        ...world.settings,
        chats: [
          { id: 'hipchat', provider: 'hipchat', email: '' },
          { id: 'slack', provider: 'slack', email: '' },
        ],
      });
      await card('hipchat').getByText('sign-in not accepted').waitFor();
      await screenshot(page, 'preferences-accounts-trouble');
      await card('hipchat').getByRole('button', { name: 'Update token…' }).click();
      await world.answer(await world.prompt('Enter your HipChat API token'), world.sandbox.known.hipchatToken);
      await world.hipchatShows('dnd', 'In a meeting');
      await card('hipchat').getByText('shows what HipStatus set').waitFor();
    });
  });

  describe('rules', () => {
    it('are tried on today, saved, and followed by the chats', async () => {
      await tab('Rules');
      await page.getByRole('button', { name: /^Lunch, .*Does not count/ }).waitFor();
      await page.getByLabel('Busy', { exact: true }).selectOption('ignore');
      await page.getByLabel('Free', { exact: true }).selectOption('away');
      await page.getByText(/^“Merger talks” \(.*\) would no longer count\.$/).waitFor();
      await page.getByText(/^“Lunch” \(.*\) would count as Away\.$/).waitFor();
      await page.getByRole('button', { name: /^Lunch, .*Counts as Away/ }).waitFor();
      await screenshot(page, 'preferences-rules-draft');
      expect(world.settings['rules']).toBeUndefined();
      await save();
      await kept({ rules: { showAs: { busy: 'ignore', free: 'away' } } });
      await world.hipchatShows('chat', '');
      await world.slackShows('');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Saved.');
      await page.getByLabel('Busy', { exact: true }).selectOption('dnd');
      await save();
      await world.hipchatShows('dnd', 'In a meeting');
    });

    it('say what is allowed where something else is typed, and lose nothing of it', async () => {
      const lead = page.getByLabel('Count before the start');
      await lead.fill('99');
      await page.getByRole('alert').filter({ hasText: 'A whole number from 0 to 30, please.' }).waitFor();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect.poll(focused).toBe('field-leadMinutes');
      expect(await lead.inputValue()).toBe('99');
      expect(await lead.getAttribute('aria-invalid')).toBe('true');
      expect(await axeFindings(page)).toEqual([]);
      await screenshot(page, 'preferences-rules-fault');
      await lead.fill('5');
      await save();
      await kept({ rules: { leadMinutes: 5 } });
    });

    it('have categories and working hours, with focus that is never lost', async () => {
      for (const name of ['Focus', 'Private', 'Travel']) {
        await page.getByRole('button', { name: 'Add a category' }).click();
        await page.keyboard.type(name);
      }
      await page.getByLabel('Travel counts as').selectOption('away');
      await page.getByRole('button', { name: 'Move Travel up' }).click();
      await page.getByRole('button', { name: 'Remove Private' }).waitFor();
      await page.getByRole('button', { name: 'Remove Travel' }).click();
      await expect.poll(focused).toBe('field-categories-1-name');
      expect(await page.locator('#field-categories-1-name').inputValue()).toBe('Private');
      await page.getByLabel('Meetings count in my working hours only').check();
      await page.getByRole('button', { name: 'Add times on Monday' }).click();
      await expect.poll(focused).toBe('field-workingHours-monday-1-from');
      await page.getByLabel('Monday, from, 2').fill('20:00');
      await page.getByLabel('Monday, until, 2').fill('19:00');
      await page.getByText('The end must come after the beginning').waitFor();
      await page.getByLabel('Monday, until, 2').fill('00:00');
      await page.getByText('The end must come after the beginning').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Remove times 1 on Tuesday' }).click();
      await expect.poll(focused).toBe('add-tuesday');
      await page.getByLabel('Meetings count in my working hours only').scrollIntoViewIfNeeded();
      await screenshot(page, 'preferences-rules-hours');
      await save();
      await kept({
        rules: {
          categories: [
            { name: 'Focus', effect: 'dnd' },
            { name: 'Private', effect: 'dnd' },
          ],
          workingHours: {
            monday: [
              { from: '09:00', to: '17:00' },
              { from: '20:00', to: '24:00' },
            ],
            tuesday: [],
          },
        },
      });
      await page.getByLabel('Meetings count in my working hours only').uncheck();
      await save();
      await kept({ rules: { workingHours: null } });
    });

    it('differ from chat to chat', async () => {
      const hipchat = page.locator('fieldset[data-chat=hipchat]');
      await hipchat.getByLabel('Instead of Do not disturb').selectOption('away');
      await hipchat.getByLabel('Show the status text there').uncheck();
      await save();
      await kept({
        chats: [{ id: 'hipchat', as: { dnd: 'away' }, shows: { state: true, text: false } }, { id: 'slack' }],
      });
      await world.hipchatShows('away', '');
      await hipchat.getByLabel('Instead of Do not disturb').selectOption('');
      await hipchat.getByLabel('Show the status text there').check();
      await save();
      await world.hipchatShows('dnd', 'In a meeting');
      expect((world.settings['chats'] as object[])[0]).not.toHaveProperty('as');
    });
  });

  describe('messages', () => {
    it('are shown as each chat would show them, and then are', async () => {
      await tab('Messages');
      const text = page.locator('#field-statusMessage');
      await text.fill('Busy: ');
      await page.locator('.template:focus-within').getByRole('button', { name: 'Subject' }).click();
      await page.locator('.template:focus-within').getByRole('button', { name: 'End time' }).click();
      expect(await text.inputValue()).toBe('Busy: {subject}{until}');
      expect(await focused()).toBe('field-statusMessage');
      const slack = page.locator('[data-preview=slack]');
      await slack.getByText('Subject stays empty: you have not allowed it below.').waitFor();
      await page.locator('#field-privacy-subject').check();
      await slack.getByText(/^Busy: Design review\d/).waitFor();
      await page.getByLabel('With', { exact: true }).selectOption('next');
      await slack.getByText(/^Busy: Merger talks\d/).waitFor();
      await text.fill(`{subject} ${'very '.repeat(30)}long`);
      await slack.getByText(/^Cut: \d+ characters, and this chat takes 100\.$/).waitFor();
      expect(await page.locator('[data-preview=hipchat]').innerText()).toContain('of 500 characters');
      await screenshot(page, 'preferences-messages-cut');
      await text.fill('In {subject}');
      await save();
      await kept({ statusMessage: 'In {subject}', privacy: { subject: true } });
      await world.slackShows('In Merger talks');
    });

    it('of one chat and of one kind go before the usual ones', async () => {
      const slack = page.locator('details[data-chat=slack]');
      await slack.locator('summary').click();
      await slack.getByLabel('Status text in a meeting: another one').check();
      await page.locator('#field-chats-slack-words-statusMessage').fill('Talking');
      await page.locator('[data-preview=slack]').getByText('Talking').waitFor();
      await save();
      await world.slackShows('Talking');
      await world.hipchatShows('dnd', 'In Merger talks');
      await slack.getByLabel('Status text in a meeting: another one').uncheck();
      await page.locator('#field-statusMessage').fill('In a meeting');
      await page.locator('#field-privacy-subject').uncheck();
      await save();
      await world.slackShows('In a meeting');
    });
  });

  it('take over what is changed elsewhere, and keep the draft', async () => {
    await page.locator('#field-oofMessage').fill('Mine');
    world.writeSettings({ ...world.settings, oofMessage: 'Theirs', oofEmoji: ':car:' });
    await page.getByRole('alert').filter({ hasText: 'changed elsewhere meanwhile' }).waitFor();
    expect(await page.locator('#field-oofMessage').inputValue()).toBe('Mine');
    await expect.poll(() => page.locator('#field-oofEmoji').inputValue()).toBe(':car:');
    await screenshot(page, 'preferences-messages-conflict');
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => page.locator('#field-oofMessage').inputValue()).toBe('Theirs');
  });

  it('ask what is to become of a draft when they are closed', async () => {
    await page.locator('#field-oofMessage').fill('Back on Monday');
    await page.getByText('Your changes are not saved yet.').waitFor();
    // Cancel, and then Save.
    await answerNext(2);
    await closeByButton();
    expect(await page.locator('#field-oofMessage').inputValue()).toBe('Back on Monday');
    await answerNext(0);
    const closed = page.waitForEvent('close');
    await world.press(page, 'Escape');
    await closed;
    await kept({ oofMessage: 'Back on Monday' });
    expect(world.app.windows).toHaveLength(0);
    page = await open();
  });

  it('show a notification for trying, and switch them', async () => {
    const { desktop } = world;
    await tab('Notifications');
    const after = desktop.notifications.lastSeq;
    await page.getByRole('button', { name: 'Show one now' }).click();
    await desktop.notifications.waitFor(({ summary }) => summary === 'This is a notification of HipStatus', { after });
    await page.getByText(/^Shown\./).waitFor();
    await page.getByLabel('When something is wrong').uncheck();
    await kept({ notifications: { problems: false } });
  });

  it('switch what is general at once, the language everywhere', async () => {
    const { app, tray } = world;
    await tab('General');
    await page.getByLabel('On quit, my status').selectOption('leave');
    await page.getByLabel('Look at the calendar every').selectOption('2');
    await kept({ onQuit: 'leave', refreshMinutes: 2 });
    await page.getByRole('button', { name: 'Check the connections…' }).click();
    const checks = await world.prompt('Check of the connections');
    await world.press(checks, 'Escape');
    await page.getByRole('button', { name: 'Change…' }).click();
    await world.press(await world.prompt('Enter your email address'), 'Escape');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('tab', { name: 'Allgemein' }).waitFor();
    await tray.menu.waitForItem(['Heute anzeigen']);
    expect(await page.title()).toBe('Einstellungen');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('tab', { name: 'General' }).waitFor();
    expect(app.windows.filter((one) => !one.isClosed()).length).toBeGreaterThan(0);
  });

  it('say what the organisation has set and why, and leave it as it is', async () => {
    world.manage({
      onQuit: 'restore',
      rules: { showAs: { busy: 'dnd' }, workingHours: null },
      notifications: { status: true },
      organisation: { name: 'Contoso', lockedBecause: 'Our customers rely on it.' },
    });
    await tab('Managed');
    await page.getByText('Our customers rely on it.').waitFor({ timeout: 60_000 });
    await page.getByText('Contoso has set what is listed here').waitFor();
    expect(await page.locator('[data-key="rules.showAs.busy"]').innerText()).toMatch(
      /Events shown as Busy\s+Do not disturb/,
    );
    await screenshot(page, 'preferences-managed-locked');
    await page.getByRole('button', { name: 'Ask the help desk…' }).click();
    await world.opened.waitFor((url) => url === HELP_DESK);
    await tab('Rules');
    expect(await page.getByLabel('Busy', { exact: true }).isDisabled()).toBe(true);
    expect(await page.getByLabel('Tentative', { exact: true }).isDisabled()).toBe(false);
    await screenshot(page, 'preferences-rules-locked');
    expect(await axeFindings(page)).toEqual([]);
    await tab('General');
    expect(await page.getByLabel('On quit, my status').isDisabled()).toBe(true);
    await page.getByText('Set by your organisation.').first().waitFor();
  });

  it('are operated by keyboard alone', async () => {
    await page.getByRole('tab', { name: 'General' }).focus();
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: 'Calendars' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Today, by these rules' }).waitFor();
    expect(await focused()).toBe('tab-rules');
  });

  it('look well light, dark, in German and at 200 %, and axe finds nothing', async () => {
    const { app } = world;
    const all = async (variant: string, names: readonly string[]): Promise<void> => {
      for (const [index, name] of Object.keys(TABS).entries()) {
        await tab(names[index] ?? '');
        await page.evaluate('scrollTo(0, 0)');
        // A picture of the window is that of its last frame.
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
        await windowPicture(app, page, `preferences-${name}-${variant}`);
        expect({ name, variant, found: await axeFindings(page) }).toEqual({ name, variant, found: [] });
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      }
    };
    const english = ['Accounts', 'Rules', 'Messages', 'Notifications', 'General', 'Managed'];
    await all('light', english);
    await app.setTheme('dark');
    await all('dark', english);
    await app.setTheme('light');
    world.writeSettings({ ...world.settings, language: 'de' });
    await page.getByRole('tab', { name: 'Vorgaben' }).waitFor();
    await all('german', Object.values(TABS));
    await app.zoom(page, 2);
    await page.waitForFunction('innerWidth < 500');
    await all('200', Object.values(TABS));
    await app.zoom(page, 1);
  });

  it('are gone from memory when they are closed', async () => {
    const closed = page.waitForEvent('close');
    await closeByButton();
    await closed;
    expect(world.app.windows).toHaveLength(0);
    expect(world.homeText()).not.toContain('Merger talks');
  });
});
