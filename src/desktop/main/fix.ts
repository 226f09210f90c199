import type { Remedy } from '../../core/remedy.ts';
import { type Speech, type TextKey, text } from '../../core/texts.ts';
import type { MenuCommand } from './trayView.ts';

/** A next step, on a button. */
export interface Fix {
  readonly label: string;
  readonly command: MenuCommand;
}

/** The button for what the person can do about an error; null where there is nothing to press. */
export function fixOf(remedy: Remedy | null, speech: Speech): Fix | null {
  const fix = (key: TextKey, command: MenuCommand): Fix => ({ label: text(key, speech), command });
  switch (remedy?.kind) {
    case 'prompt':
      return fix(remedy.prompt.kind === 'email' ? 'fix.email' : 'fix.renew', remedy);
    case 'openAddress':
      return fix('fix.helpDesk', remedy);
    case 'checks':
      return fix('fix.checks', { kind: 'checkConnections' });
    case 'openLog':
      return fix('fix.openLog', { kind: 'openLog' });
    default:
      return null;
  }
}
