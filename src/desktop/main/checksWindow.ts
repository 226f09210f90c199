import { clipboard } from 'electron';
import { text } from '../../core/texts.ts';
import type { PageInvoke } from '../ipc/contract.ts';
import { ChecksSession, type ChecksSessionDeps } from './checksSession.ts';
import { PageWindow, type WindowShell } from './pageWindow.ts';

/** Wider than a prompt: there is more to read. */
const WIDTH = 560;

/** The self-test as a window. It begins when it is opened. */
export function checksWindow(
  shell: WindowShell,
  deps: Omit<ChecksSessionDeps, 'copy' | 'onView' | 'onEnd' | 'logger'>,
): PageWindow<ChecksSession, PageInvoke<'checks'>> {
  return new PageWindow<ChecksSession, PageInvoke<'checks'>>({
    shell,
    page: 'checks',
    look: { kind: 'prompt', width: WIDTH },
    title: () => text('checks.title', deps.speech()),
    make: (page) => {
      const session = new ChecksSession({
        ...deps,
        logger: shell.logger,
        copy: (copied) => clipboard.writeText(copied),
        onView: (view) => page.send('checksChanged', view),
        onEnd: () => page.close(),
      });
      void session.run();
      return session;
    },
    handlers: {
      checks: ({ session }) => session.view(),
      checksAct: ({ session }, action) => {
        session.act(action);
        return null;
      },
      checksFit: ({ page }, height) => {
        page.fit(height);
        return null;
      },
    },
  });
}
