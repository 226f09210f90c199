import { AppError } from '../../../core/appError.ts';
import { type HalfWritten, textWritten, withoutHalf } from '../../../core/halfWritten.ts';
import { type ChatReading, type Presence, samePresence } from '../../../core/presence.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type MattermostDeps, mattermostClient } from './client.ts';
import type { MattermostStatus } from './schema.ts';
import { capabilitiesOf, DEFAULT_FEATURES, toCustomStatus, toReading, toStatus, toStored } from './transform.ts';

/** What a reading was made from: a write needs the id, and when do not disturb ends. */
interface Basis {
  readonly userId: string;
  readonly status: MattermostStatus | null;
}

/** How long the server's configuration is taken as unchanged; milliseconds. */
const CONFIG_AGE = 60 * 60_000;
/** The engine decides anew after this long, on the capabilities that are true now; milliseconds. */
const SOON = 1_000;

/** A person's Mattermost account: the one they sign in to. */
export function mattermostProvider(
  account: { readonly id: string; readonly label: string },
  deps: MattermostDeps,
): ChatProvider {
  const client = mattermostClient(deps);
  const bases = new WeakMap<ChatReading, Basis>();
  let features = DEFAULT_FEATURES;
  let configReadAt: number | null = null;
  let half: HalfWritten | null = null;

  async function readStatus(userId: string, signal: AbortSignal): Promise<MattermostStatus | null> {
    try {
      const status = await client.getStatus(userId, signal);
      features = { ...features, statuses: true };
      return status;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.reason !== 'statusesOff') throw thrown;
      features = { ...features, statuses: false };
      return null;
    }
  }

  async function readConfig(signal: AbortSignal): Promise<void> {
    if (configReadAt !== null && deps.now() - configReadAt < CONFIG_AGE) return;
    features = { ...features, customStatuses: await client.hasCustomStatuses(signal) };
    configReadAt = deps.now();
  }

  // One call after the other: each may have to sign in anew, and one refusal is enough.
  async function read(signal: AbortSignal): Promise<ChatReading> {
    const user = await client.getMe(signal);
    const status = await readStatus(user.id, signal);
    await readConfig(signal);
    const reading = toReading(status, user.props?.customStatus ?? '', features, deps.now());
    bases.set(reading, { userId: user.id, status });
    return withoutHalf(reading, half);
  }

  /** What `basis` was made from; read again when it is none of our readings. */
  async function basisOf(basis: ChatReading, signal: AbortSignal): Promise<Basis> {
    const known = bases.get(basis);
    if (known !== undefined) return known;
    const reading = await read(signal);
    const found = bases.get(reading);
    if (found === undefined || !samePresence(reading.presence, basis.presence)) {
      throw new AppError('conflict', 'Your Mattermost status changed in the meantime.', { reason: 'changed' });
    }
    return found;
  }

  async function writeText(userId: string, wanted: Presence, basis: ChatReading, signal: AbortSignal): Promise<void> {
    if (!features.customStatuses) return;
    const [update, before] = [toCustomStatus(wanted, deps.now()), toCustomStatus(basis.presence, deps.now())];
    if (JSON.stringify(update) === JSON.stringify(before)) return;
    try {
      await client.setCustomStatus(userId, update, signal);
      half = textWritten(basis, toStored(update));
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.reason !== 'customStatusOff') throw thrown;
      // Switched off since the configuration was read. The state is decided on anew, without a text.
      features = { ...features, customStatuses: false };
      throw new AppError(thrown.code, thrown.message, { reason: thrown.reason, retryAfter: SOON });
    }
  }

  async function writeState(
    userId: string,
    state: Presence['state'],
    until: number | undefined,
    status: MattermostStatus,
    basis: ChatReading,
    signal: AbortSignal,
  ): Promise<void> {
    const update = toStatus(userId, state, until);
    if (update === null) return;
    const isOtherEnd = update.dnd_end_time !== undefined && update.dnd_end_time !== status.dnd_end_time;
    if (state !== basis.presence.state || isOtherEnd) await client.setStatus(update, signal);
  }

  return {
    accountId: account.id,
    label: account.label,
    get capabilities() {
      return capabilitiesOf(features);
    },
    read,
    async write({ presence, stateUntil }, basis, signal) {
      if (presence === undefined) return;
      if (basis.presence.state === 'offline') {
        throw new AppError('conflict', 'You are offline in Mattermost, so nothing was changed.', { reason: 'offline' });
      }
      const { userId, status } = await basisOf(basis, signal);
      // The text first: where it is refused nothing has been written yet.
      await writeText(userId, presence, basis, signal);
      if (status !== null) await writeState(userId, presence.state, stateUntil, status, basis, signal);
      half = null;
    },
  };
}
