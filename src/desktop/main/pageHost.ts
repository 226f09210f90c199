import { Menu, session } from 'electron';
import { servePages } from './appProtocol.ts';
import { hardenSession } from './hardening.ts';

let isHosting = false;

/** What windows need, set up when the first one is wanted, of whichever kind. */
export function hostPages(platform: NodeJS.Platform, rendererDir: string): void {
  if (isHosting) return;
  isHosting = true;
  servePages(session.defaultSession, rendererDir);
  hardenSession(session.defaultSession);
  // On macOS the keys for copy, paste and close work through a menu, shown or not.
  if (platform === 'darwin') {
    Menu.setApplicationMenu(
      Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]),
    );
  }
}
