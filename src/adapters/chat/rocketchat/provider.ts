import { AppError } from '../../../core/appError.ts';
import type { ChatReading } from '../../../core/presence.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type RocketchatDeps, rocketchatClient } from './client.ts';
import { capabilitiesOf, endsStatuses, isLasting, toReading, toUpdate } from './transform.ts';

/** How long the server's version is taken as unchanged; milliseconds. */
const VERSION_AGE = 60 * 60_000;

/** A person's Rocket.Chat account: the one their token belongs to. */
export function rocketchatProvider(
  account: { readonly id: string; readonly label: string },
  deps: RocketchatDeps,
): ChatProvider {
  const client = rocketchatClient(deps);
  let server: { readonly ends: boolean; readonly readAt: number } | null = null;
  /** The readings whose status has an end, be it without a text. */
  const ending = new WeakSet<ChatReading>();
  /** Of the last reading: whether the person shows a state that an end of ours would end too. */
  let lasting = false;

  async function readVersion(signal: AbortSignal): Promise<void> {
    if (server !== null && deps.now() - server.readAt < VERSION_AGE) return;
    server = { ends: endsStatuses(await client.getVersion(signal)), readAt: deps.now() };
  }

  return {
    accountId: account.id,
    label: account.label,
    get capabilities() {
      return capabilitiesOf(server?.ends === true && !lasting);
    },
    // One call after the other: one refusal is enough, and the rate limit is a narrow one.
    async read(signal) {
      const status = await client.getStatus(signal);
      const me = await client.getMe(signal);
      await readVersion(signal);
      const reading = toReading(status, me);
      if (status.statusExpiresAt !== undefined) ending.add(reading);
      lasting = isLasting(reading, ending.has(reading));
      return reading;
    },
    async write({ presence, stateUntil }, basis, signal) {
      if (presence === undefined) return;
      if (basis.presence.state === 'offline') {
        throw new AppError('conflict', 'You are offline in Rocket.Chat, so nothing was changed.', {
          reason: 'offline',
        });
      }
      const update = toUpdate(presence, stateUntil, basis, {
        takesEnd: server?.ends === true,
        hasEnd: ending.has(basis) || basis.presence.until !== null,
        now: deps.now(),
      });
      if (update !== null) await client.setStatus(update, signal);
    },
  };
}
