import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { LaunchedApp } from './app.ts';
import { type Icon, toPng } from './icon.ts';

/** Where the e2e run puts its pictures; not kept in git. */
export const SCREENSHOTS = join(dirname(dirname(fileURLToPath(import.meta.url))), '.screenshots');

/** Writes a window's picture. @param name without `.png` @returns the file's path */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/** Writes a window's picture as it is on the screen, for windows that are zoomed. @param name without `.png` */
export async function windowPicture(app: LaunchedApp, page: Page, name: string): Promise<string> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  writeFileSync(path, await app.picture(page));
  return path;
}

/** Writes a tray icon's picture. @param name without `.png` @returns the file's path */
export function saveIcon(icon: Icon, name: string): string {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  writeFileSync(path, toPng(icon));
  return path;
}
