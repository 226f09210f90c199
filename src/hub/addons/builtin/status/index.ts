import type { Clock } from '../../../../ports/clock.ts';
import { shownOf } from '../../../model.ts';
import type { Words } from '../../../words.ts';
import { type Addon, createAddon } from '../../addon.ts';
import { answer } from '../../calls.ts';
import { addStatusCommands } from './commands.ts';
import { GLANCE, type GlanceDeps, glanceOf, pushGlances } from './glance.ts';
import { ICON, panelPage } from './panel.ts';
import { nameOf } from './people.ts';
import { RoomPeople } from './room.ts';
import { presenceText } from './texts.ts';

export interface StatusDeps extends GlanceDeps {
  readonly words: Words;
  readonly clock: Clock;
}

export const STATUS_KEY = 'hipstatus.status';

/** The team's presences in a chat: commands everywhere, a glance and a panel in HipChat. */
export function createStatusAddon(deps: StatusDeps): Addon {
  const { roster, words, clock } = deps;
  const now = () => clock.now();
  const zone = () => clock.zone();
  const people = new RoomPeople(roster, now);
  const addon = createAddon({
    key: STATUS_KEY,
    name: 'Status',
    description: 'Who is in a meeting, and /busy, /available, /pause for yourself',
    scopes: ['send_notification', 'view_room', 'view_group'],
  });
  addStatusCommands(addon, { roster, words, now, zone });
  addon
    .webPanel({ key: 'status-panel', name: 'Status' }, ({ token, nonce }) => panelPage(token, nonce))
    .glance({ key: GLANCE, name: 'Status', icon: '/icon.svg', target: 'status-panel' }, () => glanceOf(roster))
    .route({ path: '/data' }, async (call) => ({
      people: (await people.of(call)).map((record) => ({
        name: nameOf(record),
        state: shownOf(record).state,
        says: presenceText(record, now(), call.context.user_tz ?? zone()),
      })),
    }))
    .route({ path: '/icon.svg', anonymous: true }, () =>
      answer({ type: 'image/svg+xml', headers: { 'cross-origin-resource-policy': 'cross-origin' }, body: ICON }),
    )
    .on('start', (host) => pushGlances(host, deps));
  return addon;
}
