import { clipboard } from 'electron';
import { text } from '../../core/texts.ts';
import type { PageInvoke } from '../ipc/contract.ts';
import { PageWindow, type WindowShell } from './pageWindow.ts';
import { WelcomeSession, type WelcomeSessionDeps } from './welcomeSession.ts';

/** CSS pixels: room for the list of services beside nothing else, and for the day as a picture. */
const SIZE = { width: 680, height: 640 };

/** The first start as a window. */
export function welcomeWindow(
  shell: WindowShell,
  deps: Omit<WelcomeSessionDeps, 'prompts' | 'onChange' | 'onEnd'> & {
    readonly prompts: Omit<WelcomeSessionDeps['prompts'], 'copy' | 'logger'>;
  },
): PageWindow<WelcomeSession, PageInvoke<'welcome'>> {
  return new PageWindow<WelcomeSession, PageInvoke<'welcome'>>({
    shell,
    page: 'welcome',
    look: { kind: 'window', ...SIZE },
    title: () => text('welcome.title', deps.prompts.speech()),
    make: (page) => {
      // While it is made there is nothing to tell: the page asks when it is there.
      let session: WelcomeSession | null = null;
      session = new WelcomeSession({
        ...deps,
        prompts: { ...deps.prompts, logger: shell.logger, copy: (copied) => clipboard.writeText(copied) },
        onChange: () => {
          if (session !== null) page.send('welcomeChanged', session.view());
        },
        onEnd: () => page.close(),
      });
      return session;
    },
    handlers: {
      welcome: ({ session }) => session.view(),
      welcomeAct: ({ session }, action) => {
        session.act(action);
        return null;
      },
    },
  });
}
