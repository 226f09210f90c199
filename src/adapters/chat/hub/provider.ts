import type { ChatReading, Presence } from '../../../core/presence.ts';
import { HOUR, type Instant, SECOND } from '../../../core/time.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type HubClientDeps, hubClient } from './client.ts';
import { mayNotPublish, nobodys, offline } from './errors.ts';
import { Heartbeat, SYSTEM_TIMERS, type Timers } from './heartbeat.ts';
import { HUB_CAPABILITIES, type OwnWord, toReading, toUpdate } from './transform.ts';

export interface HubDeps extends HubClientDeps {
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly token: () => Promise<string>;
  /** For the heartbeat; absent: Node's. */
  readonly timers?: Timers;
}

/** How long what the hub said of the token is taken as unchanged. */
const ME_AGE = HOUR;
const SCOPES: ReadonlySet<string> = new Set(['publish', 'admin']);

interface Known {
  readonly token: string;
  readonly askedAt: Instant;
  /** Milliseconds that a report counts. */
  readonly reportTimeout: number;
}

/**
 * A person's presence in their team's hub. Each reading is a report that they are there, and so is a heartbeat, from the first
 * reading until `close`; some time after the last one the hub shows them as offline.
 */
export function hubProvider(account: { readonly id: string; readonly label: string }, deps: HubDeps): ChatProvider {
  const client = hubClient(deps);
  const heartbeat = new Heartbeat(async (signal) => {
    await client.report(await deps.token(), signal);
  }, deps.timers ?? SYSTEM_TIMERS);
  /** The version that a reading was made from: what we write goes over that one only. */
  const events = new WeakMap<ChatReading, number>();
  let own: OwnWord | null = null;
  /** What was shown last that no command had said: it comes back when the command is over. */
  let before: Presence | null = null;
  let known: Known | null = null;

  async function meet(token: string, signal: AbortSignal): Promise<Known> {
    const age = known === null ? ME_AGE : deps.now() - known.askedAt;
    if (known !== null && known.token === token && age >= 0 && age < ME_AGE) return known;
    const { person, token: allowed, reportTimeout } = await client.me(token, signal);
    if (person === null) throw nobodys();
    if (!allowed.scopes.some((scope) => SCOPES.has(scope))) throw mayNotPublish();
    known = { token, askedAt: deps.now(), reportTimeout: reportTimeout * SECOND };
    return known;
  }

  return {
    accountId: account.id,
    label: account.label,
    capabilities: HUB_CAPABILITIES,
    async read(signal) {
      const token = await deps.token();
      const { reportTimeout } = await meet(token, signal);
      const shown = await client.report(token, signal);
      heartbeat.expect(reportTimeout);
      const reading = toReading(shown, own, before);
      if (reading.word === undefined) before = reading.presence;
      events.set(reading, shown.event);
      return reading;
    },
    async write({ presence, stateUntil }, basis, signal) {
      if (presence === undefined) return;
      if (basis.presence.state === 'offline') throw offline();
      const update = toUpdate(presence, stateUntil, basis.presence.state);
      const { event } = await client.put(await deps.token(), update, events.get(basis) ?? null, signal);
      own = { event, until: presence.until };
      before = presence;
    },
    close: async () => heartbeat.close(),
  };
}
