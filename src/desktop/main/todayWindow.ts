import { text } from '../../core/texts.ts';
import type { PageInvoke } from '../ipc/contract.ts';
import { PageWindow, type WindowShell } from './pageWindow.ts';
import { TodaySession, type TodaySessionDeps } from './todaySession.ts';

const WIDTH = 440;

/** The day, in a panel by the icon. */
export function todayWindow(
  shell: WindowShell,
  deps: Omit<TodaySessionDeps, 'onView' | 'onEnd'>,
): PageWindow<TodaySession, PageInvoke<'today'>> {
  return new PageWindow<TodaySession, PageInvoke<'today'>>({
    shell,
    page: 'today',
    look: { kind: 'panel', width: WIDTH },
    title: () => text('today.title', deps.speech()),
    make: (page) =>
      new TodaySession({
        ...deps,
        onView: (view) => page.send('todayChanged', view),
        onEnd: () => page.close(),
      }),
    handlers: {
      today: ({ session }) => session.view(),
      todayAct: ({ session }, action) => {
        session.act(action);
        return null;
      },
      todayFit: ({ page }, height) => {
        page.fit(height);
        return null;
      },
    },
  });
}
