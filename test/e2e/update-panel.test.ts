// The panel of updates by itself, in the real browser: every state, both languages, light and dark.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releaseNotes } from '../../src/core/releaseNotes.ts';
import { ENGLISH, type Speech } from '../../src/core/texts.ts';
import type { UpdateState } from '../../src/core/updateState.ts';
import type { UpdateAction, UpdateView } from '../../src/desktop/ipc/updateView.ts';
import { axeFindings } from './harness/axe.ts';
import { launchChromium } from './harness/browser.ts';
import { screenshot } from './harness/screenshots.ts';
import { ROOT } from './harness/world.ts';

const UI = join(ROOT, 'src/desktop/renderer/ui');
const GERMAN: Speech = { language: 'de', locale: 'de-DE', overrides: {} };
const version = '2.1.0';
const notes = releaseNotes(
  '# Better\n\nStarts in half the time.\n\n- The day as a picture\n- A very long item that goes on and on until it no longer fits into one line of the window that it is shown in\n- [x](javascript:alert(1)) <not a tag>',
);
const failed = { kind: 'failed', code: 'badResponse', reason: 'checksum', version } as const;

const STATES: readonly (readonly [string, UpdateState, readonly string[]])[] = [
  ['no-feed', { kind: 'off', why: 'noFeed' }, []],
  ['off', { kind: 'off', why: 'mode' }, []],
  ['unsupported', { kind: 'off', why: 'unsupported' }, []],
  ['never', { kind: 'idle', lookedAt: null }, ['Look now']],
  ['idle', { kind: 'idle', lookedAt: Date.parse('2026-03-03T14:05:00Z') }, ['Look now']],
  ['checking', { kind: 'checking' }, ['Look now (off)']],
  ['available', { kind: 'available', version, notes }, ['Update to 2.1.0', 'Look now']],
  ['no-notes', { kind: 'available', version, notes: [] }, ['Update to 2.1.0', 'Look now']],
  ['downloading', { kind: 'downloading', version, notes, percent: 42 }, ['Look now (off)']],
  ['ready', { kind: 'ready', version, notes, waitsFor: null }, ['Restart now', 'Look now']],
  ['ready-meeting', { kind: 'ready', version, notes, waitsFor: 'meeting' }, ['Look now']],
  ['ready-quiet', { kind: 'ready', version, notes, waitsFor: 'quiet' }, ['Restart now', 'Look now']],
  ['installing', { kind: 'installing', version }, ['Look now (off)']],
  ['failed', failed, ['Try again']],
];

