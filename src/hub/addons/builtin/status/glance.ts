import { SECOND } from '../../../../core/time.ts';
import type { Clock, Timer } from '../../../../ports/clock.ts';
import type { Logger } from '../../../../ports/logger.ts';
import type { HubFeed } from '../../../feed.ts';
import type { Roster } from '../../../roster.ts';
import type { HubStore } from '../../../store/port.ts';
import type { AddonHost } from '../../calls.ts';
import { type GlanceContent, glance } from '../../glance.ts';
import { inMeeting } from './texts.ts';

export const GLANCE = 'status-glance';

/** Meetings begin and end for many at once: so long what comes is one change. */
const TOGETHER = 2 * SECOND;
/** How long another hub that has told the chat servers is believed to go on. */
const LEASE = 10 * SECOND;

export function glanceOf(roster: Roster): GlanceContent {
  const count = inMeeting(roster);
  return glance({
    html: count === 0 ? 'Nobody in a meeting' : `<b>${count}</b> in a meeting`,
    lozenge: count === 0 ? { label: 'free', type: 'success' } : { label: 'busy', type: 'current' },
  });
}

export interface GlanceDeps {
  readonly roster: Roster;
  readonly feed: Pick<HubFeed, 'follow'>;
  readonly store: Pick<HubStore, 'lease'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This hub among all on the same store. */
  readonly owner: string;
}

/** Tells the chat servers when the glance shows something new, for all at once. @returns what ends it */
export function pushGlances(host: AddonHost, deps: GlanceDeps): () => void {
  const { roster, feed, store, clock, logger, owner } = deps;
  let shown = inMeeting(roster);
  let timer: Timer | null = null;
  let isStopped = false;

  async function push(): Promise<void> {
    const count = inMeeting(roster);
    if (count === shown) return;
    shown = count;
    if (!(await store.lease('status-glances', owner, clock.now() + LEASE, clock.now()))) return;
    const content = glanceOf(roster);
    for (const tenant of await host.tenants()) {
      await host
        .client(tenant)
        .updateGlances({ [GLANCE]: content })
        .catch(() => logger.warn('A chat server did not take a glance', { group: tenant.groupId }));
    }
  }
  const soon = (): void => {
    if (isStopped) return;
    timer ??= clock.after(TOGETHER, () => {
      timer = null;
      push().catch(() => logger.warn('The glances could not be brought up to date'));
    });
  };
  const stop = feed.follow({ onEvents: soon, onReset: soon });
  return () => {
    isStopped = true;
    stop();
    timer?.stop();
  };
}
