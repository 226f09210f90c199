// The Preferences window: every tab as a person uses it, on the real app, with what it does to the settings and the chats.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './harness/axe.ts';
import { screenshot } from './harness/screenshots.ts';
import { World } from './harness/world.ts';

const MINUTE = 60_000;
const ITEM = ['Preferences…', 'All preferences…'] as const;
const TABS = ['Accounts', 'Rules', 'Messages', 'Notifications', 'General', 'Managed'] as const;

type Tree = Record<string, unknown>;

/** One meeting is on; what else there is counts, or not, by the rules. */
function publishDay(world: World): void {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const at = (minutes: number) => new Date(now + minutes * MINUTE);
  world.sandbox.ics.publish('ada', [
    { uid: 'a', summary: 'Merger talks', start: at(-20), end: at(40), location: 'Room 7' },
    { uid: 'c', summary: 'Lunch', start: at(50), end: at(80), busyStatus: 'FREE' },
  ]);
}

describe('Preferences', () => {
  let world: World;
  let page: Page;

  const isOurs = (one: Page) => one.url().includes('/preferences/');
  const open = async (): Promise<Page> => {
    await world.tray.menu.click(ITEM);
    const found = await world.app.waitForWindow(isOurs, { what: 'the Preferences' });
    await found.getByRole('tablist').waitFor();
    return found;
  };
  const tab = async (name: string): Promise<void> => {
    await page.getByRole('tab', { name, exact: true }).click();
    await page.getByRole('tabpanel', { name, exact: true }).waitFor();
  };
  const save = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
  };
  /** Waits until the settings file has this in it. */
  const kept = (part: Tree): Promise<void> =>
    expect.poll(() => world.settings, { timeout: 10_000, interval: 50 }).toMatchObject(part);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, settings: { language: 'en' } });
    publishDay(world);
    await world.launch();
    await world.hipchatShows('dnd', 'In a meeting');
    await world.slackShows('In a meeting');
    page = await open();
  });

  afterAll(() => world?.close());

  it('looks', async () => {
    for (const name of TABS) {
      await tab(name);
      await screenshot(page, `preferences-${name.toLowerCase()}-light`);
      console.log(name, await axeFindings(page));
    }
  });
});
