import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HubFeed } from '../feed.ts';
import type { Presences } from '../presences.ts';
import type { Roster } from '../roster.ts';
import type { HubSettings } from '../settings.ts';
import type { SocketPool } from '../sockets.ts';
import type { HubStore } from '../store/port.ts';
import type { Tokens } from '../tokens.ts';
import type { Stream } from './feedRoutes.ts';

/** What the routes of `/api/v1` work with. */
export interface ApiDeps {
  readonly settings: HubSettings;
  readonly roster: Roster;
  readonly feed: HubFeed;
  readonly presences: Presences;
  readonly store: HubStore;
  readonly tokens: Tokens;
  readonly pool: SocketPool;
  /** The event streams that are open. */
  readonly streams: Set<Stream>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Throws `unavailable` when the hub has as many sockets as it may. */
  readonly checkRoom: () => void;
}
