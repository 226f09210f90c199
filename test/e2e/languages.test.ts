// German in the real app: the menu over D-Bus, a prompt, the self-test; and another language while it runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, GOOD_ENDS, inLocale } from './harness/app.ts';
import { screenshot } from './harness/screenshots.ts';
import { World } from './harness/world.ts';

const NOBODY = 'http://127.0.0.1:9009/api/';

describe('German', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open({
      isSetUp: true,
      settings: { language: 'de' },
      managed: { organisation: { slackApiUrl: NOBODY } },
    });
    await world.launch();
    await world.tray.menu.waitForItem(['Jetzt synchronisieren']);
  });

  afterAll(() => world?.close());

  it('is what the menu says, with times as the region has them', async () => {
    const { menu } = world.tray;
    await menu.waitForItem(['Verfügbar']);
    await menu.waitForItem(['Slack: nicht erreichbar']);
    await menu.waitForItem(['Pausieren für', '30 Minuten']);
    await menu.waitForItem(['Einstellungen …', 'Accounts', 'HipChat: zeigt Ihren eigenen Status']);
    await menu.waitForItem(['Einstellungen …', 'Accounts', /^Slack:/, 'Was HipStatus dort kann', 'HipStatus kann:']);
    await menu.waitForItem(['HipStatus beenden']);
    const shown = JSON.stringify(await menu.read());
    expect(shown).not.toMatch(/Pause|Quit|Preferences|Sync now|Launch|Update token|minutes/);
    const start = Math.floor(Date.now() / 60_000) * 60_000;
    const end = new Date(start + 15 * 60_000);
    world.sandbox.ics.publish('ada', [{ uid: 'talks', summary: 'Merger talks', start: new Date(start), end }]);
    await menu.click(['Jetzt synchronisieren']);
    const time = new Intl.DateTimeFormat('de-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' }).format(end);
    await menu.waitForItem([new RegExp(`^Nicht stören bis (\\S+, )?${time}`)], { timeoutMs: 30_000 });
  }, 90_000);

  it('is what a prompt says, and what was wrong with an answer', async () => {
    const { app, tray } = world;
    for (const theme of ['light', 'dark'] as const) {
      await app.setTheme(theme);
      await tray.menu.click(['Einstellungen …', 'Accounts', /^HipChat:/, 'Token erneuern …']);
      const page = await world.prompt('HipChat-API-Token eingeben');
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
      await world.answer(page, 'falsch');
      await page.locator('[aria-invalid=true]').waitFor();
      expect(await page.locator('#error').innerText()).toBe(
        'Die Anmeldung bei HipChat wurde nicht angenommen. Bitte erneut anmelden oder das Token erneuern.',
      );
      await page.getByRole('button', { name: 'Einblenden' }).waitFor();
      await screenshot(page, `prompt-german-${theme}`);
      await world.press(page, 'Escape');
    }
  }, 60_000);

  it('is what the self-test says', async () => {
    const { app, tray } = world;
    await app.setTheme('light');
    await tray.menu.click(['Einstellungen …', 'Verbindungen prüfen …']);
    const page = await world.prompt('Prüfung der Verbindungen');
    await page.locator('form[aria-busy=false] li').first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await page.locator('#message').innerText()).toBe('Funktioniert nicht: Netzwerk und Slack.');
    const words = await page.locator('ul.checks').innerText();
    expect(words).toContain('Die Verbindung zu 127.0.0.1:9009 wird abgelehnt');
    expect(words).toContain('Siehe „Netzwerk“.');
    expect(words).not.toMatch(/\b(the|could|not|Check|Trusted|See)\b/);
    await screenshot(page, 'checks-german');
    await world.press(page, 'Escape');
  }, 60_000);

  it('changes while the app runs', async () => {
    world.writeSettings({ ...world.settings, language: 'en' });
    await world.tray.menu.waitForItem(['Quit HipStatus']);
    await world.tray.menu.waitForItem(['Preferences…', 'Accounts', 'HipChat: shows what HipStatus set']);
    world.writeSettings({ ...world.settings, language: 'de' });
    await world.tray.menu.waitForItem(['HipStatus beenden']);
    expect(GOOD_ENDS).toContain(endOf(await world.app.quit()));
  }, 60_000);
});

describe("the system's language", () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, env: () => inLocale('de_AT') });
  });

  afterAll(() => world?.close());

  it('is followed, with its region', async () => {
    await world.launch();
    await world.tray.menu.waitForItem(['HipStatus beenden']);
    const system = await world.app.electron.evaluate(({ app }) => [
      app.getPreferredSystemLanguages().join(),
      app.getSystemLocale(),
    ]);
    expect(system).toEqual(['de-AT,de', 'de-AT']);
  }, 60_000);
});
