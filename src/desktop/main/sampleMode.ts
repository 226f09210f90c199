import type { App, BrowserWindow } from 'electron';
import { startCommand } from '../../adapters/electron/loginItem.ts';
import { type Speech, text } from '../../core/texts.ts';
import { SAMPLE_FLAG } from './lifecycle.ts';

/** How the app is started again, with sample data or without it; the rest of `argv` as it was. */
export function relaunchWith(
  wanted: 'sample' | 'own',
  argv: readonly string[],
  executable: string,
): { readonly execPath: string; readonly args: string[] } {
  const others = argv.slice(1).filter((argument) => argument !== SAMPLE_FLAG);
  return { execPath: executable, args: wanted === 'sample' ? [...others, SAMPLE_FLAG] : others };
}

/** The way into the sample data and out of it: the app ends, and another one takes its place. */
export function sampleSwitch(app: App, quit: () => void) {
  const [executable = process.execPath] = startCommand(app, process.execPath, process.env);
  const again = (wanted: 'sample' | 'own') => {
    app.relaunch(relaunchWith(wanted, process.argv, executable));
    quit();
  };
  return { startSample: () => again('sample'), endSample: () => again('own') };
}

/** Every window says in its title that what it shows is invented. */
export function markWindows(app: App, mark: (title: string) => string): void {
  app.on('browser-window-created', (_event, window: BrowserWindow) => {
    window.setTitle(mark(window.getTitle()));
    window.on('page-title-updated', (event, title) => {
      event.preventDefault();
      window.setTitle(mark(title));
    });
  });
}

/** Every window says that all is invented; and what is locked is locked by the sample data, no organisation is meant. */
export const inSample = (speech: Speech): Speech => ({
  ...speech,
  overrides: {
    ...speech.overrides,
    'common.banner': text('sample.banner', speech),
    'menu.locked': text('sample.locked', speech),
    'preferences.locked': text('sample.set', speech),
    'welcome.locked': text('sample.set', speech),
    'update.locked': text('sample.set', speech),
  },
});