describe('the panel of updates', () => {
  let browser: Browser;
  let script = '';
  const css = ['theme', 'base', 'controls', 'updates'].map((name) => readFileSync(join(UI, `${name}.css`), 'utf8'));

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { h, render } from 'preact';
          import { SpeechProvider } from './speech.tsx';
          import { UpdatePanel } from './UpdatePanel.tsx';
          globalThis.actions = [];
          globalThis.show = (view, speech) => render(
            h(SpeechProvider, { speech, zone: 'UTC', title: 'preferences.title' },
              h('main', { style: { padding: '1rem' } },
                h('h1', { class: 'unseen' }, 'Preferences'),
                h(UpdatePanel, { view, onAct: (action) => actions.push(action) }))),
            document.body);`,
        resolveDir: UI,
        loader: 'tsx',
      },
      bundle: true,
      write: false,
      format: 'iife',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    });
    script = outputFiles[0]?.text ?? '';
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(look: { colorScheme?: 'light' | 'dark'; zoom?: number } = {}): Promise<Page> {
    const context = await browser.newContext({
      colorScheme: look.colorScheme ?? 'light',
      viewport: { width: 640 / (look.zoom ?? 1), height: 640 / (look.zoom ?? 1) },
      deviceScaleFactor: look.zoom ?? 1,
    });
    const page = await context.newPage();
    await page.setContent(
      `<!doctype html><html lang="en"><head><title>x</title><style>${css.join('\n')}</style></head><body></body></html>`,
    );
    await page.addScriptTag({ content: script });
    return page;
  }

  const view = (state: UpdateState, more: Partial<UpdateView> = {}): UpdateView => ({
    version: '2.0.0',
    state,
    mode: state.kind === 'off' && state.why === 'mode' ? 'off' : 'notify',
    channel: 'stable',
    locked: { mode: false, channel: false },
    ...more,
  });

  const show = (page: Page, given: UpdateView, speech: Speech = ENGLISH) =>
    page.evaluate(
      ([shown, said]) => (globalThis as unknown as { show(view: UpdateView, speech: Speech): void }).show(shown, said),
      [given, speech] as const,
    );
  const actions = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { actions: UpdateAction[] }).actions.splice(0));
  const buttons = (page: Page) =>
    page
      .locator('button')
      .evaluateAll((all) => all.map((one) => `${one.textContent}${one.matches(':disabled') ? ' (off)' : ''}`));

  it('says each state and offers what can be done, and axe finds nothing', async () => {
    const page = await open();
    const dark = await open({ colorScheme: 'dark' });
    for (const [name, state, wanted] of STATES) {
      await show(page, view(state));
      expect(await buttons(page), name).toEqual(wanted);
      expect((await page.locator('[role=status]').textContent())?.trim(), name).toMatch(/\S[.…]$/);
      expect(await axeFindings(page), name).toEqual([]);
      await screenshot(page, `update-${name}`);
      await show(dark, view(state));
      if (name === 'available' || name === 'failed') expect(await axeFindings(dark), `${name}, dark`).toEqual([]);
      await screenshot(dark, `update-${name}-dark`);
    }
  });

  it('shows what is new as text', async () => {
    const page = await open();
    await show(page, view({ kind: 'available', version, notes }));
    expect(await page.locator('.notes li').allTextContents()).toHaveLength(3);
    expect(await page.locator('.notes a, .notes script').count()).toBe(0);
    expect(await page.locator('.notes').textContent()).toContain('Starts in half the time.');
  });

  it('asks for what the person wants, with mouse and keyboard', async () => {
    const page = await open();
    await show(page, view({ kind: 'available', version, notes }));
    await page.getByRole('button', { name: 'Update to 2.1.0' }).click();
    await page.getByRole('button', { name: 'Look now' }).focus();
    await page.keyboard.press('Enter');
    await show(page, view(failed));
    await page.getByRole('button', { name: 'Try again' }).click();
    await show(page, view({ ...failed, reason: 'notInstalled' }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('New versions').selectOption('install');
    await page.getByLabel('Which versions').selectOption('beta');
    expect(await actions(page)).toEqual([
      { kind: 'install' },
      { kind: 'look' },
      { kind: 'install' },
      { kind: 'look' },
      { kind: 'mode', mode: 'install' },
      { kind: 'channel', channel: 'beta' },
    ]);
  });

  it('leaves alone what the organisation has set, and says so', async () => {
    const page = await open();
    await show(page, view({ kind: 'idle', lookedAt: null }, { locked: { mode: true, channel: true } }));
    expect(await page.getByLabel('New versions').isDisabled()).toBe(true);
    expect(await page.getByLabel('Which versions').isDisabled()).toBe(true);
    expect(await page.getByText('Set by your organisation').count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('speaks German, and fits at 200 %', async () => {
    const page = await open({ zoom: 2 });
    for (const [name, state] of STATES) {
      await show(page, view(state), GERMAN);
      expect(await page.locator('h2').textContent()).toBe('Updates');
      const isWide = await page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);
      expect(isWide, name).toBe(false);
      await screenshot(page, `update-${name}-de-200`);
    }
    await show(page, view(failed), GERMAN);
    expect(await page.locator('[role=status]').textContent()).toContain('Darum wird es nicht installiert');
  });
});
