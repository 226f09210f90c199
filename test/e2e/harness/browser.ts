import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];

/** The machine's own Chromium, without a window. */
export function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find(existsSync);
  if (executablePath === undefined) throw new Error('There is no Chromium here: node scripts/setup.mjs --browser');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] });
}

/** A page, and what the browser complained of: console errors, failed scripts, broken Content-Security-Policy. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.effectiveDirective))",
  );
  return { page, complaints };
}
