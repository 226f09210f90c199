import { clipboard } from 'electron';
import { text } from '../../core/texts.ts';
import type { ActivityTab } from '../ipc/activityView.ts';
import type { PageInvoke } from '../ipc/contract.ts';
import { ActivitySession, type ActivitySessionDeps } from './activitySession.ts';
import { PageWindow, type WindowShell } from './pageWindow.ts';

const SIZE = { width: 640, height: 620 };

/** Why and Activity, as two tabs of one window. */
export function activityWindow(
  shell: WindowShell,
  deps: Omit<ActivitySessionDeps, 'copy' | 'onView' | 'onEntry' | 'onEnd' | 'logger'>,
): { open(tab: ActivityTab): void } {
  let tab: ActivityTab = 'why';
  const window = new PageWindow<ActivitySession, PageInvoke<'activity'>>({
    shell,
    page: 'activity',
    look: { kind: 'window', ...SIZE },
    title: () => text('activity.title', deps.speech()),
    make: (page) =>
      new ActivitySession(tab, {
        ...deps,
        logger: shell.logger,
        copy: (copied) => clipboard.writeText(copied),
        onView: (view) => page.send('activityChanged', view),
        onEntry: (entry) => page.send('activityAdded', entry),
        onEnd: () => page.close(),
      }),
    handlers: {
      activity: ({ session }) => session.view(),
      activityEntries: ({ session }) => session.entries(),
      activityReport: ({ session }) => session.report(),
      activitySave: ({ session }) => session.save(),
      activityAct: ({ session }, action) => {
        session.act(action);
        return null;
      },
    },
  });
  return {
    open(wanted) {
      tab = wanted;
      window.session?.show(wanted);
      window.open();
    },
  };
}
